#include "connectors/kubernetes/watched/objectwrite.h"

#include "rollout/trafficannotations.h"

#include <QJsonDocument>

namespace pilothouse {
namespace {

constexpr auto metadataKey = QLatin1String("metadata");
constexpr auto annotationsKey = QLatin1String("annotations");

QString kubectlAt(const ObjectPlace &place)
{
    QString command = QStringLiteral("kubectl");
    if (!place.context.isEmpty())
        command += QStringLiteral(" --context ") + shellWord(place.context);
    return command + QStringLiteral(" -n ") + shellWord(place.nameSpace);
}

QJsonObject withNote(QJsonObject merge, const QString &note)
{
    QJsonObject metadata = merge.value(metadataKey).toObject();
    QJsonObject annotations = metadata.value(annotationsKey).toObject();
    if (!annotations.contains(QLatin1String(changesAnnotation)))
        return merge;
    annotations.insert(QLatin1String(changesAnnotation), note);
    metadata.insert(annotationsKey, annotations);
    merge.insert(metadataKey, metadata);
    return merge;
}

QJsonObject withoutOurs(QJsonObject merge)
{
    QJsonObject metadata = merge.value(metadataKey).toObject();
    QJsonObject annotations = metadata.value(annotationsKey).toObject();
    annotations.remove(QLatin1String(changesAnnotation));
    if (annotations.isEmpty())
        metadata.remove(annotationsKey);
    else
        metadata.insert(annotationsKey, annotations);
    if (metadata.isEmpty())
        merge.remove(metadataKey);
    else
        merge.insert(metadataKey, metadata);
    return merge;
}

QString compactText(const QJsonDocument &document)
{
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

/// In one line where that can be read at a glance.
QString readableText(const QJsonDocument &document)
{
    constexpr qsizetype glance = 110;
    const QString line = compactText(document);
    return line.size() <= glance
               ? line
               : QString::fromUtf8(document.toJson(QJsonDocument::Indented)).trimmed();
}

QString kindOf(const ObjectWrite &write)
{
    return write.isJsonPatch() ? QStringLiteral("json") : QStringLiteral("merge");
}

QUrl urlOf(const ObjectWrite &write, const ObjectPlace &place)
{
    QUrl url = place.url;
    if (write.target == ObjectWrite::Target::Status)
        url.setPath(url.path() + QLatin1String("/status"));
    return url;
}

void addCommands(PlannedCall &call, const ObjectWrite &write, const ObjectPlace &place,
                 const QJsonDocument &body)
{
    const bool status = write.target == ObjectWrite::Target::Status;
    call.copyable = QStringLiteral("%1 patch %2 %3%4 --type=%5 -p %6")
                        .arg(kubectlAt(place), place.resource, place.name,
                             status ? QStringLiteral(" --subresource=status") : QString(),
                             kindOf(write), shellWord(compactText(body)));
    call.curl
        = curlCommand("PATCH", urlOf(write, place),
                      QStringLiteral("application/%1-patch+json").arg(kindOf(write)).toLatin1(),
                      body.toJson(QJsonDocument::Compact));
}

} // namespace

QJsonObject ObjectWrite::mergeAt(const QString &version) const
{
    QJsonObject body = merge;
    QJsonObject metadata = body.value(metadataKey).toObject();
    metadata.insert(QStringLiteral("resourceVersion"), version);
    body.insert(metadataKey, metadata);
    return body;
}

QJsonArray ObjectWrite::operationsAt(const QString &version) const
{
    QJsonArray all = operations;
    all.prepend(QJsonObject{{QStringLiteral("op"), QStringLiteral("test")},
                            {QStringLiteral("path"), QStringLiteral("/metadata/resourceVersion")},
                            {QStringLiteral("value"), version}});
    return all;
}

ObjectWrite annotationWrite(const char *annotation, const QJsonValue &value)
{
    ObjectWrite write;
    write.merge
        = {{metadataKey,
            QJsonObject{{annotationsKey, QJsonObject{{QLatin1String(annotation), value}}}}}};
    return write;
}

PlannedCall plannedWrite(const ObjectWrite &write, const QString &version, const ObjectPlace &place,
                         const QString &summary, const QString &note)
{
    const QJsonDocument exact = write.isJsonPatch()
                                    ? QJsonDocument(write.operationsAt(version))
                                    : QJsonDocument(withNote(write.mergeAt(version), note));
    const QJsonDocument copied = write.isJsonPatch()
                                     ? QJsonDocument(write.operationsAt(version))
                                     : QJsonDocument(withoutOurs(write.mergeAt(version)));
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = summary;
    call.exact = QStringLiteral("PATCH %1\nContent-Type: application/%2-patch+json\n\n%3")
                     .arg(urlOf(write, place).path(), kindOf(write), readableText(exact));
    addCommands(call, write, place, copied);
    return call;
}

PlannedCall plannedLater(const ObjectWrite &write, const QString &version, const ObjectPlace &place,
                         const QString &summary)
{
    PlannedCall call = plannedWrite(write, version, place, summary);
    addCommands(call, write, place,
                write.isJsonPatch() ? QJsonDocument(write.operations)
                                    : QJsonDocument(withoutOurs(write.merge)));
    return call;
}

QString getCommand(const ObjectPlace &place)
{
    return QStringLiteral("%1 get %2 %3 -o yaml").arg(kubectlAt(place), place.resource, place.name);
}

} // namespace pilothouse
