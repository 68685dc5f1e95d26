#include "connectors/cloudrun/cloudrunplan.h"

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
    return planned;
}

} // namespace pilothouse
