#include "argo/argoobjects.h"
#include "controlclient.h"

#include "connectors/kubernetes/argo/argocontrol.h"
#include "connectors/kubernetes/watched/objectchanges.h"
#include "rollout/trafficannotations.h"
#include "support/kube/kubeserver.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patience = 20'000;

using User = KubeServer::User;
using Client = ControlClient<ArgoControl>;

constexpr char mergeType[] = "application/merge-patch+json";

const QString namespacePath = QStringLiteral("/namespaces/production/");
const QString rolloutsPath
    = QStringLiteral("/apis/argoproj.io/v1alpha1") + namespacePath + QStringLiteral("rollouts");
const QString runsPath
    = QStringLiteral("/apis/argoproj.io/v1alpha1") + namespacePath + QStringLiteral("analysisruns");
const QString setsPath
    = QStringLiteral("/apis/apps/v1") + namespacePath + QStringLiteral("replicasets");
const QString podsPath = QStringLiteral("/api/v1") + namespacePath + QStringLiteral("pods");

template <typename T>
QByteArray sentence(const Result<T> &result)
{
    return result ? QByteArray() : result.error().message.toUtf8();
}

OwnRequest ownRequest(const char *action, const TrafficState &seen)
{
    OwnRequest request;
    request.action = QLatin1String(action);
    request.expectedVersion = seen.version;
    request.actor = QStringLiteral("mara");
    return request;
}

} // namespace

