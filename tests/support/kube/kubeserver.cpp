#include "support/kube/kubeserver.h"

#include "support/kube/kubecertificates.h"
#include "support/places.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSslKey>
#include <QTcpServer>

#include <array>
#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace pilothouse {
namespace {

constexpr int patience = 60'000; // ms

struct KnownUser
{
    KubeServer::User user;
    const char *name;
    const char *token; ///< empty = by certificate
};
constexpr std::array knownUsers{KnownUser{KubeServer::User::Admin, "admin", ""},
                                KnownUser{KubeServer::User::Console, "console", "console-token"},
                                KnownUser{KubeServer::User::Reader, "reader", "reader-token"},
                                KnownUser{KubeServer::User::Stranger, "stranger", "no-token"}};

const KnownUser &known(KubeServer::User user)
{
    return knownUsers[size_t(user)];
}

/// Of the three that tokens name only two are known to the server.
constexpr char tokens[] = "console-token,console,console\n"
                          "reader-token,reader,reader\n";

/// What a console needs in its namespace, and the one who may only look.
constexpr char rights[] = R"(
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "production"}},
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
  "metadata": {"name": "look", "namespace": "production"},
  "rules": [{"apiGroups": ["", "apps", "networking.k8s.io", "gateway.networking.k8s.io",
                           "argoproj.io"],
             "resources": ["pods", "pods/log", "services", "deployments", "replicasets",
                           "ingresses", "httproutes", "rollouts", "analysisruns"],
             "verbs": ["get", "list", "watch"]}]},
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
  "metadata": {"name": "steer", "namespace": "production"},
  "rules": [{"apiGroups": ["networking.k8s.io", "gateway.networking.k8s.io", "argoproj.io"],
             "resources": ["ingresses", "httproutes", "rollouts", "rollouts/status"],
             "verbs": ["patch"]}]},
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
  "metadata": {"name": "look", "namespace": "production"},
  "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "look"},
  "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "console"},
               {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}]},
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
  "metadata": {"name": "steer", "namespace": "production"},
  "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "steer"},
  "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "console"}]}]}
)";

int freeTcpPort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

QString local(int port)
{
    return QStringLiteral("127.0.0.1:%1").arg(port);
}

