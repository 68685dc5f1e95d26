#include "connectors/kubernetes/events/cronstarts.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

#include <QMap>

namespace pilothouse {
namespace {

struct CronStart
{
    QDateTime at;
    QString how; ///< what became of it
};

QString became(const JsonReader &status)
{
    for (const JsonReader &condition : status.itemsIfAny("conditions")) {
        if (condition.string("status") != QLatin1String("True"))
            continue;
        if (condition.string("type") == QLatin1String("Failed"))
            return Words::tr(", it failed");
        if (condition.string("type") == QLatin1String("Complete"))
            return Words::tr(", it has ended");
    }
    return status.integerOr("active", 0) > 0 ? Words::tr(", it still runs") : QString();
}

QString ownerOf(const JsonReader &metadata)
{
    for (const JsonReader &owner : metadata.itemsIfAny("ownerReferences")) {
        if (owner.string("kind") == QLatin1String("CronJob"))
            return owner.string("name");
    }
    return {};
}

} // namespace

Result<QList<ClusterEvent>> cronStarts(const std::optional<QJsonArray> &cronJobs,
                                       const std::optional<QJsonArray> &jobs, const QDateTime &from,
                                       const QDateTime &to)
{
    QMap<QString, CronStart> newest; // by cron job
    const auto take = [&](const QString &name, const CronStart &start) {
        if (!start.at.isValid() || start.at < from || start.at > to)
            return;
        CronStart &known = newest[name];
        if (!known.at.isValid() || start.at > known.at)
            known = start;
    };
    const JsonReader ownJobs
        = JsonReader::of(jobs.value_or(QJsonArray()), QStringLiteral("Kubernetes (jobs)"));
    for (const JsonReader &job : ownJobs.items()) {
        const JsonReader metadata = job.child("metadata");
        const QString owner = ownerOf(metadata);
        if (owner.isEmpty())
            continue;
        CronStart start{metadata.time("creationTimestamp"), {}};
        if (const auto status = job.find("status")) {
            if (const QDateTime at = status->time("startTime"); at.isValid())
                start.at = at;
            start.how = became(*status);
        }
        take(owner, start);
    }
    const JsonReader crons
        = JsonReader::of(cronJobs.value_or(QJsonArray()), QStringLiteral("Kubernetes (cron jobs)"));
    for (const JsonReader &cron : crons.items()) {
        const QString name = cron.child("metadata").string("name");
        const auto status = cron.find("status");
        if (!status)
            continue;
        // A Job begins a little after its schedule: where it is known, this one is older.
        take(name, {status->time("lastScheduleTime"), {}});
    }
    if (const auto problem = ownJobs.problem())
        return fail(*problem);
    QList<ClusterEvent> events;
    for (auto it = newest.cbegin(); it != newest.cend(); ++it) {
        if (it->at.isValid())
            events.append({it->at, Words::tr("cron"),
                           Words::tr("cron job %1 began%2").arg(it.key(), it->how),
                           ClusterEvent::Kind::Began});
    }
    return crons.finish(events);
}

} // namespace pilothouse
