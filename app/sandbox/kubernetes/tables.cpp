#include "app/sandbox/kubernetes/tables.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QDateTime>
#include <QJsonArray>

namespace pilothouse::sandbox {

namespace {

QString age(const QJsonObject &object)
{
    const QDateTime since
        = QDateTime::fromString(metadataText(object, "creationTimestamp"), Qt::ISODate);
    const qint64 seconds = since.secsTo(QDateTime::currentDateTimeUtc());
    if (seconds < 120)
        return QStringLiteral("%1s").arg(seconds);
    if (seconds < 7200)
        return QStringLiteral("%1m").arg(seconds / 60);
    if (seconds < 172'800)
        return QStringLiteral("%1h").arg(seconds / 3600);
    return QStringLiteral("%1d").arg(seconds / 86'400);
}

QJsonObject part(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

struct Column
{
    const char *name;
    const char *type;
};

QList<Column> columnsOf(const QString &kind)
{
    if (kind == QLatin1String("Pod"))
        return {{"Name", "string"},
                {"Ready", "string"},
                {"Status", "string"},
                {"Restarts", "string"},
                {"Age", "string"}};
    if (kind == QLatin1String("Deployment"))
        return {{"Name", "string"},
                {"Ready", "string"},
                {"Up-to-date", "integer"},
                {"Available", "integer"},
                {"Age", "string"}};
    if (kind == QLatin1String("HTTPRoute"))
        return {{"Name", "string"}, {"Hostnames", "string"}, {"Age", "string"}};
    if (kind == QLatin1String("Secret"))
        return {{"Name", "string"}, {"Type", "string"}, {"Data", "integer"}, {"Age", "string"}};
    return {{"Name", "string"}, {"Age", "string"}};
}

QJsonArray cellsOf(const QString &kind, const QJsonObject &object)
{
    const QString name = nameOf(object);
    const QJsonObject spec = part(object, "spec");
    const QJsonObject status = part(object, "status");
    if (kind == QLatin1String("Pod")) {
        const QJsonObject container
            = status.value(QLatin1String("containerStatuses")).toArray().at(0).toObject();
        const bool ready = container.value(QLatin1String("ready")).toBool();
        return {name, ready ? QStringLiteral("1/1") : QStringLiteral("0/1"),
                status.value(QLatin1String("phase")),
                QString::number(container.value(QLatin1String("restartCount")).toInt()),
                age(object)};
    }
    if (kind == QLatin1String("Deployment"))
        return {name,
                QStringLiteral("%1/%2")
                    .arg(status.value(QLatin1String("readyReplicas")).toInt())
                    .arg(spec.value(QLatin1String("replicas")).toInt()),
                status.value(QLatin1String("updatedReplicas")).toInt(),
                status.value(QLatin1String("availableReplicas")).toInt(), age(object)};
    if (kind == QLatin1String("HTTPRoute")) {
        QStringList quoted;
        for (const auto &host : spec.value(QLatin1String("hostnames")).toArray())
            quoted.append(QLatin1Char('"') + host.toString() + QLatin1Char('"'));
        return {name, QLatin1Char('[') + quoted.join(QLatin1Char(',')) + QLatin1Char(']'),
                age(object)};
    }
    if (kind == QLatin1String("Secret"))
        return {name, object.value(QLatin1String("type")), part(object, "data").size(),
                age(object)};
    return {name, age(object)};
}

} // namespace

bool asksForTable(const QByteArray &accept)
{
    return accept.contains("as=Table");
}

bool asksForMetadata(const QByteArray &accept)
{
    return accept.contains("as=PartialObjectMetadata");
}

QJsonObject metadataOnly(const QJsonObject &object)
{
    return {{QStringLiteral("kind"), QStringLiteral("PartialObjectMetadata")},
            {QStringLiteral("apiVersion"), QStringLiteral("meta.k8s.io/v1")},
            {QStringLiteral("metadata"), object.value(QLatin1String("metadata"))}};
}

QJsonObject tableOf(const ResourceType &type, const QList<QJsonObject> &objects,
                    const QString &version)
{
    QJsonArray columns;
    for (const Column &column : columnsOf(type.kind))
        columns.append(QJsonObject{
            {QStringLiteral("name"), QString::fromLatin1(column.name)},
            {QStringLiteral("type"), QString::fromLatin1(column.type)},
            {QStringLiteral("format"), QLatin1String(column.name) == QLatin1String("Name")
                                           ? QStringLiteral("name")
                                           : QString()},
            {QStringLiteral("description"), QString()},
            {QStringLiteral("priority"), 0}});
    QJsonArray rows;
    for (const QJsonObject &object : objects)
        rows.append(QJsonObject{{QStringLiteral("cells"), cellsOf(type.kind, object)},
                                {QStringLiteral("object"), metadataOnly(object)}});
    return {{QStringLiteral("kind"), QStringLiteral("Table")},
            {QStringLiteral("apiVersion"), QStringLiteral("meta.k8s.io/v1")},
            {QStringLiteral("metadata"), QJsonObject{{QStringLiteral("resourceVersion"), version}}},
            {QStringLiteral("columnDefinitions"), columns},
            {QStringLiteral("rows"), rows}};
}

} // namespace pilothouse::sandbox
