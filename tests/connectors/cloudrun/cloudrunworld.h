#pragma once

#include "connectors/cloudrun/cloudrundecode.h"
#include "connectors/cloudrun/cloudrunstate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

// Four revisions of one service, oldest first, and the JSON that Cloud Run tells of them.

inline QString sha(QChar c)
{
    return QString(40, c);
}

inline const QString oldest = QStringLiteral("backend-00041-aaa");
inline const QString stable = QStringLiteral("backend-00042-bbb");
inline const QString candidate = QStringLiteral("backend-00043-ccc");
inline const QString later = QStringLiteral("backend-00044-ddd");

inline const QString serviceName
    = QStringLiteral("projects/acme/locations/us-central1/services/backend");

/// A service whose fields a test sets, as Cloud Run writes it.
struct ServiceJson
{
    struct Target
    {
        QString revision; ///< empty = LATEST
        int percent = 0;
        QString tag = {};
    };

    QString etag = QStringLiteral("\"e1\"");
    QList<Target> traffic;
    QList<Target> statuses; ///< empty = the same as traffic
    QString latestReady = candidate;
    bool reconciling = false;
    QString state = QStringLiteral("CONDITION_SUCCEEDED");
    QString message;
    QHash<QString, QString> annotations;

    static QJsonArray targets(const QList<Target> &list, const QString &latest)
    {
        QJsonArray array;
        for (const Target &target : list) {
            const bool moves = target.revision.isEmpty();
            QJsonObject object{{QStringLiteral("type"),
                                moves ? QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")
                                      : QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION")}};
            if (!moves || !latest.isEmpty())
                object.insert(QStringLiteral("revision"), moves ? latest : target.revision);
            if (target.percent > 0)
                object.insert(QStringLiteral("percent"), target.percent);
            if (!target.tag.isEmpty())
                object.insert(QStringLiteral("tag"), target.tag);
            array.append(object);
        }
        return array;
    }

    [[nodiscard]] QByteArray bytes() const
    {
        QJsonObject notes;
        for (auto it = annotations.begin(); it != annotations.end(); ++it)
            notes.insert(it.key(), it.value());
        const QJsonObject service{
            {QStringLiteral("name"), serviceName},
            {QStringLiteral("etag"), etag},
            {QStringLiteral("generation"), QStringLiteral("9007199254740993")},
            {QStringLiteral("observedGeneration"),
             reconciling ? QStringLiteral("9007199254740992") : QStringLiteral("9007199254740993")},
            {QStringLiteral("reconciling"), reconciling},
            {QStringLiteral("latestReadyRevision"),
             serviceName + QStringLiteral("/revisions/") + latestReady},
            {QStringLiteral("traffic"), targets(traffic, {})},
            {QStringLiteral("trafficStatuses"),
             targets(statuses.isEmpty() ? traffic : statuses, latestReady)},
            {QStringLiteral("terminalCondition"),
             QJsonObject{{QStringLiteral("type"), QStringLiteral("Ready")},
                         {QStringLiteral("state"), state},
                         {QStringLiteral("message"), message}}},
            {QStringLiteral("annotations"), notes},
            {QStringLiteral("lastModifier"), QStringLiteral("b.novak@acme.example")},
            {QStringLiteral("updateTime"), QStringLiteral("2026-11-24T13:20:00.123456Z")}};
        return QJsonDocument(service).toJson(QJsonDocument::Compact);
    }
};

inline QJsonObject revisionJson(const QString &name, const QString &commit, int day,
                                int minInstances = 0)
{
    return {
        {QStringLiteral("name"), serviceName + QStringLiteral("/revisions/") + name},
        {QStringLiteral("createTime"), QStringLiteral("2026-11-%1T09:00:00Z").arg(day)},
        {QStringLiteral("labels"),
         QJsonObject{{QStringLiteral("commit"), QStringLiteral("v-") + commit}}},
        {QStringLiteral("containers"),
         QJsonArray{QJsonObject{{QStringLiteral("image"),
                                 QStringLiteral("gcr.io/acme/backend:%1@sha256:77").arg(commit)}},
                    QJsonObject{{QStringLiteral("image"), QStringLiteral("sidecar:1")}}}},
        {QStringLiteral("scaling"),
         QJsonObject{{QStringLiteral("minInstanceCount"), minInstances}}},
        {QStringLiteral("conditions"),
         QJsonArray{
             QJsonObject{{QStringLiteral("type"), QStringLiteral("Ready")},
                         {QStringLiteral("state"), QStringLiteral("CONDITION_SUCCEEDED")}}}}};
}

inline QByteArray revisionsPage(const QList<QJsonObject> &revisions, const QString &next = {})
{
    QJsonArray array;
    for (const QJsonObject &revision : revisions)
        array.append(revision);
    QJsonObject page{{QStringLiteral("revisions"), array}};
    if (!next.isEmpty())
        page.insert(QStringLiteral("nextPageToken"), next);
    return QJsonDocument(page).toJson(QJsonDocument::Compact);
}

inline QByteArray allRevisions()
{
    return revisionsPage({revisionJson(later, sha(QLatin1Char('d')), 24),
                          revisionJson(candidate, sha(QLatin1Char('c')), 23),
                          revisionJson(stable, sha(QLatin1Char('b')), 20, 1),
                          revisionJson(oldest, sha(QLatin1Char('a')), 11)});
}

inline CloudRunSnapshot snapshotOf(const ServiceJson &service)
{
    CloudRunSnapshot snapshot;
    snapshot.service = decodeService(service.bytes()).value();
    const auto page = decodeRevisions(allRevisions());
    for (const CloudRunRevision &revision : page.value().revisions)
        snapshot.revisions.insert(revision.name, revision);
    return snapshot;
}

} // namespace pilothouse
