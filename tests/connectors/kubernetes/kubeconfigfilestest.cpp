#include "connectors/kubernetes/login/kubeconfigfiles.h"
#include "connectors/kubernetes/kubeconfig.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QByteArray cluster(const QByteArray &name, const QByteArray &server)
{
    return "clusters: [{name: " + name + ", cluster: {server: 'https://" + server + "'}}]\n";
}

QByteArray user(const QByteArray &name, const QByteArray &values)
{
    return "users: [{name: " + name + ", user: {" + values + "}}]\n";
}

QByteArray context(const QByteArray &name, const QByteArray &clusterName,
                   const QByteArray &userName)
{
    return "contexts: [{name: " + name + ", context: {cluster: " + clusterName
           + ", user: " + userName + "}}]\n";
}

} // namespace

class KubeconfigFilesTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString path(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }
    QString write(const char *name, const QByteArray &content)
    {
        QFile file(path(name));
        if (!QDir().mkpath(QFileInfo(file).path()) || !file.open(QIODevice::WriteOnly)
            || file.write(content) != content.size())
            qFatal("the test cannot write its file");
        return file.fileName();
    }
    static Result<KubeContext> read(const QStringList &paths, const char *name = "")
    {
        qputenv("KUBECONFIG", paths.join(QDir::listSeparator()).toLocal8Bit());
        return readKubeconfig({}, QString::fromLatin1(name));
    }

private Q_SLOTS:
    void cleanup() { qunsetenv("KUBECONFIG"); }

    void aContextTakesItsPartsFromWhicheverFileHasThem()
    {
        const auto found = read({write("a", context("it", "c", "u")), write("b", cluster("c", "b")),
                                 write("c", user("u", "token: t"))},
                                "it");
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->server.host(), QStringLiteral("b"));
        QCOMPARE(found->token.expose(), QByteArray("t"));
    }

    void theFirstFileThatNamesAnEntryHasItWhole()
    {
        const auto found
            = read({write("a", cluster("c", "first") + user("u", "token: first")),
                    write("b", context("it", "c", "u")
                                   + "clusters: [{name: c, cluster: {server: 'https://second', "
                                     "tls-server-name: other}}]\n"
                                   + user("u", "token: second, tokenFile: second"))},
                   "it");
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->server.host(), QStringLiteral("first"));
        QCOMPARE(found->tlsServerName, QString());
        QCOMPARE(found->token.expose(), QByteArray("first"));
        QCOMPARE(found->tokenFile, QString());
    }

    void theCurrentContextIsThatOfTheFirstFileThatHasOne()
    {
        const QByteArray rest = cluster("c", "h") + user("u", "token: t");
        const auto found
            = read({write("a", context("one", "c", "u") + "current-context: ''\n"),
                    write("b", "current-context: two\n" + rest + context("two", "c", "u")),
                    write("c", "current-context: one\n")});
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->name, QStringLiteral("two"));
    }

    void pathsAreRelativeToTheFileTheyStandIn()
    {
        write("one/ca.pem", "CA beside the first");
        write("two/ca.pem", "CA beside the second");
        const auto found
            = read({write("one/config", context("it", "c", "u") + user("u", "tokenFile: token")),
                    write("two/config", "clusters: [{name: c, cluster: {server: 'https://h', "
                                        "certificate-authority: ca.pem}}]\n")},
                   "it");
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->caPem, QByteArray("CA beside the second"));
        QCOMPARE(found->tokenFile, path("one/token"));
    }

    void filesThatAreNotThereAndEmptyOnesArePassedOver()
    {
        const auto found
            = read({path("nowhere"), write("empty", "\n"),
                    write("all", context("it", "c", "u") + cluster("c", "h") + user("u", ""))},
                   "it");
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->server.host(), QStringLiteral("h"));
    }

    void whereNoneIsThereEachIsNamed()
    {
        const auto found = read({path("nowhere"), path("else")});
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::BadInput);
        QCOMPARE(found.error().message,
                 QStringLiteral("There is no kubeconfig at “%1”, “%2”. Write “kubeconfig” in "
                                "pilothouse.yaml, or set KUBECONFIG to where it is.")
                     .arg(path("nowhere"), path("else")));
    }

    void aFileOfTheListThatIsBrokenIsNotPassedOver()
    {
        const auto found = read({write("good", context("it", "c", "u") + cluster("c", "h")),
                                 write("broken", "contexts: [{\n")},
                                "it");
        QVERIFY(!found);
        QVERIFY2(found.error().message.startsWith(path("broken")),
                 qPrintable(found.error().message));
    }

    void whatIsWrongIsSaidOfItsOwnFile()
    {
        const auto found
            = read({write("a", context("it", "c", "u")),
                    write("b", "\nclusters:\n- {name: c, cluster: {server: nonsense}}\n")},
                   "it");
        QVERIFY(!found);
        QVERIFY2(found.error().message.startsWith(path("b") + QStringLiteral(":3:")),
                 qPrintable(found.error().message));
    }

    void aContextThatNoneHasListsThoseOfAll()
    {
        const auto found = read({write("a", context("one", "c", "u") + cluster("c", "h")),
                                 write("b", context("two", "c", "u"))},
                                "three");
        QVERIFY(!found);
        QCOMPARE(found.error().message,
                 QStringLiteral("The kubeconfig “%1”, “%2” has no context “three”. It has: one, "
                                "two.")
                     .arg(path("a"), path("b")));
    }

    void aFileThatIsNamedIsReadAlone()
    {
        qputenv("KUBECONFIG", write("listed", context("it", "c", "u")).toLocal8Bit());
        const auto found = readKubeconfig(write("named", cluster("c", "h")), QStringLiteral("it"));
        QVERIFY(!found);
        QVERIFY(found.error().message.contains(path("named")));
        QVERIFY(!found.error().message.contains(path("listed")));
    }

    void theListIsSplitAndWithoutOneItIsTheHomeFolder()
    {
        qputenv("KUBECONFIG", "/x/a::/x/b:/x/a");
        QCOMPARE(usualKubeconfigs(), (QStringList{QStringLiteral("/x/a"), QStringLiteral("/x/b")}));
        for (const char *nothing : {"", ":"}) {
            qputenv("KUBECONFIG", nothing);
            QCOMPARE(usualKubeconfigs(),
                     QStringList{QDir::homePath() + QStringLiteral("/.kube/config")});
        }
    }
};

QTEST_GUILESS_MAIN(KubeconfigFilesTest)
#include "kubeconfigfilestest.moc"
