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

const QString trackLabel = QStringLiteral("track");
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
        // A label that Prometheus adds to what it sends on says whose it is, too.
        alert.isOurs = alert.isOurs || known->isOurs || known->labels.contains(trackLabel);
        if (!managed.isOld && (told.isOld || ringsNobody(*known)))
            alert.state = known->state;
        alone.erase(known);
    }
    for (Alert &alert : alone) {
        if (!alert.isOurs && !alert.labels.contains(trackLabel))
            continue;
        if (managed.isOld)
            alert.state = lastKnown;
        all.append(alert);
    }
    return all;
}

AlertOf whoseAlert(const Alert &alert, const QString &track)
{
    const QString named = alert.labels.value(trackLabel);
    if (named.isEmpty())
        return alert.isOurs ? AlertOf::ThisTrack : AlertOf::NoTrack;
    return named == track ? AlertOf::ThisTrack : AlertOf::AnotherTrack;
}

QList<Alert> markedOurs(QList<Alert> alerts, const AlertSource &source)
{
    for (Alert &alert : alerts)
        alert.isOurs = source.isOurs(alert);
    return alerts;
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
