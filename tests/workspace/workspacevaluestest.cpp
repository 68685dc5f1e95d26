#include "workspace/workspacereader.h"

#include <QDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = CredentialChoice::Kind;

// As the contract spells it.
const char contract[] = R"(pilothouse: 1                                  # schema version, required
name: context-intelligence
environment: {name: production, kind: production}   # kind: production | rehearsal | other
repository:
  path: .                                      # a clone; read through libgit2
  github: coditect-ai/coditect-dev-context     # owner/name
  api: https://HOST/api/v3                     # optional: GitHub Enterprise or a sandbox
  credential: gh                               # gh | keychain | env NAME
pipelines: [.github/workflows/ci.yml, .github/workflows/deploy-standalone.yml, .github/workflows/deploy-coditect.yml]
prometheus: {url: https://prometheus.example, credential: none, match: ['team="context"']}   # http beyond loopback: allow_http: true
tracks:
  standalone:
    budget: 10m                                # machine time only
    workflow: .github/workflows/deploy-standalone.yml
    control: {kind: http-route, kubeconfig: ~/.kube/config, context: prod, namespace: production,
              name: context-intelligence, stable: context-intelligence, candidate: context-intelligence-canary}
    commit_from: image-tag
    plan:
      - {weight: 10, bake: 5m}
      - {weight: 50, bake: 10m}
      - {weight: 100}
    analysis: &checks
      - {name: error ratio, query: 'sum by (version) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (version) (rate(http_requests_total[1m]))',
         unit: ratio, max: 0.01, critical: true, min_samples: 20}
      - {name: p95 latency, query: 'histogram_quantile(0.95, sum by (le, version) (rate(http_request_duration_seconds_bucket[1m])))',
         unit: s, max: 0.1}
    series: {label: version, stable: stable, candidate: candidate}
    database: context
  coditect:
    budget: 5m
    control: {kind: cloud-run, project: coditect-production, region: us-central1, service: coditect-backend, credential: gcloud}
    commit_from: image-tag
    database: coditect
    plan: [{weight: 10, bake: 5m}, {weight: 50, bake: 10m}, {weight: 100}]
    analysis:                                  # its own queries
      - {name: error ratio, query: 'sum by (revision_name) (rate(run_requests_total{code=~"5.."}[1m])) / sum by (revision_name) (rate(run_requests_total[1m]))', unit: ratio, max: 0.01, critical: true, min_samples: 20}
    series: {label: revision_name, stable: '${stable.revision}', candidate: '${candidate.revision}'}
databases:                                     # the ADR has two
  context:  {service: context-production, changes: migrations/changes}
  coditect: {service: coditect-production, changes: migrations/changes}
also_live:
  - {name: celery worker, deployment: context-worker, namespace: production, context: prod, commit_from: image-tag, database: context}
limits: {stale_after: 15s, refuse_after: 60s}
freeze:
  - {from: Fri 16:00, to: Mon 08:00, zone: Europe/Vienna, why: weekend}
)";

/// The workspace, or a failed test that says why not.
Workspace read(const QByteArray &content,
               const QString &fileName = QStringLiteral("/project/f.yaml"))
{
    const auto workspace = readWorkspace(content, fileName);
    if (workspace)
        return *workspace;
    QTest::qFail(qPrintable(workspace.error().toError().detail), __FILE__, __LINE__);
    return {};
}

const QByteArray head = "pilothouse: 1\nname: n\n";
const QByteArray least = head + "repository: {path: .}\n";

} // namespace

class WorkspaceValuesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readTheContractsExample();
    void haveDefaults();
    void tellCredentials_data();
    void tellCredentials();
    void tellHowACommitIsFound_data();
    void tellHowACommitIsFound();
    void resolvePaths_data();
    void resolvePaths();
    void allowHttp_data();
    void allowHttp();
    void keepTheOrderOfTheFile();
    void takeOneAnalysisForTwoTracks();
    void tellWhatMakesATracksImages();
    void tellTheWayToADatabase();
    void findTheKubeconfigOfAWorker();
    void readTheRehearsalsSpeeds();
};

