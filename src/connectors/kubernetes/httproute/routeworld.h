#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "connectors/kubernetes/watched/backends.h"

#include <QMap>

#include <array>

namespace pilothouse {

/// Which route and which of its backends a track moves.
struct RouteNames
{
    QString route;
    QString stable;    ///< Service
    QString candidate; ///< Service
    CommitFrom commitFrom;
};

/// The kinds of object that a route's traffic depends on, in the order in which they are read: the
/// route last, since a write will be guarded by its version.
enum class RoutePart { Services, Deployments, Pods, Routes };
inline constexpr std::array routeParts{RoutePart::Services, RoutePart::Deployments, RoutePart::Pods,
                                       RoutePart::Routes};

[[nodiscard]] ResourcePath pathOf(RoutePart part, const QString &nameSpace);

/// Everything around a route as it was last told. An object that cannot be decoded stays as it was
/// before and is remembered in `unreadable` until it can.
struct RouteWorld : Backends
{
    std::optional<KubeRoute> route;
    QMap<QString, Error> unreadable; ///< by "pods/NAME"

    /// Takes in one object. Of routes only the one named; one of an older generation than is known
    /// was overtaken on its way and is left out.
    void put(RoutePart part, const QJsonObject &object, const RouteNames &names);
    void remove(RoutePart part, const QString &name, const RouteNames &names);
    /// Takes one part over from another world: what is not in it is not there any more. A route
    /// that cannot be read, or was overtaken, stays as it was.
    void take(RoutePart part, const RouteWorld &other);
};

/// For a whole list of one part. The world outlives its `keep`.
[[nodiscard]] ListIntake intakeOf(RouteWorld &world, RoutePart part, const RouteNames &names);

/// What the console shows and decides by. NotFound if the route or a backend of it is not there,
/// Malformed if one of them cannot be decoded; with what to do about it.
[[nodiscard]] Result<TrafficState> trafficState(const RouteWorld &world, const RouteNames &names);

/// What the route alone tells, without the revisions behind it.
[[nodiscard]] Result<TrafficState> routeState(const KubeRoute &route, const RouteNames &names);

} // namespace pilothouse
