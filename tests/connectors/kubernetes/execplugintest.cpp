#include "connectors/kubernetes/kubeconfig.h"
#include "connectors/kubernetes/login/execcredential.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

const QByteArray v1 = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never";

/// A kubeconfig whose only user signs in with a program.
QByteArray config(const QByteArray &exec, const QByteArray &cluster = {},
                  const QByteArray &beside = {})
{
    return "current-context: it\n"
           "contexts: [{name: it, context: {cluster: c, user: u}}]\n"
           "clusters: [{name: c, cluster: {server: 'https://h.test:6443'"
           + cluster + "}}]\nusers:\n- name: u\n  user: {" + beside + "exec: {" + exec + "}}\n";
}

QJsonObject infoOf(const ExecPlugin &plugin)
{
    return QJsonDocument::fromJson(plugin.info).object();
}

} // namespace

class ExecPluginTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    Result<KubeContext> read(const QByteArray &content)
    {
        QFile file(m_dir.filePath(QStringLiteral("config")));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test cannot write its file");
        file.close();
        return readKubeconfig(file.fileName(), {});
    }
    static Result<TokenCache::Token> printed(const QByteArray &text)
    {
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1beta1");
        plugin.command = QStringLiteral("login");
        plugin.context = QStringLiteral("prod");
        return readExecCredential(text, plugin);
    }
    static QByteArray credential(const QByteArray &status, const QByteArray &version = "v1beta1",
                                 const QByteArray &kind = "ExecCredential")
    {
        return "{\"apiVersion\":\"client.authentication.k8s.io/" + version + "\",\"kind\":\"" + kind
               + "\",\"status\":" + status + "}";
    }