void WorkspaceValuesTest::readTheContractsExample()
{
    const Workspace workspace = read(contract, QStringLiteral("/project/clone/pilothouse.yaml"));
    QCOMPARE(workspace.file, QStringLiteral("/project/clone/pilothouse.yaml"));
    QCOMPARE(workspace.name, QStringLiteral("context-intelligence"));
    QVERIFY((workspace.environment
             == EnvironmentMark{EnvironmentMark::Kind::Production, QStringLiteral("production")}));
    QCOMPARE(workspace.repository.path, QStringLiteral("/project/clone"));
    QCOMPARE(workspace.repository.github, QStringLiteral("coditect-ai/coditect-dev-context"));
    QCOMPARE(workspace.repository.api.url, QUrl(QStringLiteral("https://host/api/v3")));
    QVERIFY(workspace.repository.credential.kind == Kind::Gh);
    QCOMPARE(workspace.pipelines.size(), 3);
    QVERIFY(workspace.prometheus.has_value());
    QVERIFY(workspace.prometheus->credential.kind == Kind::None);
    QCOMPARE(workspace.prometheus->match, QStringList{QStringLiteral("team=\"context\"")});

    QCOMPARE(workspace.tracks.size(), 2);
    const TrackSettings &standalone = workspace.tracks.at(0);
    QCOMPARE(standalone.name, TrackName(QStringLiteral("standalone")));
    QVERIFY(standalone.budget == 10min);
    QCOMPARE(standalone.workflow, QStringLiteral(".github/workflows/deploy-standalone.yml"));
    const HttpRouteSettings route{{QDir::homePath() + QStringLiteral("/.kube/config"),
                                   QStringLiteral("prod"), QStringLiteral("production")},
                                  QStringLiteral("context-intelligence"),
                                  QStringLiteral("context-intelligence"),
                                  QStringLiteral("context-intelligence-canary"),
                                  QStringLiteral("helm")};
    QVERIFY(standalone.control == Control(route));
    QVERIFY(standalone.commitFrom.kind == CommitFrom::Kind::ImageTag);
    QVERIFY(
        (standalone.plan == Plan{{{Weight{10}, 5min}, {Weight{50}, 10min}, {Weight{100}, 0ms}}}));
    QCOMPARE(standalone.analysis.size(), 2);
    const Check &errors = standalone.analysis.at(0);
    QCOMPARE(errors.name, QStringLiteral("error ratio"));
    QVERIFY(errors.query.startsWith(
        QStringLiteral("sum by (version) (rate(http_requests_total{code=~\"5..\"}")));
    QCOMPARE(errors.unit, QStringLiteral("ratio"));
    QCOMPARE(errors.max, 0.01);
    QVERIFY(errors.critical);
    QCOMPARE(errors.minSamples, 20);
    QVERIFY(!standalone.analysis.at(1).critical);
    QCOMPARE(standalone.analysis.at(1).minSamples, 0);
    QVERIFY((standalone.series
             == SeriesNames{QStringLiteral("version"), QStringLiteral("stable"),
                            QStringLiteral("candidate")}));
    QCOMPARE(standalone.database, QStringLiteral("context"));

    const TrackSettings &coditect = workspace.tracks.at(1);
    CloudRunSettings run;
    run.project = QStringLiteral("coditect-production");
    run.region = QStringLiteral("us-central1");
    run.service = QStringLiteral("coditect-backend");
    QVERIFY(coditect.control == Control(run));
    QCOMPARE(coditect.series->candidate, QStringLiteral("${candidate.revision}"));

    QCOMPARE(workspace.databases.at(1).name, QStringLiteral("coditect"));
    QCOMPARE(workspace.databases.at(1).service, QStringLiteral("coditect-production"));
    QCOMPARE(workspace.alsoLive.at(0).deployment, QStringLiteral("context-worker"));
    QVERIFY(workspace.limits.staleAfter == 15s && workspace.limits.refuseAfter == 60s);
    QCOMPARE(workspace.freeze.size(), 1);
    QVERIFY((workspace.freeze.at(0).from == WeekTime{Qt::Friday, QTime(16, 0)}));
    QVERIFY((workspace.freeze.at(0).to == WeekTime{Qt::Monday, QTime(8, 0)}));
    QCOMPARE(workspace.freeze.at(0).zone.id(), QByteArray("Europe/Vienna"));
}

