#include "connectors/kubernetes/httproute/routeplaces.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

#include <QJsonDocument>

#include <algorithm>

namespace pilothouse {
namespace {

/// JSON pointer (RFC 6901): the key of an annotation holds a slash.
QString pointer(const char *annotation)
{
    QString key = QString::fromLatin1(annotation);
    key.replace(QLatin1Char('~'), QLatin1String("~0"));
    key.replace(QLatin1Char('/'), QLatin1String("~1"));
    return QStringLiteral("/metadata/annotations/") + key;
}

QJsonObject operation(const char *op, const QString &path, const QJsonValue &value)
{
    return {{QStringLiteral("op"), QLatin1String(op)},
            {QStringLiteral("path"), path},
            {QStringLiteral("value"), value}};
}

/// Begins with the test of the version, where one is named; makes room for annotations where there
/// are none.
QJsonArray guarded(const KubeRoute &route)
{
    QJsonArray operations;
    if (!route.resourceVersion.isEmpty())
        operations.append(operation("test", QStringLiteral("/metadata/resourceVersion"),
                                    route.resourceVersion));
    if (route.annotations.isEmpty())
        operations.append(operation("add", QStringLiteral("/metadata/annotations"), QJsonObject()));
    return operations;
}

QString pathIn(const QJsonValue &operation)
{
    return operation.toObject().value(QLatin1String("path")).toString();
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

Error noPlace(const RouteNames &names)
{
    return {ErrorKind::NotFound,
            Words::tr("HTTPRoute “%1” has no rule with both backends “%2” and “%3”. Check “stable” "
                      "and “candidate” in pilothouse.yaml.")
                .arg(names.route, names.stable, names.candidate),
            {},
            {}};
}

Result<QJsonArray> weightPatch(const KubeRoute &route, const RouteNames &names, Weight candidate,
                               const QList<WeightChange> &changes)
{
    const QList<RoutePlace> places = placesOf(route, names);
    if (places.isEmpty())
        return fail(noPlace(names));
    QJsonArray tests;
    QJsonArray weights;
    for (const RoutePlace &place : places) {
        const auto backend = [&](int index, const char *member) {
            return QStringLiteral("/spec/rules/%1/backendRefs/%2/%3")
                .arg(place.rule)
                .arg(index)
                .arg(QLatin1String(member));
        };
        tests.append(operation("test", backend(place.stable, "name"), names.stable));
        tests.append(operation("test", backend(place.candidate, "name"), names.candidate));
        // `add` replaces a member that is there and makes one that is not (a weight left out is 1).
        weights.append(operation("add", backend(place.stable, "weight"), 100 - candidate.percent));
        weights.append(operation("add", backend(place.candidate, "weight"), candidate.percent));
    }
    QJsonArray operations = guarded(route);
    for (const QJsonArray &some : {tests, weights}) {
        for (const QJsonValue each : some)
            operations.append(each);
    }
    operations.append(
        operation("add", pointer(changesAnnotation), QString::fromUtf8(encodeChanges(changes))));
    return operations;
}

QJsonArray holdPatch(const KubeRoute &route, const std::optional<Hold> &hold)
{
    QJsonArray operations = guarded(route);
    if (hold)
        operations.append(
            operation("add", pointer(holdAnnotation), QString::fromUtf8(encodeHold(*hold))));
    else if (route.annotations.contains(QLatin1String(holdAnnotation)))
        operations.append(QJsonObject{{QStringLiteral("op"), QStringLiteral("remove")},
                                      {QStringLiteral("path"), pointer(holdAnnotation)}});
    return operations;
}

QString shownPatch(const QJsonArray &operations, const QString &note)
{
    QStringList lines;
    for (const QJsonValue each : operations) {
        QJsonObject shown = each.toObject();
        if (pathIn(each) == pointer(changesAnnotation))
            shown.insert(QStringLiteral("value"), note);
        lines << QString::fromUtf8(QJsonDocument(shown).toJson(QJsonDocument::Compact));
    }
    return QLatin1Char('[') + lines.join(QStringLiteral(",\n ")) + QLatin1Char(']');
}

QJsonArray withoutAnnotations(const QJsonArray &operations)
{
    QJsonArray rest;
    for (const QJsonValue each : operations) {
        if (!pathIn(each).startsWith(QLatin1String("/metadata/annotations")))
            rest.append(each);
    }
    return rest;
}

} // namespace pilothouse
