#include "connectors/http/origin.h"

#include <QHostAddress>

namespace pilothouse {

quint16 portOf(const QUrl &url)
{
    return quint16(url.port(url.scheme() == QLatin1String("https") ? 443 : 80));
}

bool sameOrigin(const QUrl &a, const QUrl &b)
{
    // QUrl has lower-cased scheme and host.
    return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b)
           && !a.host().isEmpty();
}

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    if (host == QLatin1String("localhost"))
        return true;
    QHostAddress address;
    return address.setAddress(host) && address.isLoopback();
}

} // namespace pilothouse
