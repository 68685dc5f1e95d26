#include "support/places.h"
#include "workspace/localoverrides.h"
#include "workspace/workspacereader.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace pilothouse;

namespace {

Result<Workspace> read(const QByteArray &content)
{
    const auto workspace = readWorkspace(content, QStringLiteral("/project/f.yaml"));
    if (workspace)
        return *workspace;
    return fail(workspace.error().toError());
}

/// A workspace with one track of this control.
QByteArray trackOf(const QByteArray &control)
{
    return "pilothouse: 1\nname: n\nrepository: {path: .}\ntracks:\n  t:\n"
           "    plan: [{weight: 100}]\n    control: {"
           + control + "}\n";
}

const QByteArray place("context: prod, namespace: shop");

/// Without a kubeconfig of its own: as kubectl finds it.
const ClusterPlace shop{QString(), QStringLiteral("prod"), QStringLiteral("shop")};

} // namespace

class ClusterControlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasAnExample()
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/controls.yaml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto workspace = read(file.readAll());
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        QCOMPARE(workspace->tracks.size(), 4);
        const auto &argo = std::get<ArgoRolloutSettings>(workspace->tracks[0].control);
        QCOMPARE(argo.name, QStringLiteral("shop"));
        QCOMPARE(argo.at.context, shop.context);
        QCOMPARE(argo.at.nameSpace, shop.nameSpace);
        const auto &nginx = std::get<NginxCanarySettings>(workspace->tracks[1].control);
        QCOMPARE(nginx.name, QStringLiteral("legacy-canary"));
        const auto &istio = std::get<IstioSettings>(workspace->tracks[2].control);
        QCOMPARE(istio.candidateSubset, QStringLiteral("v2"));
        const auto &flagger = std::get<FlaggerSettings>(workspace->tracks[3].control);
        QCOMPARE(flagger.at.nameSpace, QStringLiteral("flags"));
        file.close();
        QFile reference(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/pilothouse.md"));
        QVERIFY(reference.open(QIODevice::ReadOnly));
        const QByteArray text = reference.readAll();
        for (const char *kind : {"argo-rollout", "nginx-canary", "istio", "flagger"})
            QVERIFY2(text.contains(QByteArray("| `kind: ") + kind + "` |"), kind);
    }

    void values_data()
    {
        QTest::addColumn<QByteArray>("control");
        QTest::addColumn<Control>("expected");
        const auto name = [](const char *text) {
            return QString::fromLatin1(text);
        };
        QTest::newRow("argo-rollout") << "kind: argo-rollout, name: web, " + place
                                      << Control(ArgoRolloutSettings{shop, name("web")});
        QTest::newRow("a kubeconfig of one's own")
            << "kind: argo-rollout, name: web, kubeconfig: here, " + place
            << Control(ArgoRolloutSettings{{name("/project/here"), name("prod"), name("shop")},
                                           name("web")});
        NginxCanarySettings nginx;
        nginx.at = shop;
        nginx.name = name("web-canary");
        nginx.stable = name("web");
        nginx.candidate = name("web-next");
        const QByteArray nginxText
            = "kind: nginx-canary, name: web-canary, stable: web, candidate: web-next, " + place;
        QTest::newRow("nginx-canary") << nginxText << Control(nginx);
        nginx.prefix = name("nginx.example.com");
        QTest::newRow("another prefix")
            << nginxText + ", annotations_prefix: nginx.example.com" << Control(nginx);
        IstioSettings istio;
        istio.at = shop;
        istio.name = name("web");
        istio.stable = name("web");
        istio.candidate = name("next");
        QTest::newRow("istio by Services")
            << "kind: istio, name: web, stable: web, candidate: next, " + place << Control(istio);
        istio.candidate = name("web");
        istio.stableSubset = name("v1");
        istio.candidateSubset = name("v2");
        QTest::newRow("istio by subsets")
            << "kind: istio, name: web, stable: web, stable_subset: v1, candidate: web, "
               "candidate_subset: v2, "
                   + place
            << Control(istio);
        QTest::newRow("flagger") << "kind: flagger, name: web, " + place
                                 << Control(FlaggerSettings{shop, name("web")});
    }
    void values()
    {
        QFETCH(QByteArray, control);
        QFETCH(Control, expected);
        const auto workspace = read(trackOf(control));
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        QVERIFY(workspace->tracks.first().control == expected);
    }

    void mistakesAreToldWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("control");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &control, const char *said) {
            QTest::newRow(name) << control << QString::fromUtf8(said);
        };
        row("no name", "kind: argo-rollout, " + place,
            "f.yaml:7:14: expected the key \"name\" in a control");
        row("no context", "kind: flagger, name: web, namespace: shop",
            "f.yaml:7:14: expected the key \"context\" in a control");
        row("a key of another kind", "kind: argo-rollout, stable: x, name: web, " + place,
            "f.yaml:7:35: \"stable\" is no key of a control; expected one of kind, kubeconfig, "
            "context, namespace, name");
        row("a misspelled key", "kind: nginx-canary, stabel: x",
            "f.yaml:7:35: \"stabel\" is no key of a control; expected one of kind, kubeconfig, "
            "context, namespace, name, stable, candidate, annotations_prefix; did you mean "
            "\"stable\"?");
        row("one Service for both",
            "kind: nginx-canary, stable: a, candidate: a, name: i, " + place,
            "f.yaml:7:57: candidate: expected another Service than stable, found \"a\" for both");
        row("one Service for both without subsets",
            "kind: istio, stable: a, candidate: a, name: v, " + place,
            "f.yaml:7:50: candidate: expected another Service than stable, found \"a\" for both");
        row("one subset for both",
            "kind: istio, stable: a, candidate: a, stable_subset: v1, candidate_subset: v1, "
            "name: v, "
                + place,
            "candidate: expected another Service than stable");
        row("a prefix with a slash",
            "kind: nginx-canary, stable: a, candidate: b, annotations_prefix: a.io/, name: i, "
                + place,
            "f.yaml:7:80: annotations_prefix: expected a name such as "
            "nginx.ingress.kubernetes.io, without a slash, found \"a.io/\"");
        row("a name that Kubernetes does not take", "kind: flagger, name: Web_1, " + place,
            "name: expected a Kubernetes name");
    }
    void mistakesAreToldWithTheirPlace()
    {
        QFETCH(QByteArray, control);
        QFETCH(QString, said);
        const auto workspace = read(trackOf(control));
        QVERIFY(!workspace);
        QVERIFY2(workspace.error().detail.contains(said), qPrintable(workspace.error().detail));
    }

    void anOverrideReplacesClusterAndContextAndNothingElse()
    {
        const auto before = read(trackOf("kind: flagger, name: web, " + place));
        QVERIFY(before);
        const auto after = withLocalOverrides(
            *before, "tracks: {t: {control: {kubeconfig: kube, context: mine}}}\n",
            QStringLiteral("/project/l.yaml"));
        QVERIFY(after.has_value());
        FlaggerSettings expected{shop, QStringLiteral("web")};
        expected.at.kubeconfig = QStringLiteral("/project/kube");
        expected.at.context = QStringLiteral("mine");
        QVERIFY(after->tracks.first().control == Control(expected));
        QVERIFY(!withLocalOverrides(*before, "tracks: {t: {control: {name: other}}}\n",
                                    QStringLiteral("/project/l.yaml")));
    }

    void aWorkerTakesTheKubeconfigOfATrackOfItsContext()
    {
        const auto workspace
            = read(trackOf("kind: argo-rollout, name: web, kubeconfig: here, " + place)
                   + "databases: {d: {service: s}}\n"
                     "also_live: [{name: w, deployment: w, namespace: n, context: prod, "
                     "database: d}]\n");
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        QCOMPARE(workspace->alsoLive.first().kubeconfig, QStringLiteral("/project/here"));
    }
};

QTEST_GUILESS_MAIN(ClusterControlsTest)
#include "clustercontrolstest.moc"
