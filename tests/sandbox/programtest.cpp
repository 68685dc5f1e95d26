#include "httpclient.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <csignal>

using namespace pilothouse::sandbox;

namespace {

/// Prometheus and PostgreSQL have tests of their own; here they stay away.
const QString alone = QStringLiteral("prometheus=lost,postgres=lost");

struct Output
{
    int exitCode = -1;
    QByteArray standard;
    QByteArray error;
};

} // namespace

/// The built program from outside, and with it the clients that others wrote.
class ProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void itIsReadyWithAWorkspace();
    void itEndsOnSigtermAndLeavesNothing();
    void wrongOptionsAreExplained_data();
    void wrongOptionsAreExplained();
    void aFolderWithOtherFilesIsLeftAlone();
    void theStoryIsPlayedOverTheWire();
    void faultsComeByTheControlEndpoint();
    void kubectlReadsAndPatches();
    void kubectlWatches();
    void kubectlFollowsLogs();

private:
    void start(const QStringList &more = {});
    [[nodiscard]] HttpClient client(const char *which) const;
    [[nodiscard]] QJsonObject state() const;
    [[nodiscard]] Output kubectl(const QStringList &arguments) const;
    [[nodiscard]] int kubectlMinor() const;
    [[nodiscard]] QStringList kubectlArguments(const QStringList &arguments) const;

    std::unique_ptr<QTemporaryDir> m_parent;
    QString m_dir;
    std::unique_ptr<QProcess> m_process;
    QJsonObject m_line;
    QString m_kubectl;
};

void ProgramTest::init()
{
    m_parent = std::make_unique<QTemporaryDir>();
    m_dir = m_parent->filePath(QStringLiteral("rehearsal"));
    m_kubectl = QStandardPaths::findExecutable(QStringLiteral("kubectl"));
    m_line = {};
}

void ProgramTest::cleanup()
{
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->terminate();
        if (!m_process->waitForFinished(10'000))
            m_process->kill();
    }
    m_process.reset();
}

void ProgramTest::start(const QStringList &more)
{
    m_process = std::make_unique<QProcess>();
    m_process->start(QStringLiteral(SANDBOX_PROGRAM),
                     QStringList{QStringLiteral("--dir"), m_dir, QStringLiteral("--speed"),
                                 QStringLiteral("10"), QStringLiteral("--fault"), alone}
                         + more);
    QVERIFY2(m_process->waitForStarted(), qPrintable(m_process->errorString()));
    QVERIFY2(QTest::qWaitFor([this] { return m_process->canReadLine(); }, 20'000),
             m_process->readAllStandardError().constData());
    m_line = QJsonDocument::fromJson(m_process->readLine()).object();
    QVERIFY(m_line.value(QLatin1String("ready")).toBool());
}

HttpClient ProgramTest::client(const char *which) const
{
    const QUrl url(m_line.value(QLatin1String(which)).toString());
    return HttpClient(static_cast<quint16>(url.port()));
}

QJsonObject ProgramTest::state() const
{
    return client("control").get(QStringLiteral("/control/state")).json();
}

QStringList ProgramTest::kubectlArguments(const QStringList &arguments) const
{
    return QStringList{QStringLiteral("--kubeconfig"),
                       m_line.value(QLatin1String("kubeconfig")).toString(),
                       QStringLiteral("--cache-dir"), m_parent->filePath(QStringLiteral("cache"))}
           + arguments;
}

Output ProgramTest::kubectl(const QStringList &arguments) const
{
    QProcess process;
    process.start(m_kubectl, kubectlArguments(arguments));
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30'000))
        return {-1, {}, QByteArray("kubectl did not end within 30 s")};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

int ProgramTest::kubectlMinor() const
{
    const Output out = kubectl({QStringLiteral("version"), QStringLiteral("--client"),
                                QStringLiteral("-o"), QStringLiteral("json")});
    const QString minor = QJsonDocument::fromJson(out.standard)
                              .object()
                              .value(QLatin1String("clientVersion"))[QLatin1String("minor")]
                              .toString();
    return minor.section(QLatin1Char('+'), 0, 0).toInt();
}

void ProgramTest::itIsReadyWithAWorkspace()
{
    start();
    for (const char *name : {"workspace", "kubeconfig", "repository"})
        QVERIFY2(QFile::exists(m_line.value(QLatin1String(name)).toString()), name);
    QVERIFY(m_line.value(QLatin1String("postgres"))[QLatin1String("port")].toInt() > 0);
    QCOMPARE(QFile(m_line.value(QLatin1String("kubeconfig")).toString()).permissions()
                 & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QCOMPARE(state().value(QLatin1String("beat")).toInt(), 1);
    QVERIFY(client("control")
                .get(QStringLiteral("/metrics"))
                .body.contains(
                    "http_requests_total{track=\"standalone\",version=\"stable\",code=\"200\"} "));
}

void ProgramTest::itEndsOnSigtermAndLeavesNothing()
{
    start();
    QVERIFY(QDir(m_dir).exists());
    m_process->terminate();
    QVERIFY(m_process->waitForFinished(10'000));
    QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_process->exitCode(), 0);
    QVERIFY(!QDir(m_dir).exists());
}

void ProgramTest::wrongOptionsAreExplained_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const char *options, const char *says) {
        QTest::newRow(name) << QString::fromLatin1(options).split(QLatin1Char(' '))
                            << QByteArray(says);
    };
    row("no folder", "--speed 2", "--dir");
    row("too fast", "--dir x --speed 11", "from 1 to 10");
    row("no such beat", "--dir x --start-at 19", "from 1 to 18");
    row("no such fault", "--dir x --fault github=wet", "wet");
    row("no such scenario", "--dir x --scenario none", "none");
}

void ProgramTest::wrongOptionsAreExplained()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, says);
    options.replaceInStrings(QStringLiteral("x"), m_dir);
    QProcess process;
    process.start(QStringLiteral(SANDBOX_PROGRAM), options);
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitCode(), 2);
    const QByteArray error = process.readAllStandardError();
    QVERIFY2(error.contains(says), error.constData());
    QVERIFY(process.readAllStandardOutput().isEmpty());
}