private Q_SLOTS:
    void aProgramIsReadWhole()
    {
        const auto context = read(config(
            "apiVersion: client.authentication.k8s.io/v1beta1, command: gke-gcloud-auth-plugin, "
            "args: [--cluster, 7], env: [{name: A, value: one}, {name: B, value: ''}], "
            "installHint: \"Get it:\\n  apt install it\", provideClusterInfo: false"));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        QVERIFY(context->exec.has_value());
        const ExecPlugin &plugin = *context->exec;
        QCOMPARE(plugin.command, QStringLiteral("gke-gcloud-auth-plugin"));
        QCOMPARE(plugin.arguments, (QStringList{QStringLiteral("--cluster"), QStringLiteral("7")}));
        QCOMPARE(plugin.environment.size(), 2);
        QCOMPARE(plugin.environment[0].second, QStringLiteral("one"));
        QCOMPARE(plugin.installHint, QStringLiteral("Get it: apt install it"));
        QCOMPARE(plugin.context, QStringLiteral("it"));
        QCOMPARE(plugin.file, m_dir.filePath(QStringLiteral("config")));
        QCOMPARE(infoOf(plugin),
                 (QJsonObject{
                     {QStringLiteral("apiVersion"),
                      QStringLiteral("client.authentication.k8s.io/v1beta1")},
                     {QStringLiteral("kind"), QStringLiteral("ExecCredential")},
                     {QStringLiteral("spec"), QJsonObject{{QStringLiteral("interactive"), false}}},
                 }));
    }

    void aProgramThatAsksIsToldOfTheCluster()
    {
        const auto context = read(config(
            v1 + ", command: login, provideClusterInfo: true",
            ", tls-server-name: api, insecure-skip-tls-verify: true, proxy-url: 'http://p:1', "
            "certificate-authority-data: "
                + QByteArray("CA").toBase64()
                + ", extensions: [{name: client.authentication.k8s.io/exec, extension: "
                  "{audience: x, port: 0x7, fast: yes, id: '8', list: [1.5, null]}}]"));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        const QJsonObject config{
            {QStringLiteral("audience"), QStringLiteral("x")},
            {QStringLiteral("port"), 7},
            {QStringLiteral("fast"), true},
            {QStringLiteral("id"), QStringLiteral("8")},
            {QStringLiteral("list"), QJsonArray{1.5, QJsonValue::Null}},
        };
        const QJsonObject cluster{
            {QStringLiteral("server"), QStringLiteral("https://h.test:6443")},
            {QStringLiteral("tls-server-name"), QStringLiteral("api")},
            {QStringLiteral("insecure-skip-tls-verify"), true},
            {QStringLiteral("proxy-url"), QStringLiteral("http://p:1")},
            {QStringLiteral("certificate-authority-data"), QStringLiteral("Q0E=")},
            {QStringLiteral("config"), config},
        };
        QCOMPARE(infoOf(*context->exec)
                     .value(QLatin1String("spec"))
                     .toObject()
                     .value(QLatin1String("cluster"))
                     .toObject(),
                 cluster);
    }

    void aPathBeginsAtTheFolderOfTheFile_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("read");
        QTest::newRow("relative") << QByteArray("./bin/../tools/login")
                                  << m_dir.filePath(QStringLiteral("tools/login"));
        QTest::newRow("absolute") << QByteArray("/opt/login") << QStringLiteral("/opt/login");
        QTest::newRow("a name") << QByteArray("login") << QStringLiteral("login");
    }
    void aPathBeginsAtTheFolderOfTheFile()
    {
        QFETCH(QByteArray, written);
        const auto context = read(config(v1 + ", command: " + written));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        QTEST(context->exec->command, "read");
    }

    void aTokenBesideAProgramWins()
    {
        const auto context = read(config(v1 + ", command: login", {}, "token: t, "));
        QVERIFY(context);
        QVERIFY(!context->exec);
        QCOMPARE(context->token.expose(), QByteArray("t"));
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("exec");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        const auto row
            = [](const char *name, const QByteArray &exec, ErrorKind kind, const char *said) {
                  QTest::newRow(name) << exec << int(kind) << QString::fromUtf8(said);
              };
        row("no name", v1, ErrorKind::BadInput, "Write “command”");
        row("an old version", "apiVersion: client.authentication.k8s.io/v1alpha1, command: c",
            ErrorKind::BadInput, "v1alpha1");
        row("no version", "command: c", ErrorKind::BadInput, "only client.authentication");
        row("it needs a terminal",
            "apiVersion: client.authentication.k8s.io/v1, command: c, interactiveMode: Always",
            ErrorKind::Refused, "interactiveMode: Always");
        row("v1 without a mode", "apiVersion: client.authentication.k8s.io/v1, command: c",
            ErrorKind::BadInput, "needs an interactiveMode");
        row("no such mode",
            "apiVersion: client.authentication.k8s.io/v1beta1, command: c, interactiveMode: Maybe",
            ErrorKind::BadInput, "needs an interactiveMode");
        row("a variable without a name", v1 + ", command: c, env: [{value: hush}]",
            ErrorKind::BadInput, "has no name");
    }
    void mistakes()
    {
        QFETCH(QByteArray, exec);
        const auto context = read(config(exec));
        QVERIFY(!context);
        QTEST(int(context.error().kind), "kind");
        QFETCH(QString, said);
        QVERIFY2(context.error().message.contains(said), qPrintable(context.error().message));
        QVERIFY(!context.error().message.contains(QStringLiteral("hush")));
        if (context.error().kind == ErrorKind::BadInput)
            QVERIFY2(context.error().message.startsWith(m_dir.path()),
                     qPrintable(context.error().message));
    }

    void textInPlaceOfAProgramIsNoAnonymousSignIn()
    {
        const auto context = read(config({}).replace("exec: {}", "exec: nonsense"));
        QVERIFY(!context);
    }

    void aTokenWithItsEndIsDecoded()
    {
        const auto token = printed(
            credential(R"({"token":"t0k","expirationTimestamp":"2026-12-01T10:00:00+02:00"})"));
        QVERIFY2(token, qPrintable(token ? QString() : token.error().message));
        QCOMPARE(token->secret.expose(), QByteArray("t0k"));
        QCOMPARE(token->expiresAt, QDateTime(QDate(2026, 12, 1), QTime(8, 0), Qt::UTC));
        QVERIFY(!token->identity);
    }

    void aCertificateWithItsKeyIsDecoded()
    {
        const auto token
            = printed(credential(R"({"clientCertificateData":"CERT","clientKeyData":"KEY"})"));
        QVERIFY(token);
        QVERIFY(token->secret.isEmpty());
        QVERIFY(!token->expiresAt.isValid());
        QCOMPARE(token->identity, (ClientIdentity{"CERT", Secret("KEY")}));
    }

    void otherAnswersAreRefusedWithoutAWordOfThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &text, const char *said) {
            QTest::newRow(name) << text << QString::fromUtf8(said);
        };
        row("a bare token", "s3cret", "no JSON object");
        row("nothing", "", "no JSON object");
        row("cut off", R"({"kind":"ExecCredential","status":{"token":"s3cret")", "no JSON object");
        row("another kind", credential(R"({"token":"s3cret"})", "v1beta1", "Status"), "kind");
        row("another version", credential(R"({"token":"s3cret"})", "v1"), "another version");
        row("no status", credential("null"), "no status");
        row("an empty status", credential("{}"), "neither a token");
        row("a certificate alone", credential(R"({"clientCertificateData":"s3cret"})"),
            "must come together");
        row("a key alone", credential(R"({"clientKeyData":"s3cret"})"), "must come together");
        row("a token that is a number", credential(R"({"token":5})"), "status.token: expected");
        row("an end that is no time",
            credential(R"({"token":"s3cret","expirationTimestamp":"soon"})"),
            "expirationTimestamp");
    }
    void otherAnswersAreRefusedWithoutAWordOfThem()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const auto token = printed(text);
        QVERIFY(!token);
        QCOMPARE(token.error().kind, ErrorKind::SignedOut);
        const QString all = token.error().message + token.error().detail;
        QVERIFY2(all.contains(said), qPrintable(all));
        QVERIFY(!all.contains(QStringLiteral("s3cret")));
    }
};

QTEST_GUILESS_MAIN(ExecPluginTest)
#include "execplugintest.moc"
