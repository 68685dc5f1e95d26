#include "logs/logsearch.h"
#include "logs/logstore.h"
#include "logs/search/linescan.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace pilothouse;

namespace {

constexpr int mixedLines = 2'004;

using Lines = std::vector<qint64>;

/// Small lines of every kind, over and over, so that pieces are cut everywhere.
QByteArray mixedLog(int lines)
{
    QByteArray text;
    for (int i = 0; i < lines; ++i) {
        switch (i % 11) {
        case 0:
            text += "2026-11-24T12:57:36.1180021Z plain " + QByteArray::number(i);
            break;
        case 1:
            text
                += "2026-11-24T12:57:36.1180021Z \x1b[33mwarn\x1b[0ming: unused \x1b[1mname\x1b[0m";
            break;
        case 2:
            text += "2026-11-24T12:57:36.1180021Z ##[error]Process failed";
            break;
        case 3:
            text += "caf\xc3\xa9 \xe2\x9c\x93";
            break;
        case 4:
            text += "bad \xff\xfe bytes";
            break;
        case 5:
            break;
        case 6:
            text += "windows line\r";
            break;
        case 7:
            text += "10 %\r50 %\r\x1b[32mdone\x1b[0m";
            break;
        case 8:
            text += "foo";
            break;
        case 9:
            text += "bar foo.bar Foobar";
            break;
        default:
            text += "2026-11-24T12:57:36Z ERROR " + QByteArray(i % 3000, 'x');
        }
        text += '\n';
    }
    return text;
}

/// Lets every thread of a search end, and hands over what they have posted.
void deliverLateMessages()
{
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::sendPostedEvents();
}

} // namespace

class TestLogSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store);
        m_mixed = std::move(*store);
        QVERIFY(m_mixed->append(mixedLog(mixedLines)));
    }

    void aLineThatIsBegunAnewIsSearchedStateByState_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("options");
        QTest::addColumn<Lines>("lines");
        QTest::newRow("a whole state")
            << QStringLiteral("done") << int(SearchQuery::WholeWord) << Lines{0, 1, 3};
        QTest::newRow("two of them") << QStringLiteral("spindone") << 0 << Lines{2};
        QTest::newRow("the begin")
            << QStringLiteral("^done") << int(SearchQuery::Regex) << Lines{1};
        QTest::newRow("the end") << QStringLiteral("done$") << int(SearchQuery::Regex)
                                 << Lines{0, 1, 2, 3};
    }
    void aLineThatIsBegunAnewIsSearchedStateByState()
    {
        QFETCH(QString, text);
        QFETCH(int, options);
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("spin\x1b[1G\x1b[0Kdone\n"
                                 "2026-11-24T12:57:36Z \x1b[2K\x1b[1Gdone\x1b[1G\x1b[0K\n"
                                 "spin\x1b[32mdone\x1b[0m\n"
                                 "spin\x1b[2Kdone\r\x1b[K\n"));
        auto matcher = LineMatcher::create({text, options});
        QVERIFY(matcher);
        const LogText log = (*store)->text();
        Lines exact;
        for (qint64 line = 0; line < log.lineCount(); ++line) {
            if (matcher->matches(log.line(line)))
                exact.push_back(line);
        }
        QTEST(exact, "lines");
        QCOMPARE(matchingLines(log, *matcher, 0, log.lineCount()), exact);
        matcher->prepare();
        QVERIFY(matcher->usesFastPath());
        QCOMPARE(matchingLines(log, *matcher, 0, log.lineCount()), exact);
    }

    void theFastPathGivesTheExactAnswer_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("options");
        const int regex = SearchQuery::Regex;
        const int exact = SearchQuery::CaseSensitive;
        const int word = SearchQuery::WholeWord;
        const auto row = [](const char *name, const char *text, int options) {
            QTest::newRow(name) << QString::fromUtf8(text) << options;
        };
        row("text across an escape", "warning: unused name", 0);
        row("a text that ends where an escape begins", "warn", 0);
        row("a word that goes on behind an escape", "warn", word);
        row("the letter that ends an escape", "m", exact);
        row("text across an escape, exact case", "arning", exact);
        row("alternatives across an escape", "arning|name", regex | exact);
        row("text of a stamp", "2026", 0);
        row("text of an escape", "[33m", 0);
        row("any case", "FOO", 0);
        row("exact case", "Foo", exact);
        row("whole word", "foo", word);
        row("a dot is a dot", "foo.bar", 0);
        row("outside ASCII", "caf\xc3\xa9", exact);
        row("outside ASCII, any case", "CAF\xc3\x89", 0);
        row("alternatives", "error|failed", regex);
        row("begin behind the stamp", "^ERROR", regex | exact);
        row("begin behind the stamp and nowhere else", "^plain \\d+$", regex);
        row("end before a carriage return", "line$", regex);
        row("end behind an escape", "done$", regex);
        row("empty lines", "^$", regex);
        row("what may be empty", "x*", regex);
        row("every line with something in it", ".", regex);
        row("four characters and the check mark", "^.{4} .$", regex);
        row("five bytes are four characters", "^.{5} .{3}$", regex);
        row("all but", "^[^a-z]", regex | exact);
        row("runs of anything", "foo.*bar", regex);
        row("never across lines", "foo\\s+bar", regex);
        row("never across lines, by a class", "foo[^x]bar foo", regex);
        row("look-behind", "(?<=bar )foo", regex);
        row("a back reference", "(o)\\1", regex);
        row("whole words of an expression", "fo+|ba.", regex | word);
        row("a class with a caret", "[x^]{5}", regex);
        row("an escaped caret", "\\^", regex);
    }
    void theFastPathGivesTheExactAnswer()
    {
        QFETCH(QString, text);
        QFETCH(int, options);
        auto matcher = LineMatcher::create({text, options});
        QVERIFY(matcher);
        const LogText log = m_mixed->text();
        Lines expected;
        for (qint64 line = 0; line < log.lineCount(); ++line) {
            if (matcher->matches(log.line(line)))
                expected.push_back(line);
        }
        QCOMPARE(matchingLines(log, *matcher, 0, log.lineCount()), expected);
        matcher->prepare();
        QCOMPARE(matchingLines(log, *matcher, 0, log.lineCount()), expected);
        // Any cut into parts gives the same.
        Lines parts = matchingLines(log, *matcher, 0, 777);
        const Lines rest = matchingLines(log, *matcher, 777, log.lineCount());
        parts.insert(parts.end(), rest.begin(), rest.end());
        QCOMPARE(parts, expected);
    }

    void whatHyperscanRefusesIsSearchedWithoutIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("fast");
        QTest::newRow("alternatives") << QStringLiteral("error|failed") << true;
        QTest::newRow("look-behind") << QStringLiteral("(?<=a)b") << false;
        QTest::newRow("back reference") << QStringLiteral("(a)\\1") << false;
        QTest::newRow("may be empty") << QStringLiteral("a*") << false;
        QTest::newRow("a place, not a text") << QStringLiteral("^|\\bx") << false;
        QTest::newRow("outside ASCII") << QStringLiteral("[äö]") << false;
    }
    void whatHyperscanRefusesIsSearchedWithoutIt()
    {
        QFETCH(QString, text);
        QFETCH(bool, fast);
        auto matcher = LineMatcher::create({text, SearchQuery::Regex});
        QVERIFY(matcher);
        matcher->prepare();
        QCOMPARE(matcher->usesFastPath(), fast);
    }

    void knownAnswers()
    {
        const auto count = [&](const char *text, int options) {
            LogSearch search;
            search.start(m_mixed.get(), SearchQuery{QString::fromUtf8(text), options});
            return QTest::qWaitFor([&] { return search.isComplete(); })
                       ? qint64(search.lines().size())
                       : -1;
        };
        const int of = mixedLines / 11; // lines of each kind; the first two have one more
        QCOMPARE(count("warning: unused name", 0), of + 1);
        QCOMPARE(count("foo", SearchQuery::WholeWord), 2 * of);
        QCOMPARE(count("Foo", SearchQuery::CaseSensitive), of);
        QCOMPARE(count("2026", 0), 0);
        QCOMPARE(count("^error|failed$", SearchQuery::Regex), 2 * of);
        QCOMPARE(count("^$", SearchQuery::Regex), of);
        QCOMPARE(count(".", SearchQuery::Regex), mixedLines - of);
    }

    void aWrongExpressionIsASentence()
    {
        LogSearch search;
        search.start(m_mixed.get(), SearchQuery{QStringLiteral("a(b"), SearchQuery::Regex});
        QVERIFY(search.error());
        QCOMPARE(search.error()->kind, ErrorKind::BadInput);
        QVERIFY2(search.error()->message.contains(QStringLiteral("at character 3")),
                 qPrintable(search.error()->message));
        QVERIFY(search.lines().empty());
        QVERIFY(search.isComplete());
        search.start(m_mixed.get(), QStringLiteral("a(b"));
        QVERIFY(!search.error());
    }

    void aByteOrderMarkIsNoTextOfTheFirstLine()
    {
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("\xef\xbb\xbf"
                                 "2026-11-24T12:57:36.1180021Z Current runner\nCurrent\n"));
        auto matcher = LineMatcher::create({QStringLiteral("^Current"), SearchQuery::Regex});
        QVERIFY(matcher);
        matcher->prepare();
        QVERIFY(matcher->usesFastPath());
        QCOMPARE(matchingLines((*store)->text(), *matcher, 0, 2), (Lines{0, 1}));
    }

    void aLongLineIsSearchedToItsEnd()
    {
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store);
        QVERIFY((*store)->append("first\n" + QByteArray(3 << 20, 'a') + " needle\nlast needle\n"));
        auto matcher = LineMatcher::create({QStringLiteral("needle"), 0});
        matcher->prepare();
        QCOMPARE(matchingLines((*store)->text(), *matcher, 0, 3), (Lines{1, 2}));
    }

    void aLineBeyondAnyBufferIsSearchedInParts()
    {
        const QString path = m_dir.filePath(QStringLiteral("huge.log"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("first\n");
        for (int i = 0; i < 40; ++i)
            file.write(QByteArray(1 << 20, 'a'));
        file.write(" needle\nlast\n");
        file.close();
        auto store = LogStore::openFile(path);
        QVERIFY(store);
        QTRY_VERIFY((*store)->isIndexed());
        LogSearch search;
        search.start(store->get(), QStringLiteral("needle"));
        QTRY_VERIFY(search.isComplete());
        QCOMPARE(Lines(search.lines().begin(), search.lines().end()), (Lines{1}));
    }

    void aSearchGoesOnWhileTheLogGrows()
    {
        auto store = LogStore::create(m_dir.path());
        QVERIFY(store);
        LogSearch search;
        search.start(store->get(), QStringLiteral("hit"));
        size_t expected = 0;
        for (int round = 0; round < 40; ++round) {
            QByteArray text;
            for (int i = 0; i < 2000; ++i)
                text += i % 500 == round % 500 ? "a hit\n" : "nothing of interest here\n";
            expected += 4;
            // In two pieces that cut a line, so that an open line is searched again.
            QVERIFY((*store)->append(text.left(text.size() / 2 + 3)));
            if (round % 3 == 0)
                QCoreApplication::processEvents();
            QVERIFY((*store)->append(text.mid(text.size() / 2 + 3)));
        }
        QTRY_VERIFY(search.isComplete());
        QCOMPARE(search.lines().size(), expected);
    }

    void aNewSearchDropsTheOneBefore()
    {
        LogSearch search;
        search.start(m_mixed.get(), QStringLiteral("plain"));
        search.start(m_mixed.get(), QStringLiteral("café"));
        QTRY_VERIFY(search.isComplete());
        QCOMPARE(search.lines().next(-1), 3);
        {
            LogSearch gone;
            gone.start(m_mixed.get(), QStringLiteral("plain"));
        }
        deliverLateMessages(); // they go nowhere
    }

    void aSearchMayGoAwayAsSoonAsItIsComplete()
    {
        for (int round = 0; round < 40; ++round) {
            LogSearch search;
            search.start(m_mixed.get(), QStringLiteral("plain"));
            while (!search.isComplete())
                QCoreApplication::processEvents();
        }
        deliverLateMessages(); // they find nobody
    }

    void spansAreThoseOfTheShownText()
    {
        LogSearch search;
        search.start(m_mixed.get(), SearchQuery{QStringLiteral("o+"), SearchQuery::Regex});
        QCOMPARE(search.spans(QStringLiteral("foo bo")),
                 (QList<LineMatcher::Span>{{1, 2}, {5, 1}}));
    }

    void everyLineMayBeAHit()
    {
        LogSearch search;
        search.start(m_mixed.get(), SearchQuery{QStringLiteral("^"), SearchQuery::Regex});
        QTRY_VERIFY(search.isComplete());
        QCOMPARE(search.lines().size(), size_t(mixedLines));
        QCOMPARE(search.next(19'999), 0);
        QCOMPARE(search.previous(0), mixedLines - 1);
    }

private:
    QTemporaryDir m_dir;
    std::unique_ptr<LogStore> m_mixed;
};

QTEST_GUILESS_MAIN(TestLogSearch)
#include "testlogsearch.moc"