void WorkspaceValuesTest::haveDefaults()
{
    const Workspace workspace = read(least
                                     + "tracks:\n  t:\n    plan: [{weight: 100}]\n"
                                       "    control: {kind: http-route, context: c, namespace: n, "
                                       "name: r, stable: a, candidate: b}\n"
                                       "databases:\n  d: {host: h, dbname: x}\n");
    QVERIFY(workspace.environment.kind == EnvironmentMark::Kind::Production);
    QVERIFY(workspace.repository.credential.kind == Kind::None);
    QVERIFY(workspace.repository.api.url.isEmpty());
    QVERIFY(workspace.pipelines.isEmpty() && workspace.alsoLive.isEmpty()
            && workspace.freeze.isEmpty());
    QVERIFY(!workspace.prometheus);
    QVERIFY(workspace.limits == Limits());
    const TrackSettings &track = workspace.tracks.at(0);
    QVERIFY(!track.budget && !track.series && track.analysis.isEmpty() && track.database.isEmpty());
    QVERIFY(track.judgeEvery == 15s && track.scrape == 15s);
    // KUBECONFIG and ~/.kube/config are kubectl's rule, which the connector follows.
    QCOMPARE(placeOf(track.control)->kubeconfig, QString());
    QCOMPARE(workspace.databases.at(0).port, 5432);
    QCOMPARE(workspace.databases.at(0).changes, QStringLiteral("migrations/changes"));
    QVERIFY(!workspace.databases.at(0).rowsPerSecond);
    QCOMPARE(read(least + "environment: {kind: rehearsal}\n").environment.name,
             QStringLiteral("rehearsal"));
}

void WorkspaceValuesTest::tellCredentials_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("variable");
    const auto row = [](const char *name, const char *word, Kind kind, const char *variable) {
        QTest::newRow(name) << QByteArray(word) << int(kind) << QString::fromLatin1(variable);
    };
    row("gh", "gh", Kind::Gh, "");
    row("an account of gh", "gh octo-cat_acme", Kind::Gh, "octo-cat_acme");
    row("the keychain", "keychain", Kind::Keychain, "");
    row("none", "none", Kind::None, "");
    row("a variable", "env GITHUB_TOKEN", Kind::Environment, "GITHUB_TOKEN");
    row("a variable in quotes", "'env _x1'", Kind::Environment, "_x1");
}

void WorkspaceValuesTest::tellCredentials()
{
    QFETCH(QByteArray, word);
    QFETCH(int, kind);
    QFETCH(QString, variable);
    const Workspace workspace = read(head + "repository: {path: ., credential: " + word + "}\n");
    QCOMPARE(int(workspace.repository.credential.kind), kind);
    const CredentialChoice &choice = workspace.repository.credential;
    QCOMPARE(choice.kind == Kind::Gh ? choice.user : choice.variable, variable);
}

void WorkspaceValuesTest::tellHowACommitIsFound_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("label"); // empty: the image's tag
    const auto row = [](const char *name, const char *text, const char *label) {
        QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(label);
    };
    row("the image's tag", "image-tag", "");
    row("the usual label", "label", "app.kubernetes.io/version");
    row("a label of one's own", "label example.com/commit-sha", "example.com/commit-sha");
}

void WorkspaceValuesTest::tellHowACommitIsFound()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, label);
    const Workspace workspace = read(least + "tracks: {t: {commit_from: " + text
                                     + ", plan: [{weight: 100}], control: {kind: cloud-run, "
                                       "project: p, region: r, service: s}}}\n");
    const CommitFrom &from = workspace.tracks.at(0).commitFrom;
    QCOMPARE(from.kind == CommitFrom::Kind::Label, !label.isEmpty());
    if (!label.isEmpty())
        QCOMPARE(from.label, label);
}

