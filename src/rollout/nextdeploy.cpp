#include "rollout/nextdeploy.h"

#include "base/words.h"

namespace pilothouse {

NextDeploy nextDeployAfter(const NextDeploy &next, int percent)
{
    if (next.brings != percent)
        return next;
    return {NextDeploy::Kind::Keeps,
            Words::tr("the next deploy brings the same weight, %1 %").arg(percent), percent};
}

} // namespace pilothouse
