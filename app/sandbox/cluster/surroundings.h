#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace pilothouse::sandbox {

/// What stands beside the service and changes without a release: its config map, and a cron job
/// that imports at night.

inline constexpr const char *configMapName = "context-web";
inline constexpr const char *importCronJob = "context-import";

/// The environment of the service; Helm writes it anew with each release.
[[nodiscard]] QJsonObject configMapManifest(const QString &nameSpace, const QString &release,
                                            const QDateTime &createdAt);
/// A cron job that has not run yet.
[[nodiscard]] QJsonObject importManifest(const QString &nameSpace, const QString &image,
                                         const QDateTime &createdAt);
/// A Job of that cron job that runs since `began`.
[[nodiscard]] QJsonObject importRun(const QJsonObject &cronJob, const QDateTime &began);

} // namespace pilothouse::sandbox
