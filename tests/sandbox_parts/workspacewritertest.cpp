#include "app/sandbox/parts/workspacewriter.h"

#include "workspace/workspacereader.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

namespace pilothouse::sandbox {

namespace {

WorkspaceFacts factsFor(const QString &dir, double speed)
{
    WorkspaceFacts facts;
    facts.dir = dir;
    facts.repositoryPath = dir + QStringLiteral("/it's a clone");
    facts.githubApi = QUrl(QStringLiteral("http://127.0.0.1:4711/api/v3"));
    facts.kubernetes = QUrl(QStringLiteral("https://127.0.0.1:4712"));
    facts.kubernetesCa = "-----BEGIN CERTIFICATE-----";
    facts.kubernetesToken = QStringLiteral("rehearsal-token");
    facts.cloudRunApi = QUrl(QStringLiteral("http://127.0.0.1:4713"));
    facts.cloudBuildApi = QUrl(QStringLiteral("http://127.0.0.1:4713/build"));
    facts.storage = QUrl(QStringLiteral("http://127.0.0.1:4713/storage"));
    facts.prometheus = QUrl(QStringLiteral("http://127.0.0.1:4714"));
    facts.postgresPort = 4715;
    facts.speed = speed;
    return facts;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class WorkspaceWriterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theConsoleReadsWhatIsWritten();
    void speedDividesDurations_data();
    void speedDividesDurations();
    void theTokenStandsInTheKubeconfigAlone();
    void aFolderThatIsNotThereIsTold();

private:
    [[nodiscard]] static tl::expected<Workspace, Problems> read(const WorkspaceFacts &facts)
    {
        const auto written = writeWorkspace(facts);
        if (!written)
            return Workspace{};
        return readWorkspace(contentOf(written->workspaceFile), written->workspaceFile);
    }
};

void WorkspaceWriterTest::theConsoleReadsWhatIsWritten()
{
    QTemporaryDir dir;
    const auto workspace = read(factsFor(dir.path(), 1));
    QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().toError().detail));
    QCOMPARE(workspace->environment.kind, EnvironmentMark::Kind::Rehearsal);
    QCOMPARE(workspace->repository.path, dir.path() + QStringLiteral("/it's a clone"));
    QCOMPARE(workspace->repository.credential.kind, CredentialChoice::Kind::None);
    QCOMPARE(workspace->pipelines.size(), 3);

    QCOMPARE(workspace->tracks.size(), 2);
    const TrackSettings &standalone = workspace->tracks[0];
    const auto *route = std::get_if<HttpRouteSettings>(&standalone.control);
    QVERIFY(route);
    QCOMPARE(route->candidate, QStringLiteral("context-intelligence-canary"));
    QCOMPARE(route->at.kubeconfig, dir.path() + QStringLiteral("/kubeconfig"));
    QCOMPARE(standalone.plan.stages.size(), 3);
    QCOMPARE(standalone.plan.stages[0].bake, 30s);
    QCOMPARE(standalone.plan.stages[1].bake, 40s);
    QCOMPARE(standalone.judgeEvery, 5s);
    QCOMPARE(standalone.scrape, 1s);

    const TrackSettings &coditect = workspace->tracks[1];
    const auto *run = std::get_if<CloudRunSettings>(&coditect.control);
    QVERIFY(run);
    QCOMPARE(run->api.url, QUrl(QStringLiteral("http://127.0.0.1:4713")));
    QVERIFY(coditect.build);
    QCOMPARE(coditect.build->job, QStringLiteral("cloud-build"));
    QCOMPARE(coditect.build->api.url, QUrl(QStringLiteral("http://127.0.0.1:4713/build")));
    QCOMPARE(coditect.build->storage.url, QUrl(QStringLiteral("http://127.0.0.1:4713/storage")));
    QCOMPARE(coditect.series->label, QStringLiteral("revision_name"));

