#pragma once

#include "rollout/trafficcontrol.h"

namespace pilothouse {

inline const QString earlierCommit = QString(40, QLatin1Char('d'));

/// Revision 42 of production/web is live; 41 leads back and took three minutes.
inline EarlierDeploy earlierDeploy()
{
    EarlierDeploy deploy;
    deploy.release = QStringLiteral("production/web");
    deploy.number = 41;
    deploy.name = QStringLiteral("Helm revision 41");
    deploy.commit = CommitId(earlierCommit);
    deploy.takes = std::chrono::minutes(3);
    deploy.action = QStringLiteral("helm.rollback:41");
    deploy.live = 42;
    deploy.liveName = QStringLiteral("Helm revision 42");
    return deploy;
}

/// Nothing was deployed before revision 1.
inline EarlierDeploy noEarlierDeploy()
{
    EarlierDeploy deploy;
    deploy.release = QStringLiteral("production/web");
    deploy.live = 1;
    deploy.liveName = QStringLiteral("Helm revision 1");
    deploy.noneBecause = QStringLiteral("Helm revision 1 is the only one");
    deploy.instead = QStringLiteral("deploy the commit that you want");
    return deploy;
}

} // namespace pilothouse
