#pragma once

#include "connectors/kubernetes/watched/clusterworld.h"

#include <QObject>

namespace pilothouse {

class ObjectWatch;

/// Keeps a ClusterWorld as the cluster is: lists and watches its kinds, and takes in what reads and
/// writes bring besides. GUI thread; api, clock and world outlive it.
class WorldWatch final : public QObject
{
    Q_OBJECT

public:
    /// A place in the order in which things were asked and told.
    using Moment = qint64;

    WorldWatch(KubernetesApi &api, Clock &clock, ClusterWorld &world, QObject *parent = nullptr);
    ~WorldWatch() override;

    /// Begins to watch. Once.
    void start();
    [[nodiscard]] bool isStarted() const { return !m_watches.isEmpty(); }
    /// Every part was told at least once.
    [[nodiscard]] bool isWhole() const;
    /// Of the first watch that does not go; its part may be old.
    [[nodiscard]] std::optional<Error> trouble() const;

    /// Now. Whoever reads remembers when it began to: what was told later, or found by a read that
    /// began later, is newer.
    [[nodiscard]] Moment moment() { return ++m_latest; }
    /// Keeps a whole list that a read found, unless something newer is known of that part.
    void takeList(qsizetype part, const ListIntake &list, Moment begun);
    /// The same for the guarded object. A write's answer is of the moment in which it comes.
    void takeGuarded(const QJsonObject &object, Moment begun);

Q_SIGNALS:
    /// A watch told something of this part.
    void changed(qsizetype part);
    /// A watch does not go; it is tried again.
    void lost(const pilothouse::Error &error);
    /// It goes again.
    void resumed();

private:
    void follow(qsizetype part);

    KubernetesApi &m_api;
    Clock &m_clock;
    ClusterWorld &m_world;
    QList<Moment> m_told; ///< of each part; 0 = never
    Moment m_latest = 0;
    QList<ObjectWatch *> m_watches;
};

} // namespace pilothouse
