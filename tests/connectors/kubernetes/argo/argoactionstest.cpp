#include "argoobjects.h"

#include "connectors/kubernetes/argo/argoactions.h"

#include <QTest>

using namespace pilothouse;

namespace {

const ObjectPlace place{QStringLiteral("prod"), QStringLiteral("production"),
                        QStringLiteral("rollouts.argoproj.io"), QStringLiteral("web"),
                        QUrl(QStringLiteral("https://k8s.test/rollouts/web"))};

OwnAction actionOf(const QJsonObject &rollout, const char *id)
{
    ArgoWorld world(argoNames());
    fill(world, rollout);
    for (const OwnAction &action : argoActions(world, place)) {
        if (action.id == QLatin1String(id))
            return action;
    }
    return {};
}

/// "status {…}", "object {…}" of each write, in order, bound to version 81723.
QStringList texts(const QList<ObjectWrite> &writes)
{
    QStringList all;
    for (const ObjectWrite &write : writes) {
        const QJsonDocument body = write.isJsonPatch()
                                       ? QJsonDocument(write.operationsAt(QStringLiteral("81723")))
                                       : QJsonDocument(write.merge);
        all << (write.target == ObjectWrite::Target::Status ? QStringLiteral("status ")
                                                            : QStringLiteral("object "))
                   + QString::fromUtf8(body.toJson(QJsonDocument::Compact));
    }
    return all;
}

QJsonObject inconclusive()
{
    return with(rolloutObject(), "status.pauseConditions.0.reason",
                QStringLiteral("InconclusiveAnalysisRun"));
}

QJsonObject analysing()
{
    QJsonObject object = with(rolloutObject(), "status.currentStepIndex", 4);
    object = with(object, "status.pauseConditions", QJsonValue::Undefined);
    object = with(object, "status.controllerPause", QJsonValue::Undefined);
    return with(object, "status.canary.currentStepAnalysisRunStatus",
                parsed("{'name': 'web-3-4', 'status': 'Running'}"));
}

} // namespace

class ArgoActionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBodiesAreThePlugins_data()
    {
        QTest::addColumn<QJsonObject>("rollout");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const QJsonObject &rollout, const char *action,
                            const QStringList &expected) {
            QTest::newRow(name) << rollout << QString::fromLatin1(action) << expected;
        };
        row("promote one at a pause", rolloutObject(), "argo.promote-one",
            {QStringLiteral("status {\"status\":{\"pauseConditions\":null}}")});
        row("promote one after an inconclusive analysis", inconclusive(), "argo.promote-one",
            {QStringLiteral("status {\"status\":{\"controllerPause\":false,\"currentStepIndex\":2,"
                            "\"pauseConditions\":null}}")});
        row("promote one amid an analysis", analysing(), "argo.promote-one",
            {QStringLiteral(
                "status {\"status\":{\"currentStepIndex\":5,\"pauseConditions\":null}}")});
        row("promote one at the last step goes to the end and no further",
            with(analysing(), "status.currentStepIndex", 6), "argo.promote-one",
            {QStringLiteral(
                "status {\"status\":{\"currentStepIndex\":6,\"pauseConditions\":null}}")});
        row("promote one of a paused spec", with(rolloutObject(), "spec.paused", true),
            "argo.promote-one",
            {QStringLiteral("status {\"status\":{\"pauseConditions\":null}}"),
             QStringLiteral("object {\"spec\":{\"paused\":false}}")});
        row("promote in full", rolloutObject(), "argo.promote-full",
            {QStringLiteral("status {\"status\":{\"promoteFull\":true}}")});
        row("promote in full of a paused spec", with(rolloutObject(), "spec.paused", true),
            "argo.promote-full",
            {QStringLiteral("status {\"status\":{\"promoteFull\":true}}"),
             QStringLiteral("object {\"spec\":{\"paused\":false}}")});
        row("abort", rolloutObject(), "argo.abort",
            {QStringLiteral("status {\"status\":{\"abort\":true}}")});
        row("retry", abortedRollout(), "argo.retry",
            {QStringLiteral("status {\"status\":{\"abort\":false}}")});
    }
    void theBodiesAreThePlugins()
    {
        QFETCH(QJsonObject, rollout);
        QFETCH(QString, action);
        QFETCH(QStringList, expected);
        ArgoWorld world(argoNames());
        fill(world, rollout);
        const auto writes = argoWrites(world, action);
        QVERIFY(writes);
        QCOMPARE(texts(*writes), expected);
    }

    void anUndoWritesTheTemplateOfThatRevisionWithoutItsHash()
    {
        ArgoWorld world(argoNames());
        fill(world);
        const auto writes = argoWrites(world, QStringLiteral("argo.undo:1"));
        QVERIFY(writes);
        QCOMPARE(writes->size(), 1);
        QCOMPARE(
            texts(*writes).first(),
            QStringLiteral("object [{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\","
                           "\"value\":\"81723\"},{\"op\":\"replace\",\"path\":\"/spec/"
                           "template\",\"value\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},"
                           "\"spec\":{\"containers\":[{\"image\":\"%1\",\"name\":\"app\"}]}}}]")
                .arg(QString::fromLatin1(imageOf(olderCommit()))));
        QCOMPARE(argoWrites(world, QStringLiteral("argo.undo:9")).error().kind,
                 ErrorKind::NotFound);
    }

    void theListIsTheSameWhateverTheState()
    {
        const QStringList expected{
            QStringLiteral("argo.promote-one"), QStringLiteral("argo.promote-full"),
            QStringLiteral("argo.abort"),       QStringLiteral("argo.retry"),
            QStringLiteral("argo.undo:2"),      QStringLiteral("argo.undo:1")};
        for (const QJsonObject &rollout : {rolloutObject(), abortedRollout(), analysing()}) {
            ArgoWorld world(argoNames());
            fill(world, rollout);
            QStringList ids;
            for (const OwnAction &action : argoActions(world, place)) {
                ids << action.id;
                QVERIFY(!action.typed.isEmpty());
                QVERIFY(!action.calls.isEmpty());
                QVERIFY(!action.from.isEmpty() && !action.to.isEmpty());
            }
            QCOMPARE(ids, expected);
        }
        QVERIFY(argoActions(ArgoWorld(argoNames()), place).isEmpty());
    }

    void whatIsOffSaysWhy_data()
    {
        QTest::addColumn<QJsonObject>("rollout");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("why"); ///< empty = it is on
        const auto row = [](const char *name, const QJsonObject &rollout, const char *action,
                            const char *why) {
            QTest::newRow(name) << rollout << QString::fromLatin1(action) << QString::fromUtf8(why);
        };
        const QJsonObject idle
            = with(rolloutObject(), "status.currentPodHash", QStringLiteral("aaa"));
        row("promote one", rolloutObject(), "argo.promote-one", "");
        row("promote in full", rolloutObject(), "argo.promote-full", "");
        row("abort", rolloutObject(), "argo.abort", "");
        row("retry without an abort", rolloutObject(), "argo.retry", "it is not aborted");
        row("undo", rolloutObject(), "argo.undo:2", "");
        // radar#1380: a promotion of an aborted Rollout is taken and moves nothing.
        row("promote one, aborted", abortedRollout(), "argo.promote-one",
            "aborted: no promotion moves it; retry it, or undo");
        row("promote in full, aborted", abortedRollout(), "argo.promote-full",
            "aborted: no promotion moves it; retry it, or undo");
        row("abort twice", abortedRollout(), "argo.abort", "it is aborted already");
        row("retry after an abort", abortedRollout(), "argo.retry", "");
        row("promote one, nothing in flight", idle, "argo.promote-one", "nothing is in flight");
        row("abort, nothing in flight", idle, "argo.abort", "nothing is in flight");
        row("promote one, resumed",
            with(rolloutObject(), "status.pauseConditions", QJsonValue::Undefined),
            "argo.promote-one", "it was resumed and is on its way to the next step");
        row("promote one at the end", with(analysing(), "status.currentStepIndex", 6),
            "argo.promote-one", "all its steps are done");
        row("promote one, not looked at", with(rolloutObject(), "metadata.generation", 8),
            "argo.promote-one", "Argo Rollouts has not looked at this version yet");
        row("undo of a template that stands in a Deployment",
            with(rolloutObject(), "spec.workloadRef",
                 parsed("{'kind': 'Deployment', 'name': 'w'}")),
            "argo.undo:2", "");
        row("undo of a template that stands elsewhere",
            with(rolloutObject(), "spec.workloadRef",
                 parsed("{'kind': 'PodTemplate', 'name': 'w'}")),
            "argo.undo:2", "its Pod template stands in PodTemplate/w: undo that");
        row("blue-green", with(rolloutObject(), "spec.strategy", parsed("{'blueGreen': {}}")),
            "argo.abort", "a blue-green Rollout is not moved from here");
    }
    void whatIsOffSaysWhy()
    {
        QFETCH(QJsonObject, rollout);
        QFETCH(QString, action);
        QFETCH(QString, why);
        QCOMPARE(actionOf(rollout, action.toLatin1().constData()).offBecause, why);
    }

    void aPromotionSaysFromWhichStepToWhich()
    {
        const OwnAction action = actionOf(rolloutObject(), "argo.promote-one");
        QCOMPARE(action.from,
                 QStringLiteral("step 2 of 6: pause until a person promotes, candidate 10 %"));
        QCOMPARE(action.to, QStringLiteral("step 3 of 6: setWeight 50, candidate 50 %"));
        QCOMPARE(action.typed, QStringLiteral("3"));
        QVERIFY(actionOf(analysing(), "argo.promote-one")
                    .leaves.contains(QStringLiteral("analysis run web-3-4 is not waited for")));
        QVERIFY(actionOf(inconclusive(), "argo.promote-one")
                    .leaves.contains(
                        QStringLiteral("the inconclusive analysis counts as passed by you")));
    }

    void aFullPromotionNamesWhatItSkips()
    {
        QVERIFY(actionOf(rolloutObject(), "argo.promote-full")
                    .leaves.contains(QStringLiteral(
                        "skips: pause until a person promotes, setWeight 50, pause 10m, analysis, "
                        "setWeight 80")));
    }

    void anAbortSaysThatItIsNoUndo()
    {
        const OwnAction action = actionOf(rolloutObject(), "argo.abort");
        QCOMPARE(action.to, QStringLiteral("stable aaaaaaa gets all traffic"));
        const QString leaves = action.leaves.join(QLatin1Char('\n'));
        QVERIFY(leaves.contains(QStringLiteral("no undo: the Rollout still wants bbbbbbb")));
        QVERIFY(leaves.contains(QStringLiteral("Degraded from then on, though users are well")));
        QVERIFY(!leaves.contains(QStringLiteral("dynamicStableScale")));
        const QString scaled
            = actionOf(with(rolloutObject(), "spec.strategy.canary.dynamicStableScale", true),
                       "argo.abort")
                  .leaves.join(QLatin1Char('\n'));
        QVERIFY(scaled.contains(QStringLiteral("watch the accepted weight until it is 0")));
        const QString byRatio
            = actionOf(with(rolloutObject(), "spec.strategy.canary.trafficRouting",
                            QJsonValue::Undefined),
                       "argo.abort")
                  .leaves.join(QLatin1Char('\n'));
        QVERIFY(byRatio.contains(QStringLiteral("not instant")));
    }

    void anUndoSaysWhichStepsRun_data()
    {
        QTest::addColumn<QJsonObject>("rollout");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("steps");
        QTest::newRow("to the stable") << rolloutObject() << QStringLiteral("argo.undo:2")
                                       << QStringLiteral("it is the stable: no step runs");
        QTest::newRow("to an older one") << rolloutObject() << QStringLiteral("argo.undo:1")
                                         << QStringLiteral("not instant: all 6 steps run again");
        QTest::newRow("within the window")
            << with(rolloutObject(), "spec.rollbackWindow", parsed("{'revisions': 1}"))
            << QStringLiteral("argo.undo:1")
            << QStringLiteral("no step runs: rollbackWindow reaches back 1");
    }
    void anUndoSaysWhichStepsRun()
    {
        QFETCH(QJsonObject, rollout);
        QFETCH(QString, action);
        QFETCH(QString, steps);
        const OwnAction undo = actionOf(rollout, action.toLatin1().constData());
        QVERIFY2(undo.leaves.first().contains(steps), qPrintable(undo.leaves.first()));
        QVERIFY(undo.to.contains(QStringLiteral("which becomes revision 4")));
        QVERIFY(undo.leaves.last().contains(QStringLiteral("schema and data stay")));
    }

    void anUndoOfADeploymentsTemplateSaysWhereItWrites()
    {
        const OwnAction undo = actionOf(with(rolloutObject(), "spec.workloadRef",
                                             parsed("{'kind': 'Deployment', 'name': 'w'}")),
                                        "argo.undo:2");
        QVERIFY(undo.leaves.last().contains(QStringLiteral("the Deployment w")));
        QVERIFY(undo.calls.first().exact.startsWith(
            QStringLiteral("PATCH /apis/apps/v1/namespaces/production/deployments/w\n")));
        const QString copied = undo.calls.first().copyable;
        QVERIFY2(copied.startsWith(QStringLiteral(
                     "kubectl --context prod -n production patch deployment w --type=json -p ")),
                 qPrintable(copied));
        QVERIFY(!copied.contains(QStringLiteral("resourceVersion"))); // it is not known yet
    }

    void theRequestsAreShownAsTheyAreSent()
    {
        const OwnAction action
            = actionOf(with(rolloutObject(), "spec.paused", true), "argo.promote-one");
        QCOMPARE(action.calls.size(), 2);
        QCOMPARE(action.calls[0].summary,
                 QStringLiteral("PATCH rollouts/web/status   Promote one step   if version is "
                                "still 81723"));
        QVERIFY(action.calls[0].exact.startsWith(QStringLiteral(
            "PATCH /rollouts/web/status\nContent-Type: application/merge-patch+json\n\n{")));
        QVERIFY(action.calls[0].exact.endsWith(
            QStringLiteral("\n\n{\"metadata\":{\"resourceVersion\":\"81723\"},"
                           "\"status\":{\"pauseConditions\":null}}")));
        QCOMPARE(action.calls[0].copyable,
                 QStringLiteral("kubectl --context prod -n production patch rollouts.argoproj.io "
                                "web --subresource=status --type=merge -p "
                                "'{\"metadata\":{\"resourceVersion\":\"81723\"},"
                                "\"status\":{\"pauseConditions\":null}}'"));
        QVERIFY2(
            action.calls[0].curl.contains(QStringLiteral("https://k8s.test/rollouts/web/status")),
            qPrintable(action.calls[0].curl));
        QVERIFY(action.calls[1].summary.contains(QStringLiteral("the first request leaves")));
        QVERIFY(action.calls[1].exact.contains(QStringLiteral("the first request leaves")));
        QCOMPARE(action.calls[1].copyable,
                 QStringLiteral("kubectl --context prod -n production patch rollouts.argoproj.io "
                                "web --type=merge -p '{\"spec\":{\"paused\":false}}'"));
    }
};

QTEST_GUILESS_MAIN(ArgoActionsTest)
#include "argoactionstest.moc"
