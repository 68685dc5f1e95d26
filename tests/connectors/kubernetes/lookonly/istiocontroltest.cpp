#include "controlfixture.h"

#include "connectors/kubernetes/istio/istiocontrol.h"
#include "connectors/kubernetes/istio/weightmanager.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

namespace {

IstioNames istioNames()
{
    IstioNames names;
    names.nameSpace = QStringLiteral("production");
    names.virtualService = QStringLiteral("web");
    names.stable = {QStringLiteral("stable"), {}};
    names.candidate = {QStringLiteral("candidate"), {}};
    return names;
}

/// Two destinations of one route, and `metadata` besides (each ", 'key': value").
QJsonObject serviceOf(int stable, int candidate, const QByteArray &metadata = "")
{
    return parsed("{'metadata': {'name': 'web', 'uid': 'u1', 'resourceVersion': '81723'" + metadata
                  + "}, 'spec': {'hosts': ['web.test'], 'http': [{'route': ["
                    "   {'destination': {'host': 'stable'}, 'weight': "
                  + QByteArray::number(stable)
                  + "}, {'destination': {'host': 'candidate.production.svc.cluster.local'},"
                    "    'weight': "
                  + QByteArray::number(candidate) + "}]}]}}");
}

QJsonObject withRoutes(const QByteArray &routes)
{
    return with(serviceOf(90, 10), "spec.http",
                parsed("{'all': [" + routes + "]}").value(QLatin1String("all")));
}

struct Fixture : ControlFixture<IstioControl, IstioWorld>
{
    explicit Fixture(const IstioNames &names = istioNames())
        : ControlFixture(IstioControl::Settings{names, QStringLiteral("prod")}, names)
    {
        lists = {objectsOf(RoutePart::Services), objectsOf(RoutePart::Deployments),
                 objectsOf(RoutePart::Pods)};
        object = serviceOf(90, 10);
    }
};

KubeMeta metaOf(const QByteArray &metadata)
{
    return decodeVirtualService(serviceOf(90, 10, metadata))->meta;
}

} // namespace

class IstioControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightsAreShares_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::addColumn<int>("asked");
        QTest::addColumn<QString>("problem"); ///< contained; empty = none at all
        QTest::newRow("of a hundred") << serviceOf(90, 10) << 10 << QString();
        QTest::newRow("of another sum") << serviceOf(3, 1) << 25 << QString();
        QTest::newRow("a trace is not none") << serviceOf(999, 1) << 1 << QString();
        QTest::newRow("none") << serviceOf(100, 0) << 0 << QString();
        QTest::newRow("all") << serviceOf(0, 100) << 100 << QString();
        QTest::newRow("nowhere") << serviceOf(0, 0) << 0 << QStringLiteral("are 0");
        QTest::newRow("a third destination")
            << withRoutes("{'route': [{'destination': {'host': 'stable'}, 'weight': 50},"
                          " {'destination': {'host': 'candidate'}, 'weight': 25},"
                          " {'destination': {'host': 'shop'}, 'weight': 25}]}")
            << 25 << QStringLiteral("a third destination");
        QTest::newRow("routes that differ: the larger counts")
            << withRoutes("{'route': [{'destination': {'host': 'stable'}, 'weight': 90},"
                          " {'destination': {'host': 'candidate'}, 'weight': 10}]},"
                          "{'route': [{'destination': {'host': 'stable'}, 'weight': 60},"
                          " {'destination': {'host': 'candidate'}, 'weight': 40}]}")
            << 40 << QStringLiteral("different shares (10 %, 40 %)");
    }
    void weightsAreShares()
    {
        QFETCH(QJsonObject, object);
        QFETCH(int, asked);
        QFETCH(QString, problem);
        Fixture f;
        f.object = object;
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{asked});
        QCOMPARE(state->value.problem.isEmpty(), problem.isEmpty());
        QVERIFY2(state->value.problem.contains(problem), qPrintable(state->value.problem));
    }

    void whatStandsBehindTheTwoEnds()
    {
        Fixture f;
        const auto state = f.read();
        QVERIFY(state);
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(f.http.log().last(),
                 QStringLiteral("GET /apis/networking.istio.io/v1beta1/namespaces/production/"
                                "virtualservices/web"));
        QCOMPARE(f.http.log().size(), 4);
    }

    void aSubsetIsKnownByItsDestinationRule()
    {
        IstioNames names = istioNames();
        names.stable = {QStringLiteral("web"), QStringLiteral("v1")};
        names.candidate = {QStringLiteral("web"), QStringLiteral("v2")};
        Fixture f(names);
        QJsonObject whole = serviceObject("web", "x");
        whole = with(whole, "spec.selector", parsed("{'app': 'web'}"));
        const QJsonObject rule
            = parsed("{'metadata': {'name': 'web'}, 'spec': {'host': 'web', 'subsets': ["
                     " {'name': 'v1', 'labels': {'track': 'stable'}},"
                     " {'name': 'v2', 'labels': {'track': 'candidate'}}]}}");
        f.lists = {{whole}, objectsOf(RoutePart::Deployments), objectsOf(RoutePart::Pods), {rule}};
        f.object = withRoutes(
            "{'route': [{'destination': {'host': 'web', 'subset': 'v1'}, 'weight': 80},"
            " {'destination': {'host': 'web', 'subset': 'v2'}, 'weight': 20}]}");
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{20});
        QCOMPARE(state->value.stable->name.value, QStringLiteral("web/v1"));
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.stable->readyReplicas, 3);
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QVERIFY(f.http.log().contains(
            QStringLiteral("GET /apis/networking.istio.io/v1beta1/namespaces/production/"
                           "destinationrules?limit=500")));
        // Without the rule nobody knows which Pods are meant.
        f.lists[3] = {};
        const auto blind = f.read();
        QVERIFY(blind);
        QVERIFY(blind->value.problem.contains(QStringLiteral("which Pods the subset “web/v2” is")));
        QVERIFY(blind->value.stable->pods.isEmpty());
        QVERIFY(blind->value.stable->commit.value.isEmpty());
    }

    void aRouteForTestersMakesACandidateReachable()
    {
        Fixture f;
        f.object = withRoutes("{'match': [{'headers': {}}],"
                              " 'route': [{'destination': {'host': 'candidate'}}]},"
                              "{'route': [{'destination': {'host': 'stable'}, 'weight': 100},"
                              " {'destination': {'host': 'candidate'}, 'weight': 0}]}");
        const auto state = f.read();
        QVERIFY(state);
        QCOMPARE(state->value.asked, Weight{0});
        QCOMPARE(state->value.reachable.size(), 1);
    }

    void hosts_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("is");
        QTest::newRow("short") << QStringLiteral("web") << true;
        QTest::newRow("with its namespace") << QStringLiteral("web.production") << true;
        QTest::newRow("svc") << QStringLiteral("web.production.svc") << true;
        QTest::newRow("in full") << QStringLiteral("web.production.svc.cluster.local") << true;
        QTest::newRow("of another namespace") << QStringLiteral("web.test") << false;
        QTest::newRow("a longer name") << QStringLiteral("web-2") << false;
        QTest::newRow("a longer namespace") << QStringLiteral("web.production2.svc") << false;
    }
    void hosts()
    {
        QFETCH(QString, host);
        QFETCH(bool, is);
        QCOMPARE(isHostOf(host, QStringLiteral("web"), QStringLiteral("production")), is);
    }

    void whoManagesTheWeights_data()
    {
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("sign");
        QTest::addColumn<QString>("instead");
        using Kind = WeightManager::Kind;
        const auto row = [](const char *name, const char *metadata, Kind kind, const char *sign,
                            const char *instead) {
            QTest::newRow(name) << QByteArray(metadata) << int(kind) << QString::fromUtf8(sign)
                                << QString::fromUtf8(instead);
        };
        row("a Canary owns it",
            ", 'ownerReferences': [{'kind': 'Canary', 'name': 'web'}],"
            " 'labels': {'argocd.argoproj.io/instance': 'shop'}",
            Kind::Flagger, "ownerReference Canary/web", "kind “flagger”");
        row("a controller writes it",
            ", 'managedFields': [{'manager': 'rollouts-controller', 'time': '2026-11-24T13:20:00Z',"
            " 'fieldsV1': {'f:spec': {'f:http': {}}}}],"
            " 'annotations': {'meta.helm.sh/release-name': 'web'}",
            Kind::ArgoRollouts, "field manager rollouts-controller", "kind “argo-rollout”");
        row("a Helm release",
            ", 'annotations': {'meta.helm.sh/release-name': 'web'},"
            " 'managedFields': [{'manager': 'helm', 'time': '2026-11-24T13:20:00Z',"
            "   'fieldsV1': {'f:spec': {}}}]",
            Kind::Helm, "meta.helm.sh/release-name: web", "chart's values");
        row("Argo CD", ", 'annotations': {'argocd.argoproj.io/tracking-id': 'shop:x'}",
            Kind::ArgoCd, "argocd.argoproj.io/tracking-id: shop:x",
            "Commit the weight to the repository");
        row("Flux", ", 'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps'}", Kind::Flux,
            "kustomize.toolkit.fluxcd.io/name: apps", "Commit the weight to the repository");
        row("a field manager that only has the status does not count",
            ", 'managedFields': [{'manager': 'flagger', 'time': '2026-11-24T13:20:00Z',"
            " 'fieldsV1': {'f:status': {}}}]",
            Kind::Nobody, "", "kubectl edit virtualservice web");
        row("people",
            ", 'managedFields': [{'manager': 'kubectl-edit', 'time': '2026-11-24T13:20:00Z',"
            " 'fieldsV1': {'f:spec': {}}}]",
            Kind::Nobody, "kubectl-edit", "does not write them");
    }
    void whoManagesTheWeights()
    {
        QFETCH(QByteArray, metadata);
        QFETCH(int, kind);
        QFETCH(QString, sign);
        QFETCH(QString, instead);
        const WeightManager manager = weightManager(metaOf(metadata));
        QCOMPARE(int(manager.kind), kind);
        QCOMPARE(manager.sign, sign);
        const QString words = insteadOfWriting(manager, QStringLiteral("web"));
        QVERIFY2(words.contains(instead), qPrintable(words));
    }

    void nothingIsEverWritten()
    {
        Fixture f;
        f.object = serviceOf(90, 10, ", 'ownerReferences': [{'kind': 'Canary', 'name': 'web'}]");
        const auto state = f.read();
        QVERIFY(state);
        QCOMPARE(state->value.progress, QStringLiteral("read only: managed by Flagger"));
        QVERIFY(state->value.promoteOff.contains(QStringLiteral("ownerReference Canary/web")));
        const auto refused = await(f.control.setWeight(Fixture::request(50)));
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QCOMPARE(refused.error().message, state->value.promoteOff);
        QCOMPARE(await(f.control.setHold(Hold{}, QStringLiteral("81723"))).error().kind,
                 ErrorKind::Refused);
        QCOMPARE(await(f.control.annotate(QLatin1String(guardsAnnotation), "[]",
                                          QStringLiteral("81723")))
                     .error()
                     .kind,
                 ErrorKind::Refused);
        QCOMPARE(f.control.planAnnotation({}, {}, state->value).summary, state->value.promoteOff);
        QCOMPARE(f.control.planWeight(Fixture::request(50), state->value).summary,
                 state->value.promoteOff);
        QVERIFY(f.control.ownActions(state->value).isEmpty());
        QVERIFY(f.writes().isEmpty());
    }

    void theRightSaysWhatToDoInstead()
    {
        Fixture f;
        f.object = serviceOf(90, 10, ", 'ownerReferences': [{'kind': 'Canary', 'name': 'web'}]");
        f.answerRead();
        const auto access = await(f.control.access());
        QVERIFY(access);
        QVERIFY(!access->mayWrite);
        QVERIFY(access->why.contains(QStringLiteral("kind “flagger”")));
    }

    void whatCannotBeReadSaysWhere()
    {
        Fixture f;
        f.object = serviceOf(-5, 105);
        QCOMPARE(f.read().error().kind, ErrorKind::Malformed);
        Fixture other;
        other.object = withRoutes("{'route': [{'destination': {'host': 'shop'}}]}");
        const auto state = other.read();
        QCOMPARE(state.error().kind, ErrorKind::NotFound);
        QVERIFY(state.error().message.contains(
            QStringLiteral("no route with both “stable” and “candidate”")));
    }
};

QTEST_GUILESS_MAIN(IstioControlTest)
#include "istiocontroltest.moc"
