#include "release/releasecontroller.h"

#include "base/future.h"
#include "fakedatabase.h"
#include "fakerepository.h"
#include "migration/samplechange.h"
#include "pipeline/act/fakecontrol.h"
#include "release/moving/movingrunsdesk.h"
#include "release/seen/seensource.h"
#include "rollout/rolloutcontroller.h"
#include "support/fakeclock.h"
#include "support/faketraffic.h"
#include "support/memoryjournal.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;
using Standing = ReleaseItem::Standing;
using Readiness = RevisionReadiness::State;

namespace {

const QString first = QString(40, QLatin1Char('a'));  // does not know the change
const QString second = QString(40, QLatin1Char('b')); // writes the column
const QString third = QString(40, QLatin1Char('c'));
const QString deploy = QStringLiteral(".github/workflows/deploy.yml");
const QString build = QStringLiteral("cloudbuild.yaml");
const QString folder = QStringLiteral("migrations/changes");
const QString path = folder + QStringLiteral("/conversations-organization-id.yaml");

QByteArray readyFile()
{
    return sampleChangeFile().replace("contract_ready: false", "contract_ready: true");
}

class FakeWorkloads final : public Workloads
{
public:
    QList<Workload> now;
    std::optional<Error> error;

    QFuture<Result<Reading<QList<Workload>>>> read() override
    {
        if (error)
            return ready<Reading<QList<Workload>>>(fail(*error));
        Reading<QList<Workload>> reading;
        reading.value = now;
        return ready<Reading<QList<Workload>>>(reading);
    }
};

class FakeSeen final : public SeenSource
{
public:
    QList<SeenDeed> deeds;
    std::optional<Error> error;
    int asked = 0;

    QString systemName() const override { return QStringLiteral("GitHub"); }
    QString subject() const override { return QStringLiteral("GitHub deployments"); }
    QFuture<Result<QList<SeenDeed>>> newest() override
    {
        ++asked;
        if (error)
            return ready<QList<SeenDeed>>(fail(*error));
        return ready<QList<SeenDeed>>(deeds);
    }
};

class FakeRuns final : public RunSource
{
public:
    QList<Run> latest;

    QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &) override { return latestRuns(); }
    QFuture<Result<Reading<QList<Run>>>> latestRuns() override
    {
        Reading<QList<Run>> reading;
        reading.value = latest;
        return ready<Reading<QList<Run>>>(reading);
    }
    QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &) override
    {
        return ready<Reading<QList<Job>>>(Reading<QList<Job>>());
    }
    QFuture<Result<Reading<std::optional<Run>>>> lastGreen(const Run &) override
    {
        return ready<Reading<std::optional<Run>>>(Reading<std::optional<Run>>());
    }
};

Run running(const QString &commit)
{
    Run run;
    run.commit = CommitId(commit);
    run.status = RunStatus::Running;
    run.workflowPath = QStringLiteral(".github/workflows/ci.yml");
    return run;
}

} // namespace

