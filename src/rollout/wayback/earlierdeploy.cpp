#include "rollout/wayback/earlierdeploy.h"

#include "base/words.h"

namespace pilothouse {

QString deployTakes(const std::optional<std::chrono::milliseconds> &takes)
{
    if (!takes)
        return Words::tr("some minutes");
    // Rounded up: whoever waits is not helped by less.
    const qint64 seconds = (takes->count() + 999) / 1000;
    return seconds <= 90 ? Words::tr("~%1 s").arg((seconds + 9) / 10 * 10)
                         : Words::tr("~%1 min").arg((seconds + 59) / 60);
}

QString deployWords(const EarlierDeploy &deploy)
{
    return Words::tr("%1, %2").arg(deployTakes(deploy.takes), deploy.name);
}

} // namespace pilothouse
