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

    void aProgressLineIsWhatATerminalWouldHaveLeft_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("earlier");
        const auto row = [](const char *name, const char *bytes, const char *text, int earlier) {
            QTest::newRow(name) << QByteArray(bytes) << QString::fromUtf8(text) << earlier;
        };
        row("pip", "\x1b[?25l   |#  | 10 kB\r\x1b[K   |###| 40 kB\x1b[?25h", "   |###| 40 kB", 1);
        row("pip of today", "\x1b[?25l   \x1b[91m━\x1b[0m 1/2 MB\r\x1b[2K   ━━ 2/2 MB\x1b[?25h",
            "   ━━ 2/2 MB", 1);
        row("a bar that is erased in the end", "10 %\r\x1b[K90 %\r\x1b[K", "90 %", 1);
        row("erased before the return", "10 %\x1b[2K\r90 %\x1b[2K\r", "90 %", 1);
        row("erased where the cursor stands", "10 %\x1b[2K90 %", "90 %", 1);
        row("overwritten with blanks", "10 %\r90 %\r     \r", "90 %", 1);
        row("docker pull",
            "\x1b[2A\x1b[2K\r4be8: Downloading [=> ] 1MB/2MB\r\x1b[2B"
            "\x1b[1A\x1b[2K\r9f3c: Waiting \r\x1b[1B"
            "\x1b[2A\x1b[2K\r4be8: Pull complete \r\x1b[2BDigest: sha256:00",
            "Digest: sha256:00", 3);
        row("docker pull that is cut",
            "\x1b[2A\x1b[2K\r4be8: Waiting \r\x1b[2B\x1b[1A\x1b[2K\r9f3c: Waiting \r\x1b[1B",
            "9f3c: Waiting ", 1);
        row("docker compose, a line of it", "\x1b[1A\x1b[1B\x1b[0G\x1b[?25l[+] Running 0/1",
            "[+] Running 0/1", 0);
        row("npm", "⠙\x1b[1G\x1b[0K⠹\x1b[1G\x1b[0Kadded 50 packages in 2s",
            "added 50 packages in 2s", 2);
        row("npm, and nothing after it", "⠙\x1b[1G\x1b[0K⠹\x1b[1G\x1b[0K", "⠹", 1);
        row("a column without a number", "⠙ one\x1b[G⠹ two", "⠹ two", 1);
        row("back by more than there is", "⠙ one\x1b[1000D\x1b[K⠹ two", "⠹ two", 1);
        row("cargo", "    Building [=> ] 1/3: libc\r\x1b[K   Compiling serde v1.0.0",
            "   Compiling serde v1.0.0", 1);
        row("git",
            "remote: Counting objects:  50% (1/2)\x1b[K\r"
            "remote: Counting objects: 100% (2/2), done.\x1b[K",
            "remote: Counting objects: 100% (2/2), done.", 1);
        row("a column further on is none", "Starting\x1b[60G[ OK ]", "Starting[ OK ]", 0);
        row("a few columns back are none", "tick -\x1b[1D|", "tick -|", 0);
        row("the rest of the line erased", "done\x1b[K \x1b[Jat last", "done at last", 0);
        row("nothing but blanks", "  \r   ", "   ", 0);
        row("nothing but controls", "\x1b[2K\x1b[1G\r\x1b[K", "", 0);
    }
    void aProgressLineIsWhatATerminalWouldHaveLeft()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(int, earlier);
        for (const char *stamp : {"", "2026-11-24T12:57:36Z "}) {
            const LogLine line = readLine(stamp + bytes);
            QCOMPARE(line.text, text);
            QCOMPARE(line.earlierStates, earlier);
        }
    }

    void aStateHasTheColourThatItHadAndTheNextLineTheLastOne()
    {
        const LogLine line = readLine("\x1b[32m10 %\r\x1b[31m90 %\r\x1b[34m\x1b[K");
        QCOMPARE(line.text, QStringLiteral("90 %"));
        QCOMPARE(line.spans, (QList<StyledSpan>{{0, 4, {1, -1, 0}}}));
        QCOMPARE(line.after.foreground, 4);
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