    for (const TrackSettings &track : workspace->tracks) {
        QCOMPARE(track.analysis.size(), 4);
        QVERIFY(track.analysis[2].scales == Scaling::WithWeight);
        QVERIFY(track.analysis[2].saturationQuery.contains(QStringLiteral("_pool_in_use")));
        QVERIFY(track.analysis[0].critical);
        QCOMPARE(track.analysis[0].minSamples, 20);
        QCOMPARE(track.analysis[0].max.value_or(0), 0.01);
        QCOMPARE(track.analysis[1].max.value_or(0), 0.1);
        QVERIFY(!track.analysis[2].max);
    }
    // One database, which both tracks and the worker use.
    QCOMPARE(workspace->databases.size(), 1);
    const DatabaseSettings &database = workspace->databases.first();
    QCOMPARE(database.port, 4715);
    QCOMPARE(database.dbname, QStringLiteral("production"));
    QCOMPARE(database.rowsPerSecond.value_or(0), 2500);
    for (const TrackSettings &track : workspace->tracks)
        QCOMPARE(track.database, database.name);
    QCOMPARE(workspace->alsoLive.size(), 1);
    QCOMPARE(workspace->alsoLive[0].deployment, QStringLiteral("context-worker"));
    QCOMPARE(workspace->alsoLive[0].kubeconfig, route->at.kubeconfig);
}

void WorkspaceWriterTest::speedDividesDurations_data()
{
    QTest::addColumn<double>("speed");
    QTest::addColumn<QByteArray>("scrape");
    QTest::addColumn<QByteArray>("judge");
    QTest::addColumn<QByteArray>("bake");
    QTest::addColumn<QByteArray>("window");
    QTest::newRow("as it is") << 1.0 << QByteArray("1s") << QByteArray("5s") << QByteArray("30s")
                              << QByteArray("[15s]");
    QTest::newRow("four times as fast") << 4.0 << QByteArray("250ms") << QByteArray("1250ms")
                                        << QByteArray("7500ms") << QByteArray("[3750ms]");
    QTest::newRow("ten times as fast") << 10.0 << QByteArray("100ms") << QByteArray("500ms")
                                       << QByteArray("3s") << QByteArray("[1500ms]");
}

void WorkspaceWriterTest::speedDividesDurations()
{
    QFETCH(double, speed);
    QFETCH(QByteArray, scrape);
    QFETCH(QByteArray, judge);
    QFETCH(QByteArray, bake);
    QFETCH(QByteArray, window);
    QTemporaryDir dir;
    const QByteArray text
        = workspaceText(factsFor(dir.path(), speed), QStringLiteral("kubeconfig"));
    QCOMPARE(text.count("    scrape: " + scrape + '\n'), 2);
    QCOMPARE(text.count("    workflow: .github/workflows/deploy-"), 2);
    QCOMPARE(text.count("    judge_every: " + judge + '\n'), 2);
    QCOMPARE(text.count("{weight: 10, bake: " + bake + '}'), 2);
    QVERIFY(text.contains(window));
    const auto workspace = read(factsFor(dir.path(), speed));
    QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().toError().detail));
}

void WorkspaceWriterTest::theTokenStandsInTheKubeconfigAlone()
{
    QTemporaryDir dir;
    const auto written = writeWorkspace(factsFor(dir.path(), 1));
    QVERIFY(written);
    const QByteArray kubeconfig = contentOf(written->kubeconfig);
    QVERIFY(kubeconfig.contains("    token: 'rehearsal-token'\n"));
    QVERIFY(kubeconfig.contains("certificate-authority-data: "
                                + QByteArray("-----BEGIN CERTIFICATE-----").toBase64()));
    QVERIFY(!contentOf(written->workspaceFile).contains("rehearsal-token"));
    QCOMPARE(QFileInfo(written->kubeconfig).permissions()
                 & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
}

void WorkspaceWriterTest::aFolderThatIsNotThereIsTold()
{
    QTemporaryDir dir;
    const auto written = writeWorkspace(factsFor(dir.filePath(QStringLiteral("gone")), 1));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Unavailable);
    QVERIFY(written.error().message.contains(QLatin1String("kubeconfig")));
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::WorkspaceWriterTest)
#include "workspacewritertest.moc"
