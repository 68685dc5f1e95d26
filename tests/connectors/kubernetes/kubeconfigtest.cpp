#include "connectors/kubernetes/kubeconfig.h"
#include "connectors/kubernetes/kubetoken.h"
#include "support/await.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

const char *const twoContexts
    = "apiVersion: v1\n"
      "kind: Config\n"
      "current-context: staging\n"
      "clusters:\n"
      "- name: c1\n"
      "  cluster:\n"
      "    server: https://one.test:6443/k8s/clusters/c-1\n"
      "    tls-server-name: api.internal\n"
      "    proxy-url: socks5://proxy.test:1080\n"
      "- name: c2\n"
      "  cluster: {server: 'https://two.test', insecure-skip-tls-verify: true}\n"
      "users:\n"
      "- name: u1\n"
      "  user: {token: abc}\n"
      "- name: u2\n"
      "  user: {}\n"
      "contexts:\n"
      "- name: prod\n"
      "  context: {cluster: c1, user: u1, namespace: production}\n"
      "- name: staging\n"
      "  context: {cluster: c2, user: u2}\n";

/// One cluster and one user, each with the lines given.
QByteArray oneContext(const QByteArray &cluster, const QByteArray &user)
{
    return "current-context: it\n"
           "contexts: [{name: it, context: {cluster: c, user: u}}]\n"
           "clusters: [{name: c, cluster: {server: 'https://h.test'"
           + cluster
           + "}}]\n"
             "users: [{name: u, user: {"
           + user + "}}]\n";
}

} // namespace

class KubeconfigTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test cannot write its file");
        return file.fileName();
    }
    Result<KubeContext> read(const QByteArray &content, const QString &context = {})
    {
        return readKubeconfig(write(QStringLiteral("config"), content), context);
    }

