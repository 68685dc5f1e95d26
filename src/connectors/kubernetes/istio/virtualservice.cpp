#include "connectors/kubernetes/istio/virtualservice.h"

#include "base/words.h"
#include "connectors/kubernetes/istio/weightmanager.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// What an HTTP route gives to each end.
struct RouteShare
{
    int stable = 0;
    int candidate = 0;
    int other = 0;
    bool hasStable = false;
    bool hasCandidate = false;

    [[nodiscard]] int sum() const { return stable + candidate + other; }
    /// Rounded, but 0 and 100 only for none and all of it.
    [[nodiscard]] Weight share() const
    {
        if (candidate == 0)
            return Weight{0};
        if (candidate == sum())
            return Weight{100};
        return Weight{std::clamp((candidate * 100 + sum() / 2) / sum(), 1, 99)};
    }
};

RouteShare routeShare(const QList<VirtualRoute> &routes, const IstioNames &names)
{
    RouteShare share;
    for (const VirtualRoute &route : routes) {
        // A single destination gets all, whatever its weight.
        const int weight = routes.size() == 1 ? 100 : route.weight;
        const auto leadsTo = [&](const IstioTarget &target) {
            return isHostOf(route.host, target.service, names.nameSpace)
                   && route.subset == target.subset;
        };
        if (leadsTo(names.stable)) {
            share.hasStable = true;
            share.stable += weight;
        } else if (leadsTo(names.candidate)) {
            share.hasCandidate = true;
            share.candidate += weight;
        } else {
            share.other += weight;
        }
    }
    return share;
}

void addShareProblems(const QList<RouteShare> &shares, const QString &name, QStringList &problems)
{
    QStringList different;
    for (const RouteShare &share : shares) {
        different << Words::tr("%1 %").arg(share.share().percent);
        if (share.sum() == 0)
            problems << Words::tr("all weights of VirtualService “%1” are 0").arg(name);
        if (share.other > 0)
            problems << Words::tr("VirtualService “%1” sends a part of the traffic to a third "
                                  "destination")
                            .arg(name);
    }
    different.removeDuplicates();
    problems.removeDuplicates();
    if (different.size() > 1)
        problems << Words::tr("the routes of VirtualService “%1” give the candidate different "
                              "shares (%2)")
                        .arg(name, different.join(QStringLiteral(", ")));
}

} // namespace

QString targetWord(const IstioTarget &target)
{
    return target.subset.isEmpty() ? target.service
                                   : target.service + QLatin1Char('/') + target.subset;
}

bool isHostOf(const QString &host, const QString &service, const QString &nameSpace)
{
    const QString qualified = service + QLatin1Char('.') + nameSpace;
    return host == service || host == qualified || host == qualified + QLatin1String(".svc")
           || host.startsWith(qualified + QLatin1String(".svc."));
}

Result<VirtualService> decodeVirtualService(const QJsonObject &object)
{
    const auto root = objectReader("VirtualService", object);
    if (!root)
        return fail(root.error());
    VirtualService read;
    read.meta = decodeMeta(root->child("metadata"));
    for (const JsonReader &http : root->child("spec").itemsIfAny("http")) {
        QList<VirtualRoute> routes;
        for (const JsonReader &route : http.itemsIfAny("route")) {
            const JsonReader destination = route.child("destination");
            const qint64 weight = route.integerOr("weight", 0);
            if (weight < 0)
                route.complain(Words::tr("a weight of 0 or more"));
            routes.append(
                {destination.string("host"), destination.stringOr("subset"), int(weight)});
        }
        read.http.append(routes);
    }
    return root->finish(read);
}

Result<DestinationRule> decodeDestinationRule(const QJsonObject &object)
{
    const auto root = objectReader("DestinationRule", object);
    if (!root)
        return fail(root.error());
    DestinationRule rule;
    const JsonReader spec = root->child("spec");
    rule.host = spec.string("host");
    for (const JsonReader &subset : spec.itemsIfAny("subsets"))
        rule.subsets.insert(subset.string("name"), subset.strings("labels"));
    return root->finish(rule);
}

IstioWorld::IstioWorld(IstioNames names)
    : BackendsWorld(names.nameSpace), m_names(std::move(names)), m_rules(decodeDestinationRule),
      m_virtualServices(guardedStore<VirtualService>(decodeVirtualService, m_names.virtualService))
{
    const QString istio = QStringLiteral("apis/networking.istio.io/v1beta1");
    if (!m_names.stable.subset.isEmpty() || !m_names.candidate.subset.isEmpty())
        add({istio, m_names.nameSpace, QStringLiteral("destinationrules")}, m_rules);
    add({istio, m_names.nameSpace, QStringLiteral("virtualservices")}, m_virtualServices);
}

const KubeMeta *IstioWorld::guarded() const
{
    return virtualService() ? &virtualService()->meta : nullptr;
}

RevisionState IstioWorld::revisionAt(const IstioTarget &target, QStringList &problems) const
{
    Labels subset;
    if (!target.subset.isEmpty()) {
        for (const DestinationRule &rule : m_rules.all()) {
            if (isHostOf(rule.host, target.service, m_names.nameSpace))
                subset = rule.subsets.value(target.subset, subset);
        }
        if (subset.isEmpty())
            problems << Words::tr("no DestinationRule says which Pods the subset “%1” is")
                            .arg(targetWord(target));
    }
    // Without its labels a subset would look like the whole Service.
    RevisionState revision;
    if (target.subset.isEmpty() || !subset.isEmpty())
        revision = revisionBehind(backends(), m_names.commitFrom, target.service, subset);
    revision.name = RevisionName(targetWord(target));
    return revision;
}

Result<TrafficState> IstioWorld::state() const
{
    if (const auto error = m_virtualServices.whyUnreadable(m_names.virtualService))
        return fail(*error);
    const VirtualService *now = virtualService();
    if (!now)
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no VirtualService “%1” in this namespace. Check “control” "
                              "in pilothouse.yaml.")
                        .arg(m_names.virtualService));
    QList<RouteShare> shares;
    bool besides = false;
    for (const QList<VirtualRoute> &routes : now->http) {
        const RouteShare share = routeShare(routes, m_names);
        // A route to one end alone is for testers, or for whoever is not part of the canary.
        if (share.hasStable && share.hasCandidate)
            shares.append(share);
        else
            besides = besides || share.candidate > 0;
    }
    if (shares.isEmpty())
        return fail(ErrorKind::NotFound,
                    Words::tr("VirtualService “%1” has no route with both “%2” and “%3”. Check "
                              "“stable” and “candidate” in pilothouse.yaml.")
                        .arg(m_names.virtualService, targetWord(m_names.stable),
                             targetWord(m_names.candidate)));
    TrafficState state;
    QStringList problems;
    tellMeta(now->meta, state, problems);
    for (const RouteShare &share : std::as_const(shares))
        state.asked = std::max(state.asked, share.share());
    // Istio says nowhere in the object which proxies have it.
    state.accepted = state.asked;
    addShareProblems(shares, m_names.virtualService, problems);
    const WeightManager manager = weightManager(now->meta);
    state.progress = manager.kind == WeightManager::Kind::Nobody
                         ? Words::tr("read only")
                         : Words::tr("read only: managed by %1").arg(managerWord(manager.kind));
    state.promoteOff = insteadOfWriting(manager, m_names.virtualService);
    const TrafficEnds ends{revisionAt(m_names.stable, problems),
                           revisionAt(m_names.candidate, problems), besides};
    tellEnds(ends, problems, state);
    return state;
}

} // namespace pilothouse
