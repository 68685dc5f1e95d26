#include "app/sandbox/kubernetes/tables.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

/// "3m20s": two units where the larger one is small, as the server rounds.
QString shortDuration(qint64 seconds)
{
    struct Unit
    {
        qint64 seconds;
        qint64 alone;  ///< from so many of them on the smaller one is left out
        qint64 atMost; ///< from so many of them on the next larger one is used
        const char *letter;
        qint64 smaller;
        const char *smallerLetter;
    };
    static constexpr Unit units[] = {{1, 0, 120, "s", 1, ""},
                                     {60, 10, 180, "m", 1, "s"},
                                     {3'600, 8, 48, "h", 60, "m"},
                                     {86'400, 8, 730, "d", 3'600, "h"}};
    for (const Unit &unit : units) {
        const qint64 count = seconds / unit.seconds;
        if (count >= unit.atMost)
            continue;
        const QString whole = QString::number(count) + QLatin1String(unit.letter);
        const qint64 rest = seconds % unit.seconds / unit.smaller;
        return count >= unit.alone || rest == 0
                   ? whole
                   : whole + QString::number(rest) + QLatin1String(unit.smallerLetter);
    }
    return QStringLiteral("%1y").arg(seconds / (365 * 86'400));
}

QString age(const QJsonObject &object)
{
    const QDateTime since
        = QDateTime::fromString(metadataText(object, "creationTimestamp"), Qt::ISODate);
    return shortDuration(std::max<qint64>(0, since.secsTo(QDateTime::currentDateTimeUtc())));
}

QJsonObject part(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

/// What kubectl prints where there is nothing.
QString orNone(const QString &text)
{
    return text.isEmpty() ? QStringLiteral("<none>") : text;
}

QString textOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toString();
}

int countOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toInt();
}

QJsonArray podCells(const QJsonObject &pod)
{
    const QJsonObject status = part(pod, "status");
    const QJsonObject container
        = status.value(QLatin1String("containerStatuses")).toArray().at(0).toObject();
    const bool ready = container.value(QLatin1String("ready")).toBool();
    return {nameOf(pod), ready ? QStringLiteral("1/1") : QStringLiteral("0/1"),
            textOf(status, "phase"), QString::number(countOf(container, "restartCount")), age(pod)};
}

QJsonArray deploymentCells(const QJsonObject &deployment)
{
    const QJsonObject status = part(deployment, "status");
    return {nameOf(deployment),
            QStringLiteral("%1/%2")
                .arg(countOf(status, "readyReplicas"))
                .arg(countOf(part(deployment, "spec"), "replicas")),
            countOf(status, "updatedReplicas"), countOf(status, "availableReplicas"),
            age(deployment)};
}

QJsonArray replicaSetCells(const QJsonObject &replicaSet)
{
    const QJsonObject status = part(replicaSet, "status");
    return {nameOf(replicaSet), countOf(part(replicaSet, "spec"), "replicas"),
            countOf(status, "replicas"), countOf(status, "readyReplicas"), age(replicaSet)};
}

QJsonArray serviceCells(const QJsonObject &service)
{
    const QJsonObject spec = part(service, "spec");
    QStringList ports;
    for (const QJsonValue port : spec.value(QLatin1String("ports")).toArray())
        ports.append(QStringLiteral("%1/%2")
                         .arg(port[QLatin1String("port")].toInt())
                         .arg(port[QLatin1String("protocol")].toString(QStringLiteral("TCP"))));
    return {nameOf(service),
            spec.value(QLatin1String("type")).toString(QStringLiteral("ClusterIP")),
            orNone(textOf(spec, "clusterIP")),
            orNone({}),
            orNone(ports.join(QLatin1Char(','))),
            age(service)};
}

QJsonArray endpointsCells(const QJsonObject &endpoints)
{
    QStringList shown;
    for (const QJsonValue subset : endpoints.value(QLatin1String("subsets")).toArray())
        for (const QJsonValue address : subset[QLatin1String("addresses")].toArray())
            for (const QJsonValue port : subset[QLatin1String("ports")].toArray())
                shown.append(QStringLiteral("%1:%2")
                                 .arg(address[QLatin1String("ip")].toString())
                                 .arg(port[QLatin1String("port")].toInt()));
    return {nameOf(endpoints), orNone(shown.join(QLatin1Char(','))), age(endpoints)};
}

QJsonArray gatewayCells(const QJsonObject &gateway)
{
    const QJsonObject status = part(gateway, "status");
    QString programmed;
    for (const QJsonValue condition : status.value(QLatin1String("conditions")).toArray())
        if (condition[QLatin1String("type")].toString() == QLatin1String("Programmed"))
            programmed = condition[QLatin1String("status")].toString();
    return {nameOf(gateway), textOf(part(gateway, "spec"), "gatewayClassName"),
            status.value(QLatin1String("addresses"))[0][QLatin1String("value")].toString(),
            programmed, age(gateway)};
}

QJsonArray routeCells(const QJsonObject &route)
{
    QStringList quoted;
    for (const auto &host : part(route, "spec").value(QLatin1String("hostnames")).toArray())
        quoted.append(QLatin1Char('"') + host.toString() + QLatin1Char('"'));
    return {nameOf(route), QLatin1Char('[') + quoted.join(QLatin1Char(',')) + QLatin1Char(']'),
            age(route)};
}

QJsonArray secretCells(const QJsonObject &secret)
{
    return {nameOf(secret), textOf(secret, "type"), part(secret, "data").size(), age(secret)};
}

QJsonArray configMapCells(const QJsonObject &map)
{
    return {nameOf(map), part(map, "data").size() + part(map, "binaryData").size(), age(map)};
}

QJsonArray namespaceCells(const QJsonObject &nameSpace)
{
    return {nameOf(nameSpace), textOf(part(nameSpace, "status"), "phase"), age(nameSpace)};
}

QJsonArray plainCells(const QJsonObject &object)
{
    return {nameOf(object), age(object)};
}

/// What the server shows of a kind: its columns, those of numbers with "#" before the name.
struct Columns
{
    const char *kind;
    const char *names;
    QJsonArray (*cells)(const QJsonObject &);
};

constexpr Columns knownColumns[] = {
    {"Pod", "Name Ready Status Restarts Age", podCells},
    {"Deployment", "Name Ready #Up-to-date #Available Age", deploymentCells},
    {"ReplicaSet", "Name #Desired #Current #Ready Age", replicaSetCells},
    {"Service", "Name Type Cluster-IP External-IP Port(s) Age", serviceCells},
    {"Endpoints", "Name Endpoints Age", endpointsCells},
    {"Gateway", "Name Class Address Programmed Age", gatewayCells},
    {"HTTPRoute", "Name Hostnames Age", routeCells},
    {"Secret", "Name Type #Data Age", secretCells},
    {"ConfigMap", "Name #Data Age", configMapCells},
    {"Namespace", "Name Status Age", namespaceCells},
};

const Columns &columnsOf(const QString &kind)
{
    static constexpr Columns others{"", "Name Age", plainCells};
    for (const Columns &each : knownColumns)
        if (kind == QLatin1String(each.kind))
            return each;
    return others;
}

QJsonObject columnView(QString name)
{
    const bool number = name.startsWith(QLatin1Char('#'));
    if (number)
        name.remove(0, 1);
    return {{QStringLiteral("name"), name},
            {QStringLiteral("type"), number ? QStringLiteral("integer") : QStringLiteral("string")},
            {QStringLiteral("format"),
             name == QLatin1String("Name") ? QStringLiteral("name") : QString()},
            {QStringLiteral("description"), QString()},
            {QStringLiteral("priority"), 0}};
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
    const Columns &shown = columnsOf(type.kind);
    QJsonArray columns;
    for (const QString &name : QString::fromLatin1(shown.names).split(QLatin1Char(' ')))
        columns.append(columnView(name));
    QJsonArray rows;
    for (const QJsonObject &object : objects)
        rows.append(QJsonObject{{QStringLiteral("cells"), shown.cells(object)},
                                {QStringLiteral("object"), metadataOnly(object)}});
    return {{QStringLiteral("kind"), QStringLiteral("Table")},
            {QStringLiteral("apiVersion"), QStringLiteral("meta.k8s.io/v1")},
            {QStringLiteral("metadata"), QJsonObject{{QStringLiteral("resourceVersion"), version}}},
            {QStringLiteral("columnDefinitions"), columns},
            {QStringLiteral("rows"), rows}};
}

} // namespace pilothouse::sandbox
