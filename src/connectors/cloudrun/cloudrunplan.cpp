#include "connectors/cloudrun/cloudrunplan.h"

#include "action/commandline.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// In full and by curl.
PlannedCall requestOf(const QUrl &service, const CloudRunWrite &write)
{
    const QString address
        = QStringLiteral("%1?updateMask=%2").arg(service.toString(), write.updateMask);
    PlannedCall planned;
    planned.language = PlannedCall::Language::Http;
    planned.exact = QStringLiteral("PATCH %1\nContent-Type: application/json\n\n%2")
                        .arg(address, QString::fromUtf8(readableBody(write)));
    planned.curl = curlCommand("PATCH", QUrl(address), "application/json", write.body);
    return planned;
}

bool followsLatest(const QList<CloudRunTarget> &traffic)
{
    return traffic.isEmpty()
           || std::any_of(traffic.begin(), traffic.end(), [](const CloudRunTarget &target) {
                  // A tag on LATEST has no traffic.
                  return target.kind == CloudRunTarget::Kind::Latest && target.percent > 0;
              });
}

/// Who, when and why of a note the confirmation says already.
QStringList noteChanges(const QHash<QString, QString> &before, const QHash<QString, QString> &after)
{
    const QString hold = QLatin1String(holdAnnotation);
    QStringList changes;
    if (before.value(hold) != after.value(hold))
        changes << holdDifference(before.value(hold).toUtf8(), after.value(hold).toUtf8());
    QHash<QString, QString> notes = before;
    QHash<QString, QString> notesThen = after;
    notes.remove(hold);
    notesThen.remove(hold);
    if (notes != notesThen)
        changes << CloudRunControl::tr("our note of it");
    return changes;
}

} // namespace

PlannedCall plannedCall(const CloudRunControl::Settings &settings, const QUrl &service,
                        const CloudRunSnapshot &snapshot, const CloudRunWrite &write)
{
    QStringList shown;
    QStringList flags;
    for (const CloudRunTarget &target : write.traffic) {
        if (target.percent == 0)
            continue;
        if (target.kind == CloudRunTarget::Kind::Latest) {
            shown.append(CloudRunControl::tr("LATEST %1 %").arg(target.percent));
            continue;
        }
        const CommitId commit = snapshot.revision(target.revision).commit;
        shown.append(CloudRunControl::tr("%1 %2 %")
                         .arg(commit.value.isEmpty() ? target.revision : shortSha(commit))
                         .arg(target.percent));
        flags.append(QStringLiteral("%1=%2").arg(target.revision).arg(target.percent));
    }
    PlannedCall planned = requestOf(service, write);
    planned.summary
        = CloudRunControl::tr("PATCH services/%1   traffic %2   if etag is still %3")
              .arg(settings.service, shown.join(QStringLiteral(" · ")), snapshot.service.etag);
    planned.copyable
        = QStringLiteral("gcloud run services update-traffic %1 --project=%2 --region=%3 %4")
              .arg(settings.service, settings.project, settings.region,
                   flags.isEmpty()
                       ? QStringLiteral("--to-latest")
                       : QStringLiteral("--to-revisions=") + flags.join(QLatin1Char(',')));
    return planned;
}

PlannedCall plannedHold(const CloudRunControl::Settings &settings, const QUrl &service,
                        const CloudRunSnapshot &snapshot, const HoldChange &change,
                        const QDateTime &at)
{
    PlannedCall planned = requestOf(service, holdWrite(snapshot, change, at));
    planned.summary
        = CloudRunControl::tr("PATCH services/%1   %2   if etag is still %3")
              .arg(settings.service,
                   std::holds_alternative<Hold>(change) ? CloudRunControl::tr("hold")
                                                        : CloudRunControl::tr("lift the hold"),
                   snapshot.service.etag);
    return planned;
}

PlannedCall plannedAnnotation(const CloudRunControl::Settings &settings, const QUrl &service,
                              const CloudRunSnapshot &snapshot, const QString &key,
                              const QByteArray &value)
{
    PlannedCall planned = requestOf(service, annotationWrite(snapshot, key, value));
    planned.summary = CloudRunControl::tr("PATCH services/%1   %2   if etag is still %3")
                          .arg(settings.service, key, snapshot.service.etag);
    return planned;
}

QString shownRevision(const CloudRunSnapshot &snapshot, const QString &revision)
{
    const CommitId commit = snapshot.revision(revision).commit;
    return commit.value.isEmpty() ? revision
                                  : QStringLiteral("%1 (%2)").arg(shortSha(commit), revision);
}

Deed deedToCome(const QString &action)
{
    return {{},
            CloudRunControl::tr("(you)"),
            action,
            {},
            IntentId(CloudRunControl::tr("(made when you confirm)"))};
}

QStringList writeChanges(const CloudRunSnapshot &snapshot, const CloudRunWrite &write)
{
    CloudRunSnapshot after = snapshot;
    after.service.traffic = write.traffic;
    const QHash<QString, int> now = snapshot.asked();
    const QHash<QString, int> then = after.asked();
    QStringList names = now.keys() + then.keys();
    names.removeDuplicates();
    names.sort();
    QStringList changes;
    for (const QString &name : std::as_const(names)) {
        if (now.value(name) != then.value(name))
            changes << QStringLiteral("%1: %2 → %3 %")
                           .arg(name)
                           .arg(now.value(name))
                           .arg(then.value(name));
    }
    const bool followed = followsLatest(snapshot.service.traffic);
    const bool willFollow = followsLatest(write.traffic);
    if (followed && !willFollow)
        changes << CloudRunControl::tr("LATEST: pinned to its revision");
    else if (willFollow && !followed)
        changes << CloudRunControl::tr("LATEST: followed by every deploy from then on");
    return changes + noteChanges(snapshot.service.annotations, write.annotations);
}

} // namespace pilothouse