class TestReleaseController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_world = std::make_unique<World>();
        m_world->repository.add(first, QStringLiteral("the first"));
        m_world->repository.add(second, QStringLiteral("fill the column"), {{path, readyFile()}});
        m_world->traffic.world.stable = readyRevision(QStringLiteral("svc"), first, 3);
        m_world->traffic.world.candidate = readyRevision(QStringLiteral("svc-canary"), second, 2);
        m_world->database.now = untouchedFacts();
        m_world->workloads.now
            = {{QStringLiteral("celery worker"), CommitId(first), 4, 4, false, {}, {}, {}}};
    }
    void cleanup() { m_world.reset(); }

    void aCandidateIsShownFirst()
    {
        m_world->runs.latest = {running(third)};
        start();
        QTRY_COMPARE(m_world->release->shown(), CommitId(second));
        QCOMPARE(m_world->release->commit()->subject, QStringLiteral("fill the column"));
        QList<Standing> standings;
        for (const ReleaseItem &item : m_world->release->releases())
            standings.append(item.standing);
        QCOMPARE(standings,
                 (QList<Standing>{Standing::Candidate, Standing::OnItsWay, Standing::Live}));
        QCOMPARE(m_world->release->releases()[0].author, QStringLiteral("A. Muster"));
    }

    void elseTheNewestOnItsWayElseTheLiveOne()
    {
        m_world->traffic.world.candidate.reset();
        m_world->runs.latest = {running(second)};
        start();
        QTRY_COMPARE(m_world->release->shown(), CommitId(second));
        m_world->runs.latest = {};
        m_world->clock.advance(seconds(16));
        QTRY_COMPARE(m_world->release->shown(), CommitId(first));
    }

    void whatAPersonChoseStays()
    {
        start();
        QTRY_COMPARE(m_world->release->shown(), CommitId(second));
        QSignalSpy shown(m_world->release.get(), &ReleaseController::shownChanged);
        m_world->release->show(CommitId(first));
        QCOMPARE(shown.size(), 1);
        m_world->traffic.change([](TrafficState &t) { t.candidate->commit = CommitId(third); });
        m_world->traffic.tell();
        QTRY_COMPARE(m_world->release->releases()[0].commit, CommitId(third));
        QCOMPARE(m_world->release->shown(), CommitId(first));
        m_world->release->show({});
        QTRY_COMPARE(m_world->release->shown(), CommitId(third));
    }

    void aReadyCandidateWaitsForExpand()
    {
        start();
        QTRY_COMPARE(m_world->rollout->mayPromote().first(Reason::Kind::Blocks),
                     QStringLiteral("bbbbbbb writes conversations.organization_id, which "
                                    "production does not have"));
        const auto promotes = [this] {
            for (const NextRow &row : m_world->release->next()) {
                if (row.kind == NextRow::Kind::Track)
                    return row.permission.allowed();
            }
            return true;
        };
        QTRY_VERIFY(!promotes());
        m_world->database.now = expandedFacts();
        m_world->migrations->start();
        QTRY_VERIFY(m_world->rollout->mayPromote().allowed());
        QTRY_VERIFY(promotes());
    }

    void aCommitThatIsNotFetchedIsNotTakenForOld()
    {
        m_world->traffic.world.candidate->commit = CommitId(third);
        m_world->repository.addAfterFetch(third, {{path, readyFile()}});
        start();
        QTRY_VERIFY(m_world->rollout->mayPromote().count(Reason::Kind::Against) > 0);
        m_world->clock.advance(seconds(16));
        QTRY_VERIFY(m_world->repository.fetches > 0);
        QTRY_VERIFY(!m_world->rollout->mayPromote().allowed());
    }

    void everyPlaceIsToldToTheChange()
    {
        start();
        const auto states = [this] {
            QHash<QString, Readiness> found;
            const auto keys = m_world->migrations->keys();
            if (keys.isEmpty())
                return found;
            const auto view = m_world->migrations->view(keys.first());
            for (const RevisionReadiness &line : view->readiness)
                found.insert(line.where + QLatin1Char(' ') + shortSha(line.commit), line.state);
            return found;
        };
        QTRY_COMPARE(states().size(), 2);
        QCOMPARE(states().value(QStringLiteral("standalone aaaaaaa")), Readiness::NotReady);
        QCOMPARE(states().value(QStringLiteral("celery worker aaaaaaa")), Readiness::NotReady);
        // The candidate counts from its first weight on.
        m_world->traffic.change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{10}); });
        m_world->traffic.tell();
        QTRY_COMPARE(states().value(QStringLiteral("standalone bbbbbbb"), Readiness::CannotTell),
                     Readiness::Ready);
        // A worker that cannot be read any more cannot be told.
        m_world->workloads.error = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        m_world->release->refresh();
        QTRY_COMPARE(states().value(QStringLiteral("celery worker "), Readiness::Ready),
                     Readiness::CannotTell);
    }

    void aTrackThatWasNeverReadCannotBeTold()
    {
        m_world->traffic.readError = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        start();
        QTRY_VERIFY(!m_world->migrations->keys().isEmpty());
        const ChangeKey key = m_world->migrations->keys().first();
        QTRY_VERIFY(m_world->migrations->view(key)->readinessKnown);
        const auto readiness = m_world->migrations->view(key)->readiness;
        const bool told = std::any_of(readiness.cbegin(), readiness.cend(), [](const auto &line) {
            return line.where == QLatin1String("standalone") && line.state == Readiness::CannotTell;
        });
        QVERIFY(told);
    }

    void liveShowsTracksAndWorkers()
    {
        start();
        QTRY_COMPARE(m_world->release->live().size(), 2);
        const LiveRow track = m_world->release->live()[0];
        QCOMPARE(track.where, QStringLiteral("standalone"));
        QCOMPARE(track.stable->commit, CommitId(first));
        QCOMPARE(track.stable->weight, std::optional<Weight>(Weight{100}));
        QCOMPARE(track.candidate->weight, std::optional<Weight>(Weight{0}));
        const LiveRow worker = m_world->release->live()[1];
        QCOMPARE(worker.kind, LiveRow::Kind::Workload);
        QCOMPARE(worker.stable->ready, 4);
        QVERIFY(!worker.stable->weight);
    }

    void aWorkerBehindIsSaid()
    {
        m_world->traffic.world.stable->commit = CommitId(second);
        m_world->traffic.world.candidate.reset();
        start();
        QTRY_COMPARE(m_world->release->live().size(), 2);
        QTRY_COMPARE(m_world->release->live()[1].stable->note,
                     QStringLiteral("older than bbbbbbb"));
    }

    void aRollbackNamesWhatItDoesNotMove()
    {
        m_world->traffic.world.asked = Weight{10};
        m_world->traffic.world.accepted = Weight{10};
        start();
        const auto notMoved = [this] {
            for (const PreviewRow &row : m_world->rollout->previewRollback().rows) {
                if (row.label == QLatin1String("Not moved"))
                    return row.text;
            }
            return QString();
        };
        QTRY_COMPARE(notMoved(), QStringLiteral("celery worker aaaaaaa"));
    }

    void theJournalIsToldInLately()
    {
        Record note;
        note.kind = RecordKind::Note;
        note.actor = QStringLiteral("B. Novak");
        note.body = {{QStringLiteral("text"), QStringLiteral("load test ran")}};
        QVERIFY(m_world->journal.append(note).result());
        start();
        QTRY_COMPARE(m_world->release->lately().size(), 1);
        QCOMPARE(m_world->release->lately()[0].what, QStringLiteral("load test ran"));
        QSignalSpy changed(m_world->release.get(), &ReleaseController::latelyChanged);
        note.body[QLatin1String("text")] = QStringLiteral("shall I?");
        QVERIFY(m_world->journal.append(note).result());
        QTRY_COMPARE(m_world->release->lately().size(), 2);
        QVERIFY(changed.size() > 0);
    }

    void whatOthersDidIsSeen()
    {
        SeenDeed deed;
        deed.at = m_world->clock.now();
        deed.who = QStringLiteral("b-novak");
        deed.what = QStringLiteral("bbbbbbb deployed to production");
        m_world->seen.deeds = {deed};
        start();
        QTRY_COMPARE(m_world->release->lately().size(), 1);
        QCOMPARE(m_world->release->lately()[0].who, QStringLiteral("b-novak"));
        QCOMPARE(m_world->release->lately()[0].seenIn, QStringLiteral("GitHub"));
    }

    void aSourceThatDoesNotAnswerIsSaid()
    {
        start();
        QTRY_VERIFY(m_world->release->unheard().isEmpty());
        m_world->seen.error
            = Error{ErrorKind::Unavailable, QStringLiteral("GitHub is down."), {}, {}};
        QSignalSpy changed(m_world->release.get(), &ReleaseController::latelyChanged);
        m_world->release->refresh();
        QTRY_COMPARE(m_world->release->unheard().size(), 1);
        QCOMPARE(m_world->release->unheard()[0].subject, QStringLiteral("GitHub deployments"));
        QVERIFY(changed.size() > 0);
        m_world->seen.error.reset();
        m_world->release->refresh();
        QTRY_VERIFY(m_world->release->unheard().isEmpty());
    }

    void aTrackThatIsLostIsSaidToo()
    {
        start();
        QTRY_VERIFY(m_world->release->unheard().isEmpty());
        m_world->database.lost
            = Error{ErrorKind::Unavailable, QStringLiteral("no database"), {}, {}};
        m_world->clock.advance(seconds(16));
        m_world->migrations->start();
        QTRY_COMPARE(m_world->release->unheard().size(), 1);
        QCOMPARE(m_world->release->unheard()[0].why, QStringLiteral("no database"));
    }

    void readingAllAgainLooksForRunsThatMoveATrack()
    {
        start();
        QTRY_COMPARE(m_world->release->shown(), CommitId(second));
        QTRY_VERIFY(m_world->desk->hasLooked());
        m_world->control.goingOn = {waitingRun()};
        const int asked = m_world->seen.asked;
        m_world->release->refresh(); // F5, without a second going by
        QTRY_COMPARE(m_world->desk->waiting().size(), 1);
        QCOMPARE(m_world->seen.asked, asked + 1);
    }

    void aRunThatWaitsForAPersonStandsInNextBehindItsTrack()
    {
        m_world->control.goingOn = {waitingRun()};
        m_world->control.pending[waitingRun().id] = {gate()};
        start();
        const auto kinds = [this] {
            QList<NextRow::Kind> found;
            for (const NextRow &row : m_world->release->next())
                found.append(row.kind);
            return found;
        };
        using Kind = NextRow::Kind;
        QTRY_COMPARE(kinds(), (QList<Kind>{Kind::Track, Kind::Approval, Kind::Schema}));
        QCOMPARE(m_world->release->next()[1].sentence,
                 QStringLiteral("production waits for your approval: run 7012 (deploy)"));
        m_world->control.goingOn.clear();
        m_world->release->refresh();
        QTRY_COMPARE(kinds(), (QList<Kind>{Kind::Track, Kind::Schema}));
    }

    void aBuildThatWaitsForAPersonStandsThereToo()
    {
        start();
        m_world->builds.system = QStringLiteral("FakeBuild");
        m_world->buildDesk = std::make_unique<MovingRunsDesk>(
            MovingRunsDesk::Settings{}, m_world->builds, m_world->runner, m_world->clock);
        MovingRunsDesk &builds = *m_world->buildDesk;
        builds.addTrack(*m_world->rollout, build);
        m_world->release->addMovingRuns(builds);
        QTRY_VERIFY(m_world->desk->hasLooked());
        // Not all was looked at.
        QCOMPARE(m_world->release->waitingOf(), CommitId());
        builds.start();
        QTRY_COMPARE(m_world->release->waitingOf(), CommitId(second));

        Run waiting = waitingRun();
        waiting.workflowPath = build;
        m_world->builds.goingOn = {waiting};
        PendingEnvironment approval = gate();
        approval.name = QStringLiteral("deploy-coditect");
        m_world->builds.pending[waiting.id] = {approval};
        m_world->release->refresh(); // F5
        QTRY_COMPARE(m_world->release->next().size(), 3);
        QCOMPARE(m_world->release->next()[1].kind, NextRow::Kind::Approval);
        QVERIFY2(m_world->release->next()[1].sentence.startsWith(
                     QStringLiteral("deploy-coditect waits for your approval")),
                 qPrintable(m_world->release->next()[1].sentence));
    }

    void theSchemaIsAGate()
    {
        start();
        const auto schema = [this] {
            const auto &gates = m_world->release->gates();
            return gates.isEmpty() ? Gate::State::NoData : gates.last().state;
        };
        QTRY_COMPARE(schema(), Gate::State::Fail);
        m_world->database.now = expandedFacts();
        m_world->migrations->start();
        QTRY_COMPARE(schema(), Gate::State::Pass);
        // Gates without a job are shown, without data.
        QCOMPARE(m_world->release->gates().first().state, Gate::State::NoData);
    }

