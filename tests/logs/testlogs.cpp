#include "logs/logline.h"
#include "logs/logsearch.h"
#include "logs/logstore.h"
#include "logs/masking.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestLogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsLines_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<LineKind>("kind");
        QTest::addColumn<QString>("at");
        QTest::newRow("GitHub's seven-digit stamp is taken off")
            << QByteArray("2026-11-24T12:57:36.1180021Z collected 212 items")
            << QStringLiteral("collected 212 items") << LineKind::Plain
            << QStringLiteral("2026-11-24T12:57:36.118Z");
        QTest::newRow("an error marker makes an error")
            << QByteArray(
                   "2026-11-24T12:58:14.6012277Z ##[error]Process completed with exit code 1.")
            << QStringLiteral("Process completed with exit code 1.") << LineKind::Error
            << QStringLiteral("2026-11-24T12:58:14.601Z");
        QTest::newRow("a byte order mark before the stamp is no text")
            << QByteArray("\xef\xbb\xbf"
                          "2026-11-24T12:57:36.1180021Z ##[group]first line")
            << QStringLiteral("first line") << LineKind::Group
            << QStringLiteral("2026-11-24T12:57:36.118Z");
        QTest::newRow("a byte order mark alone is no text either")
            << QByteArray("\xef\xbb\xbf"
                          "plain")
            << QStringLiteral("plain") << LineKind::Plain << QString();
        QTest::newRow("a group marker makes a group")
            << QByteArray("##[group]Run poetry run pytest")
            << QStringLiteral("Run poetry run pytest") << LineKind::Group << QString();
        QTest::newRow("a failed test is an error")
            << QByteArray("tests/x.py::test_a FAILED            [ 72%]")
            << QStringLiteral("tests/x.py::test_a FAILED            [ 72%]") << LineKind::Error
            << QString();
        QTest::newRow("a pod's level word is read")
            << QByteArray("14:33:18.118 ERROR api.search GET /search 503")
            << QStringLiteral("14:33:18.118 ERROR api.search GET /search 503") << LineKind::Error
            << QString();
        QTest::newRow("the word error inside a path is no error")
            << QByteArray("tests/test_error_pages.py::test_ok PASSED")
            << QStringLiteral("tests/test_error_pages.py::test_ok PASSED") << LineKind::Plain
            << QString();
        QTest::newRow("a progress line shows its last state")
            << QByteArray("10 %\r50 %\r100 %") << QStringLiteral("100 %") << LineKind::Plain
            << QString();
        QTest::newRow("a NUL byte is shown, not dropped")
            << QByteArray("a\0b", 3) << QStringLiteral("a\u2400b") << LineKind::Plain << QString();
    }
    void readsLines()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(LineKind, kind);
        QFETCH(QString, at);
        const LogLine line = readLine(bytes);
        QCOMPARE(line.text, text);
        QCOMPARE(line.kind, kind);
        QCOMPARE(line.at, QDateTime::fromString(at, Qt::ISODateWithMs));
    }

    void coloursBecomeSpansAndGoOnInTheNextLine()
    {
        const LogLine first = readLine("\x1b[31mred\x1b[0m plain \x1b[1;92mgreen");
        QCOMPARE(first.text, QStringLiteral("red plain green"));
        QCOMPARE(first.spans.size(), 2);
        QCOMPARE(first.spans[0], (StyledSpan{0, 3, {1, -1, 0}}));
        QCOMPARE(first.spans[1], (StyledSpan{10, 5, {10, -1, AnsiStyle::Bold}}));
        const LogLine second = readLine("still\x1b[0m", first.after);
        QCOMPARE(second.spans, (QList<StyledSpan>{{0, 5, {10, -1, AnsiStyle::Bold}}}));
        QCOMPARE(second.after, AnsiStyle{});
    }

    void aLetterBeyondAsciiIsNoPartOfAnEscape()
    {
        QCOMPARE(readLine("a\x1b\xf0\x9f\x9a\x80z").text, QString::fromUtf8("a\xf0\x9f\x9a\x80z"));
        QCOMPARE(readLine("a\x1b[3\xc3\xa9m").text, QString::fromUtf8("a\xc3\xa9m"));
    }

    void spansMoveWithARemovedMarker()
    {
        const LogLine line = readLine("##[error]\x1b[31mboom\x1b[0m");
        QCOMPARE(line.text, QStringLiteral("boom"));
        QCOMPARE(line.spans, (QList<StyledSpan>{{0, 4, {1, -1, 0}}}));
    }

    void invalidBytesAreCountedAndShown()
    {
        const LogLine line = readLine("a\xff\xfe");
        QCOMPARE(line.invalidBytes, 2);
        QCOMPARE(line.text.size(), 3);
    }

    void storeKeepsEveryLineHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("byte by byte") << 1;
        QTest::newRow("in sevens") << 7;
        QTest::newRow("at once") << 10'000;
    }
    void storeKeepsEveryLineHoweverTheBytesAreCut()
    {
        QFETCH(int, piece);
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        const QByteArray text = "first\n\nthird with \xc3\xa9\r\nlast without an end";
        for (qsizetype at = 0; at < text.size(); at += piece)
            QVERIFY((*store)->append(text.mid(at, piece)));
        QVERIFY((*store)->finish());
        QCOMPARE((*store)->lineCount(), 4);
        QCOMPARE((*store)->line(0), QByteArray("first"));
        QCOMPARE((*store)->line(1), QByteArray());
        QCOMPARE((*store)->line(2), QByteArray("third with \xc3\xa9"));
        QCOMPARE((*store)->line(3), QByteArray("last without an end"));
        QCOMPARE((*store)->line(4), QByteArray());
    }

    void storeTellsFromWhereItGrew()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QSignalSpy grown(store->get(), &LogStore::grown);
        QVERIFY((*store)->append("a\nb\n"));
        QVERIFY((*store)->append("c\n"));
        QCOMPARE(grown.size(), 2);
        QCOMPARE(grown[0][0].toLongLong(), 0);
        QCOMPARE(grown[1][0].toLongLong(), 2);
    }

    void anOpenLineIsReadFromMemoryUntilItIsWhole()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QSignalSpy grown(store->get(), &LogStore::grown);
        QSignalSpy longer(store->get(), &LogStore::openLineGrown);
        QVERIFY((*store)->isEmpty());
        QVERIFY((*store)->append("on"));
        QVERIFY(!(*store)->isEmpty());
        QCOMPARE(longer.size(), 1);
        QCOMPARE((*store)->lineCount(), 1);
        QCOMPARE((*store)->line(0), QByteArray("on"));
        QCOMPARE((*store)->byteCount(), 0);
        QVERIFY((*store)->append("e\ntwo"));
        QCOMPARE((*store)->lineCount(), 2);
        QCOMPARE((*store)->writtenLines(), 1);
        QCOMPARE((*store)->line(0), QByteArray("one"));
        QCOMPARE((*store)->line(1), QByteArray("two"));
        QCOMPARE((*store)->line(2), QByteArray());
        const LogText before = (*store)->text();
        QVERIFY((*store)->append(" and m\xc3"));
        QVERIFY((*store)->append({}));
        QCOMPARE(longer.size(), 2);
        QCOMPARE((*store)->line(1), QByteArray("two and m")); // a whole character or none
        QCOMPARE((*store)->line(1, 5), QByteArray("two a"));
        QCOMPARE(before.line(1), QByteArray("two"));
        QCOMPARE(before.lineCount(), 2);
        QCOMPARE((*store)->byteCount(), 4);
        QVERIFY((*store)->append("\xa9re\r\n"));
        QCOMPARE(longer.size(), 2);
        QCOMPARE(grown.size(), 2);
        QCOMPARE(grown[1][0].toLongLong(), 1);
        QCOMPARE((*store)->lineCount(), 2);
        QCOMPARE((*store)->line(1), QByteArray("two and m\xc3\xa9re"));
        QVERIFY((*store)->append("last"));
        QVERIFY((*store)->finish());
        QCOMPARE((*store)->writtenLines(), 3);
        QCOMPARE((*store)->lineCount(), 3);
        QCOMPARE((*store)->line(2), QByteArray("last"));
    }

    void aLineOfMebibytesIsOneLineAndShownAsFarAsItIsWritten()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QSignalSpy longer(store->get(), &LogStore::openLineGrown);
        const QByteArray words = QByteArray("seven! ").repeated(1 << 16); // 448 KiB
        for (int i = 0; i < 3; ++i)
            QVERIFY((*store)->append(words));
        QCOMPARE((*store)->byteCount(), 3 * words.size());
        QCOMPARE((*store)->lineCount(), 1);
        QCOMPARE(longer.size(), 2);
        QVERIFY((*store)->append("behind"));
        QCOMPARE(longer.size(), 2);
        QCOMPARE((*store)->lineCount(), 1);
        QCOMPARE((*store)->text().length(0), 3 * words.size());
        QVERIFY((*store)->append("\nnext"));
        QCOMPARE((*store)->lineCount(), 2);
        QCOMPARE((*store)->text().length(0), 3 * words.size() + 7);
        QCOMPARE((*store)->line(1), QByteArray("next"));
    }

    void theReaderOfALargeFileWaitsForTheFirstTurnOfTheEventLoop()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("large.log"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("a line\n").repeated(400'000) + "the last\n");
        file.close();
        auto store = LogStore::openFile(path);
        QVERIFY(store);
        QSignalSpy indexed(store->get(), &LogStore::indexed);
        QTest::qSleep(200); // long enough for a reader that had begun
        QCOMPARE((*store)->indexedBytes(), 0);
        QVERIFY(!(*store)->isIndexed());
        QCOMPARE((*store)->lastLines(2), (QList<QByteArray>{"a line", "the last"}));
        QVERIFY(indexed.wait());
        QCOMPARE((*store)->indexedBytes(), (*store)->byteCount());
        QCOMPARE((*store)->lineCount(), 400'001);
    }

    void storeInAFolderThatCannotBeMadeSaysSo()
    {
        const auto store = LogStore::create(QStringLiteral("/proc/none/logs"));
        QVERIFY(!store);
        QCOMPARE(store.error().kind, ErrorKind::Unavailable);
        QVERIFY(store.error().message.contains(QStringLiteral("/proc/none/logs")));
    }

    void tokensNeverReachTheDisk_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("written");
        QTest::newRow("a GitHub token")
            << QByteArray("token ghp_abcdefghijklmnopqrstuvwxyz0123456789 used")
            << QByteArray("token *** used");
        QTest::newRow("a bearer header")
            << QByteArray("Authorization: Bearer abcdef.1234567890-xyz")
            << QByteArray("Authorization: Bearer ***");
        QTest::newRow("a password in a URL") << QByteArray("postgresql://app:hunter2@db/context")
                                             << QByteArray("postgresql://***@db/context");
        QTest::newRow("an ordinary URL stays") << QByteArray("see https://example.org/a:b@c")
                                               << QByteArray("see https://example.org/a:b@c");
        QTest::newRow("what GitHub masked stays masked")
            << QByteArray("key ***") << QByteArray("key ***");
    }
    void tokensNeverReachTheDisk()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, written);
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        // Cut in the middle: a token must not slip through between two pieces.
        QVERIFY((*store)->append(line.left(line.size() / 2)));
        QVERIFY((*store)->append(line.mid(line.size() / 2) + '\n'));
        QCOMPARE((*store)->line(0), written);
    }

    void searchFindsGrowsAndWrapsAround()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        for (int i = 0; i < 5000; ++i)
            QVERIFY((*store)->append(i % 1000 == 7 ? "an Org_Hidden line\n" : "nothing\n"));
        LogSearch search;
        search.start(store->get(), QStringLiteral("org_hidden"));
        QTRY_VERIFY(search.isComplete());
        const LineSet &hits = search.lines();
        QCOMPARE(std::vector<qint64>(hits.begin(), hits.end()),
                 (std::vector<qint64>{7, 1007, 2007, 3007, 4007}));
        QCOMPARE(search.next(-1), 7);
        QCOMPARE(search.next(7), 1007);
        QCOMPARE(search.next(4007), 7);
        QCOMPARE(search.previous(7), 4007);
        QVERIFY((*store)->append("org_hidden again\n"));
        QTRY_COMPARE(search.lines().size(), size_t(6));
        search.start(store->get(), QStringLiteral("absent"));
        QTRY_VERIFY(search.isComplete());
        QCOMPARE(search.next(0), -1);
    }

    void searchLeavesOutAnOpenLine()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("one\nhit o"));
        LogSearch search;
        search.start(store->get(), QStringLiteral("hit"));
        QVERIFY(search.isComplete());
        QVERIFY(search.lines().empty());
        QVERIFY((*store)->append("ne"));
        QVERIFY(search.isComplete());
        QVERIFY(search.lines().empty());
        QVERIFY((*store)->append("\nhit two"));
        QCOMPARE(search.scanned(), 2);
        QCOMPARE(search.lines().size(), size_t(1));
        QVERIFY((*store)->finish());
        QCOMPARE(search.lines().size(), size_t(2));
        // The threads, too: they are given more than is searched on the spot.
        QVERIFY((*store)->append("\n" + QByteArray("hit\n").repeated(100'000) + "hit"));
        QTRY_COMPARE(search.lines().size(), size_t(100'002));
        QVERIFY(search.isComplete());
    }

    void searchDoesNotFindStampsOrEscapes()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("2026-11-24T12:57:36.1180021Z \x1b[31mhello\x1b[0m\n"));
        LogSearch search;
        search.start(store->get(), QStringLiteral("2026"));
        QTRY_VERIFY(search.isComplete());
        QVERIFY(search.lines().empty());
        search.start(store->get(), QStringLiteral("[31m"));
        QTRY_VERIFY(search.isComplete());
        QVERIFY(search.lines().empty());
    }

    void errorsAreFoundByTheirQuery()
    {
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("fine\n##[error]one\nno error here\n2026-11-24T12:57:36Z "
                                 "ERROR two\n\x1b[31mE  \x1b[0m assert\ntest_error.py PASSED\n"));
        LogSearch errors;
        errors.start(store->get(), errorQuery());
        QCOMPARE(std::vector<qint64>(errors.lines().begin(), errors.lines().end()),
                 (std::vector<qint64>{1, 3, 4}));
        QCOMPARE(errors.next(-1), 1);
    }
};

QTEST_GUILESS_MAIN(TestLogs)
#include "testlogs.moc"
