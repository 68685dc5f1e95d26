#pragma once

#include "connectors/kubernetes/httproute/routeworld.h"

#include <QObject>

#include <array>

namespace pilothouse {

class ObjectWatch;

/// Keeps a RouteWorld as the cluster is: lists and watches its four kinds, and takes in what reads
/// and writes bring besides. GUI thread; api and clock outlive it.
class RouteWatch final : public QObject
{
    Q_OBJECT

public:
    /// A place in the order in which things were asked and told.
    using Moment = qint64;

    RouteWatch(KubernetesApi &api, Clock &clock, QString nameSpace, RouteNames names,
               QObject *parent = nullptr);
    ~RouteWatch() override;

    /// Begins to watch. Once.
    void start();
    [[nodiscard]] bool isStarted() const { return m_watches[0] != nullptr; }

    [[nodiscard]] const RouteWorld &world() const { return m_world; }
    /// Every part was told at least once.
    [[nodiscard]] bool isWhole() const;
    /// Of the first watch that does not go; its part may be old.
    [[nodiscard]] std::optional<Error> trouble() const;

    /// Now. Whoever reads remembers when it began to: what was told later, or found by a read that
    /// began later, is newer.
    [[nodiscard]] Moment moment() { return ++m_latest; }
    /// Takes in what a read found, but for parts of which something newer is known.
    void take(const RouteWorld &found, Moment begun);
    /// The same for the route alone. A write's answer is of the moment in which it comes.
    void takeRoute(const QJsonObject &route, Moment begun);

Q_SIGNALS:
    /// A watch told something of this part.
    void changed(pilothouse::RoutePart part);
    /// A watch does not go; it is tried again.
    void lost(const pilothouse::Error &error);
    /// It goes again.
    void resumed();

private:
    void follow(RoutePart part);
    [[nodiscard]] static size_t indexOf(RoutePart part) { return static_cast<size_t>(part); }

    KubernetesApi &m_api;
    Clock &m_clock;
    QString m_nameSpace;
    RouteNames m_names;
    RouteWorld m_world;
    std::array<Moment, routeParts.size()> m_told{}; ///< of each part; 0 = never
    Moment m_latest = 0;
    std::array<ObjectWatch *, routeParts.size()> m_watches{};
};

} // namespace pilothouse
