#include "support/kube/kubecertificates.h"

#include <QFile>
#include <QProcess>

namespace pilothouse {
namespace {

constexpr char openSslSettings[] = "[req]\n"
                                   "distinguished_name = name\n"
                                   "[name]\n"
                                   "[authority]\n"
                                   "basicConstraints = critical, CA:true\n"
                                   "keyUsage = critical, keyCertSign, cRLSign\n"
                                   "subjectKeyIdentifier = hash\n"
                                   "[server]\n"
                                   "basicConstraints = critical, CA:false\n"
                                   "extendedKeyUsage = serverAuth\n"
                                   "subjectAltName = IP:127.0.0.1\n"
                                   "[client]\n"
                                   "basicConstraints = critical, CA:false\n"
                                   "extendedKeyUsage = clientAuth\n";

/// One key and its certificate; signed by itself without an authority.
Result<> sign(const QString &folder, const char *kind, const char *subject,
              const QStringList &authority)
{
    const QString stem = QStringLiteral("%1/%2").arg(folder, QLatin1String(kind));
    QProcess openssl;
    openssl.setProcessChannelMode(QProcess::MergedChannels);
    openssl.start(
        QStringLiteral("openssl"),
        QStringList{QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-config"),
                    folder + QStringLiteral("/openssl.cnf"), QStringLiteral("-newkey"),
                    QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                    QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"),
                    QStringLiteral("-days"), QStringLiteral("1"), QStringLiteral("-extensions"),
                    QLatin1String(kind), QStringLiteral("-subj"), QLatin1String(subject),
                    QStringLiteral("-keyout"), stem + QStringLiteral(".key"),
                    QStringLiteral("-out"), stem + QStringLiteral(".crt")}
            + authority);
    if (openssl.waitForFinished() && openssl.exitCode() == 0)
        return {};
    return fail(ErrorKind::Unavailable, QStringLiteral("openssl: ") + openssl.errorString(),
                QString::fromLocal8Bit(openssl.readAll()));
}

} // namespace

Result<KubeCertificates> KubeCertificates::make(const QString &folder)
{
    QFile settings(folder + QStringLiteral("/openssl.cnf"));
    if (!settings.open(QIODevice::WriteOnly) || settings.write(openSslSettings) < 0)
        return fail(ErrorKind::Unavailable, settings.errorString());
    settings.close();
    KubeCertificates made;
    made.authority = folder + QStringLiteral("/authority.crt");
    made.serverCertificate = folder + QStringLiteral("/server.crt");
    made.serverKey = folder + QStringLiteral("/server.key");
    made.adminCertificate = folder + QStringLiteral("/client.crt");
    made.adminKey = folder + QStringLiteral("/client.key");
    const QStringList signedByIt{QStringLiteral("-CA"), made.authority, QStringLiteral("-CAkey"),
                                 folder + QStringLiteral("/authority.key")};
    for (const auto &done : {sign(folder, "authority", "/CN=pilothouse tests", {}),
                             sign(folder, "server", "/CN=kube-apiserver", signedByIt),
                             sign(folder, "client", "/O=system:masters/CN=admin", signedByIt)}) {
        if (!done)
            return fail(done.error());
    }
    return made;
}

} // namespace pilothouse
