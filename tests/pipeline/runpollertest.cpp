#include "pipeline/runpoller.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "support/fakeclock.h"
#include "support/soon.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

Error error(ErrorKind kind)
{
    return {kind, s("a sentence"), {}, {}};
}

} // namespace

class RunPollerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_host = std::make_unique<FakeRuns>(*m_clock);
        m_poller
            = std::make_unique<RunPoller>(*m_host, *m_clock, s("GitHub"), RunPoller::Pace{4s, 30s});
        m_poller->setPaths({s(".github/workflows/ci.yml")});
    }

    void cleanup()
    {
        m_poller.reset();
        m_host.reset();
        m_clock.reset();
    }

    void nothingIsAskedBeforeACommitIsFollowed()
    {
        m_clock->advance(1min);
        QCOMPARE(m_host->asked(), QStringList());
        QCOMPARE(m_poller->state().health, SourceState::Health::Loading);
        QVERIFY(!m_poller->serverNow().isValid());
        QVERIFY(!m_poller->runsAge());
    }

    void aRunningRunIsAskedAtTheFocusedPace()
    {
        ciRuns(RunStatus::Running);
        m_poller->follow(m_commit);
        QCOMPARE(m_host->takeAsked(), (QStringList{s("runs"), s("jobs 7012"), s("latest")}));
        m_clock->advance(3999ms);
        QCOMPARE(m_host->takeAsked(), QStringList());
        m_clock->advance(1ms);
        QCOMPARE(m_host->takeAsked(), (QStringList{s("runs"), s("jobs 7012")}));
        m_clock->advance(40s);
        QCOMPARE(m_host->takeAsked().size(), 20);
    }

    void anEndedRunIsAskedForItsJobsOnceAndThenQuietly()
    {
        ciRuns(RunStatus::Succeeded, {jobNamed(s("build"), RunStatus::Succeeded)});
        m_poller->follow(m_commit);
        m_clock->advance(64s); // restless for a minute after the change
        m_host->takeAsked();
        m_clock->advance(60s);
        QCOMPARE(m_host->takeAsked(), (QStringList{s("runs"), s("runs")}));
    }

    void aRunThatEndedBeforeItsJobsIsAskedAgain()
    {
        ciRuns(RunStatus::Succeeded, {jobNamed(s("build"), RunStatus::Running)});
        m_poller->follow(m_commit);
        m_host->takeAsked();
        m_clock->advance(4s);
        QCOMPARE(m_host->takeAsked(), (QStringList{s("runs"), s("jobs 7012")}));
    }

    void aNewAttemptIsAskedForItsJobs()
    {
        ciRuns(RunStatus::Failed, {jobNamed(s("build"), RunStatus::Failed)});
        m_poller->follow(m_commit);
        m_host->takeAsked();
        Run again = runOf(s("ci.yml"), 7012, RunStatus::Succeeded);
        again.attempt = 2;
        m_host->setRun(m_commit, again, {jobNamed(s("build 2"), RunStatus::Succeeded)});
        m_clock->advance(4s);
        QVERIFY(m_host->takeAsked().contains(s("jobs 7012")));
        QCOMPARE(m_poller->jobs().value(RunId(7012)).value(0).name, s("build 2"));
    }

    void nobodyLookingMakesItQuiet()
    {
        ciRuns(RunStatus::Running);
        m_poller->setWatched(false);
        m_poller->follow(m_commit);
        m_host->takeAsked();
        m_clock->advance(29s);
        QCOMPARE(m_host->takeAsked(), QStringList());
        m_poller->setWatched(true);
        QVERIFY2(m_host->takeAsked().contains(s("runs")), "whoever comes back sees the present");
    }

    void otherWorkflowsAreNotAskedForJobs()
    {
        m_host->setRun(m_commit, runOf(s("codeql.yml"), 7, RunStatus::Running), {});
        m_poller->follow(m_commit);
        QVERIFY(!m_host->asked().contains(s("jobs 7")));
        QCOMPARE(m_poller->runs().size(), 1);
    }

    void theEndOfAJobIsToldOnce()
    {
        const auto jobs = [](RunStatus build, RunStatus unit) {
            return QList<Job>{jobNamed(s("build"), build), jobNamed(s("unit-tests"), unit),
                              jobNamed(s("lint"), RunStatus::Succeeded)};
        };
        using S = RunStatus;
        QSignalSpy ended(m_poller.get(), &RunPoller::jobEnded);
        ciRuns(S::Running, jobs(S::Running, S::Queued));
        m_poller->follow(m_commit);
        QCOMPARE(ended.size(), 0);
        ciRuns(S::Running, jobs(S::Failed, S::Skipped));
        m_clock->advance(4s);
        QCOMPARE(ended.size(), 1);
        QCOMPARE(ended[0][0].value<JobId>(), jobNamed(s("build"), S::Failed).id);
        m_clock->advance(8s);
        QCOMPARE(ended.size(), 1);
    }

    void aJobThatCameAndWentBetweenTwoQuestionsIsTold()
    {
        QSignalSpy ended(m_poller.get(), &RunPoller::jobEnded);
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running)});
        m_poller->follow(m_commit);
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running),
                                    jobNamed(s("quick"), RunStatus::Succeeded)});
        m_clock->advance(4s);
        QCOMPARE(ended.size(), 1);
    }

    void theSameAnswerIsNoChange()
    {
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running)});
        m_poller->follow(m_commit);
        QSignalSpy changed(m_poller.get(), &RunPoller::changed);
        QSignalSpy state(m_poller.get(), &RunPoller::stateChanged);
        m_clock->advance(8s);
        QCOMPARE(changed.size(), 0);
        QCOMPARE(state.size(), 2);
        QCOMPARE(m_poller->runsAge(), 0ms);
        m_clock->advance(3s);
        QCOMPARE(m_poller->runsAge(), 3s);
        QCOMPARE(m_poller->jobsAge(RunId(7012)), 3s);
    }

    void theHostsClockRunsOn()
    {
        ciRuns(RunStatus::Running);
        m_poller->follow(m_commit);
        const QDateTime told = m_clock->now().addSecs(100);
        QCOMPARE(m_poller->serverNow(), told);
        m_clock->advance(2s);
        QCOMPARE(m_poller->serverNow(), told.addSecs(2));
    }

    void aRateLimitIsObeyed()
    {
        ciRuns(RunStatus::Running);
        m_poller->follow(m_commit);
        m_host->takeAsked();
        Error limited = error(ErrorKind::RateLimited);
        limited.retryAt = m_clock->now().addSecs(304); // by our clock, whatever the host's says
        m_host->failWith(limited);
        m_clock->advance(4s);
        QCOMPARE(m_host->takeAsked(), QStringList{s("runs")});
        QCOMPARE(m_poller->state().health, SourceState::Health::Lost);
        QCOMPARE(m_poller->state().nextTryIn, 300s);

        m_host->failWith({});
        m_poller->refresh();
        m_clock->advance(299s);
        QCOMPARE(m_host->takeAsked(), QStringList());
        m_clock->advance(1s);
        QVERIFY(m_host->takeAsked().contains(s("runs")));
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
    }

    void aRateLimitWithoutATimeWaitsAMinute()
    {
        m_host->failWith(error(ErrorKind::RateLimited));
        m_poller->follow(m_commit);
        m_host->takeAsked();
        m_clock->advance(59s);
        QCOMPARE(m_host->takeAsked(), QStringList());
        m_clock->advance(1s);
        QCOMPARE(m_host->takeAsked(), QStringList{s("runs")});
    }

    void troubleBacksOffAndKeepsWhatWasKnown()
    {
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running)});
        m_poller->follow(m_commit);
        const auto good = m_poller->state().lastGoodSinceBoot;
        m_host->failWith(error(ErrorKind::Unavailable));
        m_clock->advance(4s);
        QList<qint64> pauses;
        for (int i = 0; i < 5; ++i) {
            pauses.append(m_poller->state().nextTryIn / 1s);
            m_clock->advance(m_poller->state().nextTryIn);
        }
        QCOMPARE(pauses, (QList<qint64>{4, 8, 16, 30, 30}));
        QCOMPARE(m_poller->state().health, SourceState::Health::Lost);
        QCOMPARE(m_poller->state().lastGoodSinceBoot, good);
        QCOMPARE(m_poller->runs().size(), 1);
        QCOMPARE(m_poller->jobs().value(RunId(7012)).size(), 1);

        m_host->failWith({});
        m_clock->advance(30s);
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
        QVERIFY(!m_poller->state().error);
        QCOMPARE(m_poller->state().nextTryIn, 4s);
    }

    void troubleHasANameOfItsOwn_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<SourceState::Health>("health");
        using H = SourceState::Health;
        QTest::newRow("a refused token") << ErrorKind::SignedOut << H::SignedOut;
        QTest::newRow("a missing right") << ErrorKind::NotAllowed << H::NotAllowed;
        QTest::newRow("a silent host") << ErrorKind::TimedOut << H::Lost;
        QTest::newRow("nonsense") << ErrorKind::Malformed << H::Lost;
    }

    void troubleHasANameOfItsOwn()
    {
        QFETCH(ErrorKind, kind);
        m_host->failWith(error(kind));
        m_poller->follow(m_commit);
        QTEST(m_poller->state().health, "health");
        QCOMPARE(m_poller->state().error->message, s("a sentence"));
        m_host->failWith({});
        m_poller->refresh();
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
    }

    void aHostThatStopsAnsweringGrowsOld()
    {
        ciRuns(RunStatus::Running);
        m_poller->follow(m_commit);
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
        m_host->hold(); // neither an answer nor an error
        QSignalSpy told(m_poller.get(), &RunPoller::stateChanged);
        m_clock->advance(14'999ms);
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
        m_clock->advance(1ms);
        QCOMPARE(m_poller->state().health, SourceState::Health::Old);
        QCOMPARE(told.size(), 1);
        QCOMPARE(m_poller->runsAge(), 15s);
        QCOMPARE(m_poller->runs().size(), 1);
        m_clock->advance(10min);
        QCOMPARE(told.size(), 1);
        m_host->release();
        QTRY_COMPARE(m_poller->state().health, SourceState::Health::Live);
    }

    void howLongThatTakesIsTheWorkspaces()
    {
        m_poller = std::make_unique<RunPoller>(*m_host, *m_clock, s("GitHub"),
                                               RunPoller::Pace{4s, 30s, 60s});
        m_poller->follow(m_commit);
        m_host->hold();
        m_clock->advance(59s);
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
        m_clock->advance(1s);
        QCOMPARE(m_poller->state().health, SourceState::Health::Old);
    }

    void aPauseThatIsMeantMakesNothingOld()
    {
        ciRuns(RunStatus::Succeeded, {jobNamed(s("build"), RunStatus::Succeeded)});
        m_poller->follow(m_commit);
        m_clock->advance(64s); // then a question each half minute
        connect(m_poller.get(), &RunPoller::stateChanged, this, [](const SourceState &state) {
            QCOMPARE(state.health, SourceState::Health::Live);
        });
        m_clock->advance(5min);
        m_poller->disconnect(this);
        m_host->hold();
        m_clock->advance(29s);
        QCOMPARE(m_poller->state().health, SourceState::Health::Live);
        m_clock->advance(5s); // the question after the pause has no answer
        QCOMPARE(m_poller->state().health, SourceState::Health::Old);
    }

    void whoIsLostIsNotMerelyOld()
    {
        ciRuns(RunStatus::Running);
        m_poller->follow(m_commit);
        m_host->failWith(error(ErrorKind::Unavailable));
        m_clock->advance(1min);
        QCOMPARE(m_poller->state().health, SourceState::Health::Lost);
    }

    void anAnswerForAnEarlierCommitIsDropped()
    {
        const CommitId other(s("other"));
        ciRuns(RunStatus::Running);
        m_host->setRun(other, runOf(s("ci.yml"), 8, RunStatus::Running), {});
        m_host->hold();
        m_poller->follow(m_commit);
        m_host->release(); // the answer is on its way through the event loop
        m_host->hold();
        m_poller->follow(other);
        m_host->release();
        QVERIFY(soon([&] { return m_host->asked().contains(s("jobs 8")); }));
        QVERIFY(!m_host->asked().contains(s("jobs 7012")));
        QTRY_COMPARE(m_poller->runs().size(), 1);
        QCOMPARE(m_poller->runs()[0].id, RunId(8));
    }

    void oneQuestionAtATime()
    {
        ciRuns(RunStatus::Running);
        m_host->hold();
        m_poller->follow(m_commit);
        m_poller->refresh();
        m_poller->refresh();
        m_clock->advance(1min);
        QCOMPARE(m_host->takeAsked(), QStringList{s("runs")});
        m_host->release();
        // What was asked for meanwhile is done once, right after.
        QTRY_COMPARE(m_clock->waiting() > 0, true);
        m_clock->advance(0ms);
        QTRY_COMPARE(m_host->asked().count(s("runs")), 1);
    }

    void itMayGoWhileAQuestionIsOpen()
    {
        m_host->hold();
        m_poller->follow(m_commit);
        m_poller.reset();
        m_host->release();
        QCoreApplication::processEvents();
        m_clock->advance(1min);
        QCOMPARE(m_host->asked(), QStringList{s("runs")});
    }

    void anOlderRunCanBeShown()
    {
        m_host->setRun(m_commit, runOf(s("ci.yml"), 1, RunStatus::Failed), {});
        m_host->setRun(m_commit, runOf(s("ci.yml"), 2, RunStatus::Running), {});
        m_poller->follow(m_commit);
        QCOMPARE(m_poller->shownRuns().value(0).id, RunId(2));
        m_host->takeAsked();
        m_poller->choose(RunId(1));
        QCOMPARE(m_poller->shownRuns().value(0).id, RunId(1));
        QVERIFY(m_host->takeAsked().contains(s("jobs 1")));
        m_poller->choose(RunId(99));
        QCOMPARE(m_poller->shownRuns().value(0).id, RunId(1));
    }

    void theLastGoodRunOfAnotherCommitIsKeptForComparison()
    {
        const CommitId earlier(s("earlier"));
        m_host->setRun(earlier, runOf(s("ci.yml"), 1, RunStatus::Succeeded),
                       {jobNamed(s("build"), RunStatus::Succeeded)});
        m_host->setRun(earlier, runOf(s("ci.yml"), 2, RunStatus::Failed), {});
        ciRuns(RunStatus::Succeeded);
        m_poller->follow(m_commit);
        QCOMPARE(m_poller->earlierRuns().size(), 1);
        QCOMPARE(m_poller->earlierRuns()[0].id, RunId(1));
        QCOMPARE(m_poller->earlierJobs().value(RunId(1)).size(), 1);
        m_host->takeAsked();
        m_clock->advance(4s);
        QVERIFY(!m_host->asked().contains(s("latest")));
    }

private:
    void ciRuns(RunStatus status, const QList<Job> &jobs = {})
    {
        m_host->setRun(m_commit, runOf(s("ci.yml"), 7012, status), jobs);
    }

    const CommitId m_commit{s("c41d77e")};
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeRuns> m_host;
    std::unique_ptr<RunPoller> m_poller;
};

QTEST_GUILESS_MAIN(RunPollerTest)
#include "runpollertest.moc"
