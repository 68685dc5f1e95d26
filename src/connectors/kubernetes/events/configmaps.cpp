#include "connectors/kubernetes/events/configmaps.h"

#include "base/words.h"
#include "connectors/kubernetes/watched/objectmeta.h"

#include <algorithm>

namespace pilothouse {
namespace {

void addName(QSet<QString> &names, const std::optional<JsonReader> &reference)
{
    if (reference)
        names.insert(reference->stringOr("name"));
}

void addOfContainer(QSet<QString> &names, const JsonReader &container)
{
    for (const JsonReader &source : container.itemsIfAny("envFrom"))
        addName(names, source.find("configMapRef"));
    for (const JsonReader &variable : container.itemsIfAny("env")) {
        if (const auto from = variable.find("valueFrom"))
            addName(names, from->find("configMapKeyRef"));
    }
}

} // namespace

QSet<QString> configMapsOf(const JsonReader &podSpec)
{
    QSet<QString> names;
    for (const char *containers : {"containers", "initContainers"}) {
        for (const JsonReader &container : podSpec.itemsIfAny(containers))
            addOfContainer(names, container);
    }
    for (const JsonReader &volume : podSpec.itemsIfAny("volumes")) {
        addName(names, volume.find("configMap"));
        if (const auto projected = volume.find("projected")) {
            for (const JsonReader &source : projected->itemsIfAny("sources"))
                addName(names, source.find("configMap"));
        }
    }
    names.remove(QString());
    return names;
}

Result<QSet<QString>> configMapsOfObject(const QJsonObject &object)
{
    const auto root = objectReader("Pod", object);
    if (!root)
        return fail(root.error());
    const JsonReader spec = root->child("spec");
    const auto podTemplate = spec.find("template");
    return root->finish(configMapsOf(podTemplate ? podTemplate->child("spec") : spec));
}

Result<QList<ConfigMapInUse>> configMapsNamed(const QJsonArray &items, const QSet<QString> &names)
{
    QList<ConfigMapInUse> maps;
    const JsonReader root = JsonReader::of(items, QStringLiteral("Kubernetes (config maps)"));
    for (const JsonReader &item : root.items()) {
        const JsonReader metadata = item.child("metadata");
        ConfigMapInUse map;
        map.name = metadata.string("name");
        if (!names.contains(map.name))
            continue;
        map.release
            = metadata.strings("annotations").value(QStringLiteral("meta.helm.sh/release-name"));
        map.writtenAt = metadata.time("creationTimestamp");
        for (const JsonReader &writer : metadata.itemsIfAny("managedFields")) {
            const QDateTime at = writer.time("time");
            if (map.by.isEmpty() || at > map.writtenAt) {
                map.by = writer.stringOr("manager");
                map.writtenAt = std::max(map.writtenAt, at);
            }
        }
        maps.append(map);
    }
    std::sort(maps.begin(), maps.end(),
              [](const ConfigMapInUse &a, const ConfigMapInUse &b) { return a.name < b.name; });
    return root.finish(maps);
}

Result<QList<ClusterEvent>> configMapWrites(const QJsonArray &items, const QSet<QString> &names,
                                            const QDateTime &from, const QDateTime &to)
{
    QList<ClusterEvent> events;
    const JsonReader root = JsonReader::of(items, QStringLiteral("Kubernetes (config maps)"));
    for (const JsonReader &item : root.items()) {
        const JsonReader metadata = item.child("metadata");
        const QString name = metadata.string("name");
        if (!names.contains(name))
            continue;
        const QString what = Words::tr("config map %1 written").arg(name);
        const auto add = [&](const QDateTime &at, const QString &who) {
            if (at.isValid() && at >= from && at <= to)
                events.append({at, who, what, ClusterEvent::Kind::Written});
        };
        const QList<JsonReader> writers = metadata.itemsIfAny("managedFields");
        for (const JsonReader &writer : writers)
            add(writer.time("time"), writer.stringOr("manager"));
        if (writers.isEmpty())
            add(metadata.time("creationTimestamp"), {});
    }
    return root.finish(events);
}

} // namespace pilothouse