/// In the child, between fork and exec: not root any more, and ended by the kernel when we are.
void becomeServer()
{
    if (::geteuid() == 0) {
        const passwd *nobody = ::getpwnam("nobody");
        if (!nobody || ::setgroups(0, nullptr) != 0 || ::setgid(nobody->pw_gid) != 0
            || ::setuid(nobody->pw_uid) != 0)
            ::_exit(1);
    }
    // A change of user clears it, so it comes last.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool giveToNobody(const QString &folder)
{
    const passwd *nobody = ::getpwnam("nobody");
    if (::geteuid() != 0 || !nobody)
        return ::geteuid() != 0;
    QStringList all = QDir(folder).entryList(QDir::Files);
    all << QStringLiteral(".");
    for (const QString &name : std::as_const(all)) {
        const QByteArray path = QFile::encodeName(QStringLiteral("%1/%2").arg(folder, name));
        if (::chown(path.constData(), nobody->pw_uid, nobody->pw_gid) != 0)
            return false;
    }
    return true;
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

QString lastLines(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 1'500));
    return QString::fromUtf8(file.readAll());
}

} // namespace

QString KubeServer::binaries()
{
    const QString folder = qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/kubernetes");
    return QFileInfo(folder + QStringLiteral("/kube-apiserver")).isExecutable() ? folder
                                                                                : QString();
}

KubeServer::KubeServer(WatchCache cache) : m_cache(cache) {}

KubeServer::~KubeServer()
{
    end();
}

void KubeServer::end()
{
    // A killed etcd loses nothing that anybody wants.
    for (QProcess *process : {m_apiServer.get(), m_etcd.get()}) {
        if (!process || process->state() == QProcess::NotRunning)
            continue;
        process->kill();
        process->waitForFinished(5'000);
    }
}

QString KubeServer::file(const char *name) const
{
    return m_folder->filePath(QLatin1String(name));
}

bool KubeServer::launch(QProcess &process, const QString &program, const QStringList &arguments)
{
    process.setWorkingDirectory(m_folder->path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(m_folder->filePath(program + QStringLiteral(".log")));
    process.setChildProcessModifier(becomeServer);
    process.start(QStringLiteral("%1/%2").arg(m_binaries, program), arguments);
    if (process.waitForStarted(patience))
        return true;
    m_why = QStringLiteral("%1 does not start: %2").arg(program, process.errorString());
    return false;
}

QStringList KubeServer::etcdArguments(int peerPort) const
{
    const QString clients = QStringLiteral("http://") + local(m_etcdPort);
    const QString peers = QStringLiteral("http://") + local(peerPort);
    return {QStringLiteral("--data-dir=") + file("etcd"),
            QStringLiteral("--listen-client-urls=") + clients,
            QStringLiteral("--advertise-client-urls=") + clients,
            QStringLiteral("--listen-peer-urls=") + peers,
            QStringLiteral("--initial-advertise-peer-urls=") + peers,
            QStringLiteral("--initial-cluster=default=") + peers,
            QStringLiteral("--unsafe-no-fsync")};
}

QStringList KubeServer::apiServerArguments(const KubeCertificates &certificates) const
{
    return {QStringLiteral("--etcd-servers=http://") + local(m_etcdPort),
            QStringLiteral("--bind-address=127.0.0.1"),
            QStringLiteral("--advertise-address=127.0.0.1"),
            QStringLiteral("--secure-port=%1").arg(m_port),
            // A loopback address cannot be advertised.
            QStringLiteral("--endpoint-reconciler-type=none"),
            QStringLiteral("--cert-dir=") + m_folder->path(),
            QStringLiteral("--tls-cert-file=") + certificates.serverCertificate,
            QStringLiteral("--tls-private-key-file=") + certificates.serverKey,
            QStringLiteral("--client-ca-file=") + certificates.authority,
            QStringLiteral("--token-auth-file=") + file("tokens.csv"),
            QStringLiteral("--authorization-mode=RBAC"), QStringLiteral("--anonymous-auth=false"),
            QStringLiteral("--service-account-issuer=https://") + local(m_port),
            QStringLiteral("--service-account-key-file=") + certificates.serverCertificate,
            QStringLiteral("--service-account-signing-key-file=") + certificates.serverKey,
            QStringLiteral("--service-cluster-ip-range=10.0.0.0/24"),
            // Nobody makes the accounts that it would ask of every Pod.
            QStringLiteral("--disable-admission-plugins=ServiceAccount"),
            QStringLiteral("--watch-cache=")
                + QLatin1String(m_cache == WatchCache::On ? "true" : "false")};
}

bool KubeServer::prepare(KubeCertificates &certificates)
{
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath()
                                               + QStringLiteral("/pilothouse-kube-XXXXXX"));
    if (!m_folder->isValid()) {
        m_why = m_folder->errorString();
        return false;
    }
    const auto made = KubeCertificates::make(m_folder->path());
    if (!made) {
        m_why = made.error().message + QLatin1Char('\n') + made.error().detail;
        return false;
    }
    certificates = *made;
    m_port = freeTcpPort();
    m_etcdPort = freeTcpPort();
    if (write(file("tokens.csv"), tokens) && !kubeconfig(User::Admin).isEmpty()
        && giveToNobody(m_folder->path()))
        return true;
    m_why = QStringLiteral("the servers' folder cannot be made ready");
    return false;
}

QUrl KubeServer::url() const
{
    return QUrl(QStringLiteral("https://") + local(m_port));
}

QString KubeServer::kubeconfig(User user) const
{
    return kubeconfigBy(url(), user);
}

QString KubeServer::kubeconfigBy(const QUrl &address, User user) const
{
    const QLatin1String name(known(user).name);
    const QString path
        = m_folder->filePath(QStringLiteral("%1-%2.kubeconfig").arg(name).arg(address.port()));
    const QByteArray signIn = *known(user).token
                                  ? QByteArray("token: ") + known(user).token
                                  : "client-certificate: client.crt, client-key: client.key";
    const bool written = write(
        path, "apiVersion: v1\nkind: Config\ncurrent-context: " + QByteArray(name.data())
                  + "\nclusters:\n- name: tests\n  cluster: {server: '" + address.toEncoded()
                  + "', certificate-authority: authority.crt}\nusers:\n- name: us\n  user: {"
                  + signIn + "}\ncontexts:\n- name: " + name.data()
                  + "\n  context: {cluster: tests, user: us, namespace: production}\n");
    return written ? path : QString();
}

bool KubeServer::isReady()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience) {
        for (QProcess *process : {m_etcd.get(), m_apiServer.get()}) {
            if (process->state() != QProcess::NotRunning)
                continue;
            const QString program = QFileInfo(process->program()).fileName();
            m_why = QStringLiteral("%1 ended:\n%2")
                        .arg(program,
                             lastLines(m_folder->filePath(program + QStringLiteral(".log"))));
            return false;
        }
        if (m_admin->ask("GET", QStringLiteral("/readyz")).status == 200)
            return true;
        m_apiServer->waitForFinished(100); // a pause that ends early when the server does
    }
    m_why = QStringLiteral("the API server did not become ready:\n")
            + lastLines(file("kube-apiserver.log"));
    return false;
}

