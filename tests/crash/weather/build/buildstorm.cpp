#include "action/outcomewords.h"
#include "action/settle.h"
#include "connectors/cloudbuild/cloudbuilds.h"
#include "crash/weather/build/buildscene.h"
#include "crash/weather/lanes.h"
#include "logs/logcontroller.h"
#include "pipeline/act/buildstage.h"
#include "pipeline/act/runactions.h"
#include "pipeline/act/runorder.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "pipeline/pipelinecontroller.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = Outcome::Kind;

constexpr int mostPresses = 4;
const QString deployPath = QStringLiteral(".github/workflows/deploy-coditect.yml");

/// What goes wrong is named by its call; connections are taken by turns, the API's first.
Disturbance apiPart(Disturbance disturbance)
{
    const int nth = disturbance.untrustedConnection;
    disturbance.untrustedConnection = nth % 2 == 1 ? (nth + 1) / 2 : 0;
    return disturbance;
}

Disturbance storagePart(Disturbance disturbance)
{
    const int nth = disturbance.untrustedConnection;
    disturbance.untrustedConnection = nth % 2 == 0 ? nth / 2 : 0;
    return disturbance;
}

CloudBuilds::Settings buildSettings(const BuildScene &scene, const QUrl &api, const QUrl &storage)
{
    return {scene.project(), scene.region(), api, storage};
}

RunActions::Settings actSettings()
{
    RunActions::Settings settings;
    settings.lookFor = 40s;
    return settings;
}

PipelineController::Settings pipelineSettings()
{
    PipelineController::Settings settings;
    settings.workflowPaths = {deployPath};
    return settings;
}

BuildStage::Settings stageSettings()
{
    BuildStage::Settings settings;
    settings.quietPace = 10min;
    return settings;
}

/// An approval of an earlier console, which was given.
Record orphan(const QString &build)
{
    PendingEnvironment environment;
    environment.id = runIdOf(build).value;
    environment.name = QStringLiteral("build ") + build.left(8);
    const Intent decided
        = intentOf(ReviewEnvironments{runIdOf(build), {environment}, ReviewState::Approved, {}}, {},
                   QStringLiteral("of an earlier console"));
    Record intent;
    intent.id = IntentId(QStringLiteral("of-an-earlier-console"));
    intent.subject = decided.subject;
    intent.body = decided.body;
    intent.body[QLatin1String("verb")] = decided.verb;
    return intent;
}

