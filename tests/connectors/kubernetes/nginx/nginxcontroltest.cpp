#include "controlfixture.h"

#include "connectors/kubernetes/nginx/nginxcontrol.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

namespace {

NginxNames nginxNames()
{
    NginxNames names;
    names.nameSpace = QStringLiteral("production");
    names.ingress = QStringLiteral("web-canary");
    names.stable = QStringLiteral("stable");
    names.candidate = QStringLiteral("candidate");
    return names;
}

/// A canary Ingress of 10 %, with `annotations` besides (each ", 'key': 'value'").
QJsonObject ingressObject(const QByteArray &weight = "10", const QByteArray &annotations = "",
                          const QByteArray &version = "81723")
{
    return parsed("{'metadata': {'name': 'web-canary', 'uid': 'u1', 'generation': 3,"
                  "   'resourceVersion': '"
                  + version
                  + "', 'annotations': {'nginx.ingress.kubernetes.io/canary': 'true',"
                    "     'nginx.ingress.kubernetes.io/canary-weight': '"
                  + weight + "'" + annotations
                  + "}}, 'spec': {'ingressClassName': 'nginx', 'rules': [{'host': 'web.test',"
                    "   'http': {'paths': [{'path': '/', 'backend': {'service':"
                    "     {'name': 'candidate', 'port': {'number': 80}}}}]}}]}}");
}

QByteArray annotation(const char *name, const char *value)
{
    return QByteArray(", 'nginx.ingress.kubernetes.io/") + name + "': '" + value + "'";
}

struct Fixture : ControlFixture<NginxControl, NginxWorld>
{
    Fixture()
        : ControlFixture(NginxControl::Settings{nginxNames(), QStringLiteral("prod")}, nginxNames())
    {
        lists = {objectsOf(RoutePart::Services), objectsOf(RoutePart::Deployments),
                 objectsOf(RoutePart::Pods)};
        object = ingressObject();
    }
};

QJsonObject annotationsIn(const QJsonObject &body)
{
    return body.value(QLatin1String("metadata"))
        .toObject()
        .value(QLatin1String("annotations"))
        .toObject();
}

} // namespace

class NginxControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHoldAndItsEndCarryTheIntent()
    {
        Fixture f;
        QVERIFY(f.read());
        Hold hold;
        hold.by = QStringLiteral("mara");
        hold.intent = IntentId(QStringLiteral("i9"));
        f.answer(ingressObject("10", "", "81801"));
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        const QJsonObject held = annotationsIn(f.body(0));
        QCOMPARE(decodeHold(held.value(QLatin1String(holdAnnotation)).toString().toUtf8())->intent,
                 hold.intent);
        f.answer(ingressObject("10", "", "81802"));
        const Lift lift{QStringLiteral("mara"), {}, IntentId(QStringLiteral("i10"))};
        QVERIFY(await(f.control.setHold(lift, QStringLiteral("81801"))));
        const QJsonObject lifted = annotationsIn(f.body(1));
        QVERIFY(lifted.value(QLatin1String(holdAnnotation)).isNull());
        QCOMPARE(decodeDeeds(lifted.value(QLatin1String(deedsAnnotation)).toString().toUtf8())
                     .first()
                     .intent,
                 lift.intent);
    }

    void aGlanceAsksForTheIngressAloneWhileTheWatchesLive()
    {
        Fixture f;
        f.watch();
        qsizetype before = f.http.log().size();
        f.answer(ingressObject("50", "", "81800"));
        const auto state = await(f.control.glance());
        QVERIFY(state);
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.version, QStringLiteral("81800"));
        QCOMPARE(f.http.log().size() - before, 1);

        f.http.streams.first()->end(
            fail(ErrorKind::Unavailable, QStringLiteral("the connection broke")));
        before = f.http.log().size();
        f.answerRead();
        QVERIFY(await(f.control.glance()));
        QCOMPARE(f.http.log().size() - before, 4);
    }

    void traffic_data()
    {
        QTest::addColumn<QJsonObject>("ingress");
        QTest::addColumn<int>("asked");
        QTest::addColumn<QString>("problem"); ///< contained; empty = none at all
        QTest::newRow("ten of a hundred") << ingressObject() << 10 << QString();
        QTest::newRow("of another total")
            << ingressObject("100", annotation("canary-weight-total", "1000")) << 10 << QString();
        QTest::newRow("a trace is not none")
            << ingressObject("1", annotation("canary-weight-total", "1000")) << 1 << QString();
        QTest::newRow("more than all is all") << ingressObject("150") << 100 << QString();
        QTest::newRow("none") << ingressObject("0") << 0 << QString();
        QTest::newRow("a weight that is no number")
            << ingressObject("ten") << 0 << QStringLiteral("canary-weight “ten” is no number");
        QTest::newRow("a total that is no number")
            << ingressObject("10", annotation("canary-weight-total", "0")) << 10
            << QStringLiteral("canary-weight-total “0” is no number");
        QTest::newRow("not marked as a canary")
            << with(ingressObject(), "metadata.annotations",
                    parsed("{'nginx.ingress.kubernetes.io/canary-weight': '10'}"))
            << 0 << QStringLiteral("its weight counts for nothing");
    }
    void traffic()
    {
        QFETCH(QJsonObject, ingress);
        QFETCH(int, asked);
        QFETCH(QString, problem);
        Fixture f;
        f.object = ingress;
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{asked});
        QCOMPARE(state->value.accepted, std::optional(Weight{asked}));
        QCOMPARE(state->value.problem.isEmpty(), problem.isEmpty());
        QVERIFY2(state->value.problem.contains(problem), qPrintable(state->value.problem));
    }

    void whatStandsBehindItAndThatItIsRetired()
    {
        Fixture f;
        const auto state = f.read();
        QVERIFY(state);
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.stable->readyReplicas, 3);
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(state->value.version, QStringLiteral("81723"));
        QVERIFY(state->value.progress.contains(QStringLiteral("ingress-nginx is retired")));
        QCOMPARE(f.http.log().last(),
                 QStringLiteral("GET /apis/networking.k8s.io/v1/namespaces/production/ingresses/"
                                "web-canary"));
    }

    void whoWroteTheAnnotationsIsTheLastWriter()
    {
        Fixture f;
        f.object = with(ingressObject(), "metadata.managedFields",
                        parsed("{'all': [{'manager': 'helm', 'time': '2026-11-24T13:30:00Z',"
                               "   'fieldsV1': {'f:spec': {'f:rules': {}}}},"
                               " {'manager': 'kubectl-annotate', 'time': '2026-11-24T13:20:00Z',"
                               "   'fieldsV1': {'f:metadata': {'f:annotations': {}}}}]}")
                            .value(QLatin1String("all")));
        QCOMPARE(f.read()->value.lastWriter, QStringLiteral("kubectl-annotate"));
    }

    void aHeaderOrACookieReachesACandidateWithoutWeight()
    {
        for (const char *name : {"canary-by-header", "canary-by-cookie"}) {
            Fixture f;
            f.object = ingressObject("0", annotation(name, "x-canary"));
            QCOMPARE(f.read()->value.reachable.size(), 1);
        }
        Fixture plain;
        plain.object = ingressObject("0");
        QVERIFY(plain.read()->value.reachable.isEmpty());
    }

    void whatIsNotThereSaysWhatToDo()
    {
        Fixture f;
        f.object = with(ingressObject(), "spec.rules.0.http.paths.0.backend.service.name",
                        QStringLiteral("shop"));
        const auto state = f.read();
        QCOMPARE(state.error().kind, ErrorKind::NotFound);
        QVERIFY(state.error().message.contains(
            QStringLiteral("sends no traffic to the Service “candidate”")));
    }

    void aWeightAndItsNoteGoInOneGuardedRequest()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(ingressObject("50", {}, "81800"));
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(f.writes().size(), 1);
        QCOMPARE(f.writes().first().contentType, QByteArray("application/merge-patch+json"));
        const QJsonObject metadata = f.body(0).value(QLatin1String("metadata")).toObject();
        QCOMPARE(metadata.value(QLatin1String("resourceVersion")), QStringLiteral("81723"));
        const QJsonObject annotations = annotationsIn(f.body(0));
        QCOMPARE(annotations.value(QLatin1String("nginx.ingress.kubernetes.io/canary-weight")),
                 QStringLiteral("50"));
        const auto changes = decodeChanges(
            annotations.value(QLatin1String(changesAnnotation)).toString().toUtf8());
        QVERIFY(changes);
        QCOMPARE(changes->first().from, Weight{10});
        QCOMPARE(changes->first().to, Weight{50});
    }

    void aWeightIsInPartsOfItsTotal()
    {
        Fixture f;
        f.object = ingressObject("100", annotation("canary-weight-total", "1000"));
        QVERIFY(f.read());
        f.answer(f.object);
        QVERIFY(await(f.control.setWeight(Fixture::request(50))));
        QCOMPARE(annotationsIn(f.body(0)).value(
                     QLatin1String("nginx.ingress.kubernetes.io/canary-weight")),
                 QStringLiteral("500"));
        Fixture odd;
        odd.object = ingressObject("1", annotation("canary-weight-total", "3"));
        QVERIFY(odd.read());
        const auto refused = await(odd.control.setWeight(Fixture::request(50)));
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QVERIFY(refused.error().message.contains(QStringLiteral("of 3 cannot express 50 %")));
        odd.answer(odd.object);
        QVERIFY(await(odd.control.setWeight(Fixture::request(0))));
    }

    void anIngressThatIsNoCanaryTakesNoWeightButZero()
    {
        Fixture f;
        f.object = with(ingressObject(), "metadata.annotations", QJsonObject());
        QVERIFY(f.read());
        QCOMPARE(await(f.control.setWeight(Fixture::request(50))).error().kind, ErrorKind::Refused);
        f.answer(f.object);
        QVERIFY(await(f.control.setWeight(Fixture::request(0))));
    }

    void anotherPrefixIsReadAndWritten()
    {
        NginxNames names = nginxNames();
        names.prefix = QStringLiteral("custom.nginx");
        Fixture f;
        NginxControl control(f.api, f.clock, {names, {}});
        f.object
            = with(ingressObject(), "metadata.annotations",
                   parsed("{'custom.nginx/canary': 'true', 'custom.nginx/canary-weight': '20'}"));
        f.answerRead();
        QCOMPARE(await(control.read())->value.asked, Weight{20});
        f.answer(f.object);
        QVERIFY(await(control.setWeight(Fixture::request(50))));
        QVERIFY(annotationsIn(f.body(0)).contains(QLatin1String("custom.nginx/canary-weight")));
    }

    void aConflictIsSentOnce()
    {
        Fixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(409, "{\"reason\": \"Conflict\"}");
        QCOMPARE(await(f.control.setWeight(Fixture::request(50))).error().kind,
                 ErrorKind::Conflict);
        QCOMPARE(f.writes().size(), 1);
    }

    void aDryRunTellsTheDifference()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(ingressObject());
        f.answer(ingressObject("50"));
        const auto run = await(f.control.dryRun(Fixture::request(50)));
        QVERIFY(run);
        QCOMPARE(run->changes,
                 QStringList{QStringLiteral("metadata.annotations[nginx.ingress.kubernetes.io/"
                                            "canary-weight]: 10 → 50")});
        QVERIFY(f.writes().first().url.query().contains(QStringLiteral("dryRun=All")));
    }

    void thePlanIsWhatWouldBeSent()
    {
        Fixture f;
        const auto state = f.read();
        const PlannedCall call = f.control.planWeight(Fixture::request(50), state->value);
        QCOMPARE(call.summary, QStringLiteral("PATCH ingresses/web-canary   canary-weight 10 → 50 "
                                              "%   if version is still 81723"));
        QVERIFY(call.exact.contains(QStringLiteral("mara, 10 → 50 %")));
        QVERIFY(!call.copyable.contains(QStringLiteral("pilothouse.dev")));
        QCOMPARE(f.control.showCommand(),
                 QStringLiteral("kubectl --context prod -n production get ingress web-canary -o "
                                "yaml"));
    }

    void rightsAreAskedForTheIngress()
    {
        Fixture f;
        f.http.scripted.answer(201, "{\"status\": {\"allowed\": false}}");
        QCOMPARE(await(f.control.access())->why,
                 QStringLiteral("you lack patch on ingresses in production"));
    }
};

QTEST_GUILESS_MAIN(NginxControlTest)
#include "nginxcontroltest.moc"
