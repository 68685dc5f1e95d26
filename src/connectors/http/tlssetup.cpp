#include "connectors/http/tlssetup.h"

#include "base/words.h"

#include <QSslCertificate>
#include <QSslKey>

namespace pilothouse {
namespace {

// A PEM text does not say which of the kinds it holds once it is PKCS #8.
QSslKey readKey(const QByteArray &pem)
{
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

Result<QSslConfiguration> tlsConfiguration(const TlsSettings &settings, const QString &systemName)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    if (!settings.caPem.isEmpty()) {
        const auto authorities = QSslCertificate::fromData(settings.caPem);
        if (authorities.isEmpty())
            return fail(ErrorKind::BadInput,
                        Words::tr("The certificate authority given for %1 cannot be read. It must "
                                  "be a PEM text.")
                            .arg(systemName));
        tls.setCaCertificates(authorities);
    }
    if (!settings.clientCertificatePem.isEmpty()) {
        const auto shown
            = withIdentity(tls, {settings.clientCertificatePem, settings.clientKeyPem}, systemName);
        if (!shown)
            return fail(shown.error());
        tls = *shown;
    }
    if (settings.verification == TlsSettings::Verification::None)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    return tls;
}

Result<QSslConfiguration> withIdentity(QSslConfiguration tls, const ClientIdentity &identity,
                                       const QString &systemName)
{
    const auto chain = QSslCertificate::fromData(identity.certificatePem);
    if (chain.isEmpty())
        return fail(ErrorKind::BadInput,
                    Words::tr("The client certificate for %1 cannot be read. It must be a PEM "
                              "text.")
                        .arg(systemName));
    const QSslKey key = readKey(identity.keyPem.expose());
    if (key.isNull())
        return fail(ErrorKind::BadInput,
                    Words::tr("The client key for %1 cannot be read. It must be a PEM text "
                              "without a passphrase.")
                        .arg(systemName));
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(key);
    return tls;
}

} // namespace pilothouse