/// A build that waits, at a Cloud Build and a storage one of which is disturbed once: a start with
/// an intent of an earlier console to settle, the log opened before there is one, an approval, the
/// log to its end, the steps. What is not there is asked for again as a person would.
class BuildPass final
{
public:
    BuildPass(BuildScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_scene(scene), m_api({QStringLiteral("Cloud Build"), scene.api(), scene.apiToken()},
                                speaks, apiPart(disturbance)),
          m_storage({QStringLiteral("Cloud Storage"), scene.storage(), scene.storageToken(), 30s},
                    speaks, storagePart(disturbance)),
          m_builds(m_api.http(), m_storage.http(), m_api.clock(),
                   buildSettings(scene, m_api.url(), m_storage.url())),
          m_pipeline(m_tree, nullptr, m_api.clock(), pipelineSettings()),
          m_stage(stageSettings(), m_pipeline, m_builds, m_api.clock()),
          m_acts(actSettings(), m_stage, m_builds.control(), m_runner, m_api.clock()),
          m_log({&m_builds}, m_folder.path(), m_api.clock())
    {
        m_tree.put(CommitId(scene.commit()), fixtureFile(QStringLiteral("deploy-coditect.yml")));
        m_journal.addOrphan(orphan(scene.pastBuild()));
        m_settler.add([this](const Record &intent) { return m_acts.claims(intent); },
                      [this](const Record &intent) { return m_acts.settle(intent); });
        QObject::connect(&m_acts, &RunActions::changed, &m_acts, [this] { look(); });
        QObject::connect(&m_log, &LogController::changed, &m_acts, [this] { look(); });
        QObject::connect(&m_stage, &BuildStage::sourceChanged, &m_acts, [this] {
            ++m_rounds;
            look();
        });
    }

    PassResult run()
    {
        PassResult result = m_api.run(
            [this] {
                m_acts.start();
                m_pipeline.show(CommitId(m_scene.commit()));
                settle();
                m_log.open(BuildLog{m_scene.build()}, {});
                approve();
                readLog();
                readSteps();
                conclude();
            },
            [this] { return told(); });
        result.calls += m_storage.server().calls();
        result.connections = 2 * std::max(result.connections, m_storage.server().connections());
        result.struck = result.struck || m_storage.server().hasStruck();
        result.outcomes = m_outcomes;
        return result;
    }

private:
    [[nodiscard]] bool isWell() { return m_api.server().isWell() && m_storage.server().isWell(); }

    /// At any time: what does not go on says why, and no line of a log is missing or there twice.
    void look()
    {
        const auto says = [this](bool holds, const char *what) {
            if (!holds && m_wrong.isEmpty())
                m_wrong = QLatin1String(what);
        };
        for (const Permission &may : {m_acts.mayCancel(), m_acts.mayReview()})
            says(may.allowed() || !may.first(Reason::Kind::Blocks).trimmed().isEmpty(),
                 "what cannot be pressed does not say why");
        const SourceState &source = m_stage.source();
        says(!source.error || !source.error->message.trimmed().isEmpty(),
             "lost builds do not say why");
        says(m_log.state() != LogController::State::Failed
                 || (m_log.error() && !m_log.error()->message.trimmed().isEmpty()),
             "a lost log does not say why");
        if (m_log.state() == LogController::State::Complete)
            says(shownLog() == m_scene.log(), "a log is told as whole and is not");
    }

    [[nodiscard]] QByteArrayList shownLog() const
    {
        QByteArrayList lines;
        for (qint64 each = 0; m_log.store() && each < m_log.store()->lineCount(); ++each)
            lines.append(m_log.store()->line(each));
        return lines;
    }

    void settle()
    {
        const auto settled = m_settler.settle();
        demand(soon([&] { return settled.isFinished(); }), QStringLiteral("settling has no end"));
    }

    /// Presses F5 until there is an answer. A host that asks to wait is waited for.
    void readAgain()
    {
        const auto since = m_api.clock().sinceBoot();
        for (int count = 1; m_stage.source().lastGoodSinceBoot <= since; ++count) {
            demand(count <= mostPresses, QStringLiteral("the builds are not read any more"));
            const int before = m_rounds;
            m_stage.refresh();
            demand(soon([&] { return m_rounds > before; }), QStringLiteral("F5 has no end"));
        }
    }

    [[nodiscard]] bool mayApprove() const
    {
        return m_acts.run() && m_acts.run()->hostId == m_scene.build()
               && m_acts.mayReview().allowed() && !m_acts.waiting().isEmpty();
    }

    /// Presses until it is done, and no more often than somebody would who looks first.
    void approve()
    {
        for (int count = 1; !m_scene.isApproved(); ++count) {
            demand(count <= mostPresses, QStringLiteral("it is not approved whatever is pressed"));
            readAgain();
            demand(soon([&] { return mayApprove(); }), QStringLiteral("it cannot be approved"));
            const RunOrder order = m_acts.review(ReviewState::Approved);
            const Preview shown = m_acts.preview(order);
            const int asked = m_scene.approvalsAsked();
            const auto pressed = m_acts.carryOut(
                order, {QStringLiteral("weather"), shown.fingerprint, shown.target});
            demand(soon([&] { return pressed.isFinished(); }),
                   QStringLiteral("an approval has no end"));
            demand(soon([&] { return isWell(); }), QStringLiteral("never well again"));
            demand(m_scene.approvalsAsked() <= asked + 1,
                   QStringLiteral("an approval is sent more than once"));
            const Outcome outcome = pressed.result();
            const bool isTrue = outcome.kind == Kind::Unknown
                                || m_scene.isApproved() == (outcome.kind == Kind::Done);
            demand(isTrue,
                   QStringLiteral("told as %1: %2").arg(outcomeKey(outcome.kind), outcome.text));
            demand(!outcome.text.trimmed().isEmpty(),
                   QStringLiteral("an approval does not say what came of it"));
            if (outcome.kind != Kind::Done)
                m_outcomes.append(QStringLiteral("approve: ") + outcomeKey(outcome.kind));
        }
    }

    /// Reads it once more when it says that it cannot go on.
    void readLog()
    {
        for (int count = 1;; ++count) {
            demand(count <= mostPresses, QStringLiteral("the log does not come"));
            demand(soon([&] {
                       return m_log.state() == LogController::State::Complete
                              || m_log.state() == LogController::State::Failed;
                   }),
                   QStringLiteral("the log has no end"));
            if (m_log.state() == LogController::State::Complete)
                return;
            m_outcomes.append(QStringLiteral("log: read again"));
            demand(soon([&] { return isWell(); }), QStringLiteral("never well again"));
            m_log.reopen();
        }
    }

    void readSteps()
    {
        const auto whole = [this] {
            const QList<Step> steps = m_stage.steps();
            return m_stage.chosen() && m_stage.chosen()->status == RunStatus::Succeeded
                   && steps.size() == 4
                   && std::all_of(steps.cbegin(), steps.cend(), [](const Step &step) {
                          return step.status == RunStatus::Succeeded && step.completedAt.isValid();
                      });
        };
        for (int count = 1; !whole(); ++count) {
            demand(count <= mostPresses, QStringLiteral("the steps do not come"));
            readAgain();
        }
    }

    void conclude()
    {
        // What could not be seen at a start is told at a later one.
        const Record earlier = orphan(m_scene.pastBuild());
        for (int start = 1; m_journal.outcomesOf(earlier).isEmpty(); ++start) {
            demand(start <= mostPresses, QStringLiteral("an intent is never told"));
            settle();
        }
        demand(m_wrong.isEmpty(), m_wrong);
        demand(shownLog() == m_scene.log() && shownLog().size() > 10,
               QStringLiteral("the log is another one"));
        demand(m_scene.strayCredential().isEmpty(),
               QStringLiteral("a credential went astray: ") + m_scene.strayCredential());
        for (const Record &intent : m_journal.records(RecordKind::Intent)) {
            const QList<Record> outcomes = m_journal.outcomesOf(intent);
            demand(outcomes.size() == 1,
                   QStringLiteral("an intent has %1 outcomes").arg(outcomes.size()));
            if (intent.id == earlier.id)
                demand(outcomeOf(outcomes.first()).kind == Kind::Done,
                       QStringLiteral("the intent of an earlier console was done"));
        }
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines;
        for (const Record &record : m_journal.records()) {
            lines.append(QStringLiteral("%1 %2: %3")
                             .arg(record.body[QLatin1String("verb")].toString(),
                                  record.body[QLatin1String("outcome")].toString(),
                                  record.body[QLatin1String("text")].toString()));
        }
        if (m_stage.source().error)
            lines.append(QStringLiteral("source: ") + m_stage.source().error->message);
        if (m_log.error())
            lines.append(QStringLiteral("log: ") + m_log.error()->message);
        lines.append(QStringLiteral("%1 of %2 lines; blocked: %3")
                         .arg(shownLog().size())
                         .arg(m_scene.log().size())
                         .arg(m_acts.mayReview().first(Reason::Kind::Blocks)));
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    BuildScene &m_scene;
    DisturbedClient m_api;
    DisturbedClient m_storage;
    QTemporaryDir m_folder;
    CloudBuilds m_builds;
    FakeTree m_tree;
    PipelineController m_pipeline;
    BuildStage m_stage;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RunActions m_acts;
    LogController m_log;
    Settler m_settler{m_journal, QStringLiteral("A. Muster")};
    int m_rounds = 0; ///< of questions about the builds that have ended
    QString m_wrong;
    QStringList m_outcomes;
};

} // namespace

/// The builds, an approval and the log of Cloud Build, with every call of theirs going wrong in
/// every way.
class BuildStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongThereIsAWayOn()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            BuildScene scene;
            return BuildPass(scene, speaks, disturbance).run();
        };
        const StormResult result = storm(QStringLiteral("Cloud Build"), pass, Reads::Ends);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 12);
        QVERIFY(result.tried >= 80);
        QVERIFY(result.missed * 10 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(BuildStorm)
#include "buildstorm.moc"
