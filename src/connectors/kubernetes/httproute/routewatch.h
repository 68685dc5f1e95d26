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
    /// How often each part was told. Whoever reads remembers them before: a part that was told anew
    /// in between is newer than what the read brings.
    using Marks = std::array<int, routeParts.size()>;

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
    [[nodiscard]] const Marks &marks() const { return m_marks; }

    /// Takes in what a read found that began at `since`.
    void take(const RouteWorld &found, const Marks &since);
    /// Takes in the route as a write left it.
    void takeRoute(const QJsonObject &route);

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
    Marks m_marks{};
    std::array<ObjectWatch *, routeParts.size()> m_watches{};
};

} // namespace pilothouse