void WorkspaceValuesTest::resolvePaths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("resolved");
    const auto row = [](const char *name, const char *path, const QString &resolved) {
        QTest::newRow(name) << QByteArray(path) << resolved;
    };
    row("the file's own folder", ".", QStringLiteral("/project"));
    row("beside it", "../other/clone/", QStringLiteral("/other/clone"));
    row("an absolute one", "/srv/clone", QStringLiteral("/srv/clone"));
    row("the home folder", "'~'", QDir::homePath());
    row("in the home folder", "~/clone", QDir::homePath() + QStringLiteral("/clone"));
    row("a name that begins like the home folder", "~clone", QStringLiteral("/project/~clone"));
}

void WorkspaceValuesTest::resolvePaths()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, resolved);
    QCOMPARE(read(head + "repository: {path: " + path + "}\n").repository.path, resolved);
}

void WorkspaceValuesTest::allowHttp_data()
{
    QTest::addColumn<QByteArray>("prometheus");
    QTest::addColumn<bool>("plain");
    const auto row = [](const char *name, const char *prometheus, bool plain) {
        QTest::newRow(name) << QByteArray(prometheus) << plain;
    };
    row("of this machine by name", "url: http://localhost:9090", false);
    row("of this machine by address", "url: http://127.0.0.1:9090", false);
    row("of this machine by IPv6", "url: 'http://[::1]:9090'", false);
    row("of this machine with a credential", "url: http://127.8.9.10, credential: env TOKEN",
        false);
    row("of another machine if the file says so", "url: http://p.example, allow_http: true", true);
    row("https though http is allowed",
        "url: https://p.example, allow_http: true, credential: env T", false);
}

void WorkspaceValuesTest::allowHttp()
{
    QFETCH(QByteArray, prometheus);
    QFETCH(bool, plain);
    const Workspace workspace = read(least + "prometheus: {" + prometheus + "}\n");
    QVERIFY(workspace.prometheus.has_value());
    QCOMPARE(workspace.prometheus->address.plain, plain);
}

void WorkspaceValuesTest::keepTheOrderOfTheFile()
{
    const QByteArray track = ": {plan: [{weight: 100}], control: {kind: cloud-run, project: p, "
                             "region: r, service: s}}\n";
    const Workspace workspace = read(least + "tracks:\n  z" + track + "  a" + track + "  m" + track
                                     + "databases: {y: {service: s}, b: {service: t}}\n");
    QStringList names;
    for (const TrackSettings &settings : workspace.tracks)
        names.append(settings.name.value);
    for (const DatabaseSettings &settings : workspace.databases)
        names.append(settings.name);
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("z a m y b"));
}

void WorkspaceValuesTest::tellWhatMakesATracksImages()
{
    const QByteArray track
        = "  t: {plan: [{weight: 100}], control: {kind: cloud-run, project: p, region: r, "
          "service: s}";
    const auto buildOf = [&](const QByteArray &more) {
        return read(least + "tracks:\n" + track + more + "}\n").tracks.first().build;
    };
    QVERIFY(!buildOf({}));
    const auto least = buildOf(", build: {kind: cloud-build, project: p}");
    QVERIFY(least);
    QCOMPARE(least->project, QStringLiteral("p"));
    QCOMPARE(least->region, QStringLiteral("global"));
    QCOMPARE(least->credential.kind, Kind::Gcloud);
    QVERIFY(least->job.isEmpty() && least->api.url.isEmpty() && least->storage.url.isEmpty());
    const auto whole
        = buildOf(", build: {kind: cloud-build, project: p, region: eu, job: cloud-build, "
                  "credential: none, api: 'http://127.0.0.1:1/build', "
                  "storage: 'http://127.0.0.1:1/storage'}");
    QVERIFY(whole);
    QCOMPARE(whole->region, QStringLiteral("eu"));
    QCOMPARE(whole->job, QStringLiteral("cloud-build"));
    QCOMPARE(whole->storage.url, QUrl(QStringLiteral("http://127.0.0.1:1/storage")));
}

