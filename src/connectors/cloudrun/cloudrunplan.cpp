#include "connectors/cloudrun/cloudrunplan.h"

#include "action/commandline.h"

#include <algorithm>

namespace pilothouse {

PlannedCall plannedCall(const CloudRunControl::Settings &settings, const QUrl &service,
                        const CloudRunSnapshot &snapshot, const CloudRunWrite &write)
{
    QStringList shown;
    QStringList flags;
    for (const CloudRunTarget &target : write.traffic) {
        if (target.percent == 0)
            continue;
        const CommitId commit = snapshot.revision(target.revision).commit;
        shown.append(CloudRunControl::tr("%1 %2 %")
                         .arg(commit.value.isEmpty() ? target.revision : shortSha(commit))
                         .arg(target.percent));
        flags.append(QStringLiteral("%1=%2").arg(target.revision).arg(target.percent));
    }
    PlannedCall planned;
    planned.language = PlannedCall::Language::Http;
    planned.summary
        = CloudRunControl::tr("PATCH services/%1   traffic %2   if etag is still %3")
              .arg(settings.service, shown.join(QStringLiteral(" · ")), snapshot.service.etag);
    planned.exact
        = QStringLiteral("PATCH %1?updateMask=%2\nContent-Type: application/json\n\n%3")
              .arg(service.toString(), write.updateMask, QString::fromUtf8(readableBody(write)));
    planned.copyable = QStringLiteral("gcloud run services update-traffic %1 --project=%2 "
                                      "--region=%3 --to-revisions=%4")
                           .arg(settings.service, settings.project, settings.region,
                                flags.join(QLatin1Char(',')));
    planned.curl = curlCommand(
        "PATCH", QUrl(QStringLiteral("%1?updateMask=%2").arg(service.toString(), write.updateMask)),
        "application/json", write.body);
    return planned;
}

QStringList trafficChanges(const CloudRunSnapshot &snapshot, const CloudRunWrite &write)
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
    const bool latest = std::any_of(
        snapshot.service.traffic.begin(), snapshot.service.traffic.end(),
        [](const CloudRunTarget &target) { return target.kind == CloudRunTarget::Kind::Latest; });
    if (latest || snapshot.service.traffic.isEmpty())
        changes << CloudRunControl::tr("LATEST: pinned to its revision");
    return changes;
}

} // namespace pilothouse
