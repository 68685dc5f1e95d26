#include "logs/logline.h"
#include "logs/logmarks.h"
#include "logs/logstore.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

LogMarks read(const QByteArray &text, qsizetype piece)
{
    LogMarks marks;
    for (qsizetype at = 0; at < text.size(); at += piece)
        marks.take(QByteArrayView(text).sliced(at, std::min(piece, text.size() - at)));
    return marks;
}

QByteArray manyLines(int count)
{
    QByteArray text;
    for (int i = 0; i < count; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    return text;
}

} // namespace

class TestLogMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBeginsOfABuildsStepsAreNoted()
    {
        const QByteArray text = "FETCHSOURCE\nBUILD\r\nStarting Step #0 - \"test\"\n"
                                "Starting Step #\nStarting Step #12\n a Starting Step #1\n"
                                "BUILDING\n";
        const std::vector<BuildMark> expected{{1, BuildMark::whole}, {2, 0}, {4, 12}};
        for (const int piece : {1, 7, 1000}) {
            LogMarks marks;
            for (qsizetype at = 0; at < text.size(); at += piece)
                marks.take(QByteArrayView(text).sliced(at).first(
                    std::min<qsizetype>(piece, text.size() - at)));
            QVERIFY2(marks.buildMarks() == expected, qPrintable(QString::number(piece)));
        }
    }

    void groupsAreNotedHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("byte by byte") << 1;
        QTest::newRow("in fives") << 5;
        QTest::newRow("at once") << 100'000;
    }
    void groupsAreNotedHoweverTheBytesAreCut()
    {
        QFETCH(int, piece);
        const QByteArray text = "begin\n2026-11-24T12:57:36.1180021Z ##[group]Run make\nx\n"
                                "##[endgroup]\n\x1b[36m##[group]again\n##[group]no end before\ny\n";
        const LogMarks marks = read(text, piece);
        QCOMPARE(marks.folds(), (std::vector<Fold>{{1, 3}, {4, 4}, {5, -1}}));
        QVERIFY(!marks.foldAround(0));
        QCOMPARE(marks.foldAround(2), (Fold{1, 3}));
        QCOMPARE(marks.foldAround(6), (Fold{5, -1}));
        QVERIFY(marks.foldAt(1));
        QVERIFY(!marks.foldAt(2));
    }

    void wrongBytesAndZerosAreCountedHoweverTheBytesAreCut_data()
    {
        groupsAreNotedHoweverTheBytesAreCut_data();
    }
    void wrongBytesAndZerosAreCountedHoweverTheBytesAreCut()
    {
        QFETCH(int, piece);
        // Two wrong bytes, one good character of each length, one that is cut by the newline.
        const QByteArray text("a\xff\xfe \xc3\xa9 \xe2\x9c\x93 \xf0\x9f\x9a\xa2 \0 \xe2\x9c\n", 21);
        const LogMarks marks = read(text, piece);
        QCOMPARE(marks.invalidSequences(), 3);
        QCOMPARE(marks.zeroBytes(), 1);
    }

    void aCharacterThatIsGenuinelyTheReplacementIsNotWrong()
    {
        QCOMPARE(countInvalidUtf8("\xef\xbf\xbd"), 0);
        QCOMPARE(readLine("\xef\xbf\xbd").invalidBytes, 0);
        QCOMPARE(countInvalidUtf8("\xc0\x80"), 2);     // overlong
        QCOMPARE(countInvalidUtf8("\xed\xa0\x80"), 3); // a surrogate
    }

    void aColourSetFarAboveHoldsUntilItIsReset()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("\x1b[31mred from here\n" + manyLines(5000)));
        QCOMPARE((*store)->styleBefore(0), AnsiStyle{});
        QCOMPARE((*store)->styleBefore(1).foreground, 1);
        QCOMPARE((*store)->styleBefore(4711).foreground, 1);
        QVERIFY((*store)->append("end\x1b[0m\nplain\n"));
        QCOMPARE((*store)->styleBefore(5001).foreground, 1);
        QCOMPARE((*store)->styleBefore(5002), AnsiStyle{});
    }

    void coloursOfManyBitsBecomeTheNearestOfSixteen_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<int>("foreground");
        QTest::newRow("one of the first sixteen") << QByteArray("38;5;9") << 9;
        QTest::newRow("a red of the cube") << QByteArray("38;5;196") << 9;
        QTest::newRow("a dark green") << QByteArray("38;5;22") << 2;
        QTest::newRow("a blue of 24 bits") << QByteArray("38;2;10;20;250") << 12;
        QTest::newRow("a grey") << QByteArray("38;5;234") << 0;
        QTest::newRow("colons instead of semicolons") << QByteArray("38:2:250:20:10") << 9;
        QTest::newRow("cut short") << QByteArray("38;5") << -1;
    }
    void coloursOfManyBitsBecomeTheNearestOfSixteen()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(int, foreground);
        AnsiStyle style;
        applySgr(style, parameters);
        QCOMPARE(style.foreground, foreground);
    }

    void escapesThatSayNothingToUsAreTakenOut()
    {
        QCOMPARE(readLine("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\ end").text,
                 QStringLiteral("link end"));
        QCOMPARE(readLine("\x1b[2K\x1b[1Gdone").text, QStringLiteral("done"));
        QCOMPARE(readLine("\x1b]0;title\atext").text, QStringLiteral("text"));
    }

    void aProgressLineTellsHowManyStatesItHadAndKeepsItsColour()
    {
        const LogLine line = readLine("2026-11-24T12:57:36Z \x1b[32m10 %\r50 %\r100 %\r");
        QCOMPARE(line.text, QStringLiteral("100 %"));
        QCOMPARE(line.earlierStates, 2);
        QCOMPARE(line.spans.value(0).style.foreground, 2);
    }

    void stampsOfOtherZonesAreRead()
    {
        QDateTime at;
        QCOMPARE(stampLength("2026-11-24T12:57:36+02:00 x", &at), 26);
        QCOMPARE(at, QDateTime(QDate(2026, 11, 24), QTime(10, 57, 36), Qt::UTC));
        QCOMPARE(stampLength("2026-11-24T12:57 x"), 0);
        QCOMPARE(stampLength("2026-11-24T12:57:36"), 0);
    }

    void aFileOnDiskIsReadWhereItLies()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("old.log"));
        const QByteArray text = manyLines(300'000) + "##[group]last\nghp_" + QByteArray(36, 'a');
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        {
            auto store = LogStore::openFile(path);
            QVERIFY(store);
            QCOMPARE((*store)->lastLines(2).value(0), QByteArray("##[group]last"));
            QSignalSpy marked(store->get(), &LogStore::marked);
            QTRY_VERIFY((*store)->isIndexed());
            QCOMPARE((*store)->lineCount(), 300'002);
            QCOMPARE((*store)->line(299'999), QByteArray("line 299999"));
            QTRY_COMPARE(marked.size(), 1);
            QCOMPARE((*store)->marks().folds(), (std::vector<Fold>{{300'000, -1}}));
        }
        QVERIFY2(QFile::exists(path), "a file that was only opened must not be removed");
        QCOMPARE(QFileInfo(path).size(), text.size());
    }

    void aFileThatIsStillReadMayBeClosedAtAnyTime()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("old.log"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(manyLines(400'000));
        file.close();
        for (int i = 0; i < 5; ++i)
            QVERIFY(LogStore::openFile(path));
    }

    void aFileThatCannotBeReadSaysSo()
    {
        const auto absent = LogStore::openFile(QStringLiteral("/nowhere/x.log"));
        QVERIFY(!absent);
        QVERIFY(absent.error().message.contains(QStringLiteral("/nowhere/x.log")));
        QCOMPARE(LogStore::openFile(QStringLiteral("/")).error().kind, ErrorKind::BadInput);
    }

    void aLineWithoutEndIsShownAndStaysOneLine()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append(QByteArray(3 << 20, 'a') + ' '));
        QVERIFY((*store)->append("more\nnext\n"));
        QCOMPARE((*store)->lineCount(), 2);
        QCOMPARE((*store)->line(0, 8 << 20).size(), (3 << 20) + 5);
        QCOMPARE((*store)->line(1), QByteArray("next"));
    }
};

QTEST_GUILESS_MAIN(TestLogMarks)
#include "testlogmarks.moc"
