#include "connectors/kubernetes/watched/objectmeta.h"

#include <QJsonDocument>

namespace pilothouse {

Result<JsonReader> objectReader(const char *kind, const QJsonObject &object)
{
    return JsonReader::of(
        object, QStringLiteral("Kubernetes (%1 %2)").arg(QLatin1String(kind), nameOf(object)));
}

KubeWriter writerOf(const JsonReader &metadata, std::initializer_list<const char *> path)
{
    KubeWriter newest;
    for (const JsonReader &entry : metadata.itemsIfAny("managedFields")) {
        std::optional<JsonReader> fields = entry.find("fieldsV1");
        for (const char *field : path) {
            if (fields)
                fields = fields->find(field);
        }
        if (!fields)
            continue;
        const QDateTime at = entry.time("time");
        if (!newest.at.isValid() || at > newest.at)
            newest = {entry.stringOr("manager"), at};
    }
    return newest;
}

KubeMeta decodeMeta(const JsonReader &metadata)
{
    KubeMeta meta;
    meta.name = metadata.string("name");
    meta.uid = metadata.stringOr("uid");
    meta.resourceVersion = metadata.string("resourceVersion");
    meta.generation = metadata.integerOr("generation", 0);
    meta.labels = metadata.strings("labels");
    meta.annotations = metadata.strings("annotations");
    for (const JsonReader &owner : metadata.itemsIfAny("ownerReferences"))
        meta.owners.append({owner.string("kind"), owner.string("name")});
    for (const JsonReader &entry : metadata.itemsIfAny("managedFields")) {
        const auto fields = entry.find("fieldsV1");
        if (!fields || !fields->has("f:spec"))
            continue;
        meta.managers << entry.stringOr("manager");
        if (entry.stringOr("operation") == QLatin1String("Apply"))
            meta.appliers << entry.stringOr("manager");
    }
    meta.managers.removeDuplicates();
    meta.appliers.removeDuplicates();
    meta.writer = writerOf(metadata, {"f:spec"});
    meta.annotator = writerOf(metadata, {"f:metadata", "f:annotations"});
    return meta;
}

KubeContainer mainContainer(const JsonReader &podSpec, const QString &wanted)
{
    KubeContainer main;
    for (const JsonReader &each : podSpec.items("containers")) {
        const KubeContainer container{each.string("name"), each.string("image")};
        if (main.name.isEmpty() || container.name == wanted)
            main = container;
    }
    return main;
}

QString defaultContainer(const JsonReader &metadata)
{
    return metadata.strings("annotations")
        .value(QStringLiteral("kubectl.kubernetes.io/default-container"));
}

KubeTemplate decodeTemplate(const JsonReader &podTemplate)
{
    KubeTemplate read;
    QString wanted;
    if (const auto metadata = podTemplate.find("metadata")) {
        read.labels = metadata->strings("labels");
        wanted = defaultContainer(*metadata);
    }
    read.image = mainContainer(podTemplate.child("spec"), wanted).image;
    return read;
}

} // namespace pilothouse
