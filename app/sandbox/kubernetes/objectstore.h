#pragma once

#include "app/sandbox/kubernetes/status.h"

#include <QDateTime>
#include <QJsonObject>
#include <QMap>
#include <QObject>

#include <optional>
#include <tl/expected.hpp>

namespace pilothouse::sandbox {

/// What was written to the store, in order.
struct StoreEvent
{
    enum class Kind { Added, Modified, Deleted };

    qint64 version = 0;
    Kind kind = Kind::Added;
    QString resource; ///< ResourceType::qualified()
    QJsonObject object;
    QJsonObject before; ///< as it was; empty for Added
};

/// The objects of the cluster with their versions and the last events, as etcd keeps them.
/// Writing sets metadata.resourceVersion, uid, generation (when the spec changed) and
/// managedFields.
class ObjectStore final : public QObject
{
    Q_OBJECT

public:
    using Answer = tl::expected<QJsonObject, Refusal>;

    /// Who writes, for managedFields.
    struct Writer
    {
        QString manager;
        QString subresource; ///< "status" or empty
        QDateTime at;        ///< invalid = now
    };
    enum class Keep { Persist, DryRun };

    explicit ObjectStore(quint32 seed, QObject *parent = nullptr);

    [[nodiscard]] Answer get(const ResourceType &type, const QString &nameSpace,
                             const QString &name) const;
    /// All of a kind, by namespace (empty = all) and name.
    [[nodiscard]] QList<QJsonObject> list(const ResourceType &type,
                                          const QString &nameSpace = {}) const;
    Answer create(const ResourceType &type, QJsonObject object, const Writer &writer,
                  Keep keep = Keep::Persist);
    /// Replaces an object. A resourceVersion in `object` must be the present one, else Conflict.
    /// Through the status subresource only the status is taken, else everything but the status.
    Answer update(const ResourceType &type, QJsonObject object, const Writer &writer,
                  Keep keep = Keep::Persist);
    Answer remove(const ResourceType &type, const QString &nameSpace, const QString &name,
                  Keep keep = Keep::Persist);

    [[nodiscard]] qint64 version() const { return m_version; }
    /// Events after `version`; nullopt if some of them are forgotten.
    [[nodiscard]] std::optional<QList<StoreEvent>> eventsSince(qint64 version) const;
    /// Forgets all events, as a compaction does: watches from older versions get 410.
    void compact();
    [[nodiscard]] qint64 oldestVersion() const { return m_compacted; }

Q_SIGNALS:
    void written(const pilothouse::sandbox::StoreEvent &event);

private:
    static QString key(const ResourceType &type, const QString &nameSpace, const QString &name);
    QJsonObject commit(StoreEvent::Kind kind, const ResourceType &type, QJsonObject object,
                       const QJsonObject &before);

    quint32 m_seed;
    qint64 m_version = 81'000;
    qint64 m_compacted = 81'000;
    QMap<QString, QJsonObject> m_objects;
    QList<StoreEvent> m_events;
};

/// metadata.X of an object.
[[nodiscard]] QString metadataText(const QJsonObject &object, const char *name);
[[nodiscard]] QString nameOf(const QJsonObject &object);
[[nodiscard]] QString namespaceOf(const QJsonObject &object);
[[nodiscard]] QString labelOf(const QJsonObject &object, const char *name);
/// "2026-11-24T12:57:33Z" of now.
[[nodiscard]] QString kubernetesTime(const QDateTime &at = {});

} // namespace pilothouse::sandbox
