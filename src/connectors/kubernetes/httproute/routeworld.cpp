#include "connectors/kubernetes/httproute/routeworld.h"

#include <memory>

namespace pilothouse {
namespace {

QString pluralOf(RoutePart part)
{
    switch (part) {
    case RoutePart::Services:
        return QStringLiteral("services");
    case RoutePart::Deployments:
        return QStringLiteral("deployments");
    case RoutePart::Pods:
        return QStringLiteral("pods");
    case RoutePart::Routes:
        break;
    }
    return QStringLiteral("httproutes");
}

QString keyOf(RoutePart part, const QString &name)
{
    return pluralOf(part) + QLatin1Char('/') + name;
}

/// The same object written before: its answer was overtaken by a later one on the way.
bool isOvertaken(const KubeRoute &fresh, const std::optional<KubeRoute> &known)
{
    return known && known->uid == fresh.uid && fresh.generation < known->generation;
}

bool hasUnreadable(const RouteWorld &world, RoutePart part)
{
    const QString prefix = keyOf(part, {});
    const auto first = world.unreadable.lowerBound(prefix);
    return first != world.unreadable.cend() && first.key().startsWith(prefix);
}

} // namespace

ResourcePath pathOf(RoutePart part, const QString &nameSpace)
{
    const QString group = part == RoutePart::Routes
                              ? QStringLiteral("apis/gateway.networking.k8s.io/v1")
                          : part == RoutePart::Deployments ? QStringLiteral("apis/apps/v1")
                                                           : QStringLiteral("api/v1");
    return {group, nameSpace, pluralOf(part)};
}

void RouteWorld::put(RoutePart part, const QJsonObject &object, const RouteNames &names)
{
    const QString name = nameOf(object);
    const auto keep = [&](const auto &decoded, const auto &store) {
        if (decoded) {
            unreadable.remove(keyOf(part, name));
            store(*decoded);
        } else {
            unreadable.insert(keyOf(part, name), decoded.error());
        }
    };
    switch (part) {
    case RoutePart::Services:
        keep(decodeService(object), [&](const KubeService &each) { services.insert(name, each); });
        break;
    case RoutePart::Deployments:
        keep(decodeDeployment(object),
             [&](const KubeDeployment &each) { deployments.insert(name, each); });
        break;
    case RoutePart::Pods:
        keep(decodePod(object), [&](const KubePod &each) { pods.insert(name, each); });
        break;
    case RoutePart::Routes:
        if (name != names.route)
            break;
        keep(decodeRoute(object), [&](const KubeRoute &each) {
            if (!isOvertaken(each, route))
                route = each;
        });
        break;
    }
}

void RouteWorld::remove(RoutePart part, const QString &name, const RouteNames &names)
{
    unreadable.remove(keyOf(part, name));
    switch (part) {
    case RoutePart::Services:
        services.remove(name);
        break;
    case RoutePart::Deployments:
        deployments.remove(name);
        break;
    case RoutePart::Pods:
        pods.remove(name);
        break;
    case RoutePart::Routes:
        if (name == names.route)
            route.reset();
        break;
    }
}

void RouteWorld::take(RoutePart part, const RouteWorld &other)
{
    switch (part) {
    case RoutePart::Services:
        services = other.services;
        break;
    case RoutePart::Deployments:
        deployments = other.deployments;
        break;
    case RoutePart::Pods:
        pods = other.pods;
        break;
    case RoutePart::Routes:
        if (other.route ? !isOvertaken(*other.route, route) : !hasUnreadable(other, part))
            route = other.route;
        break;
    }
    const QString prefix = keyOf(part, {});
    unreadable.removeIf(
        [&](QMap<QString, Error>::iterator entry) { return entry.key().startsWith(prefix); });
    for (auto it = other.unreadable.cbegin(); it != other.unreadable.cend(); ++it) {
        if (it.key().startsWith(prefix))
            unreadable.insert(it.key(), it.value());
    }
}

ListIntake intakeOf(RouteWorld &world, RoutePart part, const RouteNames &names)
{
    const auto fresh = std::make_shared<RouteWorld>();
    return {[fresh, part, names](const QJsonArray &objects, ListIntake::Page page) {
                if (page == ListIntake::Page::First)
                    *fresh = {};
                for (const QJsonValue object : objects)
                    fresh->put(part, object.toObject(), names);
            },
            [&world, fresh, part] {
                world.take(part, *fresh);
            }};
}

} // namespace pilothouse
