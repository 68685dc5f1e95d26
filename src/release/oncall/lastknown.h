#pragma once

#include "base/result.h"
#include "release/oncall/oncallviews.h"

#include <QByteArray>

namespace pilothouse {

/// What was live on one track when it was last read, and the command that rolls it back: for a
/// night on which nothing can be asked. Nothing in it is secret.
struct LastKnownTrack
{
    TrackName track;
    QDateTime at;    ///< UTC, by this machine's clock: it outlives a boot
    QString now;     ///< "c41d77e 50 % · 9f3c2a1 50 %"
    QString to;      ///< "9f3c2a1  instant, 3/3 ready"
    QString command; ///< empty = there was nothing to roll back

    bool operator==(const LastKnownTrack &) const = default;
};

[[nodiscard]] QByteArray lastKnownJson(const QList<LastKnownTrack> &tracks);
/// Malformed for what is no such file.
[[nodiscard]] Result<QList<LastKnownTrack>> lastKnownFrom(const QByteArray &json);

/// What is shown of the tracks that are lost, in the order of `lost`; one that was never read has
/// no line.
[[nodiscard]] QList<LastKnownLine> lastKnownLines(const QList<LastKnownTrack> &known,
                                                  const QList<TrackName> &lost,
                                                  const QDateTime &now);
/// The age of the oldest line: "47 min"; empty without lines.
[[nodiscard]] QString lastKnownAge(const QList<LastKnownLine> &lines);

} // namespace pilothouse
