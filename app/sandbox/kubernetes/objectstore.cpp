#include "app/sandbox/kubernetes/objectstore.h"

#include "app/sandbox/kubernetes/managedfields.h"

#include <QCryptographicHash>

namespace pilothouse::sandbox {

namespace {

constexpr qsizetype keptEvents = 4000;

QString uidOf(quint32 seed, const QString &key, qint64 version)
{
    const QString text = QString::fromLatin1(
        QCryptographicHash::hash((key + QStringLiteral("/%1/%2").arg(seed).arg(version)).toUtf8(),
                                 QCryptographicHash::Sha1)
            .toHex());
    return text.left(8) + QLatin1Char('-') + text.mid(8, 4) + QLatin1String("-4") + text.mid(13, 3)
           + QLatin1String("-9") + text.mid(17, 3) + QLatin1Char('-') + text.mid(20, 12);
}

} // namespace

QString metadataText(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String("metadata")).toObject().value(QLatin1String(name)).toString();
}

QString nameOf(const QJsonObject &object)
{
    return metadataText(object, "name");
}

QString namespaceOf(const QJsonObject &object)
{
    return metadataText(object, "namespace");
}

QString labelOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String("metadata"))
        .toObject()
        .value(QLatin1String("labels"))
        .toObject()
        .value(QLatin1String(name))
        .toString();
}

QString kubernetesTime(const QDateTime &at)
{
    const QDateTime time = at.isValid() ? at.toUTC() : QDateTime::currentDateTimeUtc();
    return time.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss'Z'"));
}

ObjectStore::ObjectStore(quint32 seed, QObject *parent) : QObject(parent), m_seed(seed) {}

QString ObjectStore::key(const ResourceType &type, const QString &nameSpace, const QString &name)
{
    return type.qualified() + QLatin1Char('/') + (type.namespaced ? nameSpace : QString())
           + QLatin1Char('/') + name;
}

ObjectStore::Answer ObjectStore::get(const ResourceType &type, const QString &nameSpace,
                                     const QString &name) const
{
    const auto it = m_objects.find(key(type, nameSpace, name));
    if (it == m_objects.end())
        return tl::unexpected<Refusal>(notFound(type, name));
    return *it;
}

QList<QJsonObject> ObjectStore::list(const ResourceType &type, const QString &nameSpace) const
{
    QList<QJsonObject> out;
    const QString prefix = type.qualified() + QLatin1Char('/')
                           + (nameSpace.isEmpty() ? QString() : nameSpace + QLatin1Char('/'));
    for (auto it = m_objects.lowerBound(prefix); it != m_objects.end(); ++it) {
        if (!it.key().startsWith(prefix))
            break;
        out.append(*it);
    }
    return out;
}

QJsonObject ObjectStore::commit(StoreEvent::Kind kind, const ResourceType &type, QJsonObject object,
                                const QJsonObject &before)
{
    ++m_version;
    QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    metadata.insert(QStringLiteral("resourceVersion"), QString::number(m_version));
    object.insert(QStringLiteral("metadata"), metadata);
    const QString where = key(type, namespaceOf(object), nameOf(object));
    if (kind == StoreEvent::Kind::Deleted)
        m_objects.remove(where);
    else
        m_objects.insert(where, object);
    const StoreEvent event{m_version, kind, type.qualified(), object, before};
    m_events.append(event);
    if (m_events.size() > keptEvents) {
        m_compacted = m_events.first().version;
        m_events.removeFirst();
    }
    Q_EMIT written(event);
    return object;
}

ObjectStore::Answer ObjectStore::create(const ResourceType &type, QJsonObject object,
                                        const Writer &writer, Keep keep)
{
    const QString where = key(type, namespaceOf(object), nameOf(object));
    if (m_objects.contains(where))
        return tl::unexpected<Refusal>(alreadyExists(type, nameOf(object)));
    object.insert(QStringLiteral("kind"), type.kind);
    object.insert(QStringLiteral("apiVersion"), type.groupVersion());
    QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    metadata.insert(QStringLiteral("uid"), uidOf(m_seed, where, m_version));
    if (!metadata.contains(QLatin1String("creationTimestamp")))
        metadata.insert(QStringLiteral("creationTimestamp"), kubernetesTime());
    if (object.contains(QLatin1String("spec")))
        metadata.insert(QStringLiteral("generation"), 1);
    object.insert(QStringLiteral("metadata"), metadata);
    object = withManagedFields({}, object, {writer.manager, writer.subresource}, writer.at);
    if (keep == Keep::DryRun)
        return object;
    return commit(StoreEvent::Kind::Added, type, object, {});
}

ObjectStore::Answer ObjectStore::update(const ResourceType &type, QJsonObject object,
                                        const Writer &writer, Keep keep)
{
    const QString name = nameOf(object);
    const auto found = m_objects.find(key(type, namespaceOf(object), name));
    if (found == m_objects.end())
        return tl::unexpected<Refusal>(notFound(type, name));
    const QJsonObject before = *found;
    QJsonObject was = before.value(QLatin1String("metadata")).toObject();
    QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    const QString version = metadata.value(QLatin1String("resourceVersion")).toString();
    if (!version.isEmpty() && version != was.value(QLatin1String("resourceVersion")).toString())
        return tl::unexpected<Refusal>(conflict(type, name));

    if (writer.subresource == QLatin1String("status")) {
        QJsonObject only = before;
        only.insert(QStringLiteral("status"), object.value(QLatin1String("status")));
        object = only;
        metadata = was;
    } else if (type.statusSubresource) {
        object.remove(QStringLiteral("status"));
        if (before.contains(QLatin1String("status")))
            object.insert(QStringLiteral("status"), before.value(QLatin1String("status")));
    }
    // What a client cannot change.
    for (const char *fixed : {"uid", "creationTimestamp", "generation", "resourceVersion",
                              "namespace", "name", "managedFields"})
        if (was.contains(QLatin1String(fixed)))
            metadata.insert(QLatin1String(fixed), was.value(QLatin1String(fixed)));
    if (object.value(QLatin1String("spec")) != before.value(QLatin1String("spec")))
        metadata.insert(QStringLiteral("generation"),
                        was.value(QLatin1String("generation")).toInteger() + 1);
    object.insert(QStringLiteral("metadata"), metadata);
    object.insert(QStringLiteral("kind"), type.kind);
    object.insert(QStringLiteral("apiVersion"), type.groupVersion());
    if (object == before)
        return object; // as the server: no write, no new version
    object = withManagedFields(before, object, {writer.manager, writer.subresource}, writer.at);
    if (keep == Keep::DryRun)
        return object;
    return commit(StoreEvent::Kind::Modified, type, object, before);
}

ObjectStore::Answer ObjectStore::remove(const ResourceType &type, const QString &nameSpace,
                                        const QString &name, Keep keep)
{
    const auto found = m_objects.constFind(key(type, nameSpace, name));
    if (found == m_objects.constEnd())
        return tl::unexpected<Refusal>(notFound(type, name));
    QJsonObject before = *found;
    if (keep == Keep::DryRun)
        return before;
    return commit(StoreEvent::Kind::Deleted, type, before, before);
}

std::optional<QList<StoreEvent>> ObjectStore::eventsSince(qint64 version) const
{
    if (version < m_compacted)
        return std::nullopt;
    QList<StoreEvent> out;
    for (const StoreEvent &event : m_events)
        if (event.version > version)
            out.append(event);
    return out;
}

void ObjectStore::compact()
{
    m_events.clear();
    m_compacted = m_version;
}

} // namespace pilothouse::sandbox
