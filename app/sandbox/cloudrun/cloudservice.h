#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace pilothouse::sandbox {

/// One line of a Cloud Run traffic list.
struct TrafficTarget
{
    bool latest = false;
    QString revision; ///< short name; empty for LATEST
    int percent = 0;
    QString tag;

    bool operator==(const TrafficTarget &) const = default;
};

struct CloudRevision
{
    QString name; ///< short: "coditect-backend-00057-xil"
    QString sha;  ///< image tag
    QDateTime createdAt;
};

/// A Cloud Run service: what was asked of its traffic, what is served, and how the second follows
/// the first after a while. Main thread.
class CloudService final : public QObject
{
    Q_OBJECT

public:
    explicit CloudService(std::chrono::milliseconds reconcileTakes, QObject *parent = nullptr);

    /// A new revision without traffic, reachable by its tag (empty = none). Serving follows.
    void addRevision(const CloudRevision &revision, const QString &tag);
    /// As it stands at once, without reconciling.
    void reset(const QList<CloudRevision> &revisions, const QList<TrafficTarget> &traffic,
               const QJsonObject &annotations, const QString &by);

    /// What a traffic list would be refused for: BadInput in the server's words.
    [[nodiscard]] Result<> check(const QList<TrafficTarget> &traffic) const;
    /// One write of what is given; serving follows.
    void update(const std::optional<QList<TrafficTarget>> &traffic,
                const std::optional<QJsonObject> &annotations, const QString &by);

    [[nodiscard]] const QList<CloudRevision> &revisions() const
    {
        return m_revisions;
    } ///< oldest first
    [[nodiscard]] const QList<TrafficTarget> &asked() const { return m_asked; }
    [[nodiscard]] const QList<TrafficTarget> &served() const { return m_served; }
    [[nodiscard]] const QJsonObject &annotations() const { return m_annotations; }
    [[nodiscard]] QString etag() const;
    [[nodiscard]] qint64 generation() const { return m_generation; }
    [[nodiscard]] qint64 observedGeneration() const { return m_observed; }
    [[nodiscard]] bool isReconciling() const { return m_observed != m_generation; }
    [[nodiscard]] QString lastModifier() const { return m_by; }
    [[nodiscard]] QDateTime updatedAt() const { return m_updatedAt; }
    [[nodiscard]] QString latestRevision() const;

Q_SIGNALS:
    /// What is served has changed, or the service has been reconciled.
    void reconciled();

private:
    void touch(const QString &by);

    QTimer m_timer;
    QList<CloudRevision> m_revisions;
    QList<TrafficTarget> m_asked;
    QList<TrafficTarget> m_served;
    QJsonObject m_annotations;
    qint64 m_generation = 55;
    qint64 m_observed = 55;
    QString m_by;
    QDateTime m_updatedAt;
};

} // namespace pilothouse::sandbox
