#include "workspace/localoverrides.h"
#include "workspace/workspacereader.h"

#include <QDir>
#include <QTest>

using namespace pilothouse;

namespace {

const QString file = QStringLiteral("/project/pilothouse.yaml");

const char helm[] = R"(pilothouse: 1
name: n
repository: {path: .}
tracks:
  t:
    plan: [{weight: 100}]
    control:
      kind: helm-value
      context: prod
      namespace: production
      release: web
      chart: ./charts/web
      value: canary.weight
      program: helm
      route: {kind: http-route, name: web, stable: web, candidate: web-canary}
databases: {d: {service: s}}
also_live:
  - {name: worker, deployment: w, namespace: production, context: prod, database: d}
)";

QByteArray with(const QByteArray &line, const QByteArray &other)
{
    QByteArray content = helm;
    if (content.count(line) != 1)
        qFatal("not once in the file: %s", line.constData());
    content.replace(line, other);
    return content;
}

HelmSettings settingsIn(const tl::expected<Workspace, Problems> &workspace)
{
    if (workspace)
        return std::get<HelmSettings>(workspace->tracks.at(0).control);
    QTest::qFail(qPrintable(workspace.error().toError().detail), __FILE__, __LINE__);
    return {};
}

} // namespace

class HelmSettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingThatIsSaidIsRead()
    {
        const HelmSettings expected{{QString(), // as kubectl finds it
                                     QStringLiteral("prod"), QStringLiteral("production")},
                                    QStringLiteral("web"),
                                    QStringLiteral("/project/charts/web"),
                                    QStringLiteral("canary.weight"),
                                    QStringLiteral("helm"),
                                    {HelmSettings::Route::Kind::HttpRoute, QStringLiteral("web"),
                                     QStringLiteral("web"), QStringLiteral("web-canary")}};
        QVERIFY(settingsIn(readWorkspace(helm, file)) == expected);
    }

    void theRouteMayBeACanaryIngress()
    {
        using Kind = HelmSettings::Route::Kind;
        HelmSettings expected = settingsIn(readWorkspace(helm, file));
        expected.route.kind = Kind::NginxCanary;
        QVERIFY(settingsIn(readWorkspace(with("kind: http-route", "kind: nginx-canary"), file))
                == expected);
        expected.route.prefix = QStringLiteral("ingress.example");
        QVERIFY(
            settingsIn(readWorkspace(
                with("kind: http-route", "kind: nginx-canary, annotations_prefix: ingress.example"),
                file))
            == expected);
    }

    void theProgramAndTheValueHaveDefaults()
    {
        const QByteArray bare = QByteArray(helm)
                                    .replace("      value: canary.weight\n", "")
                                    .replace("      program: helm\n", "");
        QVERIFY(settingsIn(readWorkspace(bare, file)) == settingsIn(readWorkspace(helm, file)));
    }

    void aChartOnDiskIsAPathAndAnyOtherIsNot_data()
    {
        QTest::addColumn<QString>("chart");
        QTest::newRow("./charts/web") << QStringLiteral("/project/charts/web");
        QTest::newRow("../charts/web") << QStringLiteral("/charts/web");
        QTest::newRow(".") << QStringLiteral("/project");
        QTest::newRow("/opt/web-1.0.0.tgz") << QStringLiteral("/opt/web-1.0.0.tgz");
        QTest::newRow("~/web") << QDir::homePath() + QStringLiteral("/web");
        QTest::newRow("shop/web") << QStringLiteral("shop/web");
        QTest::newRow("oci://registry.example/web") << QStringLiteral("oci://registry.example/web");
    }
    void aChartOnDiskIsAPathAndAnyOtherIsNot()
    {
        const QByteArray chart = QTest::currentDataTag();
        QTEST(settingsIn(readWorkspace(with("./charts/web", chart), file)).chart, "chart");
    }

    void aProgramWithASlashIsAPath()
    {
        const auto programIn = [](const QByteArray &line) {
            return settingsIn(readWorkspace(with("program: helm\n", line), file)).program;
        };
        QCOMPARE(programIn("program: helm3\n"), QStringLiteral("helm3"));
        QCOMPARE(programIn("program: bin/helm\n"), QStringLiteral("/project/bin/helm"));
        QCOMPARE(programIn("program: /opt/helm\n"), QStringLiteral("/opt/helm"));
    }

    void mistakesAreToldWithTheirPlaces_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const QByteArray &line, const QByteArray &other,
                            const char *problem) {
            QTest::newRow(name) << with(line, other) << QString::fromUtf8(problem);
        };
        row("no release", "      release: web\n", "",
            "8:7: expected the key \"release\" in a control");
        row("no chart", "      chart: ./charts/web\n", "",
            "8:7: expected the key \"chart\" in a control");
        row("a value that is none", "value: canary.weight", "value: canary..weight",
            "13:14: value: expected the name of a chart's value, as \"canary.weight\", "
            "found \"canary..weight\"");
        row("a value that would set another", "value: canary.weight", "value: 'a=1,b'",
            "13:14: value: expected the name of a chart's value, as \"canary.weight\", "
            "found \"a=1,b\"");
        row("a release that is none", "release: web", "release: Web",
            "11:16: release: expected a Kubernetes name (small letters, digits, \"-\" and "
            "\".\"), found \"Web\"");
        row("no route",
            "      route: {kind: http-route, name: web, stable: web, candidate: "
            "web-canary}\n",
            "", "8:7: expected the key \"route\" in a control");
        row("another kind of route", "kind: http-route", "kind: istio",
            "15:21: kind: expected one of http-route, nginx-canary, found \"istio\"");
        row("one Service for both", "candidate: web-canary", "candidate: web",
            "15:68: candidate: expected another Service than stable, found \"web\" for "
            "both");
        row("a key that is misspelled", "program:", "programm:",
            "14:7: \"programm\" is no key of a control; expected one of kind, kubeconfig, "
            "context, namespace, release, chart, value, program, route; did you mean "
            "\"program\"?");
    }
    void mistakesAreToldWithTheirPlaces()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QString, problem);
        const auto workspace = readWorkspace(content, file);
        QVERIFY(!workspace);
        QCOMPARE(workspace.error().toError().detail, file + QLatin1Char(':') + problem);
    }

    void aPersonMayHaveAnotherKubeconfigAndAnotherHelm()
    {
        const auto workspace = readWorkspace(helm, file);
        QVERIFY(workspace);
        const auto overridden = [&](const QByteArray &control) {
            return withLocalOverrides(*workspace, "tracks: {t: {control: {" + control + "}}}\n",
                                      QStringLiteral("/project/pilothouse.local.yaml"));
        };
        HelmSettings expected = settingsIn(workspace);
        expected.at.kubeconfig = QStringLiteral("/project/kube");
        expected.at.context = QStringLiteral("mine");
        expected.program = QStringLiteral("helm4");
        QVERIFY(settingsIn(overridden("kubeconfig: kube, context: mine, program: helm4"))
                == expected);
        QCOMPARE(settingsIn(overridden("program: ./helm")).program,
                 QStringLiteral("/project/helm"));
        QVERIFY(!overridden("release: other"));
    }

    void aWorkerTakesTheKubeconfigOfTheSameContext()
    {
        const auto workspace
            = readWorkspace(with("      context: prod\n", "      context: prod\n"
                                                          "      kubeconfig: here\n"),
                            file);
        QVERIFY(workspace);
        QCOMPARE(workspace->alsoLive.at(0).kubeconfig, QStringLiteral("/project/here"));
    }
};

QTEST_GUILESS_MAIN(HelmSettingsTest)
#include "helmsettingstest.moc"
