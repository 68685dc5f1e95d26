#include "controlfixture.h"

#include "connectors/kubernetes/flagger/flaggercontrol.h"

#include <QTest>

using namespace pilothouse;

namespace {

FlaggerNames flaggerNames()
{
    return {QStringLiteral("production"), QStringLiteral("web"), {}};
}

QJsonObject canaryObject(const char *phase = "Progressing", int weight = 10, int failed = 0)
{
    return parsed(
        QByteArray(
            "{'metadata': {'name': 'web', 'uid': 'u1', 'generation': 3,"
            "   'resourceVersion': '81723'},"
            " 'spec': {'targetRef': {'kind': 'Deployment', 'name': 'web'},"
            "   'service': {'port': 80}, 'analysis': {'threshold': 5, 'maxWeight': 50,"
            "     'stepWeight': 10, 'webhooks': ["
            "       {'name': 'start', 'type': 'confirm-rollout', 'url': 'http://gate/start'},"
            "       {'name': 'approve', 'type': 'confirm-promotion', 'url': 'http://gate/ok'},"
            "       {'name': 'back', 'type': 'rollback', 'url': 'http://gate/back'}]}},"
            " 'status': {'phase': '")
        + phase + "', 'canaryWeight': " + QByteArray::number(weight)
        + ", 'failedChecks': " + QByteArray::number(failed)
        + ", 'conditions': [{'type': 'Promoted', 'status': 'Unknown', 'message': 'so it is'}]}}");
}

struct Fixture : ControlFixture<FlaggerControl, FlaggerWorld>
{
    Fixture()
        : ControlFixture(FlaggerControl::Settings{flaggerNames(), QStringLiteral("prod")},
                         flaggerNames())
    {
        lists = {{serviceObject("web-primary", "stable"), serviceObject("web-canary", "candidate")},
                 objectsOf(RoutePart::Deployments),
                 objectsOf(RoutePart::Pods)};
        object = canaryObject();
    }
};

} // namespace

class FlaggerControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void phases_data()
    {
        QTest::addColumn<QJsonObject>("canary");
        QTest::addColumn<int>("asked");
        QTest::addColumn<bool>("inFlight");
        QTest::addColumn<QString>("progress");
        QTest::addColumn<QString>("problem"); ///< contained; empty = none at all
        const auto row = [](const char *name, const QJsonObject &canary, int asked, bool inFlight,
                            const char *progress, const char *problem = "") {
            QTest::newRow(name) << canary << asked << inFlight << QString::fromUtf8(progress)
                                << QString::fromUtf8(problem);
        };
        row("progressing", canaryObject(), 10, true, "Progressing · 0 of 5 failed checks");
        row("checks fail", canaryObject("Progressing", 20, 3), 20, true,
            "Progressing · 3 of 5 failed checks",
            "3 of 5 failed checks: at 5 it goes back by itself");
        row("waits to begin", canaryObject("Waiting", 0), 0, true,
            "Waiting · 0 of 5 failed checks · waits for the gate “start” (confirm-rollout)");
        row("waits to promote", canaryObject("WaitingPromotion", 50), 50, true,
            "WaitingPromotion · 0 of 5 failed checks · waits for the gate “approve” "
            "(confirm-promotion)");
        row("waits for a gate that is not named", canaryObject("WaitingTrafficIncrease", 30, 18),
            30, true,
            "WaitingTrafficIncrease · 18 of 5 failed checks · waits for a gate that it does not "
            "name",
            "over the threshold of 5; it does not go back while it waits");
        row("promoting", canaryObject("Promoting", 50), 50, true,
            "Promoting · 0 of 5 failed checks");
        row("done", canaryObject("Succeeded", 0), 0, false, "Succeeded");
        row("failed", canaryObject("Failed", 0, 5), 0, false, "Failed",
            "the stable has the traffic: so it is");
        row("never looked at", with(canaryObject(), "status", QJsonValue::Undefined), 0, false,
            "Flagger has not looked at it yet");
        row("suspended", with(canaryObject(), "spec.suspend", true), 10, true,
            "Progressing · 0 of 5 failed checks", "suspended");
        row("without checks", with(canaryObject(), "spec.skipAnalysis", true), 10, true,
            "Progressing · 0 of 5 failed checks", "promoted without a check");
        row("in rounds",
            with(with(canaryObject("Progressing", 0), "spec.analysis.iterations", 10),
                 "status.iterations", 4),
            0, true, "Progressing · round 4 of 10 · 0 of 5 failed checks");
    }
    void phases()
    {
        QFETCH(QJsonObject, canary);
        QFETCH(int, asked);
        QFETCH(bool, inFlight);
        QFETCH(QString, progress);
        QFETCH(QString, problem);
        Fixture f;
        f.object = canary;
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{asked});
        QCOMPARE(state->value.accepted, std::optional(Weight{asked}));
        QCOMPARE(state->value.candidate.has_value(), inFlight);
        QCOMPARE(state->value.progress, progress);
        QCOMPARE(state->value.problem.isEmpty(), problem.isEmpty());
        QVERIFY2(state->value.problem.contains(problem), qPrintable(state->value.problem));
    }

    void theTwoServicesFollowFromTheCanary()
    {
        Fixture f;
        const auto state = f.read();
        QVERIFY(state);
        QCOMPARE(state->value.stable->name.value, QStringLiteral("web-primary"));
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.candidate->name.value, QStringLiteral("web-canary"));
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(
            f.http.log().last(),
            QStringLiteral("GET /apis/flagger.app/v1beta1/namespaces/production/canaries/web"));
        Fixture named;
        named.object = with(canaryObject(), "spec.service.name", QStringLiteral("shop"));
        QCOMPARE(named.read()->value.stable->name.value, QStringLiteral("shop-primary"));
    }

    void whatToDoInsteadFollowsThePhase_data()
    {
        QTest::addColumn<QJsonObject>("canary");
        QTest::addColumn<QString>("said");
        QTest::newRow("a gate")
            << canaryObject("WaitingPromotion", 50)
            << QStringLiteral("open that where it is kept (http://gate/ok), and close it again");
        QTest::newRow("on its way") << canaryObject()
                                    << QStringLiteral("It goes on to 50 % and then promotes. To go "
                                                      "back open the gate “back” (rollback) "
                                                      "(http://gate/back).");
        QTest::newRow("on its way without a gate for the way back")
            << with(canaryObject(), "spec.analysis.webhooks", QJsonArray())
            << QStringLiteral("set the Deployment web to the version before");
        QTest::newRow("by given steps")
            << with(with(canaryObject(), "spec.analysis.maxWeight", QJsonValue::Undefined),
                    "spec.analysis.stepWeights", QJsonArray{5, 80})
            << QStringLiteral("It goes on to 80 %");
        QTest::newRow("at rest") << canaryObject("Succeeded", 0)
                                 << QStringLiteral("A change of the Deployment web starts it.");
    }
    void whatToDoInsteadFollowsThePhase()
    {
        QFETCH(QJsonObject, canary);
        QFETCH(QString, said);
        Fixture f;
        f.object = canary;
        const auto state = f.read();
        QVERIFY(state);
        QVERIFY2(state->value.promoteOff.contains(said), qPrintable(state->value.promoteOff));
        f.answerRead();
        const auto access = await(f.control.access());
        QVERIFY(access);
        QVERIFY(!access->mayWrite);
        QCOMPARE(access->why, state->value.promoteOff);
    }

    void nothingIsEverWritten()
    {
        Fixture f;
        QVERIFY(f.read());
        QCOMPARE(await(f.control.setWeight(Fixture::request(0))).error().kind, ErrorKind::Refused);
        QCOMPARE(await(f.control.setWeight(Fixture::request(50))).error().kind, ErrorKind::Refused);
        QCOMPARE(await(f.control.setHold({}, {})).error().kind, ErrorKind::Refused);
        QCOMPARE(await(f.control.dryRunHold({}, {})).error().kind, ErrorKind::Refused);
        QVERIFY(f.writes().isEmpty());
    }

    void rightsThatCannotBeAskedAreAFailure()
    {
        Fixture f;
        f.http.scripted.answer(403, "{\"message\": \"services is forbidden\"}");
        QCOMPARE(await(f.control.access()).error().kind, ErrorKind::NotAllowed);
    }

    void aWatchTellsThePhaseAsItMoves()
    {
        Fixture f;
        f.watch();
        f.tell(canaryObject("WaitingPromotion", 50));
        QCOMPARE(f.told.last().value.asked, Weight{50});
        QVERIFY(f.told.last().value.progress.contains(QStringLiteral("approve")));
    }

    void whatIsNotThereSaysWhatToDo()
    {
        FlaggerWorld world(flaggerNames());
        QCOMPARE(world.state().error().kind, ErrorKind::NotFound);
        world.store(world.guardedPart())
            .put(with(canaryObject(), "spec.targetRef", QJsonValue::Undefined));
        const auto state = world.state();
        QCOMPARE(state.error().kind, ErrorKind::Malformed);
        QVERIFY(state.error().message.contains(QStringLiteral("Canary web")));
    }
};

QTEST_GUILESS_MAIN(FlaggerControlTest)
#include "flaggercontroltest.moc"
