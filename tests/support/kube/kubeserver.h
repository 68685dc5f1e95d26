#pragma once

#include "support/kube/kubeask.h"

#include <QByteArray>
#include <QSslConfiguration>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QUrl>

#include <memory>

class QProcess;

namespace pilothouse {

struct KubeCertificates;

/// A kube-apiserver and its etcd of their own for one test program: fresh, on free ports of
/// 127.0.0.1, with a certificate authority of their own, RBAC, and nobody let in without a name.
/// Nothing but the API runs: there are no controllers, so a Deployment makes no Pods and every
/// status is written by the test. As root they run as user nobody. Both end with this object, and
/// with the program however it ends.
class KubeServer
{
public:
    /// Without it every read goes to etcd, and a version that etcd has forgotten is gone (410).
    enum class WatchCache { On, Off };
    enum class Part { ApiServer, Etcd };
    enum class User {
        Admin,    ///< by certificate, may everything
        Console,  ///< by token, what a console needs in the namespace "production" and no more
        Reader,   ///< by token, may only look
        Stranger, ///< by a token that nobody knows
    };

    explicit KubeServer(WatchCache cache = WatchCache::On);
    ~KubeServer();
    Q_DISABLE_COPY_MOVE(KubeServer)

    /// The folder of kube-apiserver, etcd and etcdctl under $PILOTHOUSE_PARTS; empty = not there.
    [[nodiscard]] static QString binaries();

    /// With our definitions of HTTPRoute, Rollout and AnalysisRun, the namespace "production" and
    /// the users' rights. false: why() says what was missing or failed.
    [[nodiscard]] bool start();
    [[nodiscard]] QString why() const { return m_why; }

    /// A file; its one context is called as its user is.
    [[nodiscard]] QString kubeconfig(User user) const;
    /// The same user by another address of the same server, such as a relay on 127.0.0.1.
    [[nodiscard]] QString kubeconfigBy(const QUrl &address, User user) const;
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QByteArray authority() const { return pem("authority.crt"); }
    /// That trusts this server's certificate, without signing in.
    [[nodiscard]] QSslConfiguration tls() const;

    /// Runs kubectl as the admin with `input` as its standard input. What it printed, trimmed; on a
    /// failure "ERROR: …", so that a comparison shows it.
    [[nodiscard]] QString kubectl(const QStringList &arguments, const QByteArray &input = {}) const;
    /// Requests as the admin, without kubectl. Valid from start() on.
    [[nodiscard]] KubeAsk &admin() const { return *m_admin; }

    /// Stops the process where it is (SIGSTOP): connections are taken, nothing is answered.
    void freeze(Part part);
    void thaw(Part part);
    /// Makes etcd forget all versions but the present one. Empty, or what failed.
    [[nodiscard]] QString compact() const;

private:
    [[nodiscard]] bool launch(QProcess &process, const QString &program,
                              const QStringList &arguments);
    [[nodiscard]] QStringList etcdArguments(int peerPort) const;
    [[nodiscard]] QStringList apiServerArguments(const KubeCertificates &certificates) const;
    [[nodiscard]] bool startOnce();
    void end();
    [[nodiscard]] bool prepare(KubeCertificates &certificates);
    [[nodiscard]] bool isReady();
    [[nodiscard]] bool furnish();
    [[nodiscard]] QString file(const char *name) const;
    [[nodiscard]] QByteArray pem(const char *name) const;
    [[nodiscard]] QSslConfiguration adminTls() const;
    void signal(Part part, int number);

    WatchCache m_cache;
    QString m_binaries;
    QString m_why;
    std::unique_ptr<QTemporaryDir> m_folder;
    // The API server ends before its etcd.
    std::unique_ptr<QProcess> m_etcd;
    std::unique_ptr<QProcess> m_apiServer;
    std::unique_ptr<KubeAsk> m_admin;
    int m_port = 0;
    int m_etcdPort = 0;
};

} // namespace pilothouse

/// Starts a KubeServer in initTestCase(); where its programs are missing the test is skipped, but
/// in CI that is a failure.
#define START_OR_SKIP(server)                                                                      \
    do {                                                                                           \
        if (pilothouse::KubeServer::binaries().isEmpty() && qgetenv("CI") != "true")               \
            QSKIP("there is no kube-apiserver: packaging/setup --for-tests builds it");            \
        QVERIFY2((server).start(), qPrintable((server).why()));                                    \
    } while (false)
