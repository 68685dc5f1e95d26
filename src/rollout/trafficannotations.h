#pragma once

#include "rollout/trafficcontrol.h"

#include <QByteArray>

#include <functional>

namespace pilothouse {

/// What the console keeps on a traffic object itself, the same on every traffic control, so that
/// every console and every person with kubectl or gcloud sees it.
/// Hold: `{"by","since","why","commit","intent"}`. Changes: an array, newest first, of
/// `{"at","actor","from","to","reason","intent","candidate","template"}`, the last one where it is
/// known. Deeds: an array, newest first, of
/// `{"at","by","what","why","intent","since"}`, the last one of a lift alone. Times are ISO 8601,
/// UTC, with milliseconds; weights are per cent.
/// Guards: an array of `{"by","where","run","process","pidSpace","since","until","commit",
/// "intent","heartbeat"}`, where = "window", "program" or "CI", run, pidSpace, until, intent and
/// heartbeat where there is one, process = `{"host","pid","started","journal"}`. Retired: an array,
/// newest first, of
/// `{"what","commit","by","at","intent"}`.
inline constexpr char holdAnnotation[] = "pilothouse.dev/hold";
inline constexpr char changesAnnotation[] = "pilothouse.dev/changes";
inline constexpr char deedsAnnotation[] = "pilothouse.dev/deeds";
inline constexpr char guardsAnnotation[] = "pilothouse.dev/guard";
inline constexpr char retiredAnnotation[] = "pilothouse.dev/retired";

/// Deed::what of a hold that was lifted.
inline constexpr QLatin1String liftDeed("lift");

/// How many changes an object remembers.
inline constexpr int rememberedChanges = 20;

[[nodiscard]] QByteArray encodeHold(const Hold &hold);
/// Nothing for an empty annotation. A text that cannot be read still holds, and says so: a stop
/// somebody tried to set is never taken for none.
[[nodiscard]] std::optional<Hold> decodeHold(const QByteArray &annotation);

/// What a dry run tells of a change of that annotation: "hold: (none) → by mara".
[[nodiscard]] QString holdDifference(const QByteArray &before, const QByteArray &after);

[[nodiscard]] QByteArray encodeChanges(const QList<WeightChange> &changes);
/// Empty for an empty annotation; Malformed, with the place, for one that cannot be read.
[[nodiscard]] Result<QList<WeightChange>> decodeChanges(const QByteArray &annotation);

[[nodiscard]] QByteArray encodeDeeds(const QList<Deed> &deeds);
/// What cannot be read is left out: a deed tells only what was done.
[[nodiscard]] QList<Deed> decodeDeeds(const QByteArray &annotation);

/// Empty for none: the annotation goes.
[[nodiscard]] QByteArray encodeGuards(const QList<GuardMark> &guards);
/// What cannot be read is left out: it is no guard that anybody may trust in.
[[nodiscard]] QList<GuardMark> decodeGuards(const QByteArray &annotation);

/// The newest of them, as many as an object remembers; empty for none.
[[nodiscard]] QByteArray encodeRetired(const QList<Retirement> &retired);
/// What cannot be read is left out.
[[nodiscard]] QList<Retirement> decodeRetired(const QByteArray &annotation);

/// Takes the small notes of `annotationOf` into a state.
void tellNotes(const std::function<QByteArray(const char *)> &annotationOf, TrafficState &state);

/// The text that is to stand under a key, of the object as it is now; nullopt = it stays.
using MakeAnnotation = std::function<std::optional<QByteArray>(const TrafficState &now)>;
/// Reads the object and writes the annotation that `make` makes of it; where somebody was faster
/// once more, three times in all. The state right after it, or why it could not be written.
/// `control` outlives `context`.
[[nodiscard]] QFuture<Result<Reading<TrafficState>>> keepAnnotation(TrafficControl &control,
                                                                    const QString &key,
                                                                    const MakeAnnotation &make,
                                                                    QObject *context);

/// `deed` on top of those of an annotation, cut to what an object remembers.
[[nodiscard]] QByteArray encodedWith(const Deed &deed, const QByteArray &annotation);
/// The deed that a lift is, of the hold that stands in an annotation; nullopt = of nobody.
[[nodiscard]] std::optional<Deed> deedOf(const Lift &lift, const QDateTime &at,
                                         const QByteArray &hold);

/// `change` before the ones that are there, cut to what an object remembers.
[[nodiscard]] QList<WeightChange> remembered(const WeightChange &change,
                                             const QList<WeightChange> &before);

/// Who gave the traffic the weight that it is asked to have: a person where a console did it
/// ("B. Novak (10 → 50 %)"), else the last writer as the system knows it; empty = nobody is known.
[[nodiscard]] QString lastMover(const TrafficState &traffic);

/// Whether this intent was done, as the traffic object remembers it.
enum class Noted {
    Yes,
    No,       ///< the weight that is asked was set by another intent
    Nameless, ///< it was set through a record that has no place for an intent: by this one or not
    Unknown,  ///< it remembers nothing that tells
};
[[nodiscard]] Noted isNoted(const TrafficState &traffic, const IntentId &intent);

} // namespace pilothouse
