#pragma once

#include "base/id.h"
#include "journal/journal.h"

#include <QDateTime>
#include <QList>
#include <QStringList>

#include <chrono>
#include <optional>

namespace pilothouse {

/// One time that a track was rolled back, as the journal tells it. A drill is scored by the same
/// numbers. All times are UTC.
struct Incident
{
    TrackName track;
    CommitId bad; ///< what was rolled back; empty = unknown commit
    CommitId to;
    QString by;
    QString alert;       ///< empty = no alert was seen before it was rolled back
    QDateTime alertedAt; ///< when the alert's condition became true; invalid = none was seen
    QDateTime seenAt;    ///< when a screen of this workspace first showed the alert
    QDateTime confirmedAt;
    QDateTime acceptedAt; ///< weight 0 was accepted
    QString came;         ///< the outcome in words
    /// From the first bad sample to the end of it; nullopt = nobody counted.
    std::optional<double> failedRequests;
    QString notCounted;      ///< why there is no number, or why it is too low; empty = it is whole
    QStringList signsPassed; ///< what a promotion of this revision was made in spite of
    QStringList wrongFirst;  ///< other tracks rolled back between alert and confirmation

    bool operator==(const Incident &) const = default;
};

/// Nothing where one end is not told.
[[nodiscard]] std::optional<std::chrono::milliseconds> alertToScreen(const Incident &incident);
[[nodiscard]] std::optional<std::chrono::milliseconds> screenToConfirm(const Incident &incident);
[[nodiscard]] std::chrono::milliseconds confirmToAccepted(const Incident &incident);

/// Every rollback that was done, newest first. `records` are newest first.
[[nodiscard]] QList<Incident> incidentsOf(const QList<Record> &records);

/// "1 request", "95 requests": whole ones.
[[nodiscard]] QString requestsWords(double requests);

// What IncidentNotes writes down, and incidentsOf reads back.

/// A screen showed an alert of a track.
[[nodiscard]] Record alertSeenNote(const TrackName &track, const QString &actor,
                                   const QString &alert, const QDateTime &alertedAt);
/// What a rollback ended is over.
struct Damage
{
    std::optional<double> failedRequests;
    QString notCounted;

    bool operator==(const Damage &) const = default;
};
[[nodiscard]] Record damageNote(const TrackName &track, const QString &actor,
                                const IntentId &rollback, const Damage &damage);

} // namespace pilothouse
