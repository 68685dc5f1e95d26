#include "base/words.h"
#include "connectors/kubernetes/httproute/routeplaces.h"
#include "connectors/kubernetes/httproute/routeworld.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// What the conditions of all Gateways say; nullopt = not all of them have taken it over yet.
std::optional<Weight> acceptedWeight(const KubeRoute &route, Weight asked, QStringList &problems)
{
    bool accepted = !route.parents.isEmpty() && route.parents.size() >= route.wantedParents;
    for (const KubeRouteParent &parent : route.parents) {
        const bool current
            = parent.observedGeneration && *parent.observedGeneration >= route.generation;
        accepted = accepted && parent.accepted && current;
        if (current && !parent.problem.isEmpty())
            problems << parent.problem;
    }
    return accepted ? std::optional(asked) : std::nullopt;
}

void addWeightProblems(const QList<RoutePlace> &places, const RouteNames &names,
                       QStringList &problems)
{
    QStringList shares;
    for (const RoutePlace &place : places) {
        shares << Words::tr("%1 %").arg(place.share().percent);
        if (place.sum() == 0)
            problems << Words::tr("all weights of HTTPRoute “%1” are 0: it sends traffic nowhere")
                            .arg(names.route);
        if (place.otherWeight > 0)
            problems << Words::tr("HTTPRoute “%1” sends a part of the traffic to a third backend")
                            .arg(names.route);
    }
    problems.removeDuplicates();
    QStringList different = shares;
    different.removeDuplicates();
    if (different.size() > 1)
        problems << Words::tr("the rules of HTTPRoute “%1” give the candidate different shares "
                              "(%2); the next change makes them alike")
                        .arg(names.route, shares.join(QStringLiteral(", ")));
}

std::optional<Error> missing(const RouteWorld &world, const RouteNames &names)
{
    const auto broken = [&](RoutePart part, const QString &name) {
        const QString key = pathOf(part, {}).plural + QLatin1Char('/') + name;
        const auto found = world.unreadable.constFind(key);
        return found == world.unreadable.cend() ? std::nullopt : std::optional(*found);
    };
    if (auto error = broken(RoutePart::Routes, names.route))
        return error;
    if (!world.route)
        return Error{ErrorKind::NotFound,
                     Words::tr("There is no HTTPRoute “%1” in this namespace. Check “control” in "
                               "pilothouse.yaml.")
                         .arg(names.route),
                     {},
                     {}};
    for (const QString &service : {names.stable, names.candidate}) {
        if (auto error = broken(RoutePart::Services, service))
            return error;
        if (!world.services.contains(service))
            return Error{ErrorKind::NotFound,
                         Words::tr("HTTPRoute “%1” sends traffic to the Service “%2”, which is not "
                                   "there. Check “control” in pilothouse.yaml.")
                             .arg(names.route, service),
                         {},
                         {}};
    }
    return std::nullopt;
}

} // namespace

Result<TrafficState> routeState(const KubeRoute &route, const RouteNames &names)
{
    const QList<RoutePlace> places = placesOf(route, names);
    if (places.isEmpty())
        return fail(noPlace(names));
    TrafficState state;
    QStringList problems;
    state.version = route.resourceVersion;
    state.asked = shareOf(places);
    state.accepted = acceptedWeight(route, state.asked, problems);
    state.lastWriter = route.lastWriter;
    state.lastWrittenAt = route.lastWrittenAt;
    addWeightProblems(places, names, problems);
    state.hold = decodeHold(route.annotations.value(QLatin1String(holdAnnotation)).toUtf8());
    const auto changes
        = decodeChanges(route.annotations.value(QLatin1String(changesAnnotation)).toUtf8());
    if (changes)
        state.changes = *changes;
    else
        problems << changes.error().message;
    state.problem = problems.join(QStringLiteral("; "));
    return state;
}

Result<TrafficState> trafficState(const RouteWorld &world, const RouteNames &names)
{
    if (const auto error = missing(world, names))
        return fail(*error);
    auto state = routeState(*world.route, names);
    if (!state)
        return state;
    QStringList problems;
    if (!state->problem.isEmpty())
        problems << state->problem;

    RevisionState stable = revisionBehind(world, names.commitFrom, names.stable);
    const RevisionState candidate = revisionBehind(world, names.commitFrom, names.candidate);
    const bool sameCode = isSameCode(candidate, stable) && state->asked.percent == 0;
    demandPods(stable, problems);
    state->stable = stable;
    if (candidate.wantedReplicas > 0 && !sameCode)
        state->candidate = candidate;
    if (candidate.pods.isEmpty() && state->asked.percent > 0)
        problems << Words::tr("%1 % of the traffic goes to “%2”, behind which no Pod stands")
                        .arg(state->asked.percent)
                        .arg(names.candidate);
    if (state->asked.percent == 0 && candidate.wantedReplicas > 0
        && isReachableBesides(*world.route, placesOf(*world.route, names), names))
        state->reachable.append(candidate);
    for (const Error &error : world.unreadable)
        problems << error.message;
    state->problem = problems.join(QStringLiteral("; "));
    return state;
}

} // namespace pilothouse
