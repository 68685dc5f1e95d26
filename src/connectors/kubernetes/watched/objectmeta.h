#pragma once

#include "connectors/http/jsonreader.h"
#include "connectors/kubernetes/kubernetesobjects.h"

#include <initializer_list>

namespace pilothouse {

// What every kind of object has in common.

/// A reader of one object, with its kind and name in every message.
[[nodiscard]] Result<JsonReader> objectReader(const char *kind, const QJsonObject &object);

/// Who wrote a part of an object last, by managedFields.
struct KubeWriter
{
    QString manager;
    QDateTime at;
};
/// The newest entry of managedFields that owns a field under `path` ("f:spec", "f:template").
[[nodiscard]] KubeWriter writerOf(const JsonReader &metadata,
                                  std::initializer_list<const char *> path);

struct KubeOwner
{
    QString kind;
    QString name;
};

struct KubeMeta
{
    QString name;
    QString uid;
    QString resourceVersion;
    qint64 generation = 0;
    Labels labels;
    Labels annotations;
    QList<KubeOwner> owners;
    QStringList managers; ///< all field managers of the spec
    QStringList appliers; ///< those of them that apply it by the server
    KubeWriter writer;    ///< the newest of them
    KubeWriter annotator; ///< the newest of those that have annotations
};
[[nodiscard]] KubeMeta decodeMeta(const JsonReader &metadata);

struct KubeContainer
{
    QString name;
    QString image;
};
/// The one called `wanted`, else the first.
[[nodiscard]] KubeContainer mainContainer(const JsonReader &podSpec, const QString &wanted);
/// What the annotation kubectl.kubernetes.io/default-container names.
[[nodiscard]] QString defaultContainer(const JsonReader &metadata);

/// A Pod template: what its Pods will be.
struct KubeTemplate
{
    Labels labels;
    QString image; ///< of the main container
};
[[nodiscard]] KubeTemplate decodeTemplate(const JsonReader &podTemplate);

} // namespace pilothouse