private:
    struct World
    {
        FakeClock clock;
        FakeRepository repository;
        MemoryJournal journal;
        ActionRunner runner{journal, QStringLiteral("A. Muster")};
        FakeTraffic traffic{clock};
        StillDatabase database{clock};
        FakeWorkloads workloads;
        FakeRuns runs;
        FakeSeen seen;
        FakeControl control{clock};
        FakeControl builds{clock}; ///< of a build service
        std::unique_ptr<RolloutController> rollout;
        std::unique_ptr<MigrationController> migrations;
        std::unique_ptr<MovingRunsDesk> desk;
        std::unique_ptr<MovingRunsDesk> buildDesk;
        std::unique_ptr<ReleaseController> release;

        ~World()
        {
            release.reset();
            desk.reset();
            buildDesk.reset();
            migrations.reset();
            rollout.reset();
        }
    };

    static Run waitingRun()
    {
        Run run = running(second);
        run.id = RunId(7012);
        run.status = RunStatus::Waiting;
        run.workflowPath = deploy;
        return run;
    }
    static PendingEnvironment gate()
    {
        PendingEnvironment made;
        made.name = QStringLiteral("production");
        made.mayReview = true;
        return made;
    }

    void start()
    {
        RolloutSettings rollout;
        rollout.track = TrackName(QStringLiteral("standalone"));
        rollout.plan.stages = {{Weight{10}, seconds(30)}, {Weight{100}, {}}};
        m_world->rollout = std::make_unique<RolloutController>(rollout, m_world->traffic, nullptr,
                                                               m_world->runner, m_world->clock);
        m_world->migrations = std::make_unique<MigrationController>(
            MigrationSettings{}, m_world->repository, m_world->runner, m_world->clock);
        m_world->migrations->addDatabase(QStringLiteral("context"), folder, m_world->database);
        ReleaseSettings settings;
        settings.environment.name = QStringLiteral("production");
        settings.workloadDatabase = {{QStringLiteral("celery worker"), QStringLiteral("context")}};
        m_world->release = std::make_unique<ReleaseController>(
            settings, m_world->repository, m_world->repository, m_world->journal, m_world->clock);
        m_world->release->addTrack(*m_world->rollout, QStringLiteral("context"));
        m_world->release->setMigrations(*m_world->migrations);
        m_world->release->setRuns(m_world->runs);
        m_world->release->setWorkloads(m_world->workloads);
        m_world->release->addSeen(m_world->seen);
        m_world->desk = std::make_unique<MovingRunsDesk>(
            MovingRunsDesk::Settings{}, m_world->control, m_world->runner, m_world->clock);
        m_world->desk->addTrack(*m_world->rollout, deploy);
        m_world->release->addMovingRuns(*m_world->desk);
        m_world->rollout->start();
        m_world->migrations->start();
        m_world->desk->start();
        m_world->release->start();
    }

    std::unique_ptr<World> m_world;
};

QTEST_GUILESS_MAIN(TestReleaseController)

#include "testreleasecontroller.moc"
