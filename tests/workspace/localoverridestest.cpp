#include "workspace/localoverrides.h"
#include "workspace/workspacereader.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = CredentialChoice::Kind;

const char base[] = R"(pilothouse: 1
name: demo
repository: {path: ., github: o/r, credential: gh}
prometheus: {url: https://prometheus.example}
alertmanager: {url: https://alerts.example}
tracks:
  web:
    control: {kind: http-route, context: prod, namespace: space, name: route, stable: web, candidate: canary}
    plan: [{weight: 100}]
  run:
    control: {kind: cloud-run, project: p, region: r, service: s}
    plan: [{weight: 100}]
databases:
  main: {service: production}
also_live:
  - {name: worker, deployment: w, namespace: space, context: prod, database: main}
  - {name: beat, deployment: b, namespace: space, context: prod, database: main}
)";

/// The workspace, or a failed test that says why not.
Workspace read(const QByteArray &content)
{
    const auto workspace = readWorkspace(content, QStringLiteral("/project/f.yaml"));
    if (workspace)
        return *workspace;
    QTest::qFail(qPrintable(workspace.error().toError().detail), __FILE__, __LINE__);
    return {};
}

Workspace overridden(const QByteArray &content, const QByteArray &local)
{
    const auto workspace
        = withLocalOverrides(read(content), local, QStringLiteral("/project/l.yaml"));
    if (workspace)
        return *workspace;
    QTest::qFail(qPrintable(workspace.error().toError().detail), __FILE__, __LINE__);
    return {};
}

} // namespace

class LocalOverridesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replaceWhatTheyName();
    void changeNothingIfTheySayNothing_data();
    void changeNothingIfTheySayNothing();
    void sendNoCredentialOverHttp();
    void mistakesAreTold_data();
    void mistakesAreTold();
};

void LocalOverridesTest::replaceWhatTheyName()
{
    const Workspace before = read(base);
    const Workspace after = overridden(
        base, "repository: {path: ../elsewhere, credential: env TOKEN}\n"
              "prometheus: {credential: keychain}\n"
              "alertmanager: {credential: file ./secrets/alerts}\n"
              "tracks:\n"
              "  web: {control: {kubeconfig: kube, context: mine, program: bin/helm}}\n"
              "  run: {control: {credential: keychain}}\n"
              "also_live: {worker: {kubeconfig: kube, context: mine}}\n");
    Workspace expected = before;
    expected.repository.path = QStringLiteral("/elsewhere");
    expected.repository.credential = {Kind::Environment, QStringLiteral("TOKEN")};
    expected.prometheus->credential.kind = Kind::Keychain;
    expected.alertmanager->credential
        = {Kind::File, {}, {}, QStringLiteral("/project/secrets/alerts")};
    placeOf(expected.tracks[0].control)->kubeconfig = QStringLiteral("/project/kube");
    placeOf(expected.tracks[0].control)->context = QStringLiteral("mine");
    std::get<HttpRouteSettings>(expected.tracks[0].control).program
        = QStringLiteral("/project/bin/helm");
    std::get<CloudRunSettings>(expected.tracks[1].control).credential.kind = Kind::Keychain;
    expected.alsoLive[0].kubeconfig = QStringLiteral("/project/kube");
    expected.alsoLive[0].context = QStringLiteral("mine");
    QVERIFY(after == expected);
    QVERIFY(after != before);
}

void LocalOverridesTest::changeNothingIfTheySayNothing_data()
{
    QTest::addColumn<QByteArray>("local");
    QTest::newRow("an empty file") << QByteArray();
    QTest::newRow("only comments") << QByteArray("# repository:\n\n   # path: x\r\n");
    QTest::newRow("an empty map") << QByteArray("{}\n");
    QTest::newRow("a track without a change") << QByteArray("tracks: {run: {}}\n");
}

void LocalOverridesTest::changeNothingIfTheySayNothing()
{
    QFETCH(QByteArray, local);
    QVERIFY(overridden(base, local) == read(base));
}

void LocalOverridesTest::sendNoCredentialOverHttp()
{
    const Workspace open = read("pilothouse: 1\nname: n\nrepository: {path: .}\n"
                                "prometheus: {url: http://p.example, allow_http: true}\n");
    const auto refused
        = withLocalOverrides(open, "prometheus: {credential: keychain}\n", QStringLiteral("l"));
    QVERIFY(!refused);
    QCOMPARE(
        refused.error().list().at(0).toString(),
        QStringLiteral("l:1:26: credential: expected none, as no credential is sent over http; use "
                       "https for p.example; did you mean \"none\"?"));
}

void LocalOverridesTest::mistakesAreTold_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QStringList>("problems");

    const auto local = [](const char *name, const char *content, const char *problem) {
        QTest::newRow(name) << QByteArray(content) << QStringList{QString::fromUtf8(problem)};
    };
    local("a plan is not overridden", "tracks:\n  web:\n    plan: [{weight: 100}]\n",
          "l:3:5: \"plan\" is no key of the local overrides; expected one of control");
    local(
        "a name is not overridden", "name: other\n",
        "l:1:1: \"name\" is no key of the local overrides; expected one of repository, prometheus, "
        "alertmanager, tracks, also_live");
    local("an address is not overridden", "prometheus: {url: https://x.example}\n",
          "l:1:14: \"url\" is no key of the local overrides; expected one of credential");
    local("a key that is misspelled", "repository: {pth: ..}\n",
          "l:1:14: \"pth\" is no key of the local overrides; expected one of path, credential; did "
          "you "
          "mean \"path\"?");
    local(
        "a track that is not there", "tracks: {wbe: {}}\n",
        "l:1:10: tracks: expected a name of the workspace (web, run), found \"wbe\"; did you mean "
        "\"web\"?");
    local("a kubeconfig for Cloud Run", "tracks: {run: {control: {kubeconfig: x}}}\n",
          "l:1:26: \"kubeconfig\" is no key of the local overrides; expected one of credential");
    local("a worker that is not there", "also_live: {workers: {context: x}}\n",
          "l:1:13: also_live: expected a name of the workspace (worker, beat), found \"workers\"; "
          "did "
          "you mean \"worker\"?");
    local("a credential of another place", "prometheus: {credential: gh}\n",
          "l:1:26: credential: expected one of none, keychain, env NAME, file PATH; a token itself "
          "does not belong in this file");
    local("a key twice", "repository: {path: a, path: b}\n",
          "l:1:23: \"path\" stands twice in this map; the first one is in line 1");
    local("a list for the whole", "- repository\n",
          "l:1:1: expected a map for the local overrides, found a list");
}

void LocalOverridesTest::mistakesAreTold()
{
    QFETCH(QByteArray, content);
    QFETCH(QStringList, problems);
    const auto workspace = readWorkspace(base, QStringLiteral("/project/f.yaml"));
    QVERIFY(workspace.has_value());
    const auto result = withLocalOverrides(*workspace, content, QStringLiteral("l"));
    QVERIFY(!result);
    QStringList found;
    for (const Problem &problem : result.error().list())
        found.append(problem.toString());
    QCOMPARE(found, problems);
}

QTEST_GUILESS_MAIN(LocalOverridesTest)
#include "localoverridestest.moc"
