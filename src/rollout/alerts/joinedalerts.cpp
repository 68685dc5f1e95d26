#include "rollout/alerts/joinedalerts.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Labels = QHash<QString, QString>;

bool hasAll(const Labels &all, const Labels &some)
{
    return std::all_of(some.keyValueBegin(), some.keyValueEnd(), [&all](const auto &label) {
        const auto found = all.constFind(label.first);
        return found != all.cend() && *found == label.second;
    });
}

const QString lastKnown = QStringLiteral("last known");

bool ringsNobody(const Alert &alert)
{
    return alert.state == QLatin1String("silenced") || alert.state == QLatin1String("inhibited");
}

} // namespace

bool isSameAlert(const Alert &a, const Alert &b)
{
    return a.name == b.name && (hasAll(a.labels, b.labels) || hasAll(b.labels, a.labels));
}

QList<Alert> joinedAlerts(const ToldAlerts &told, const ManagedAlerts &managed)
{
    QList<Alert> all = told.alerts;
    QList<Alert> alone = managed.alerts;
    for (Alert &alert : all) {
        if (told.isOld)
            alert.state = lastKnown;
        const auto known = std::find_if(alone.begin(), alone.end(), [&alert](const Alert &each) {
            return isSameAlert(each, alert);
        });
        if (known == alone.end())
            continue;
        alert.fingerprint = known->fingerprint;
        alert.receivers = known->receivers;
        alert.generator = known->generator;
        if (!managed.isOld && (told.isOld || ringsNobody(*known)))
            alert.state = known->state;
        alone.erase(known);
    }
    for (Alert &alert : alone) {
        if (managed.scope == AlertSource::Scope::Shared
            && !alert.labels.contains(QStringLiteral("track")))
            continue;
        if (managed.isOld)
            alert.state = lastKnown;
        all.append(alert);
    }
    return all;
}

QList<Alert> alertsOfTrack(const QList<Alert> &alerts, const QString &track)
{
    QList<Alert> mine;
    for (const Alert &alert : alerts) {
        const QString of = alert.labels.value(QStringLiteral("track"));
        if (of.isEmpty() || of == track)
            mine.append(alert);
    }
    return mine;
}

QStringList firingNames(const QList<Alert> &alerts)
{
    QStringList names;
    for (const Alert &alert : alerts) {
        if (alert.isFiring())
            names << alert.name;
    }
    return names;
}

} // namespace pilothouse
