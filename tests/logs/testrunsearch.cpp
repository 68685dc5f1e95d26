#include "logs/logspool.h"
#include "logs/logstore.h"
#include "logs/runsearch/runsearch.h"
#include "support/fakeclock.h"
#include "support/jobsource.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using State = RunSearchRow::State;
using Standing = RunLog::Standing;

RunLog job(qint64 id, Standing standing = Standing::Ended)
{
    return {JobLog{RunId(6998), JobId(id)}, QStringLiteral("job %1").arg(id), standing};
}

SearchQuery looking(const char *text, int options = SearchQuery::Plain)
{
    return {QString::fromUtf8(text), options};
}

} // namespace

class TestRunSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<JobSource>();
        m_dir = std::make_unique<QTemporaryDir>();
        m_spool = std::make_unique<LogSpool>(m_dir->path());
        m_search = std::make_unique<RunSearch>(std::vector<LogSource *>{m_source.get()}, *m_spool,
                                               m_clock);
    }
    void cleanup()
    {
        m_search.reset();
        m_spool.reset();
    }

    void nothingIsFetchedWhileClosedOrWithoutAText()
    {
        m_search->setJobs({job(1)});
        m_search->setQuery(looking("timeout"));
        QVERIFY(m_source->asked.isEmpty());
        m_search->setQuery(looking(""));
        m_search->open();
        QVERIFY(m_source->asked.isEmpty());
        m_search->setQuery(looking("timeout"));
        QCOMPARE(m_source->asked, QList<qint64>{1});
    }

    void atMostTwoLogsAreReadAtOnceInTheirOrder()
    {
        start({job(1), job(2), job(3), job(4)}, "timeout");
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2}));
        QCOMPARE(states(),
                 (QList<State>{State::Reading, State::Reading, State::Waiting, State::Waiting}));
        m_source->give(2, "a\n");
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2, 3}));
        m_source->give(1, "a\n");
        m_source->give(3, "a\n");
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2, 3, 4}));
        QCOMPARE(m_source->underWay(), 1);
    }

    void hitsAreCountedAndTheFirstAreShownWithTheirLines()
    {
        start({job(1), job(2)}, "timeout");
        m_source->give(1, "2026-11-24T12:57:36.1180021Z \x1b[31mtimeout\x1b[0m of 5 s\nfine\n"
                          "again a Timeout");
        m_source->give(2, "nothing here\n");
        QTRY_COMPARE(states(), (QList<State>{State::Searched, State::Searched}));
        const RunSearchRow row = m_search->rows()[0];
        QCOMPARE(row.title, QStringLiteral("job 1"));
        QCOMPARE(row.hitLines, 2);
        QCOMPARE(row.first, (QList<RunHit>{{0, QStringLiteral("timeout of 5 s")},
                                           {2, QStringLiteral("again a Timeout")}}));
        QCOMPARE(row.next, -1);
        QCOMPARE(m_search->rows()[1].hitLines, 0);
        QCOMPARE(sentence(), QStringLiteral("2 lines in 1 of 2 jobs"));
    }

    void ofManyHitsTheFirstFewAndTheNextAreTold()
    {
        start({job(1)}, "hit");
        QByteArray text("title\n");
        for (int i = 0; i < 37; ++i)
            text += "hit " + QByteArray::number(i) + '\n';
        m_source->give(1, text);
        QTRY_COMPARE(states(), QList<State>{State::Searched});
        const RunSearchRow row = m_search->rows().first();
        QCOMPARE(row.hitLines, 37);
        QCOMPARE(row.first.size(), qsizetype(RunSearch::firstHits));
        QCOMPARE(row.next, 1 + RunSearch::firstHits);
    }

    void anotherQuerySearchesWhatIsKeptAndFetchesNothing()
    {
        start({job(1), job(2)}, "one");
        m_source->give(1, "one\ntwo\n");
        m_source->give(2, "two\ntwo\n");
        QTRY_COMPARE(sentence(), QStringLiteral("1 line in 1 of 2 jobs"));
        m_search->setQuery(looking("two"));
        // What the query before found does not stand under this one.
        QCOMPARE(states(), (QList<State>{State::Searching, State::Searching}));
        QCOMPARE(m_search->rows()[0].hitLines, 0);
        QTRY_COMPARE(sentence(), QStringLiteral("3 lines in 2 of 2 jobs"));
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2}));
    }

    void aLogThatFailsFailsAloneInItsOwnWordsAndCanBeReadAgain()
    {
        start({job(1), job(2)}, "x");
        m_source->refuse(1, ErrorKind::NotAllowed, QStringLiteral("GitHub says no."));
        m_source->give(2, "x\n");
        QTRY_COMPARE(states(), (QList<State>{State::Failed, State::Searched}));
        QCOMPARE(stateWords(m_search->rows()[0]), QStringLiteral("not read: GitHub says no."));
        QCOMPARE(sentence(), QStringLiteral("1 line in 1 of 2 jobs, 1 not read"));
        m_search->retry(job(2).target); // did not fail
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2}));
        m_search->retry(job(1).target);
        QCOMPARE(states()[0], State::Reading);
        m_source->give(1, "x\n");
        QTRY_COMPARE(sentence(), QStringLiteral("2 lines in 2 of 2 jobs"));
    }

    void halfALogIsNotSearched()
    {
        start({job(1)}, "x");
        Q_EMIT m_source->streams[1]->bytesArrived("x\nx\n");
        m_source->refuse(1, ErrorKind::Unavailable, QStringLiteral("The connection broke."));
        QCOMPARE(states(), QList<State>{State::Failed});
        QCOMPARE(m_search->rows()[0].hitLines, 0);
        QVERIFY(!m_search->log(job(1).target));
        QCOMPARE(sentence(), QStringLiteral("No job could be searched, 1 not read"));
    }

    void aJobThatEndsLaterIsAdded()
    {
        start({job(1), job(2, Standing::Running), job(3, Standing::NeverRan)}, "x");
        m_source->give(1, "y\n");
        QTRY_COMPARE(states(), (QList<State>{State::Searched, State::NoLogYet, State::NeverRan}));
        QCOMPARE(sentence(),
                 QStringLiteral("No hit in the 1 of 3 jobs that is searched, 1 still running, "
                                "1 skipped"));
        m_search->setJobs({job(1), job(2), job(3, Standing::NeverRan)});
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2}));
        m_source->give(2, "x\n");
        QTRY_COMPARE(sentence(), QStringLiteral("1 line in 1 of 3 jobs, 1 skipped"));
    }

    void theLogOfAJobThatJustEndedIsAskedForAgain()
    {
        start({job(1, Standing::Running)}, "x");
        m_search->setJobs({job(1)});
        for (int i = 1; i < 6; ++i) {
            QCOMPARE(m_source->asked.size(), i);
            m_source->refuse(1, ErrorKind::NotFound, QStringLiteral("not yet"));
            QCOMPARE(states(), QList<State>{State::Waiting});
            m_clock.advance(1s);
        }
        m_source->refuse(1, ErrorKind::NotFound, QStringLiteral("not yet"));
        QCOMPARE(states(), QList<State>{State::Failed});
        QCOMPARE(m_clock.waiting(), 0);
    }

    void theLogOfAJobThatEndedLongAgoIsAskedForOnce()
    {
        start({job(1)}, "x");
        m_source->refuse(1, ErrorKind::NotFound, QStringLiteral("gone"));
        QCOMPARE(states(), QList<State>{State::Failed});
        QCOMPARE(m_clock.waiting(), 0);
    }

    void anotherRunDropsTheLogsOfTheOneBefore()
    {
        start({job(1), job(2)}, "x");
        m_source->give(1, "x\n");
        const QPointer<LogStream> second = m_source->streams[2];
        m_search->setJobs({job(7)});
        QVERIFY(second.isNull());
        QVERIFY(!m_search->log(job(1).target));
        QCOMPARE(m_source->asked, (QList<qint64>{1, 2, 7}));
        QTRY_COMPARE(logsOnDisk(), 1); // the one that is being read
    }

    void closingDropsTheLogsAndOpeningFetchesThemAfresh()
    {
        start({job(1)}, "x");
        m_source->give(1, "x\n");
        QTRY_COMPARE(states(), QList<State>{State::Searched});
        m_search->close();
        QCOMPARE(states(), QList<State>{State::Waiting});
        QCOMPARE(logsOnDisk(), 0);
        m_search->open();
        QCOMPARE(m_source->asked, (QList<qint64>{1, 1}));
    }

    void whoeverHoldsALogKeepsItAfterTheSearch()
    {
        start({job(1)}, "x");
        m_source->give(1, "kept x\n");
        const std::shared_ptr<LogStore> kept = m_search->log(job(1).target);
        m_search->close();
        QCOMPARE(kept->line(0), QByteArray("kept x"));
    }

    void aWrongExpressionIsToldAndFetchesNothing()
    {
        start({job(1)}, "");
        m_search->setQuery(looking("(", SearchQuery::Regex));
        QVERIFY(m_search->error());
        QVERIFY(m_source->asked.isEmpty());
        m_search->setQuery(looking("(x)", SearchQuery::Regex));
        QVERIFY(!m_search->error());
        m_source->give(1, "x\n");
        QTRY_COMPARE(sentence(), QStringLiteral("1 line in 1 of 1 job"));
    }

    void aFullSpoolIsTold()
    {
        start({job(1), job(2), job(3)}, "");
        QVERIFY(m_spool->setLimit(10));
        m_search->setQuery(looking("x"));
        m_source->give(1, "x and more than ten bytes\n");
        QTRY_COMPARE(states()[2], State::Failed);
        QVERIFY2(m_search->rows()[2].error->message.contains(QStringLiteral("10 bytes")),
                 qPrintable(m_search->rows()[2].error->message));
    }

    void aLogThatGrowsOverTheLimitIsGivenUp()
    {
        start({job(1), job(2)}, "");
        QVERIFY(m_spool->setLimit(1 << 20));
        m_search->setQuery(looking("x"));
        Q_EMIT m_source->streams[1]->bytesArrived(QByteArray("a line\n").repeated(200'000));
        QCOMPARE(states()[0], State::Failed);
        QCOMPARE(m_search->rows()[0].error->message,
                 QStringLiteral("The logs that are shown take all of the 1.0 MiB that kept logs "
                                "may take."));
        m_source->give(2, "x\n"); // its room is free again
        QTRY_COMPARE(states()[1], State::Searched);
    }

    void withoutASourceTheReasonIsSaid()
    {
        RunSearch alone({}, *m_spool, m_clock);
        alone.setJobs({job(1)});
        alone.setQuery(looking("x"));
        alone.open();
        QTRY_COMPARE(alone.rows()[0].state, State::Failed);
        QVERIFY(alone.rows()[0].error->message.contains(QStringLiteral("pilothouse.yaml")));
    }

    void aLargeLogIsSearchedBesideTheWindow()
    {
        start({job(1)}, "needle");
        QByteArray text;
        for (int i = 0; i < 60'000; ++i)
            text += i % 1000 == 7 ? "a needle in it\n" : "nothing but hay\n";
        m_source->give(1, text);
        QTRY_COMPARE(states(), QList<State>{State::Searched});
        QCOMPARE(m_search->rows()[0].hitLines, 60);
    }

    void manyChangesAreToldOnce()
    {
        QSignalSpy told(m_search.get(), &RunSearch::changed);
        start({job(1), job(2), job(3)}, "x");
        QCOMPARE(told.size(), 0);
        QTRY_COMPARE(told.size(), 1);
        QCoreApplication::processEvents();
        QCOMPARE(told.size(), 1);
    }

    void totalsSayNoMoreThanIsKnown_data()
    {
        QTest::addColumn<RunSearchTotals>("totals");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *said, const RunSearchTotals &totals) {
            QTest::newRow(said) << totals << QString::fromUtf8(said);
        };
        row("1,204 lines in 4 of 9 jobs, 2 still running", {1204, 9, 4, 7, 0, 2, 0, 0});
        row("37 lines in 4 of 9 jobs, 3 to go", {37, 9, 4, 6, 3, 0, 0, 0});
        row("No job is searched yet, 9 to go", {0, 9, 0, 0, 9, 0, 0, 0});
        row("No hit in all 9 jobs", {0, 9, 0, 9, 0, 0, 0, 0});
        row("No hit in the only job", {0, 1, 0, 1, 0, 0, 0, 0});
        row("No hit in the 6 of 9 jobs that are searched, 1 to go, 2 not read",
            {0, 9, 0, 6, 1, 0, 2, 0});
        row("No job could be searched, 2 still running, 1 skipped", {0, 3, 0, 0, 0, 2, 0, 1});
    }
    void totalsSayNoMoreThanIsKnown()
    {
        QFETCH(RunSearchTotals, totals);
        QFETCH(QString, said);
        QCOMPARE(totalsSentence(totals), said);
    }

private:
    void start(const QList<RunLog> &jobs, const char *text)
    {
        m_search->setJobs(jobs);
        m_search->setQuery(looking(text));
        m_search->open();
    }
    [[nodiscard]] QList<State> states() const
    {
        QList<State> all;
        for (const RunSearchRow &row : m_search->rows())
            all << row.state;
        return all;
    }
    [[nodiscard]] QString sentence() const { return totalsSentence(totalsOf(m_search->rows())); }
    [[nodiscard]] qsizetype logsOnDisk() const
    {
        return QDir(m_dir->path()).entryList({QStringLiteral("log-*.txt")}).size();
    }

    FakeClock m_clock;
    std::unique_ptr<JobSource> m_source;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<LogSpool> m_spool;
    std::unique_ptr<RunSearch> m_search;
};

QTEST_GUILESS_MAIN(TestRunSearch)
#include "testrunsearch.moc"
