#include "connectors/kubernetes/httproute/routeworld.h"

#include "base/words.h"
#include "connectors/kubernetes/httproute/routeplaces.h"

namespace pilothouse {
namespace {

/// What the conditions of all Gateways say; nullopt = not all of them have taken it over yet.
std::optional<Weight> acceptedWeight(const KubeRoute &route, Weight asked, QStringList &problems)
{
    bool accepted = !route.parents.isEmpty() && route.parents.size() >= route.wantedParents;
    for (const KubeRouteParent &parent : route.parents) {
        const bool current
            = parent.observedGeneration && *parent.observedGeneration >= route.meta.generation;
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

/// The weights of a route that has `places`, and what is not well with them.
void tellWeights(const KubeRoute &route, const QList<RoutePlace> &places, const RouteNames &names,
                 TrafficState &state, QStringList &problems)
{
    state.asked = shareOf(places);
    state.accepted = acceptedWeight(route, state.asked, problems);
    addWeightProblems(places, names, problems);
}

} // namespace

RouteWorld::RouteWorld(const QString &nameSpace, RouteNames names)
    : BackendsWorld(nameSpace), m_names(std::move(names)),
      m_routes(guardedStore<KubeRoute>(decodeRoute, m_names.route))
{
    add({QStringLiteral("apis/gateway.networking.k8s.io/v1"), nameSpace,
         QStringLiteral("httproutes")},
        m_routes);
}

const KubeMeta *RouteWorld::guarded() const
{
    return route() ? &route()->meta : nullptr;
}

QList<KubeDeployment> RouteWorld::stableDeployments() const
{
    const Backends all = backends();
    const Labels selector = all.services.value(m_names.stable).selector;
    QList<KubeDeployment> behind;
    for (const KubeDeployment &each : all.deployments) {
        if (selects(selector, each.templateLabels))
            behind.append(each);
    }
    return behind;
}

std::optional<Error> RouteWorld::missing() const
{
    const auto notFound = [](const QString &message) {
        return Error{ErrorKind::NotFound, message, {}, {}};
    };
    if (auto error = m_routes.whyUnreadable(m_names.route))
        return error;
    if (!route())
        return notFound(Words::tr("There is no HTTPRoute “%1” in this namespace. Check “control” "
                                  "in pilothouse.yaml.")
                            .arg(m_names.route));
    for (const QString &service : {m_names.stable, m_names.candidate}) {
        if (auto error = unreadableService(service))
            return error;
        if (!hasService(service))
            return notFound(Words::tr("HTTPRoute “%1” sends traffic to the Service “%2”, which is "
                                      "not there. Check “control” in pilothouse.yaml.")
                                .arg(m_names.route, service));
    }
    return std::nullopt;
}

TrafficState RouteWorld::guardedState() const
{
    TrafficState state = ClusterWorld::guardedState();
    QStringList problems;
    if (const KubeRoute *now = route())
        tellWeights(*now, placesOf(*now, m_names), m_names, state, problems);
    return state;
}

Result<TrafficState> RouteWorld::state() const
{
    if (const auto error = missing())
        return fail(*error);
    const KubeRoute &now = *route();
    const QList<RoutePlace> places = placesOf(now, m_names);
    if (places.isEmpty())
        return fail(noPlace(m_names));
    TrafficState state;
    QStringList problems;
    tellMeta(now.meta, state, problems);
    tellWeights(now, places, m_names, state, problems);
    tellEnds({revisionBehind(backends(), m_names.commitFrom, m_names.stable),
              revisionBehind(backends(), m_names.commitFrom, m_names.candidate),
              isReachableBesides(now, places, m_names)},
             problems, state);
    return state;
}

} // namespace pilothouse
