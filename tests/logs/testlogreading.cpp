#include "logs/logstore.h"
#include "logs/reading/logcopy.h"
#include "logs/reading/logrows.h"
#include "logs/reading/shownline.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QList<qint64> linesOf(const LogRows &rows)
{
    QList<qint64> all;
    for (qint64 row = 0; row < rows.count(); ++row)
        all << rows.lineOf(row);
    return all;
}

} // namespace

class TestLogReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutFilterAndFoldsEveryLineIsARow()
    {
        LogRows rows;
        rows.rebuild({5, nullptr, 0, nullptr, nullptr});
        QCOMPARE(linesOf(rows), (QList<qint64>{0, 1, 2, 3, 4}));
        rows.grow({7, nullptr, 0, nullptr, nullptr});
        QCOMPARE(rows.count(), 7);
        QCOMPARE(rows.rowOf(6), 6);
        QCOMPARE(rows.lineOf(7), -1);
    }

    void aFilterLeavesHitsWithWhatIsAround()
    {
        LineSet hits;
        for (const qint64 line : {0, 5, 6, 19})
            hits.add(line);
        LogRows rows;
        rows.rebuild({20, &hits, 1, nullptr, nullptr});
        QCOMPARE(linesOf(rows), (QList<qint64>{0, 1, 4, 5, 6, 7, 18, 19}));
        QCOMPARE(rows.rowOf(6), 4);
        QCOMPARE(rows.rowOf(10), 5); // hidden: the one before it
        QVERIFY(rows.isShown(7));
        QVERIFY(!rows.isShown(8));
    }

    void aFilterGrowsAsIfItHadBeenComputedAnew_data()
    {
        QTest::addColumn<int>("context");
        for (const int context : {0, 1, 2, 7})
            QTest::addRow("%d lines around", context) << context;
    }
    void aFilterGrowsAsIfItHadBeenComputedAnew()
    {
        QFETCH(int, context);
        LineSet hits;
        LogRows grown;
        grown.rebuild({0, &hits, context, nullptr, nullptr});
        for (int line = 0; line < 300; ++line) {
            if (line % 37 == 5 || line % 41 == 3)
                hits.add(line);
            if (line % 4 == 0) {
                grown.grow({line + 1, &hits, context, nullptr, nullptr});
                LogRows fresh;
                fresh.rebuild({line + 1, &hits, context, nullptr, nullptr});
                QCOMPARE(linesOf(grown), linesOf(fresh));
            }
        }
    }

    void foldsHideWhatIsInThem()
    {
        const std::vector<Fold> folds{{1, 3}, {5, 5}, {7, -1}};
        std::set<qint64> folded{1};
        LogRows rows;
        rows.rebuild({10, nullptr, 0, &folds, &folded});
        QCOMPARE(linesOf(rows), (QList<qint64>{0, 1, 4, 5, 6, 7, 8, 9}));
        folded = {1, 7};
        rows.rebuild({10, nullptr, 0, &folds, &folded});
        QCOMPARE(linesOf(rows), (QList<qint64>{0, 1, 4, 5, 6, 7}));
        // The open group goes on to hide what comes.
        rows.grow({12, nullptr, 0, &folds, &folded});
        QCOMPARE(rows.count(), 6);
        const std::vector<Fold> ended{{1, 3}, {5, 5}, {7, 12}};
        rows.grow({14, nullptr, 0, &ended, &folded});
        QCOMPARE(linesOf(rows), (QList<qint64>{0, 1, 4, 5, 6, 7, 13}));
    }

    void aFilterAndFoldsGoTogether()
    {
        const std::vector<Fold> folds{{2, 6}};
        const std::set<qint64> folded{2};
        LineSet hits;
        hits.add(4);
        hits.add(8);
        LogRows rows;
        rows.rebuild({10, &hits, 1, &folds, &folded});
        QCOMPARE(linesOf(rows), (QList<qint64>{7, 8, 9}));
        rows.rebuild({10, &hits, 2, &folds, &folded});
        QCOMPARE(linesOf(rows), (QList<qint64>{2, 7, 8, 9}));
    }

    void linesAreCopiedInTheFormAskedFor_data()
    {
        QTest::addColumn<int>("parts");
        QTest::addColumn<QString>("copied");
        QTest::newRow("text") << int(CopyForm::Text) << QStringLiteral("one\ntwo");
        QTest::newRow("with times")
            << int(CopyForm::Times) << QStringLiteral("2026-11-24T12:00:00Z one\ntwo");
        QTest::newRow("with colours")
            << int(CopyForm::Colours) << QStringLiteral("\x1b[31mone\ntwo\x1b[0m");
    }
    void linesAreCopiedInTheFormAskedFor()
    {
        QFETCH(int, parts);
        QFETCH(QString, copied);
        const LogText log = text("2026-11-24T12:00:00Z \x1b[31mone\ntwo\n");
        const auto next = [](qint64 line) {
            return line == 0 ? 1 : -1;
        };
        QCOMPARE(copiedLines(log, 0, next, CopyForm{parts}), copied);
    }

    void aLineThatIsTooLongToCopyEndsWithASentence()
    {
        CopyForm form;
        form.longest = 4096;
        const QString cut = copiedLines(
            text(QByteArray(form.longest, 'a') + "bcd\n"), 0, [](qint64) { return -1; }, form);
        const QLatin1String sentence(" [3 bytes more: export the log]");
        QVERIFY2(cut.endsWith(sentence), qPrintable(cut.right(60)));
        QCOMPARE(cut.indexOf(sentence), form.longest);
    }

    void aLineIsShownAsFarAsAScreenMayNeedIt_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("begin"); ///< of the text that is shown
        QTest::addColumn<int>("size");
        QTest::addColumn<qint64>("unshown");
        QTest::addColumn<int>("earlierStates");
        const auto row = [](const char *name, const QByteArray &bytes, const char *begin, int size,
                            qint64 unshown, int earlierStates) {
            QTest::newRow(name) << bytes << QString::fromLatin1(begin) << size << unshown
                                << earlierStates;
        };
        constexpr int screen = 16 << 10;
        const auto states = [](int count) {
            QByteArray line = "2026-11-24T12:00:00Z ";
            for (int i = 1; i < count; ++i)
                line += "state " + QByteArray::number(i) + " of the download\r";
            return line + "\x1b[32mdone\x1b[0m";
        };
        row("a short line", "abc", "abc", 3, 0, 0);
        row("as long as a screen", QByteArray(screen, 'a'), "aa", screen, 0, 0);
        row("longer", QByteArray(screen + 5, 'a'), "aa", screen, 5, 0);
        row("far longer", QByteArray(3 << 20, 'a'), "aa", screen, (3 << 20) - screen, 0);
        row("some states", states(3), "done", 4, 0, 2);
        row("more states than a screen takes", states(2000), "done", 4, 0, 1999);
        row("more states than are counted", states(60'000), "done", 4, 0, LogLine::manyStates);
        row("states that a spinner returns from",
            QByteArray("spin\x1b[1G\x1b[0K").repeated(3000) + "done", "done", 4, 0, 3000);
        row("a state that was erased", states(2000) + "\r\x1b[K", "done", 4, 0, 1999);
        row("one that was erased, of many", states(60'000) + "\r\x1b[K", "done", 4, 0,
            LogLine::manyStates);
        row("a long last state", "10 %\r" + QByteArray(screen + 5, 'b'), "bb", screen, 5, 1);
        row("a line that ends with returns", QByteArray(screen, 'a') + "\r\r", "aa", screen, 0, 0);
    }
    void aLineIsShownAsFarAsAScreenMayNeedIt()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, begin);
        QFETCH(int, size);
        QFETCH(qint64, unshown);
        QFETCH(int, earlierStates);
        const LogText log = text("before\n" + bytes + "\nafter\n");
        const ShownLine shown = shownLine(log, 1, {});
        QCOMPARE(shown.line.text.size(), size);
        QVERIFY(shown.line.text.startsWith(begin));
        QCOMPARE(shown.unshown, unshown);
        QCOMPARE(shown.line.earlierStates, earlierStates);
        QCOMPARE(shown.line.at.isValid(), bytes.startsWith("2026"));
        QCOMPARE(shownLine(log, 2, {}).line.text, QStringLiteral("after"));
    }

    void anOpenLineIsShownAndCopiedAsTheOthers_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("shown"); ///< its begin
        QTest::addColumn<qint64>("unshown");
        QTest::addColumn<QString>("copied"); ///< its begin
        constexpr int screen = 16 << 10;
        QTest::newRow("short") << QByteArray("2026-11-24T12:00:00Z abc") << QStringLiteral("abc")
                               << qint64(0) << QStringLiteral("abc");
        QTest::newRow("a progress bar")
            << QByteArray("10 %\r\x1b[32m20 %\r") << QStringLiteral("20 %") << qint64(0)
            << QStringLiteral("20 %");
        const QByteArray states = QByteArray("state \r").repeated(10'000) + "the last";
        QTest::newRow("many states")
            << states << QStringLiteral("the last") << qint64(0) << QStringLiteral("the last");
        QTest::newRow("longer than a screen")
            << QByteArray(screen + 5, 'a') << QStringLiteral("aaa") << qint64(5)
            << QStringLiteral("aaa");
    }
    void anOpenLineIsShownAndCopiedAsTheOthers()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, shown);
        QFETCH(qint64, unshown);
        QFETCH(QString, copied);
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store && (*store)->append("before\n" + bytes));
        const LogText &log = (*store)->text();
        QVERIFY(log.isOpen(1));
        const ShownLine line = shownLine(log, 1, {});
        QVERIFY2(line.line.text.startsWith(shown), qPrintable(line.line.text.left(80)));
        QCOMPARE(line.unshown, unshown);
        const auto next = [](qint64 number) {
            return number == 0 ? 1 : -1;
        };
        const QString all = copiedLines(log, 0, next, CopyForm{CopyForm::Text});
        QVERIFY2(all.startsWith(QStringLiteral("before\n") + copied), qPrintable(all.left(80)));
        QCOMPARE(lineMeantBy(log, QStringLiteral("2")), Result<qint64>(1));
    }

    void linksNameTheFileOrTheLog()
    {
        QCOMPARE(linkToLine(QStringLiteral("/logs/x.log"), QStringLiteral("x"), 41),
                 QStringLiteral("/logs/x.log#L42"));
        QCOMPARE(linkToLine({}, QStringLiteral("integration-tests"), 0),
                 QStringLiteral("LOG integration-tests · line 1"));
    }

    void aTimeIsFoundAmongLinesWithoutOne()
    {
        const LogText log = text("before\n2026-11-24T12:00:00Z a\nmore\nmore\n"
                                 "2026-11-24T12:00:10Z b\n2026-11-24T12:00:20Z c\ntail\n");
        const auto at = [](int second) {
            return QDateTime(QDate(2026, 11, 24), QTime(12, 0, second), Qt::UTC);
        };
        QCOMPARE(lineAtTime(log, at(0).addDays(-1)), 1);
        QCOMPARE(lineAtTime(log, at(0)), 1);
        QCOMPARE(lineAtTime(log, at(5)), 4);
        QCOMPARE(lineAtTime(log, at(20)), 5);
        QCOMPARE(lineAtTime(log, at(21)), -1);
        QCOMPARE(lineAtTime(text("no stamp\n"), at(0)), -1);
        QCOMPARE(lineAtTime(text(""), at(0)), -1);
    }

    void aLineIsMeantByItsNumber_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<qint64>("line");
        QTest::newRow("plain") << QStringLiteral("2") << qint64(1);
        QTest::newRow("as a link says it") << QStringLiteral("L2") << qint64(1);
        QTest::newRow("grouped") << QStringLiteral("1,002") << qint64(-1);
        QTest::newRow("zero") << QStringLiteral("0") << qint64(-1);
        QTest::newRow("beyond the end") << QStringLiteral("4") << qint64(-1);
    }
    void aLineIsMeantByItsNumber()
    {
        QFETCH(QString, words);
        QFETCH(qint64, line);
        QCOMPARE(lineMeantBy(text("a\nb\nc\n"), words), Result<qint64>(line));
    }

    void anythingElseIsToldWhatWouldDo()
    {
        for (const char *words : {"", "soon", "25:00", "12:61", "-1", "12"}) {
            const Result<qint64> meant = lineMeantBy(text("a\n"), QString::fromLatin1(words));
            if (QByteArray(words) == "12")
                QCOMPARE(meant, Result<qint64>(-1));
            else
                QVERIFY2(!meant && meant.error().kind == ErrorKind::BadInput, words);
        }
    }

    void aTimeAfterMidnightIsOfTheNextDay()
    {
        // Local times, whatever the zone of this machine is.
        const QDateTime evening(QDate(2026, 11, 24), QTime(23, 59, 50));
        const auto stamp = [](const QDateTime &at) {
            return at.toUTC().toString(Qt::ISODate).toLatin1();
        };
        const LogText log = text(stamp(evening) + " a\n" + stamp(evening.addSecs(20)) + " b\n");
        QCOMPARE(lineMeantBy(log, QStringLiteral("23:59:50")), Result<qint64>(0));
        QCOMPARE(lineMeantBy(log, QStringLiteral("00:00:05")), Result<qint64>(1));
        QCOMPARE(lineMeantBy(log, QStringLiteral("2026-11-25 00:00")), Result<qint64>(1));
        QCOMPARE(lineMeantBy(log, QStringLiteral("2026-11-26 00:00")), Result<qint64>(-1));
    }

    void anExportIsTheLogByteForByte()
    {
        const QByteArray bytes = QByteArray(3 << 20, 'a') + QByteArray("\n\xff\0 end", 7);
        QCOMPARE(exported(text(bytes)), bytes);
    }

    void anExportEndsWithTheLineThatHasNotEnded_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &expected) {
            QTest::newRow(name) << bytes << expected;
        };
        row("behind whole lines", "whole\nhalf a li", "whole\nhalf a li");
        row("of a log that has no other", "half a li", "half a li");
        row("with the bytes that it has", QByteArray("a\n\x1b[31mred\0\t", 10),
            QByteArray("a\n\x1b[31mred\0\t", 10));
        row("its tokens masked", "a\nwith ghp_0123456789abcdefghijABCDEFGHIJ012345 and",
            "a\nwith *** and");
        row("without what may be the begin of one", "a\nwith ghp_0123", "a\nwith ");
        row("nothing behind the last end", "a\n", "a\n");
    }

    void anExportEndsWithTheLineThatHasNotEnded()
    {
        QFETCH(QByteArray, bytes);
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store && (*store)->append(bytes));
        QTEST(exported((*store)->text()), "expected");
        QCOMPARE((*store)->hasUnwritten(), !bytes.endsWith('\n'));
        QVERIFY((*store)->finish());
        QVERIFY(!(*store)->hasUnwritten());
    }

private:
    QByteArray exported(const LogText &text)
    {
        const QString path = m_dir.filePath(QStringLiteral("out.log"));
        QFuture<Result<void>> done = exportLog(text, path);
        done.waitForFinished();
        QFile file(path);
        return done.result() && file.open(QIODevice::ReadOnly) ? file.readAll() : "not exported";
    }

    LogText text(const QByteArray &bytes)
    {
        auto store = LogStore::create(m_dir.path());
        if (!store || !(*store)->append(bytes) || !(*store)->finish())
            return {};
        return (*store)->text();
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestLogReading)
#include "testlogreading.moc"
