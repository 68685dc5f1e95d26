#include "connectors/kubernetes/httproute/routeplaces.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

QJsonObject operation(const char *op, const QString &path, const QJsonValue &value)
{
    return {{QStringLiteral("op"), QLatin1String(op)},
            {QStringLiteral("path"), path},
            {QStringLiteral("value"), value}};
}

Result<AppliedWeights> appliedRules(const QJsonObject &object, const QString &nameSpace,
                                    const RouteNames &names)
{
    const auto root = objectReader("HTTPRoute", object);
    if (!root)
        return fail(root.error());
    const JsonReader spec = root->child("spec");
    if (!spec.has("rules"))
        return root->finish(AppliedWeights{AppliedWeights::Says::Nothing, {}});
    KubeRoute route;
    route.rules = decodeRules(spec, nameSpace);
    const QList<RoutePlace> places = placesOf(route, names);
    const bool likeOurs
        = !places.isEmpty()
          && std::all_of(places.cbegin(), places.cend(), [&places](const RoutePlace &place) {
                 return place.otherWeight == 0 && place.sum() == 100
                        && place.share() == places.first().share();
             });
    AppliedWeights weights{AppliedWeights::Says::Weights, {}};
    if (likeOurs)
        weights.percent = places.first().share().percent;
    return root->finish(weights);
}

} // namespace

Weight RoutePlace::share() const
{
    if (candidateWeight == 0 || sum() == 0)
        return Weight{0};
    if (candidateWeight == sum())
        return Weight{100};
    return Weight{std::clamp((candidateWeight * 100 + sum() / 2) / sum(), 1, 99)};
}

QList<RoutePlace> placesOf(const KubeRoute &route, const RouteNames &names)
{
    QList<RoutePlace> places;
    for (qsizetype rule = 0; rule < route.rules.size(); ++rule) {
        RoutePlace place;
        place.rule = int(rule);
        place.stable = -1;
        place.candidate = -1;
        const QList<KubeBackend> &backends = route.rules[rule];
        for (qsizetype i = 0; i < backends.size(); ++i) {
            if (backends[i].service == names.stable && place.stable < 0) {
                place.stable = int(i);
                place.stableWeight = backends[i].weight;
            } else if (backends[i].service == names.candidate && place.candidate < 0) {
                place.candidate = int(i);
                place.candidateWeight = backends[i].weight;
            } else {
                place.otherWeight += backends[i].weight;
            }
        }
        if (place.stable >= 0 && place.candidate >= 0)
            places.append(place);
    }
    return places;
}

Weight shareOf(const QList<RoutePlace> &places)
{
    Weight most;
    for (const RoutePlace &place : places)
        most = std::max(most, place.share());
    return most;
}

bool isReachableBesides(const KubeRoute &route, const QList<RoutePlace> &places,
                        const RouteNames &names)
{
    for (qsizetype rule = 0; rule < route.rules.size(); ++rule) {
        const bool weighted
            = std::any_of(places.cbegin(), places.cend(),
                          [rule](const RoutePlace &place) { return place.rule == rule; });
        for (const KubeBackend &backend : route.rules[rule]) {
            if (!weighted && backend.service == names.candidate && backend.weight > 0)
                return true;
        }
    }
    return false;
}

WeightFields routeFields(const QString &nameSpace, const RouteNames &names)
{
    return {QStringLiteral("HTTPRoute"), WeightFields::Type::Custom,
            [nameSpace, names](const QJsonObject &object) {
                return appliedRules(object, nameSpace, names);
            }};
}

Error noPlace(const RouteNames &names)
{
    return {ErrorKind::NotFound,
            Words::tr("HTTPRoute “%1” has no rule with both backends “%2” and “%3”. Check “stable” "
                      "and “candidate” in pilothouse.yaml.")
                .arg(names.route, names.stable, names.candidate),
            {},
            {}};
}

Result<ObjectWrite> weightPatch(const KubeRoute &route, const RouteNames &names, Weight candidate,
                                const QString &changes)
{
    const QList<RoutePlace> places = placesOf(route, names);
    if (places.isEmpty())
        return fail(noPlace(names));
    ObjectWrite write;
    // Room for our annotation where there is none.
    if (route.meta.annotations.isEmpty())
        write.operations.append(
            operation("add", QStringLiteral("/metadata/annotations"), QJsonObject()));
    QJsonArray weights;
    for (const RoutePlace &place : places) {
        const auto backend = [&](int index, const char *member) {
            return QStringLiteral("/spec/rules/%1/backendRefs/%2/%3")
                .arg(place.rule)
                .arg(index)
                .arg(QLatin1String(member));
        };
        write.operations.append(operation("test", backend(place.stable, "name"), names.stable));
        write.operations.append(
            operation("test", backend(place.candidate, "name"), names.candidate));
        // `add` replaces a member that is there and makes one that is not (a weight left out is 1).
        weights.append(operation("add", backend(place.stable, "weight"), 100 - candidate.percent));
        weights.append(operation("add", backend(place.candidate, "weight"), candidate.percent));
    }
    for (const QJsonValue weight : std::as_const(weights))
        write.operations.append(weight);
    write.operations.append(operation("add", annotationPath(changesAnnotation), changes));
    return write;
}

} // namespace pilothouse