void WorkspaceValuesTest::takeOneAnalysisForTwoTracks()
{
    const QByteArray rest
        = "series: {label: v, stable: a, candidate: b}, plan: [{weight: 100}], control: "
          "{kind: cloud-run, project: p, region: r, service: s}}\n";
    const Workspace workspace
        = read(least + "prometheus: {url: https://p.example}\ntracks:\n"
               + "  one: {analysis: &checks [{name: n, query: 'sum by (v) (x)', unit: s}], " + rest
               + "  two: {analysis: *checks, " + rest);
    QCOMPARE(workspace.tracks.size(), 2);
    QVERIFY(workspace.tracks.at(0).analysis == workspace.tracks.at(1).analysis);
    QCOMPARE(workspace.tracks.at(1).analysis.size(), 1);
}

void WorkspaceValuesTest::tellTheWayToADatabase()
{
    const Workspace workspace
        = read(least
               + "databases:\n  a: {service: s, via: 'ssh -L \"5433:db host:5432\" gate'}\n"
                 "  b: {service: s, via: [ssh, gate 2], rows_per_second: 800, "
                 "rehearse_on: {host: scratch, dbname: postgres}}\n"
                 "  c: {host: /run/postgresql, port: 5433, dbname: d, user: u}\n");
    QCOMPARE(workspace.databases.at(0).via,
             (QStringList{QStringLiteral("ssh"), QStringLiteral("-L"),
                          QStringLiteral("5433:db host:5432"), QStringLiteral("gate")}));
    QCOMPARE(workspace.databases.at(1).via,
             (QStringList{QStringLiteral("ssh"), QStringLiteral("gate 2")}));
    QCOMPARE(workspace.databases.at(1).rowsPerSecond, 800);
    QVERIFY(!workspace.databases.at(0).rehearseOn && workspace.databases.at(1).rehearseOn);
    QCOMPARE(workspace.databases.at(1).rehearseOn->host, QStringLiteral("scratch"));
    QCOMPARE(workspace.databases.at(1).rehearseOn->port, 5432);
    QCOMPARE(workspace.databases.at(2).host, QStringLiteral("/run/postgresql"));
    QCOMPARE(workspace.databases.at(2).port, 5433);
    QCOMPARE(workspace.databases.at(2).user, QStringLiteral("u"));
}

void WorkspaceValuesTest::findTheKubeconfigOfAWorker()
{
    const Workspace workspace
        = read(least
               + "databases: {d: {service: s}}\n"
                 "tracks:\n  t:\n    plan: [{weight: 100}]\n"
                 "    control: {kind: http-route, kubeconfig: here, context: prod, namespace: n, "
                 "name: r, stable: a, candidate: b}\n"
                 "also_live:\n"
                 "  - {name: same, deployment: w, namespace: n, context: prod, database: d}\n"
                 "  - {name: else, deployment: w, namespace: n, context: else, database: d}\n"
                 "  - {name: own, deployment: w, namespace: n, context: prod, database: d, "
                 "kubeconfig: own}\n");
    QCOMPARE(workspace.alsoLive.at(0).kubeconfig, QStringLiteral("/project/here"));
    QCOMPARE(workspace.alsoLive.at(1).kubeconfig, QString());
    QCOMPARE(workspace.alsoLive.at(2).kubeconfig, QStringLiteral("/project/own"));
}

void WorkspaceValuesTest::readTheRehearsalsSpeeds()
{
    const Workspace workspace = read(
        least
        + "environment: {kind: rehearsal, name: sandbox}\n"
          "tracks:\n  t:\n    judge_every: 5s\n    scrape: 1s\n    plan: [{weight: 100}]\n"
          "    control: {kind: cloud-run, project: p, region: r, service: s, credential: none, "
          "api: 'http://127.0.0.1:8080'}\n");
    QVERIFY(workspace.environment.kind == EnvironmentMark::Kind::Rehearsal);
    const TrackSettings &track = workspace.tracks.at(0);
    QVERIFY(track.judgeEvery == 5s && track.scrape == 1s);
    const auto control = std::get<CloudRunSettings>(track.control);
    QCOMPARE(control.api.url, QUrl(QStringLiteral("http://127.0.0.1:8080")));
    QVERIFY(control.credential.kind == Kind::None);
}

QTEST_GUILESS_MAIN(WorkspaceValuesTest)
#include "workspacevaluestest.moc"
