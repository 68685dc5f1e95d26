#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace pilothouse::sandbox {

/// One revision of a Helm release as its Secret keeps it.
struct HelmRevision
{
    QString release;
    QString nameSpace;
    int revision = 1;
    QString status; ///< "deployed", "superseded", "failed"
    QString description;
    QString sha;          ///< the image tag of that revision
    QString candidateSha; ///< empty = no canary
    QDateTime at;
};

/// Secret sh.helm.release.v1.NAME.vN of type helm.sh/release.v1: labels, and under `release` the
/// JSON, gzipped and twice in Base64 (once by Helm, once as every Secret).
[[nodiscard]] QJsonObject helmSecret(const HelmRevision &revision);

/// gzip with the fastest level.
[[nodiscard]] QByteArray gzip(const QByteArray &plain);

} // namespace pilothouse::sandbox
