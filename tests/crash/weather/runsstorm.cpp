#include "action/outcomewords.h"
#include "action/settle.h"
#include "connectors/github/githubruns.h"
#include "crash/weather/githubscene.h"
#include "crash/weather/lanes.h"
#include "pipeline/act/pipelineruns.h"
#include "pipeline/act/runactions.h"
#include "pipeline/act/runorder.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "pipeline/pipelinecontroller.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = Outcome::Kind;

constexpr int deploymentWaits = 4; // beat
constexpr int mostPresses = 4;
const RunId ci(7001);
const RunId deployment(7002);
const QString released = QStringLiteral("9f3c2a1");
const QString ciPath = QStringLiteral(".github/workflows/ci.yml");
const QString deployPath = QStringLiteral(".github/workflows/deploy-standalone.yml");

/// The rehearsal's GitHub in this process: CI went well, a deployment waits for production. A job
/// of ten seconds takes a fifth of one.
class RunsScene final
{
public:
    RunsScene()
    {
        QObject::connect(&m_time, &QTimer::timeout, &m_github.world(), [this] {
            sandbox::World &world = m_github.world();
            world.moveTo(world.second() + 1);
        });
        m_time.start(20);
    }

    [[nodiscard]] QUrl url() const { return m_github.url(); }
    [[nodiscard]] CommitId commit() const { return CommitId(m_github.world().commit(released)); }

    // The host's own account, past every connection.
    [[nodiscard]] int approvals() const
    {
        const auto &jobs = m_github.world().runs().find(deployment.value)->jobs;
        return int(std::count_if(jobs.cbegin(), jobs.cend(), [](const sandbox::RunJob &job) {
            return job.approved && job.plan.gate;
        }));
    }
    [[nodiscard]] int reruns() const { return m_github.world().runs().find(ci.value)->attempt - 1; }
    [[nodiscard]] QList<sandbox::RunRecord> dispatched() const
    {
        QList<sandbox::RunRecord> runs = m_github.world().runs().runs();
        runs.removeIf([](const sandbox::RunRecord &run) {
            return run.event != QLatin1String("workflow_dispatch");
        });
        return runs;
    }
    [[nodiscard]] int cancellations() const
    {
        const auto runs = dispatched();
        return int(std::count_if(runs.cbegin(), runs.cend(), [](const sandbox::RunRecord &run) {
            return run.cancelAt > 0 || run.conclusion == QLatin1String("cancelled");
        }));
    }

private:
    GithubScene m_github{deploymentWaits};
    QTimer m_time;
};

RunActions::Settings actSettings()
{
    RunActions::Settings settings;
    settings.lookFor = std::chrono::seconds(40);
    return settings;
}

PipelineController::Settings pipelineSettings()
{
    PipelineController::Settings settings;
    settings.workflowPaths = {ciPath, deployPath};
    // So that what goes on does so by F5, and not because enough time went by.
    settings.quietPace = std::chrono::minutes(10);
    return settings;
}

Record orphan()
{
    const Intent decided
        = intentOf(RerunFailedJobs{RunId(6998), 1}, {}, QStringLiteral("of an earlier console"));
    Record intent;
    intent.id = IntentId(QStringLiteral("of-an-earlier-console"));
    intent.subject = decided.subject;
    intent.body = decided.body;
    intent.body[QLatin1String("verb")] = decided.verb;
    return intent;
}

