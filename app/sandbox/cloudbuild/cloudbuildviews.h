#pragma once

#include "app/sandbox/world/runbook.h"

#include <QJsonObject>

namespace pilothouse::sandbox {

class World;

/// A build that a job of the CI host handed over. It lives and ends with its job.
struct HandedBuild
{
    QString id; ///< a UUID, the same in every run
    const RunRecord *run = nullptr;
    const RunJob *job = nullptr;

    /// Cloud Build's word.
    [[nodiscard]] QString status() const;
};

/// Builds of the world, newest first. A job makes one when it begins, or asks for approval.
[[nodiscard]] QList<HandedBuild> handedBuilds(const World &world);
[[nodiscard]] QJsonObject buildView(const World &world, const HandedBuild &build,
                                    const QString &region);
/// What its log holds by now; nothing before the first second has passed.
[[nodiscard]] QByteArray buildLog(const World &world, const HandedBuild &build);
/// "coditect-production_cloudbuild"
[[nodiscard]] QString logsBucket(const World &world);

} // namespace pilothouse::sandbox
