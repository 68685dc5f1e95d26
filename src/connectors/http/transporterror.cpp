#include "connectors/http/transporterror.h"

#include "base/words.h"

namespace pilothouse {
namespace {

QString hostOf(const QUrl &url)
{
    return url.port() < 0 ? url.host() : QStringLiteral("%1:%2").arg(url.host()).arg(url.port());
}

// Queries may carry signed links.
QString shown(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
}

QString seconds(std::chrono::milliseconds time)
{
    return QString::number(double(time.count()) / 1000);
}

Error error(ErrorKind kind, const QString &message, const QString &detail = {})
{
    return {kind, message, detail, {}};
}

} // namespace

Error TransportErrors::silence(const QUrl &url, std::chrono::milliseconds limit) const
{
    return error(ErrorKind::TimedOut,
                 Words::tr("%1 gave no answer for %2 s. Check the connection, or try again.")
                     .arg(m_system, seconds(limit)),
                 shown(url));
}

Error TransportErrors::neverEnding(const QUrl &url, std::chrono::milliseconds limit) const
{
    return error(ErrorKind::TimedOut,
                 Words::tr("The answer of %1 did not come to an end within %2 s and was given up. "
                           "Try again.")
                     .arg(m_system, seconds(limit)),
                 shown(url));
}

Error TransportErrors::tooLarge(const QUrl &url, qint64 limit) const
{
    return error(ErrorKind::Malformed,
                 Words::tr("The answer of %1 is larger than %2 MB and was given up. Ask for less.")
                     .arg(m_system)
                     .arg(double(limit) / (1 << 20), 0, 'g', 3),
                 shown(url));
}

Error TransportErrors::circle(const QUrl &url) const
{
    return error(ErrorKind::Malformed,
                 Words::tr("%1 sends from one address to the next without end. Check the address "
                           "in the workspace file.")
                     .arg(m_system),
                 shown(url));
}

Error TransportErrors::elsewhere(const QUrl &url) const
{
    return error(ErrorKind::Malformed,
                 Words::tr("%1 sends on to %2, where this is not followed. Check the address in "
                           "the workspace file.")
                     .arg(m_system, hostOf(url)));
}

Error TransportErrors::untrusted(const QUrl &url, const QStringList &reasons) const
{
    return error(ErrorKind::Refused,
                 Words::tr("The certificate of %1 at %2 does not verify: %3. Give the right "
                           "certificate authority, or check the address.")
                     .arg(m_system, hostOf(url), reasons.value(0)),
                 reasons.join(QLatin1Char('\n')));
}

Error TransportErrors::signInGivenUp() const
{
    return error(ErrorKind::Cancelled,
                 Words::tr("Signing in to %1 was given up. Try again.").arg(m_system));
}

Error TransportErrors::noWebAddress(const QUrl &url) const
{
    return error(ErrorKind::BadInput,
                 Words::tr("“%1” is not an address that %2 can be reached at. It must begin with "
                           "https://.")
                     .arg(shown(url), m_system));
}

Error TransportErrors::plainHttpWithCredential(const QUrl &url) const
{
    return error(ErrorKind::Refused,
                 Words::tr("The credential for %1 is not sent over plain http to %2. Use https.")
                     .arg(m_system, hostOf(url)));
}

Error TransportErrors::plainHttp(const QUrl &url) const
{
    return error(ErrorKind::Refused,
                 Words::tr("%1 is not asked over plain http at %2. Use https, or set allow_http: "
                           "true.")
                     .arg(m_system, hostOf(url)));
}

Error TransportErrors::cut(const QString &text, Request request) const
{
    if (request == Request::Read)
        return error(ErrorKind::Unavailable,
                     Words::tr("The connection to %1 broke before the answer was complete. Try "
                               "again.")
                         .arg(m_system),
                     text);
    return error(ErrorKind::Unavailable,
                 Words::tr("The connection to %1 broke before the answer was complete: the change "
                           "may or may not have been made. Read again before anything else.")
                     .arg(m_system),
                 text);
}

Error TransportErrors::broken(const QUrl &url, const Hop::End &end, Request request) const
{
    if (!end.tlsErrors.isEmpty())
        return untrusted(url, end.tlsErrors);
    const QString host = hostOf(url);
    switch (end.breakage.value_or(Hop::Breakage::Closed)) {
    case Hop::Breakage::HostNotFound:
        return error(ErrorKind::Unavailable,
                     Words::tr("The host of %1, %2, was not found. Check the network and the "
                               "address.")
                         .arg(m_system, host),
                     end.text);
    case Hop::Breakage::NobodyThere:
        return error(ErrorKind::Unavailable,
                     Words::tr("Nothing answers for %1 at %2. Check that it runs and is "
                               "reachable.")
                         .arg(m_system, host),
                     end.text);
    case Hop::Breakage::Handshake:
        return error(ErrorKind::Unavailable,
                     Words::tr("%1 at %2 does not agree on a secure connection. Check the client "
                               "certificate and the address.")
                         .arg(m_system, host),
                     end.text);
    case Hop::Breakage::Garbled:
        return error(ErrorKind::Malformed,
                     Words::tr("What answers for %1 at %2 does not speak HTTP. Check the address.")
                         .arg(m_system, host),
                     end.text);
    case Hop::Breakage::Closed:
        break;
    }
    return cut(end.text, request);
}

} // namespace pilothouse
