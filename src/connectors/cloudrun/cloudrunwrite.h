#pragma once

#include "base/result.h"
#include "connectors/cloudrun/cloudrunstate.h"

#include <QByteArray>

namespace pilothouse {

/// A PATCH of the service, ready to be sent.
struct CloudRunWrite
{
    QString updateMask; ///< "traffic,annotations"
    QByteArray body;
    QList<CloudRunTarget> traffic; ///< as it will be asked
    QHash<QString, QString> annotations;
};

/// The whole traffic list for a weight, both revisions pinned, tags kept, with the change written
/// into the annotations. Conflict if the revision meant is not there (any more).
[[nodiscard]] Result<CloudRunWrite> weightWrite(const CloudRunSnapshot &snapshot,
                                                const WeightRequest &request, const QDateTime &at);

/// A write of the traffic and the annotations that stand in `write`.
[[nodiscard]] CloudRunWrite trafficWrite(const CloudRunSnapshot &snapshot, CloudRunWrite write);

/// All traffic on one target, tags kept, with the deed and `notes` in the annotations.
[[nodiscard]] CloudRunWrite wholeWrite(const CloudRunSnapshot &snapshot,
                                       const CloudRunTarget &target, const Deed &deed,
                                       const QHash<QString, QString> &notes = {});

/// `at` is the time of a lift, and of a hold that has none.
[[nodiscard]] CloudRunWrite holdWrite(const CloudRunSnapshot &snapshot, const HoldChange &change,
                                      const QDateTime &at);

/// One of our annotations alone, with the rest as it is; empty = it goes.
[[nodiscard]] CloudRunWrite annotationWrite(const CloudRunSnapshot &snapshot, const QString &key,
                                            const QByteArray &value);

/// The body as it is sent, on many lines.
[[nodiscard]] QByteArray readableBody(const CloudRunWrite &write);

} // namespace pilothouse
