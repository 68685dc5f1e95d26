#pragma once

#include "connectors/http/networkhttp.h"

#include <QSslConfiguration>

namespace pilothouse {

/// The settings as Qt wants them. BadInput, naming the part, for a certificate or key that cannot
/// be read.
[[nodiscard]] Result<QSslConfiguration> tlsConfiguration(const TlsSettings &settings,
                                                         const QString &systemName);

/// The same showing another client certificate: one that came with the credential. BadInput as
/// above.
[[nodiscard]] Result<QSslConfiguration>
withIdentity(QSslConfiguration tls, const ClientIdentity &identity, const QString &systemName);

} // namespace pilothouse
