#pragma once

#include "connectors/http/networkhttp.h"

#include <QSslConfiguration>

namespace pilothouse {

/// The settings as Qt wants them. BadInput, naming the part, for a certificate or key that cannot
/// be read.
[[nodiscard]] Result<QSslConfiguration> tlsConfiguration(const TlsSettings &settings,
                                                         const QString &systemName);

} // namespace pilothouse
