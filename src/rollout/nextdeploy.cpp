#include "rollout/nextdeploy.h"

#include "base/words.h"

namespace pilothouse {

NextDeploy unknownNextDeploy(const QString &why)
{
    QString reason = why;
    while (reason.endsWith(QLatin1Char('.')))
        reason.chop(1);
    return {NextDeploy::Kind::CannotTell,
            Words::tr("what the next deploy does to this weight is not known: %1").arg(reason),
            {}};
}

NextDeploy nextDeployAt(const NextDeploy &next, int percent)
{
    if (next.brings != percent)
        return next;
    return {NextDeploy::Kind::Keeps,
            Words::tr("the next deploy brings the same weight, %1 %").arg(percent), percent};
}

} // namespace pilothouse
