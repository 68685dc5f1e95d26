#include "argoobjects.h"

#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString summaryOf(const TrafficState &state)
{
    const auto revision = [](const std::optional<RevisionState> &each) {
        return each ? QStringLiteral("%1 %2/%3")
                          .arg(each->name.value)
                          .arg(each->readyReplicas)
                          .arg(each->wantedReplicas)
                    : QStringLiteral("none");
    };
    return QStringLiteral("asked %1, accepted %2, next %3, stable %4, candidate %5")
        .arg(state.asked.percent)
        .arg(state.accepted ? QString::number(state.accepted->percent) : QStringLiteral("-"),
             state.next ? QString::number(state.next->percent) : QStringLiteral("-"),
             revision(state.stable), revision(state.candidate));
}

QJsonObject atStep(int step)
{
    return with(rolloutObject(), "status.currentStepIndex", step);
}

/// At a step of its own accord: no pause.
QJsonObject workingAt(int step)
{
    QJsonObject object = with(atStep(step), "status.pauseConditions", QJsonValue::Undefined);
    object = with(object, "status.controllerPause", QJsonValue::Undefined);
    return with(object, "status.phase", QStringLiteral("Progressing"));
}

QJsonObject resumed(const QJsonObject &object)
{
    return with(object, "status.pauseConditions", QJsonValue::Undefined);
}

} // namespace

class ArgoStateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void traffic_data()
    {
        QTest::addColumn<QJsonObject>("rollout");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("problem");  ///< contained; empty = none at all
        QTest::addColumn<QString>("progress"); ///< contained
        const auto row = [](const char *name, const QJsonObject &rollout, const char *expected,
                            const char *problem = "", const char *progress = "") {
            QTest::newRow(name) << rollout << QString::fromUtf8(expected)
                                << QString::fromUtf8(problem) << QString::fromUtf8(progress);
        };
        row("a pause", rolloutObject(),
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1", "",
            "step 2 of 6: pause until a person promotes · Paused · CanaryPauseStep");
        row("a status of an older generation says nothing",
            with(rolloutObject(), "metadata.generation", 8),
            "asked 10, accepted -, next -, stable aaa 4/4, candidate bbb 1/1",
            "Argo Rollouts has not looked at generation 8 yet");
        row("a generation told as a number counts too",
            with(rolloutObject(), "status.observedGeneration", 7),
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1");
        row("on its way to a weight", with(workingAt(2), "status.canary.weights.canary.weight", 30),
            "asked 50, accepted 30, next -, stable aaa 4/4, candidate bbb 1/1", "", "Progressing");
        row("resumed, and not gone on yet", resumed(rolloutObject()),
            "asked 50, accepted 10, next -, stable aaa 4/4, candidate bbb 1/1", "", "resumed");
        row("a pause before an analysis",
            with(atStep(3), "status.canary.weights.canary.weight", 50),
            "asked 50, accepted 50, next -, stable aaa 4/4, candidate bbb 1/1", "",
            "step 4 of 6: pause 10m");
        row("an analysis before a weight",
            with(workingAt(4), "status.canary.weights.canary.weight", 50),
            "asked 50, accepted 50, next 80, stable aaa 4/4, candidate bbb 1/1", "",
            "step 5 of 6: analysis");
        row("the last step leads to all traffic",
            with(workingAt(5), "status.canary.weights.canary.weight", 80),
            "asked 80, accepted 80, next 100, stable aaa 4/4, candidate bbb 1/1");
        row("all steps done", with(workingAt(6), "status.canary.weights.canary.weight", 100),
            "asked 100, accepted 100, next -, stable aaa 4/4, candidate bbb 1/1", "",
            "all 6 steps done");
        row("nothing in flight",
            with(with(atStep(6), "status.currentPodHash", QStringLiteral("aaa")), "status.phase",
                 QStringLiteral("Healthy")),
            "asked 0, accepted 0, next -, stable aaa 4/4, candidate none");
        row("a first version is the stable",
            with(rolloutObject(), "status.stableRS", QJsonValue::Undefined),
            "asked 0, accepted 0, next -, stable bbb 1/4, candidate none");
        row("aborted", abortedRollout(),
            "asked 0, accepted 0, next -, stable aaa 4/4, candidate bbb 1/1",
            "not that users suffer", "aborted · Degraded");
        // argo-rollouts#4841: the router kept a weight after an abort.
        row("aborted, and the router still sends traffic",
            with(abortedRollout(), "status.canary.weights.canary.weight", 5),
            "asked 0, accepted 5, next -, stable aaa 4/4, candidate bbb 1/1", "aborted");
        row("a router that does not confirm",
            with(rolloutObject(), "status.canary.weights.verified", false),
            "asked 10, accepted -, next 50, stable aaa 4/4, candidate bbb 1/1",
            "does not confirm the weight");
        row("an inconclusive analysis",
            with(rolloutObject(), "status.pauseConditions.0.reason",
                 QStringLiteral("InconclusiveAnalysisRun")),
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1", "a person decides",
            "InconclusiveAnalysisRun");
        row("degraded for another reason says it",
            with(with(rolloutObject(), "status.phase", QStringLiteral("Degraded")),
                 "status.message", QStringLiteral("ImagePullBackOff")),
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1",
            "Degraded: ImagePullBackOff");
        row("a failed analysis says which",
            with(rolloutObject(), "status.canary.currentBackgroundAnalysisRunStatus",
                 parsed("{'name': 'web-3', 'status': 'Failed', 'message': 'error-rate'}")),
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1",
            "analysis run web-3 Failed: error-rate", "background analysis Failed");
        row("a stable that cannot carry everything is short of Pods",
            with(rolloutObject(), "spec.replicas", 10),
            "asked 10, accepted 10, next 50, stable aaa 4/10, candidate bbb 1/1");
        row("blue-green has no weights",
            with(rolloutObject(), "spec.strategy", parsed("{'blueGreen': {'activeService': 'a'}}")),
            "asked 0, accepted 0, next -, stable aaa 4/4, candidate none", "no weights");
        const QJsonObject byRatio
            = with(rolloutObject(), "spec.strategy.canary.trafficRouting", QJsonValue::Undefined);
        row("without a router the weight is a ratio of Pods, and that is said", byRatio,
            "asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1",
            "a ratio of Pods: 1 of 5, 20 %");
        row("by ratio a weight is there when its step is over",
            with(workingAt(2), "spec.strategy.canary.trafficRouting", QJsonValue::Undefined),
            "asked 50, accepted -, next -, stable aaa 4/4, candidate bbb 1/1", "ratio");
        row("by ratio an abort is over when the candidate's Pods are gone",
            with(abortedRollout(), "spec.strategy.canary.trafficRouting", QJsonValue::Undefined),
            "asked 0, accepted -, next -, stable aaa 4/4, candidate bbb 1/1", "aborted");
    }
    void traffic()
    {
        QFETCH(QJsonObject, rollout);
        QFETCH(QString, expected);
        QFETCH(QString, problem);
        QFETCH(QString, progress);
        ArgoWorld world(argoNames());
        fill(world, rollout);
        const auto state = world.state();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(summaryOf(*state), expected);
        if (problem.isEmpty())
            QCOMPARE(state->problem, QString());
        QVERIFY2(state->problem.contains(problem), qPrintable(state->problem));
        QVERIFY2(state->progress.contains(progress), qPrintable(state->progress));
    }

    void whyAPromotionIsOff_data()
    {
        QTest::addColumn<QJsonObject>("rollout");
        QTest::addColumn<QString>("why");
        QTest::newRow("it is not") << rolloutObject() << QString();
        QTest::newRow("aborted") << abortedRollout() << QStringLiteral("no promotion moves it");
        QTest::newRow("resumed") << resumed(rolloutObject()) << QStringLiteral("It was resumed");
        QTest::newRow("a step without a weight")
            << atStep(3) << QStringLiteral("sets no weight (step 5 of 6: analysis)");
        QTest::newRow("not looked at") << with(rolloutObject(), "metadata.generation", 8)
                                       << QStringLiteral("see whether its controller runs");
        QTest::newRow("a weight that falls")
            << with(rolloutObject(), "spec.strategy.canary.steps.2.setWeight", 5)
            << QStringLiteral("gives no more traffic");
    }
    void whyAPromotionIsOff()
    {
        QFETCH(QJsonObject, rollout);
        QFETCH(QString, why);
        ArgoWorld world(argoNames());
        fill(world, rollout);
        const auto state = world.state();
        QVERIFY(state);
        QCOMPARE(state->promoteOff.isEmpty(), why.isEmpty());
        QVERIFY2(state->promoteOff.contains(why), qPrintable(state->promoteOff));
        QCOMPARE(state->next.has_value(), why.isEmpty());
    }

    void revisionsAreNamedByTheirHashAndKnownByTheirCommit()
    {
        ArgoWorld world(argoNames());
        fill(world);
        const auto state = world.state();
        QVERIFY(state);
        QCOMPARE(state->stable->commit.value, oldCommit());
        QCOMPARE(state->candidate->commit.value, newCommit());
        QCOMPARE(state->candidate->imageDigest, QStringLiteral("sha256:bbbbbbbb"));
        QCOMPARE(state->candidate->pods, QStringList{QStringLiteral("web-bbb-1")});
        QCOMPARE(state->version, QStringLiteral("81723"));
        QCOMPARE(state->lastWriter, QStringLiteral("helm"));
        // A tag that was pushed twice.
        world.store(1).put(with(setPod("aaa", "2", oldCommit()),
                                "status.containerStatuses.0.imageID",
                                QStringLiteral("app@sha256:other")));
        QVERIFY(world.state()->stable->mixed);
    }

    void anotherRolloutsObjectsDoNotCount()
    {
        ArgoWorld world(argoNames());
        fill(world);
        world.store(0).put(with(with(setObject("ddd", 9, olderCommit(), 1), "metadata.name",
                                     QStringLiteral("shop-ddd")),
                                "metadata.ownerReferences.0.name", QStringLiteral("shop")));
        world.store(1).put(
            with(setPod("aaa", "1", newCommit()), "metadata.name", QStringLiteral("shop-aaa-1")));
        world.store(2).put(with(abortedRollout(), "metadata.name", QStringLiteral("shop")));
        QCOMPARE(world.revisions().size(), 3);
        QCOMPARE(
            summaryOf(*world.state()),
            QStringLiteral("asked 10, accepted 10, next 50, stable aaa 4/4, candidate bbb 1/1"));
    }

    void aCandidateWithoutAReplicaSetIsWaitedFor()
    {
        ArgoWorld world(argoNames());
        fill(world);
        world.store(0).remove(QStringLiteral("web-bbb"));
        const auto state = world.state();
        QVERIFY(state);
        QCOMPARE(state->candidate->name.value, QStringLiteral("bbb"));
        QVERIFY(state->candidate->commit.value.isEmpty());
    }

    void aHeaderRouteMakesACandidateReachableWithoutWeight()
    {
        QJsonObject object
            = with(rolloutObject(), "spec.strategy.canary.steps",
                   parsed("{'all': [{'setHeaderRoute': {'name': 'x', 'match': []}}, {'pause': {}},"
                          " {'setWeight': 10}]}")
                       .value(QLatin1String("all")));
        object = with(object, "status.canary.weights.canary.weight", 0);
        ArgoWorld world(argoNames());
        fill(world, object);
        const auto state = world.state();
        QVERIFY(state);
        QCOMPARE(state->asked, Weight{0});
        QCOMPARE(state->reachable.size(), 1);
    }

    void aHoldDoesNotStopTheController()
    {
        const QJsonObject held = parsed("{'pilothouse.dev/hold': '{}'}");
        ArgoWorld world(argoNames());
        fill(world, with(atStep(3), "metadata.annotations", held));
        QVERIFY(world.state()->problem.contains(
            QStringLiteral("Argo Rollouts goes on by itself from step 4 of 6: pause 10m")));
        // At a pause without an end there is nothing to be said.
        fill(world, with(rolloutObject(), "metadata.annotations", held));
        QVERIFY(world.state()->hold);
        QCOMPARE(world.state()->problem, QString());
    }

    void whatCannotBeReadSaysWhere()
    {
        ArgoWorld world(argoNames());
        fill(world, with(rolloutObject(), "spec.strategy.canary.steps.0.setWeight", 150));
        const auto state = world.state();
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Malformed);
        QVERIFY2(state.error().message.contains(
                     QStringLiteral("Rollout web) gave an answer that cannot be read: "
                                    "spec.strategy.canary.steps[0]")),
                 qPrintable(state.error().message));
        takeList(world.store(2).intake(), {});
        QCOMPARE(world.state().error().kind, ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(ArgoStateTest)
#include "argostatetest.moc"