/// The runs of a commit at a GitHub that is disturbed once: a start with an intent of an earlier
/// console to settle, an approval, a job that runs again, a workflow that is started, and its end.
/// What is not done is pressed again once the server is well and was looked at.
class RunsPass final
{
public:
    RunsPass(RunsScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_scene(scene),
          m_client({QStringLiteral("GitHub"), scene.url(), "only-token"}, speaks, disturbance),
          m_runs(m_client.http(), m_client.clock(),
                 {m_client.url(), QStringLiteral("coditect-ai"),
                  QStringLiteral("coditect-dev-context"), "2022-11-28"}),
          m_pipeline(m_tree, &m_runs, m_client.clock(), pipelineSettings()),
          m_view(m_pipeline, m_tree),
          m_acts(actSettings(), m_view, m_runs.control(), m_runner, m_client.clock())
    {
        for (const char *file : {"ci.yml", "deploy-standalone.yml"})
            m_tree.put(scene.commit(), fixtureFile(QLatin1String(file)));
        m_journal.addOrphan(orphan());
        m_settler.add([this](const Record &intent) { return m_acts.claims(intent); },
                      [this](const Record &intent) { return m_acts.settle(intent); });
        QObject::connect(&m_acts, &RunActions::changed, &m_acts, [this] { look(); });
        QObject::connect(&m_pipeline, &PipelineController::sourceChanged, &m_acts, [this] {
            ++m_rounds;
            look();
        });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                start();
                approve();
                rerun();
                dispatch();
                cancel();
                findGreen();
                conclude();
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    /// At any time: what does not go on says why.
    void look()
    {
        for (const Permission &may : {m_acts.mayRerunFailed(), m_acts.mayCancel(),
                                      m_acts.mayReview(), m_acts.mayDispatch()}) {
            if (!may.allowed() && may.first(Reason::Kind::Blocks).trimmed().isEmpty())
                m_speechless = true;
        }
        const SourceState source = m_pipeline.runState();
        if (source.error && source.error->message.trimmed().isEmpty())
            m_speechless = true;
    }

    void start()
    {
        m_acts.start();
        m_pipeline.setWatched(false);
        m_pipeline.show(m_scene.commit());
        settle();
        demand(soon([&] { return !m_pipeline.isLoading(); }), QStringLiteral("no files"));
    }

    void settle()
    {
        const auto settled = m_settler.settle();
        demand(soon([&] { return settled.isFinished(); }), QStringLiteral("settling has no end"));
    }

    void choose(const QString &path, const char *job)
    {
        m_pipeline.selectNode(NodeId(path + QLatin1Char('#') + QLatin1String(job)));
    }
    [[nodiscard]] bool shows(const RunId &run) const
    {
        return m_acts.run() && m_acts.run()->id == run;
    }

    void approve()
    {
        choose(deployPath, "deploy-production");
        press(
            QStringLiteral("approve"), [this] { return m_scene.approvals(); },
            [this]() -> std::optional<RunOrder> {
                if (!shows(deployment) || !m_acts.mayReview().allowed())
                    return {};
                return m_acts.review(ReviewState::Approved);
            });
    }
    void rerun()
    {
        choose(ciPath, "build");
        press(
            QStringLiteral("re-run"), [this] { return m_scene.reruns(); },
            [this]() -> std::optional<RunOrder> {
                const auto job = m_pipeline.selectedJob();
                return shows(ci) && job ? m_acts.rerunJob(*job) : std::nullopt;
            });
    }
    void dispatch()
    {
        press(
            QStringLiteral("start"), [this] { return int(m_scene.dispatched().size()); },
            [this]() -> std::optional<RunOrder> {
                return DispatchWorkflow{deployPath,
                                        QStringLiteral("main"),
                                        {{QStringLiteral("commit"), m_scene.commit().value}}};
            });
    }
    void cancel()
    {
        const RunId begun(m_scene.dispatched().constFirst().id);
        choose(deployPath, "deploy-staging");
        press(
            QStringLiteral("cancel"), [this] { return m_scene.cancellations(); },
            [this, begun]() -> std::optional<RunOrder> {
                if (!shows(begun))
                    return {};
                return m_acts.cancel();
            });
    }

    /// Presses F5 until there is an answer. A host that asks to wait is waited for.
    void readAgain()
    {
        const auto since = m_client.clock().sinceBoot();
        for (int count = 1; m_pipeline.runState().lastGoodSinceBoot <= since; ++count) {
            demand(count <= mostPresses, QStringLiteral("the runs are not read any more"));
            const int before = m_rounds;
            m_pipeline.refresh();
            demand(soon([&] { return m_rounds > before; }), QStringLiteral("F5 has no end"));
        }
    }

    /// Presses until it is done, and no more often than somebody would who looks first.
    void press(const QString &verb, const std::function<int()> &timesDone,
               const std::function<std::optional<RunOrder>()> &order)
    {
        const int before = timesDone();
        const auto times = [&] {
            return timesDone() - before;
        };
        const auto may = [&] {
            const auto now = order();
            return now && m_acts.may(*now).allowed();
        };
        for (int count = 1; times() == 0; ++count) {
            demand(count <= mostPresses, verb + QStringLiteral(" is not done whatever is pressed"));
            readAgain();
            demand(soon(may), verb + QStringLiteral(" cannot be pressed"));
            const RunOrder now = *order();
            const Preview shown = m_acts.preview(now);
            const auto pressed = m_acts.carryOut(
                now, {QStringLiteral("weather"), shown.fingerprint, shown.target});
            demand(soon([&] { return pressed.isFinished(); }),
                   verb + QStringLiteral(" has no end"));
            demand(soon([&] { return m_client.server().isWell(); }),
                   QStringLiteral("never well again"));
            const Outcome outcome = pressed.result();
            const bool isTrue
                = outcome.kind == Kind::Unknown || times() == (outcome.kind == Kind::Done ? 1 : 0);
            demand(isTrue, QStringLiteral("%1 is told as %2 and was done %3 times: %4")
                               .arg(verb, outcomeKey(outcome.kind))
                               .arg(times())
                               .arg(outcome.text));
            if (outcome.kind == Kind::Done)
                break;
            demand(!outcome.text.trimmed().isEmpty(), verb + QStringLiteral(" does not say why"));
            m_outcomes.append(QStringLiteral("%1: %2").arg(verb, outcomeKey(outcome.kind)));
        }
        demand(times() == 1, verb + QStringLiteral(" is done more than once"));
    }

    void findGreen()
    {
        Run before;
        before.id = ci;
        before.workflowPath = ciPath;
        for (int count = 1;; ++count) {
            const auto asked = m_runs.lastGreen(before);
            demand(soon([&] { return asked.isFinished(); }),
                   QStringLiteral("the last green run has no end"));
            if (const auto found = asked.result()) {
                // An answer without runs says that there are none.
                demand(found->value || count == 1, QStringLiteral("no run went well"));
                if (found->value)
                    return;
            } else {
                demand(!found.error().message.trimmed().isEmpty() && count <= 2,
                       QStringLiteral("the last green run is not told: ") + found.error().message);
            }
            readAgain();
        }
    }

    void conclude()
    {
        readAgain();
        // What could not be seen at a start is told at a later one.
        for (int start = 1; m_journal.outcomesOf(orphan()).isEmpty(); ++start) {
            demand(start <= mostPresses, QStringLiteral("an intent is never told"));
            settle();
        }
        demand(!m_speechless, QStringLiteral("what did not go on did not say why"));
        demand(m_scene.approvals() == 1 && m_scene.reruns() == 1 && m_scene.cancellations() == 1
                   && m_scene.dispatched().size() == 1,
               QStringLiteral("not each was done once"));
        for (const Record &intent : m_journal.records(RecordKind::Intent)) {
            const QList<Record> outcomes = m_journal.outcomesOf(intent);
            demand(outcomes.size() == 1,
                   QStringLiteral("an intent has %1 outcomes").arg(outcomes.size()));
            if (intent.id == orphan().id)
                demand(outcomeOf(outcomes.first()).kind == Kind::Failed,
                       QStringLiteral("the intent of an earlier console was not done"));
        }
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines = m_journal.lines();
        if (m_pipeline.runState().error)
            lines.append(QStringLiteral("source: ") + m_pipeline.runState().error->message);
        for (const Permission &may : {m_acts.mayReview(), m_acts.mayCancel()})
            lines.append(QStringLiteral("blocked: ") + may.first(Reason::Kind::Blocks));
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    RunsScene &m_scene;
    DisturbedClient m_client;
    GithubRuns m_runs;
    FakeTree m_tree;
    PipelineController m_pipeline;
    PipelineRuns m_view;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RunActions m_acts;
    Settler m_settler{m_journal, QStringLiteral("A. Muster")};
    int m_rounds = 0; ///< of questions about the runs that have ended
    bool m_speechless = false;
    QStringList m_outcomes;
};

} // namespace

/// The runs and the run control of GitHub, with every call of theirs going wrong in every way.
class RunsStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongThereIsAWayOn()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            RunsScene scene;
            return RunsPass(scene, speaks, disturbance).run();
        };
        const StormResult result = storm(QStringLiteral("GitHub runs"), pass, Reads::ByKind);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 20);
        QVERIFY(result.tried >= 250);
        QVERIFY(result.missed * 20 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(RunsStorm)
#include "runsstorm.moc"
