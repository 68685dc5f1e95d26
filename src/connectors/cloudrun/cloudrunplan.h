#pragma once

#include "connectors/cloudrun/cloudruncontrol.h"
#include "connectors/cloudrun/cloudrunwrite.h"

namespace pilothouse {

/// A write of a weight as a confirmation shows it: the request on one line, in full, and as the
/// gcloud command that moves the same traffic (without our annotations).
[[nodiscard]] PlannedCall plannedCall(const CloudRunControl::Settings &settings,
                                      const QUrl &service, const CloudRunSnapshot &snapshot,
                                      const CloudRunWrite &write);

/// The same of a write of a hold. gcloud writes no annotations of a service: by curl alone.
[[nodiscard]] PlannedCall plannedHold(const CloudRunControl::Settings &settings,
                                      const QUrl &service, const CloudRunSnapshot &snapshot,
                                      const HoldChange &change, const QDateTime &at);

/// What a write of one annotation sends.
[[nodiscard]] PlannedCall plannedAnnotation(const CloudRunControl::Settings &settings,
                                            const QUrl &service, const CloudRunSnapshot &snapshot,
                                            const QString &key, const QByteArray &value);

/// "9f3c2a1 (backend-00042-bbb)", or the revision's name alone where its commit is not known.
[[nodiscard]] QString shownRevision(const CloudRunSnapshot &snapshot, const QString &revision);

/// Of an action that is shown: who does it, and its intent, are known when it is confirmed.
[[nodiscard]] Deed deedToCome(const QString &action);

/// How the service would differ, a line each revision: "backend-00041: 90 → 50 %", then whether the
/// traffic follows LATEST, and our own annotations.
[[nodiscard]] QStringList writeChanges(const CloudRunSnapshot &snapshot,
                                       const CloudRunWrite &write);

} // namespace pilothouse
