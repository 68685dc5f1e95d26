#include "base/tokenexpiry.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

QDateTime expiryOf(const Secret &token)
{
    // Header, claims and signature (RFC 7519).
    const QList<QByteArray> parts = token.expose().split('.');
    if (parts.size() != 3)
        return {};
    const auto claims = QByteArray::fromBase64Encoding(
        parts[1], QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!claims)
        return {};
    const QJsonValue expires
        = QJsonDocument::fromJson(*claims).object().value(QLatin1String("exp"));
    return expires.isDouble() ? QDateTime::fromSecsSinceEpoch(expires.toInteger(), Qt::UTC)
                              : QDateTime();
}

} // namespace pilothouse