void ProgramTest::aFolderWithOtherFilesIsLeftAlone()
{
    QVERIFY(QDir().mkpath(m_dir));
    QFile mine(m_dir + QStringLiteral("/mine.txt"));
    QVERIFY(mine.open(QIODevice::WriteOnly));
    mine.close();
    QProcess process;
    process.start(QStringLiteral(SANDBOX_PROGRAM), {QStringLiteral("--dir"), m_dir});
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("not empty"));
    QVERIFY(mine.exists());
}

void ProgramTest::theStoryIsPlayedOverTheWire()
{
    start();
    const HttpClient github = client("github");
    const QString runs
        = QStringLiteral("/api/v3/repos/coditect-ai/coditect-dev-context/actions/runs");
    QCOMPARE(github.get(runs).status, 200); // the window opens
    QTRY_COMPARE(state().value(QLatin1String("beat")).toInt(), 2);
    QTRY_COMPARE_WITH_TIMEOUT(state().value(QLatin1String("beat")).toInt(), 4, 20'000);
    const QJsonObject standalone
        = state().value(QLatin1String("tracks"))[QLatin1String("standalone")].toObject();
    QCOMPARE(standalone.value(QLatin1String("candidate"))[QLatin1String("revision")].toString(),
             QStringLiteral("9f3c2a1"));
    QCOMPARE(standalone.value(QLatin1String("weight")).toInt(), 0);
    QCOMPARE(github.get(runs + QStringLiteral("?status=waiting"))
                 .json()
                 .value(QLatin1String("total_count"))
                 .toInt(),
             1);
}

void ProgramTest::faultsComeByTheControlEndpoint()
{
    start();
    const HttpClient main = client("github");
    const QString user = QStringLiteral("/api/v3/user");
    QCOMPARE(main.get(user).status, 200);
    const auto apply = [&main](const char *spec) {
        return main
            .call("POST", QStringLiteral("/control/fault"),
                  QByteArray(R"({"spec":")") + spec + R"("})")
            .status;
    };
    QCOMPARE(apply("github=401"), 200);
    QCOMPARE(main.get(user).status, 401);
    QCOMPARE(apply("github=none"), 200);
    QCOMPARE(main.get(user).status, 200);
    QCOMPARE(apply("nobody=401"), 400);
    QCOMPARE(main.call("POST", QStringLiteral("/control/advance")).status, 404);
}

void ProgramTest::kubectlReadsAndPatches()
{
    if (m_kubectl.isEmpty())
        QSKIP("kubectl is not installed: packaging/setup --for-tests brings it");
    start({QStringLiteral("--start-at"), QStringLiteral("9")});
    Output out = kubectl({QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("-l"),
                          QStringLiteral("track=candidate"), QStringLiteral("--no-headers")});
    QVERIFY2(out.exitCode == 0, out.error.constData());
    QCOMPARE(out.standard.count("Running"), 2);

    const QStringList patch{QStringLiteral("patch"), QStringLiteral("httproute"),
                            QStringLiteral("context-intelligence"), QStringLiteral("--type=json"),
                            QStringLiteral("-p")};
    const QString weights = QStringLiteral(
        R"([{"op":"test","path":"/spec/rules/0/backendRefs/1/name",)"
        R"("value":"context-intelligence-canary"},)"
        R"({"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":50},)"
        R"({"op":"replace","path":"/spec/rules/0/backendRefs/1/weight","value":50}])");
    // Before 1.25 kubectl asks for an OpenAPI document in protobuf first, which the sandbox has
    // not.
    if (kubectlMinor() >= 25) {
        out = kubectl(patch + QStringList{weights, QStringLiteral("--dry-run=server")});
        QVERIFY2(out.exitCode == 0, out.error.constData());
    }
    QCOMPARE(
        state()
            .value(QLatin1String("tracks"))[QLatin1String("standalone")][QLatin1String("weight")]
            .toInt(),
        10);
    out = kubectl(patch + QStringList{weights});
    QVERIFY2(out.exitCode == 0, out.error.constData());
    QTRY_COMPARE(
        state()
            .value(QLatin1String("tracks"))[QLatin1String("standalone")][QLatin1String("weight")]
            .toInt(),
        50);
    const QString negative
        = QStringLiteral(R"([{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight",)"
                         R"("value":-1}])");
    out = kubectl(patch + QStringList{negative});
    QVERIFY(out.exitCode != 0);
    QVERIFY2(out.error.contains("greater than or equal to 0"), out.error.constData());
    out = kubectl({QStringLiteral("get"), QStringLiteral("httproute"), QStringLiteral("none")});
    QVERIFY2(out.error.contains("(NotFound)"), out.error.constData());
}

void ProgramTest::kubectlWatches()
{
    if (m_kubectl.isEmpty())
        QSKIP("kubectl is not installed: packaging/setup --for-tests brings it");
    start({QStringLiteral("--start-at"), QStringLiteral("9")});
    QProcess watch;
    watch.start(m_kubectl,
                kubectlArguments({QStringLiteral("get"), QStringLiteral("httproute"),
                                  QStringLiteral("--watch"), QStringLiteral("-o"),
                                  QStringLiteral("jsonpath={.spec.rules[0].backendRefs[*].weight}"
                                                 "{\"\\n\"}")}));
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT((seen += watch.readAllStandardOutput(), seen.contains("90 10\n")),
                             30'000);
    const Output out
        = kubectl({QStringLiteral("patch"), QStringLiteral("httproute"),
                   QStringLiteral("context-intelligence"), QStringLiteral("--type=json"),
                   QStringLiteral("-p"),
                   QStringLiteral(R"([{"op":"replace","path":"/spec/rules/0/backendRefs/1/weight",)"
                                  R"("value":0}])")});
    QVERIFY2(out.exitCode == 0, out.error.constData());
    QTRY_VERIFY_WITH_TIMEOUT((seen += watch.readAllStandardOutput(), seen.contains("90 0\n")),
                             30'000);
    watch.kill();
    watch.waitForFinished();
}

void ProgramTest::kubectlFollowsLogs()
{
    if (m_kubectl.isEmpty())
        QSKIP("kubectl is not installed: packaging/setup --for-tests brings it");
    start({QStringLiteral("--start-at"), QStringLiteral("11")});
    Output out = kubectl({QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("-l"),
                          QStringLiteral("track=candidate"), QStringLiteral("-o"),
                          QStringLiteral("jsonpath={.items[0].metadata.name}")});
    const QString pod = QString::fromLatin1(out.standard);
    QVERIFY2(!pod.isEmpty(), out.error.constData());
    QProcess logs;
    logs.start(m_kubectl, kubectlArguments({QStringLiteral("logs"), QStringLiteral("-f"),
                                            QStringLiteral("--tail=5"), pod}));
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT(
        (seen += logs.readAllStandardOutput(), seen.contains("QueuePool limit of size 5")), 30'000);
    QVERIFY(seen.count('\n') > 5);
    logs.kill();
    logs.waitForFinished();
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "programtest.moc"