private Q_SLOTS:
    void aContextIsReadWhole()
    {
        const auto context = read(twoContexts, QStringLiteral("prod"));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        QCOMPARE(context->name, QStringLiteral("prod"));
        QCOMPARE(context->server, QUrl(QStringLiteral("https://one.test:6443/k8s/clusters/c-1")));
        QCOMPARE(context->nameSpace, QStringLiteral("production"));
        QCOMPARE(context->tlsServerName, QStringLiteral("api.internal"));
        QCOMPARE(context->proxy, QUrl(QStringLiteral("socks5://proxy.test:1080")));
        QCOMPARE(context->token.expose(), QByteArray("abc"));
        QVERIFY(!context->skipVerification);
        QVERIFY(context->caPem.isEmpty());
    }

    void withoutANameItIsTheCurrentContextWithTheNamespaceDefault()
    {
        const auto context = read(twoContexts);
        QVERIFY(context);
        QCOMPARE(context->name, QStringLiteral("staging"));
        QCOMPARE(context->server.host(), QStringLiteral("two.test"));
        QCOMPARE(context->nameSpace, QStringLiteral("default"));
        QVERIFY(context->skipVerification);
        QVERIFY(context->token.isEmpty());
    }

    void aContextThatIsNotThereListsThoseThatAre()
    {
        const auto context = read(twoContexts, QStringLiteral("pord"));
        QVERIFY(!context);
        QCOMPARE(context.error().kind, ErrorKind::NotFound);
        QVERIFY2(context.error().message.contains(QStringLiteral("“pord”. It has: prod, staging.")),
                 qPrintable(context.error().message));
    }

    void withoutAnyNameTheContextsAreOffered()
    {
        const auto context = read(QByteArray(twoContexts).replace("current-context: staging", ""));
        QVERIFY(!context);
        QCOMPARE(context.error().kind, ErrorKind::NotFound);
        QVERIFY(context.error().message.contains(QStringLiteral("prod, staging")));
    }

    void dataWinsOverAPathAndPathsAreRelativeToTheFile()
    {
        QVERIFY(QDir(m_dir.path()).mkpath(QStringLiteral("pki")));
        write(QStringLiteral("pki/ca.pem"), "CA of the file");
        write(QStringLiteral("pki/me.pem"), "my certificate");
        write(QStringLiteral("pki/me.key"), "my key");
        const auto context
            = read(oneContext(", certificate-authority: pki/ca.pem",
                              "client-certificate: pki/me.pem, client-key: pki/me.key,"
                              " client-key-data: "
                                  + QByteArray("the key itself").toBase64()));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        QCOMPARE(context->caPem, QByteArray("CA of the file"));
        QCOMPARE(context->clientCertificatePem, QByteArray("my certificate"));
        QCOMPARE(context->clientKeyPem.expose(), QByteArray("the key itself"));
    }

    void base64_may_be_broken_into_lines()
    {
        const QByteArray base64 = QByteArray("a rather long certificate").toBase64();
        const auto context = read(oneContext(", certificate-authority-data: \"" + base64.left(10)
                                                 + " \\n " + base64.mid(10) + "\"",
                                             "token: t"));
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        QCOMPARE(context->caPem, QByteArray("a rather long certificate"));
    }

    void aContextWithoutAUserSignsInAsNobody()
    {
        const auto context
            = read("current-context: it\n"
                   "contexts: [{name: it, context: {cluster: c}}]\n"
                   "clusters: [{name: c, cluster: {server: 'http://127.0.0.1:8001'}}]");
        QVERIFY(context);
        QVERIFY(context->token.isEmpty());
        QVERIFY(context->clientCertificatePem.isEmpty());
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        const auto row
            = [](const char *name, const QByteArray &content, ErrorKind kind, const QString &said) {
                  QTest::newRow(name) << content << int(kind) << said;
              };
        row("text that is no YAML names its line", "contexts:\n- name: {\n", ErrorKind::BadInput,
            QStringLiteral("config:"));
        row("a list instead of a map", "- a\n- b\n", ErrorKind::BadInput,
            QStringLiteral("not a YAML map"));
        row("an empty file", "", ErrorKind::BadInput, QString());
        row("an auth provider", oneContext({}, "auth-provider: {name: oidc}"), ErrorKind::Refused,
            QStringLiteral("the auth-provider “oidc”"));
        row("a password", oneContext({}, "username: me, password: secret"), ErrorKind::Refused,
            QStringLiteral("password"));
        row("acting as somebody else", oneContext({}, "token: t, as: admin"), ErrorKind::Refused,
            QStringLiteral("“as”"));
        row("a certificate without its key",
            oneContext({}, "client-certificate-data: " + QByteArray("c").toBase64()),
            ErrorKind::BadInput, QStringLiteral("config:4:25: user “u”"));
        row("a file that is not there", oneContext(", certificate-authority: no.pem", "token: t"),
            ErrorKind::BadInput, QStringLiteral("“no.pem” is named as certificate-authority"));
        row("data that is not base64", oneContext(", certificate-authority-data: '%%'", "token: t"),
            ErrorKind::BadInput, QStringLiteral("config:3:"));
        row("a user who is not there",
            oneContext({}, "token: t").replace("user: u}", "user: nobody}"), ErrorKind::BadInput,
            QStringLiteral("config:2:51: context “it” names the user “nobody”"));
        row("a cluster that is not there",
            oneContext({}, "token: t").replace("cluster: c,", "cluster: other,"),
            ErrorKind::BadInput, QStringLiteral("“other”"));
        row("a cluster without an address",
            oneContext({}, "token: t").replace("https://h.test", "h"), ErrorKind::BadInput,
            QStringLiteral("config:3:40: the cluster of context “it” has no server address"));
    }
    void mistakes()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, kind);
        QFETCH(QString, said);
        const auto context = read(content);
        QVERIFY(!context);
        QCOMPARE(int(context.error().kind), kind);
        QVERIFY2(context.error().message.contains(said), qPrintable(context.error().message));
        QVERIFY(!context.error().message.contains(QStringLiteral("secret")));
    }

    void aFileThatIsNotThereSaysWhereItIsNamed()
    {
        const auto context = readKubeconfig(m_dir.filePath(QStringLiteral("none")), {});
        QVERIFY(!context);
        QCOMPARE(context.error().kind, ErrorKind::BadInput);
        QVERIFY(context.error().message.contains(QStringLiteral("pilothouse.yaml")));
    }

    void theTokenFileWinsAndIsReadAnewEachTime()
    {
        write(QStringLiteral("token"), "first\n");
        const auto context = read(oneContext({}, "token: plain, tokenFile: token"));
        QVERIFY(context);
        KubeToken token(*context);
        QCOMPARE(await(token.token())->expose(), QByteArray("first"));
        write(QStringLiteral("token"), "second");
        QCOMPARE(await(token.token())->expose(), QByteArray("second"));
        // An empty Secret would mean that none is needed.
        write(QStringLiteral("token"), "\n");
        QCOMPARE(await(token.token()).error().kind, ErrorKind::SignedOut);
        QVERIFY(QFile::remove(m_dir.filePath(QStringLiteral("token"))));
        QCOMPARE(await(token.token()).error().kind, ErrorKind::SignedOut);
    }

    void aPlainTokenIsGivenAsItIs()
    {
        const auto context = read(oneContext({}, "token: plain"));
        QVERIFY(context);
        QCOMPARE(await(KubeToken(*context).token())->expose(), QByteArray("plain"));
    }
};

QTEST_GUILESS_MAIN(KubeconfigTest)
#include "kubeconfigtest.moc"
