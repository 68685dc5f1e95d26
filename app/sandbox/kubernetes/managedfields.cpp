#include "app/sandbox/kubernetes/managedfields.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QJsonArray>

namespace pilothouse::sandbox {

namespace {

/// The fields whose values differ, in the form of FieldsV1: {"f:spec": {"f:rules": {}}}.
QJsonObject changedFields(const QJsonObject &before, const QJsonObject &after)
{
    QJsonObject out;
    for (auto it = after.begin(); it != after.end(); ++it) {
        const QJsonValue was = before.value(it.key());
        if (was == it.value())
            continue;
        const QString key = QLatin1String("f:") + it.key();
        if (it.value().isObject() && !it.value().toObject().isEmpty())
            out.insert(key, changedFields(was.toObject(), it.value().toObject()));
        else
            out.insert(key, QJsonObject());
    }
    return out;
}

QJsonObject merged(QJsonObject into, const QJsonObject &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        into.insert(it.key(), merged(into.value(it.key()).toObject(), it.value().toObject()));
    return into;
}

QJsonObject without(QJsonObject from, const QJsonObject &taken)
{
    for (auto it = taken.begin(); it != taken.end(); ++it) {
        if (!from.contains(it.key()))
            continue;
        const QJsonObject left = without(from.value(it.key()).toObject(), it.value().toObject());
        if (it.value().toObject().isEmpty() || left.isEmpty())
            from.remove(it.key());
        else
            from.insert(it.key(), left);
    }
    return from;
}

/// What nobody manages: identity and bookkeeping.
QJsonObject owned(QJsonObject object)
{
    object.remove(QStringLiteral("kind"));
    object.remove(QStringLiteral("apiVersion"));
    const QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    QJsonObject kept;
    for (const char *name : {"labels", "annotations", "ownerReferences", "finalizers"})
        if (metadata.contains(QLatin1String(name)))
            kept.insert(QLatin1String(name), metadata.value(QLatin1String(name)));
    object.remove(QStringLiteral("metadata"));
    if (!kept.isEmpty())
        object.insert(QStringLiteral("metadata"), kept);
    return object;
}

} // namespace

QJsonObject withManagedFields(const QJsonObject &before, QJsonObject after,
                              const FieldWriter &writer, const QDateTime &at)
{
    const QJsonObject changed = changedFields(owned(before), owned(after));
    if (changed.isEmpty())
        return after;
    QJsonObject metadata = after.value(QLatin1String("metadata")).toObject();
    QJsonArray entries;
    QJsonObject own{{QStringLiteral("manager"), writer.manager},
                    {QStringLiteral("operation"), QStringLiteral("Update")},
                    {QStringLiteral("fieldsType"), QStringLiteral("FieldsV1")}};
    QJsonObject ownFields = changed;
    for (const auto &value : metadata.value(QLatin1String("managedFields")).toArray()) {
        QJsonObject entry = value.toObject();
        const QJsonObject fields = entry.value(QLatin1String("fieldsV1")).toObject();
        const bool same
            = entry.value(QLatin1String("manager")).toString() == writer.manager
              && entry.value(QLatin1String("subresource")).toString() == writer.subresource;
        if (same) {
            ownFields = merged(fields, changed);
            continue;
        }
        const QJsonObject left = without(fields, changed);
        if (left.isEmpty())
            continue;
        entry.insert(QStringLiteral("fieldsV1"), left);
        entries.append(entry);
    }
    own.insert(QStringLiteral("apiVersion"), after.value(QLatin1String("apiVersion")));
    own.insert(QStringLiteral("time"), kubernetesTime(at));
    own.insert(QStringLiteral("fieldsV1"), ownFields);
    if (!writer.subresource.isEmpty())
        own.insert(QStringLiteral("subresource"), writer.subresource);
    entries.append(own);
    metadata.insert(QStringLiteral("managedFields"), entries);
    after.insert(QStringLiteral("metadata"), metadata);
    return after;
}

} // namespace pilothouse::sandbox