/// The control of Argo Rollouts on a real API server, with our definition of a Rollout. No
/// controller runs: what it would write to the status is written here.
class ArgoOnServerTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;

    /// Empty, or what failed.
    [[nodiscard]] static QString failure(const KubeAsk::Answer &answer)
    {
        return answer.status >= 200 && answer.status < 300
                   ? QString()
                   : QStringLiteral("%1 %2")
                         .arg(answer.status)
                         .arg(QString::fromUtf8(bytes(answer.object)));
    }
    /// Made as a user would, its status then as a controller would.
    [[nodiscard]] QString put(const QString &collection, const char *apiVersion, const char *kind,
                              QJsonObject object) const
    {
        const QJsonValue status = object.take(QStringLiteral("status"));
        object.insert(QStringLiteral("apiVersion"), QLatin1String(apiVersion));
        object.insert(QStringLiteral("kind"), QLatin1String(kind));
        for (const char *theServers : {"metadata.uid", "metadata.resourceVersion",
                                       "metadata.generation", "metadata.managedFields"})
            object = with(object, theServers, QJsonValue::Undefined);
        if (const QString why = failure(m_server.admin().ask("POST", collection, bytes(object)));
            !why.isEmpty())
            return why;
        return status.isUndefined() ? QString()
                                    : say(collection + QLatin1Char('/') + nameOf(object), status);
    }
    [[nodiscard]] QString say(const QString &path, const QJsonValue &status) const
    {
        return failure(m_server.admin().ask("PATCH", path + QStringLiteral("/status"),
                                            bytes({{QStringLiteral("status"), status}}),
                                            mergeType));
    }
    [[nodiscard]] QString controllerSays(const QByteArray &status) const
    {
        return say(rolloutsPath + QStringLiteral("/web"), parsed(status));
    }
    [[nodiscard]] QJsonObject rollout() const
    {
        return m_server.admin().ask("GET", rolloutsPath + QStringLiteral("/web")).object;
    }
    [[nodiscard]] QString makeSet(const QByteArray &hash, int revision, const QString &commit,
                                  int pods, const QString &owner) const
    {
        QJsonObject set = setObject(hash, revision, commit, pods);
        set = with(
            set, "metadata.ownerReferences.0",
            QJsonObject{{QStringLiteral("apiVersion"), QStringLiteral("argoproj.io/v1alpha1")},
                        {QStringLiteral("kind"), QStringLiteral("Rollout")},
                        {QStringLiteral("name"), QStringLiteral("web")},
                        {QStringLiteral("uid"), owner}});
        set = with(set, "spec.selector",
                   parsed("{'matchLabels': {'rollouts-pod-template-hash': '" + hash + "'}}"));
        set = with(set, "status.replicas", pods);
        return put(setsPath, "apps/v1", "ReplicaSet", set);
    }
    [[nodiscard]] QString makePod(const QJsonObject &pod) const
    {
        QJsonObject made = with(pod, "spec.serviceAccountName", QStringLiteral("default"));
        made = with(made, "spec.automountServiceAccountToken", false);
        made = with(made, "status.containerStatuses.0",
                    parsed("{'name': 'app', 'image': 'app', 'ready': true, 'restartCount': 0,"
                           " 'imageID': 'registry.test/app@sha256:0123'}"));
        return put(podsPath, "v1", "Pod", made);
    }
    /// At the pause of the second step, as argoobjects.h has it.
    void toThePause()
    {
        (void)m_server.admin().ask("DELETE", rolloutsPath + QStringLiteral("/web"));
        QJsonObject made = with(rolloutObject(), "spec.template",
                                setObject("bbb", 3, newCommit(), 1)
                                    .value(QLatin1String("spec"))
                                    .toObject()
                                    .value(QLatin1String("template")));
        made = with(made, "status.observedGeneration", QStringLiteral("1"));
        QCOMPARE(put(rolloutsPath, "argoproj.io/v1alpha1", "Rollout", made), QString());
    }
    [[nodiscard]] std::unique_ptr<Client> client(User user)
    {
        const auto context = readKubeconfig(m_server.kubeconfig(user), {});
        return context ? std::make_unique<Client>(*context,
                                                  ArgoControl::Settings{argoNames(), context->name})
                       : nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        START_OR_SKIP(m_server);
        toThePause();
        const QString uid = rollout()
                                .value(QLatin1String("metadata"))
                                .toObject()
                                .value(QLatin1String("uid"))
                                .toString();
        QCOMPARE(makeSet("ccc", 1, olderCommit(), 0, uid), QString());
        QCOMPARE(makeSet("aaa", 2, oldCommit(), 4, uid), QString());
        QCOMPARE(makeSet("bbb", 3, newCommit(), 1, uid), QString());
        for (const QJsonValue pod : setPods())
            QCOMPARE(makePod(pod.toObject()), QString());
    }
    void init() { toThePause(); }

    void itReadsStepsWeightsAndRevisions()
    {
        const auto console = client(User::Console);
        const auto state = await(console->control.read());
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QCOMPARE(state->value.next, std::optional(Weight{50}));
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.stable->readyReplicas, 4);
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(state->value.problem, QString());
        QVERIFY(state->value.progress.contains(QStringLiteral("step 2 of 6")));
    }

    void aPromotionIsTakenNotedAndFollowed()
    {
        const auto console = client(User::Console);
        console->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(10, 10), patience);
        const auto state
            = await(console->control.setWeight(RouteClient::weight(50, console->told->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QCOMPARE(state->value.problem, QString());
        QCOMPARE(state->value.changes.size(), 1);
        QCOMPARE(state->value.changes.first().actor, QStringLiteral("mara"));
        const QJsonObject now = rollout();
        QVERIFY(!now.value(QLatin1String("status"))
                     .toObject()
                     .contains(QLatin1String("pauseConditions")));
        QVERIFY(bytes(now).contains("\"manager\":\"pilothouse\""));
        // The controller goes on.
        QCOMPARE(
            controllerSays("{'currentStepIndex': 3, 'controllerPause': true, 'pauseConditions':"
                           " [{'reason': 'CanaryPauseStep',"
                           "   'startTime': '2026-11-24T13:21:00Z'}],"
                           " 'canary': {'weights': {'canary': {'weight': 50}}}}"),
            QString());
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(50, 50), patience);
    }

    void whoComesSecondMovesNothingAndIsToldWho()
    {
        const auto first = client(User::Console);
        const auto second = client(User::Console);
        const auto seen = await(first->control.read());
        QVERIFY(await(second->control.read()));
        QVERIFY(await(first->control.setWeight(RouteClient::weight(50, seen->value))));
        const auto late = await(second->control.setWeight(RouteClient::weight(50, seen->value)));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QVERIFY2(late.error().message.contains(QStringLiteral("changed by mara (")),
                 qPrintable(late.error().message));
        QCOMPARE(rollout()
                     .value(QLatin1String("status"))
                     .toObject()
                     .value(QLatin1String("currentStepIndex"))
                     .toInt(),
                 1);
    }

    void aDryRunTellsAndLeavesEverything()
    {
        const auto console = client(User::Console);
        const auto seen = await(console->control.read());
        const QJsonObject before = rollout();
        const auto run = await(console->control.dryRun(RouteClient::weight(50, seen->value)));
        QVERIFY2(run, sentence(run));
        QCOMPARE(run->how, QStringLiteral("dryRun=All"));
        QVERIFY2(run->changes.first().startsWith(QStringLiteral("status.pauseConditions: ")),
                 qPrintable(run->changes.first()));
        QCOMPARE(rollout(), before);
        QVERIFY(await(console->control.setWeight(RouteClient::weight(50, seen->value))));
        QCOMPARE(run->changes, objectChanges(before, rollout()));
    }

    void whatADryRunShowsOfAnOwnActionIsWhatItThenDoes_data()
    {
        QTest::addColumn<QByteArray>("action");
        QTest::addColumn<QByteArray>("status"); // what the controller said before
        for (const char *action : {"argo.promote-one", "argo.promote-full", "argo.abort"})
            QTest::newRow(action) << QByteArray(action) << QByteArray("{}");
        QTest::newRow("argo.retry") << QByteArray("argo.retry") << QByteArray("{'abort': true}");
        QTest::newRow("argo.undo:1") << QByteArray("argo.undo:1") << QByteArray("{}");
    }
    void whatADryRunShowsOfAnOwnActionIsWhatItThenDoes()
    {
        QFETCH(QByteArray, action);
        QFETCH(QByteArray, status);
        QCOMPARE(controllerSays(status), QString());
        const auto console = client(User::Console);
        const auto seen = await(console->control.read());
        QVERIFY2(seen, sentence(seen));
        const OwnRequest request = ownRequest(action.constData(), seen->value);
        const QJsonObject before = rollout();
        const auto run = await(console->control.dryRunOwn(request));
        QVERIFY2(run, sentence(run));
        QCOMPARE(run->how, QStringLiteral("dryRun=All"));
        QCOMPARE(rollout(), before); // its resourceVersion too
        QVERIFY2(await(console->control.runOwn(request)), action);
        const QJsonObject after = rollout();
        QVERIFY(after != before);
        QCOMPARE(run->changes, objectChanges(before, after));
        QVERIFY2(run->changes.size() > 1, "the note alone is no action");
    }

    void aDryRunOfWhoMayOnlyLookIsTheServersNo()
    {
        const auto reader = client(User::Reader);
        const auto seen = await(reader->control.read());
        const auto own = await(reader->control.dryRunOwn(ownRequest("argo.abort", seen->value)));
        QCOMPARE(own.error().kind, ErrorKind::NotAllowed);
        const auto hold = await(reader->control.dryRunHold(Hold{}, seen->value.version));
        QCOMPARE(hold.error().kind, ErrorKind::NotAllowed);
    }

    void aDryRunOnWhatSomebodyElseChangedIsAConflict()
    {
        const auto console = client(User::Console);
        const auto seen = await(console->control.read());
        QCOMPARE(controllerSays("{'message': 'busy'}"), QString());
        const auto own = await(console->control.dryRunOwn(ownRequest("argo.abort", seen->value)));
        QCOMPARE(own.error().kind, ErrorKind::Conflict);
        const auto hold = await(console->control.dryRunHold(Hold{}, seen->value.version));
        QCOMPARE(hold.error().kind, ErrorKind::Conflict);
    }

    void holdingAndLiftingAreTriedTheSame()
    {
        const auto console = client(User::Console);
        auto state = await(console->control.read());
        Hold hold;
        hold.by = QStringLiteral("mara");
        const HoldChange lift = Lift{QStringLiteral("noor"), {}, IntentId(QStringLiteral("i9"))};
        for (const HoldChange &change : {HoldChange(hold), lift}) {
            const QJsonObject before = rollout();
            const auto run = await(console->control.dryRunHold(change, state->value.version));
            QVERIFY2(run, sentence(run));
            QCOMPARE(rollout(), before);
            state = await(console->control.setHold(change, state->value.version));
            QVERIFY2(state, sentence(state));
            QCOMPARE(run->changes, objectChanges(before, rollout()));
        }
        QVERIFY(!state->value.hold);
    }

    void anAbortStopsPromotionsAndARetryEndsIt()
    {
        const auto console = client(User::Console);
        auto state = await(console->control.read());
        state = await(console->control.runOwn(ownRequest("argo.abort", state->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.asked, Weight{0});
        QCOMPARE(state->value.deeds.value(0).what, QStringLiteral("argo.abort"));
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QVERIFY(state->value.promoteOff.contains(QStringLiteral("aborted")));
        const auto refused
            = await(console->control.setWeight(RouteClient::weight(50, state->value)));
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        state = await(console->control.runOwn(ownRequest("argo.retry", state->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.promoteOff, QString());
    }

    void anUndoWritesThatRevisionsTemplate()
    {
        const auto console = client(User::Console);
        auto state = await(console->control.read());
        state = await(console->control.runOwn(ownRequest("argo.undo:1", state->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.deeds.value(0).what, QStringLiteral("argo.undo:1"));
        const QJsonObject pods = rollout()
                                     .value(QLatin1String("spec"))
                                     .toObject()
                                     .value(QLatin1String("template"))
                                     .toObject();
        QVERIFY(bytes(pods).contains(imageOf(olderCommit())));
        QVERIFY(!bytes(pods).contains(argoHashLabel));
        QCOMPARE(state->value.accepted, std::optional<Weight>());
        QVERIFY2(state->value.problem.contains(QStringLiteral("has not looked at generation 2")),
                 qPrintable(state->value.problem));
    }

    void promotingAPausedSpecTakesTwoGuardedRequests()
    {
        QCOMPARE(failure(m_server.admin().ask("PATCH", rolloutsPath + QStringLiteral("/web"),
                                              "{\"spec\": {\"paused\": true}}", mergeType)),
                 QString());
        QCOMPARE(controllerSays("{'observedGeneration': '2'}"), QString());
        const auto console = client(User::Console);
        auto state = await(console->control.read());
        state = await(console->control.runOwn(ownRequest("argo.promote-one", state->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(console->http.count("PATCH"), 2);
        QCOMPARE(rollout().value(QLatin1String("spec")).toObject().value(QLatin1String("paused")),
                 QJsonValue(false));
    }

    void aHoldStandsOnTheObjectAndGoesAgain()
    {
        const auto console = client(User::Console);
        auto state = await(console->control.read());
        Hold hold;
        hold.by = QStringLiteral("mara");
        state = await(console->control.setHold(hold, state->value.version));
        QVERIFY2(state, sentence(state));
        QVERIFY(state->value.hold);
        QCOMPARE(state->value.hold->by, QStringLiteral("mara"));
        state = await(console->control.setHold({}, state->value.version));
        QVERIFY2(state, sentence(state));
        QVERIFY(!state->value.hold);
    }

    void whatAnAnalysisRunMeasuresIsFollowed()
    {
        const QJsonObject run = parsed(
            "{'metadata': {'name': 'web-3'}, 'spec': {'metrics': [{'name': 'errors'}]},"
            " 'status': {'phase': 'Running', 'metricResults': [{'name': 'errors',"
            "   'phase': 'Running', 'count': 1, 'measurements': [{'value': '[0.02]'}]}]}}");
        QJsonObject made = run;
        made.insert(QStringLiteral("apiVersion"), QStringLiteral("argoproj.io/v1alpha1"));
        made.insert(QStringLiteral("kind"), QStringLiteral("AnalysisRun"));
        QCOMPARE(failure(m_server.admin().ask("POST", runsPath, bytes(made))), QString());
        QCOMPARE(controllerSays("{'canary': {'weights': {'canary': {'weight': 10}},"
                                " 'currentStepAnalysisRunStatus': {'name': 'web-3',"
                                "   'status': 'Running'}}}"),
                 QString());
        const auto console = client(User::Console);
        console->control.watch();
        const auto tells = [&console](const char *words) {
            return console->told && console->told->value.progress.contains(QLatin1String(words));
        };
        QTRY_VERIFY_WITH_TIMEOUT(tells("analysis Running (errors 0.02, 1 measured)"), patience);
        QCOMPARE(failure(m_server.admin().ask(
                     "PATCH", runsPath + QStringLiteral("/web-3"),
                     bytes(parsed("{'status': {'phase': 'Successful', 'metricResults': [{"
                                  "'name': 'errors', 'phase': 'Successful', 'count': 2,"
                                  " 'measurements': [{'value': '[]'}]}]}}")),
                     mergeType)),
                 QString());
        QTRY_VERIFY_WITH_TIMEOUT(tells("errors no data ([]), 2 measured"), patience);
        QVERIFY2(console->told->value.problem.contains(
                     QStringLiteral("Argo Rollouts counts it as passed")),
                 qPrintable(console->told->value.problem));
    }

    void anUndoInADeploymentThatMayNotBeWrittenIsOff()
    {
        QCOMPARE(failure(m_server.admin().ask(
                     "PATCH", rolloutsPath + QStringLiteral("/web"),
                     bytes(parsed("{'spec': {'workloadRef': {'apiVersion': 'apps/v1',"
                                  " 'kind': 'Deployment', 'name': 'web'}}}")),
                     mergeType)),
                 QString());
        QCOMPARE(controllerSays("{'observedGeneration': '2'}"), QString());
        const auto console = client(User::Console);
        console->control.watch();
        const auto off = [&console] {
            for (const OwnAction &action : console->control.ownActions({})) {
                if (action.id == QLatin1String("argo.undo:1"))
                    return action.offBecause;
            }
            return QString();
        };
        QTRY_COMPARE_WITH_TIMEOUT(
            off(), QStringLiteral("you lack patch on deployments in production"), patience);
    }

    void rightsAreTheServers()
    {
        const auto mayAct = await(client(User::Console)->control.access());
        QVERIFY2(mayAct, sentence(mayAct));
        QVERIFY(mayAct->mayWrite);
        const auto reader = client(User::Reader);
        const auto mayLook = await(reader->control.access());
        QVERIFY2(mayLook, sentence(mayLook));
        QCOMPARE(mayLook->why, QStringLiteral("you lack patch on rollouts in production"));
        const auto seen = await(reader->control.read());
        QVERIFY2(seen, sentence(seen));
        QCOMPARE(await(reader->control.runOwn(ownRequest("argo.abort", seen->value))).error().kind,
                 ErrorKind::NotAllowed);
    }
};

QTEST_GUILESS_MAIN(ArgoOnServerTest)
#include "argotest.moc"
