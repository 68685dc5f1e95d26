#include "connectors/kubernetes/watched/objectwinner.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

namespace pilothouse {
namespace {

QByteArray annotationOf(const ObjectSight &object, const char *annotation)
{
    return object.annotations.value(QLatin1String(annotation)).toUtf8();
}

std::optional<WeightChange> newestChange(const ObjectSight &object)
{
    const auto changes = decodeChanges(annotationOf(object, changesAnnotation));
    return changes && !changes->isEmpty() ? std::optional(changes->first()) : std::nullopt;
}

QString personOf(const WeightChange &change)
{
    return QStringLiteral("%1 (%2 → %3 %)")
        .arg(change.actor)
        .arg(change.from.percent)
        .arg(change.to.percent);
}

} // namespace

QString winnerOf(const ObjectSight &now, const std::optional<ObjectSight> &before)
{
    const QString nobodyKnown = Words::tr("somebody else");
    const QString writer = now.lastWriter.isEmpty() ? nobodyKnown : now.lastWriter;
    const auto change = newestChange(now);
    const auto hold = decodeHold(annotationOf(now, holdAnnotation));
    if (before) {
        if (change && change != newestChange(*before))
            return personOf(*change);
        if (hold && annotationOf(*before, holdAnnotation) != annotationOf(now, holdAnnotation))
            return hold->by;
        if (now.generation != before->generation)
            return writer;
        return annotationOf(*before, guardsAnnotation) != annotationOf(now, guardsAnnotation)
                   ? Words::tr("a guard that says that it watches, or no longer does")
                   : nobodyKnown;
    }
    if (hold && (!change || hold->since > change->at))
        return hold->by;
    // Ours is the only manager that also says who it was.
    return change && now.lastWriter == QLatin1String("pilothouse") ? personOf(*change) : writer;
}

} // namespace pilothouse
