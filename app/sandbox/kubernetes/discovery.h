#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace pilothouse::sandbox {

/// The answer to /version, /api, /apis and what stands directly below; nullopt for another path.
[[nodiscard]] std::optional<QJsonObject> discoveryAnswer(const QString &path);

} // namespace pilothouse::sandbox
