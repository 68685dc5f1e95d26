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
    annotations.remove(QLatin1String(deedsAnnotation));
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

QString pathIn(const QJsonValue &operation)
{
    return operation.toObject().value(QLatin1String("path")).toString();
}

QJsonArray withNote(const QJsonArray &operations, const QString &note)
{
    QJsonArray shown;
    for (const QJsonValue each : operations) {
        QJsonObject operation = each.toObject();
        if (pathIn(each) == annotationPath(changesAnnotation))
            operation.insert(QStringLiteral("value"), note);
        shown.append(operation);
    }
    return shown;
}

QJsonArray withoutAnnotations(const QJsonArray &operations)
{
    QJsonArray rest;
    for (const QJsonValue each : operations) {
        if (!pathIn(each).startsWith(QLatin1String("/metadata/annotations")))
            rest.append(each);
    }
    return rest;
}

QString compactText(const QJsonDocument &document)
{
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

/// In one line where that can be read at a glance.
QString readableText(const QJsonDocument &document)
{
    constexpr qsizetype glance = 130;
    const QString line = compactText(document);
    return line.size() <= glance
               ? line
               : QString::fromUtf8(document.toJson(QJsonDocument::Indented)).trimmed();
}

/// An operation a line.
QString readableText(const QJsonArray &operations)
{
    QStringList lines;
    for (const QJsonValue each : operations)
        lines << readableText(QJsonDocument(each.toObject()));
    return QLatin1Char('[') + lines.join(QStringLiteral(",\n ")) + QLatin1Char(']');
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
    if (version.isEmpty())
        return body;
    QJsonObject metadata = body.value(metadataKey).toObject();
    metadata.insert(QStringLiteral("resourceVersion"), version);
    body.insert(metadataKey, metadata);
    return body;
}

QJsonArray ObjectWrite::operationsAt(const QString &version) const
{
    QJsonArray all = operations;
    if (version.isEmpty())
        return all;
    all.prepend(QJsonObject{{QStringLiteral("op"), QStringLiteral("test")},
                            {QStringLiteral("path"), QStringLiteral("/metadata/resourceVersion")},
                            {QStringLiteral("value"), version}});
    return all;
}

QString annotationPath(const char *annotation)
{
    QString key = QString::fromLatin1(annotation);
    key.replace(QLatin1Char('~'), QLatin1String("~0"));
    key.replace(QLatin1Char('/'), QLatin1String("~1"));
    return QStringLiteral("/metadata/annotations/") + key;
}

ObjectWrite annotationWrite(const char *annotation, const QJsonValue &value)
{
    ObjectWrite write;
    write.merge
        = {{metadataKey,
            QJsonObject{{annotationsKey, QJsonObject{{QLatin1String(annotation), value}}}}}};
    return write;
}

ObjectWrite withAnnotation(ObjectWrite write, const char *annotation, const QString &value)
{
    if (write.isJsonPatch()) {
        write.operations.append(QJsonObject{{QStringLiteral("op"), QStringLiteral("add")},
                                            {QStringLiteral("path"), annotationPath(annotation)},
                                            {QStringLiteral("value"), value}});
        return write;
    }
    QJsonObject metadata = write.merge.value(metadataKey).toObject();
    QJsonObject annotations = metadata.value(annotationsKey).toObject();
    annotations.insert(QLatin1String(annotation), value);
    metadata.insert(annotationsKey, annotations);
    write.merge.insert(metadataKey, metadata);
    return write;
}

PlannedCall plannedWrite(const ObjectWrite &write, const QString &version, const ObjectPlace &place,
                         const QString &summary, const QString &note)
{
    const QString exact = write.isJsonPatch()
                              ? readableText(withNote(write.operationsAt(version), note))
                              : readableText(QJsonDocument(withNote(write.mergeAt(version), note)));
    const QJsonDocument copied
        = write.isJsonPatch() ? QJsonDocument(withoutAnnotations(write.operationsAt(version)))
                              : QJsonDocument(withoutOurs(write.mergeAt(version)));
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = summary;
    call.exact = QStringLiteral("PATCH %1\nContent-Type: application/%2-patch+json\n\n%3")
                     .arg(urlOf(write, place).path(), kindOf(write), exact);
    addCommands(call, write, place, copied);
    return call;
}

PlannedCall plannedLater(const ObjectWrite &write, const QString &version, const ObjectPlace &place,
                         const QString &summary)
{
    PlannedCall call = plannedWrite(write, version, place, summary);
    addCommands(call, write, place,
                write.isJsonPatch() ? QJsonDocument(withoutAnnotations(write.operations))
                                    : QJsonDocument(withoutOurs(write.merge)));
    return call;
}

QString getCommand(const ObjectPlace &place)
{
    return QStringLiteral("%1 get %2 %3 -o yaml").arg(kubectlAt(place), place.resource, place.name);
}

} // namespace pilothouse