bool KubeServer::furnish()
{
    const QString definitions = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/support/crds");
    QStringList said{
        kubectl({QStringLiteral("create"), QStringLiteral("-f"), definitions}),
        kubectl({QStringLiteral("create"), QStringLiteral("-f"), QStringLiteral("-")}, rights),
        kubectl({QStringLiteral("wait"), QStringLiteral("--for=condition=Established"),
                 QStringLiteral("--timeout=30s"), QStringLiteral("-f"), definitions})};
    for (const QString &each : std::as_const(said)) {
        if (each.startsWith(QLatin1String("ERROR")))
            m_why += each + QLatin1Char('\n');
    }
    // An older kubectl would not look for the new kinds for ten minutes.
    QDir(m_folder->filePath(QStringLiteral(".kube"))).removeRecursively();
    return m_why.isEmpty();
}

bool KubeServer::startOnce()
{
    KubeCertificates certificates;
    if (!prepare(certificates))
        return false;
    m_admin = std::make_unique<KubeAsk>(url(), adminTls());
    m_etcd = std::make_unique<QProcess>();
    m_apiServer = std::make_unique<QProcess>();
    return launch(*m_etcd, QStringLiteral("etcd"), etcdArguments(freeTcpPort()))
           && launch(*m_apiServer, QStringLiteral("kube-apiserver"),
                     apiServerArguments(certificates))
           && isReady() && furnish();
}

bool KubeServer::start()
{
    m_binaries = binaries();
    if (m_binaries.isEmpty()) {
        m_why = QStringLiteral("no kube-apiserver in $PILOTHOUSE_PARTS/kubernetes");
        return false;
    }
    // A port that was free may be somebody else's when the server comes to it.
    for (int tries = 1; !startOnce(); ++tries) {
        end();
        if (tries == 3 || !m_why.contains(QLatin1String("address already in use")))
            return false;
    }
    return true;
}

QString KubeServer::kubectl(const QStringList &arguments, const QByteArray &input) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_folder->path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("kubectl"),
                  QStringList{QStringLiteral("--kubeconfig"), kubeconfig(User::Admin)} + arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(patience);
    if (ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    return QStringLiteral("ERROR: %1 %2")
        .arg(ended ? QString() : process.errorString(),
             QString::fromUtf8(process.readAllStandardError()).trimmed());
}

QByteArray KubeServer::pem(const char *name) const
{
    QFile file(this->file(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QSslConfiguration KubeServer::tls() const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates({QSslCertificate(pem("authority.crt"))});
    return tls;
}

QSslConfiguration KubeServer::adminTls() const
{
    QSslConfiguration signedIn = tls();
    signedIn.setLocalCertificate(QSslCertificate(pem("client.crt")));
    signedIn.setPrivateKey(QSslKey(pem("client.key"), QSsl::Ec));
    return signedIn;
}

void KubeServer::signal(Part part, int number)
{
    const QProcess &process = part == Part::Etcd ? *m_etcd : *m_apiServer;
    ::kill(pid_t(process.processId()), number);
}

void KubeServer::freeze(Part part)
{
    signal(part, SIGSTOP);
}

void KubeServer::thaw(Part part)
{
    signal(part, SIGCONT);
}

QString KubeServer::compact() const
{
    const auto etcdctl = [this](const QStringList &arguments) {
        QProcess process;
        process.start(m_binaries + QStringLiteral("/etcdctl"),
                      QStringList{QStringLiteral("--endpoints=http://") + local(m_etcdPort)}
                          + arguments);
        const bool done = process.waitForFinished(patience) && process.exitCode() == 0;
        return done ? process.readAllStandardOutput() : "ERROR: " + process.readAllStandardError();
    };
    const QByteArray status = etcdctl(
        {QStringLiteral("endpoint"), QStringLiteral("status"), QStringLiteral("-w=json")});
    const QJsonObject header = QJsonDocument::fromJson(status)[0][QLatin1String("Status")]
                                   .toObject()[QLatin1String("header")]
                                   .toObject();
    const qint64 revision = header.value(QLatin1String("revision")).toInteger();
    if (revision == 0)
        return QString::fromUtf8(status);
    const QByteArray said = etcdctl({QStringLiteral("compact"), QString::number(revision)});
    return said.startsWith("ERROR") ? QString::fromUtf8(said) : QString();
}

} // namespace pilothouse
