#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>

namespace pilothouse {

/// A word as a shell takes it whole: in single quotes where it needs them.
[[nodiscard]] QString shellWord(QString word);

/// A request as a curl command line. The credential is no part of it: it is expected in $TOKEN.
/// Without a body, `contentType` does not matter.
[[nodiscard]] QString curlCommand(const QByteArray &method, const QUrl &url,
                                  const QByteArray &contentType, const QByteArray &body);

} // namespace pilothouse
