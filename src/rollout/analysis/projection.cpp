#include "rollout/analysis/projection.h"

#include "base/words.h"

#include <cmath>

namespace pilothouse {

namespace {

/// Whole per cents rounded down, so that 100 % is said from the moment on that it is full: what is
/// projected is a lower bound.
QString shareText(double share)
{
    const double percent = share * 100 + 1e-9;
    return percent < 10 ? measureText(share, QStringLiteral("ratio"))
                        : Words::tr("%1 %").arg(std::floor(percent), 0, 'f', 0);
}

} // namespace

std::optional<Projection> projected(const Check &check, const CheckResult &result, Weight now,
                                    Weight to)
{
    if (check.scales != Scaling::WithWeight || now.percent <= 0 || to <= now)
        return {};
    const QString limit = check.fills.isEmpty() ? Words::tr("its limit") : check.fills;
    Projection projection;
    projection.to = to;
    if (result.verdict == Verdict::NoData || !result.saturation) {
        projection.sentence
            = Words::tr("how much of %1 it would take at %2 % is not known: no data")
                  .arg(limit)
                  .arg(to.percent);
        return projection;
    }
    projection.share = *result.saturation * to.percent / now.percent;
    projection.sentence = Words::tr("at %1 % this would be %2 of %3")
                              .arg(to.percent)
                              .arg(shareText(*projection.share), limit);
    return projection;
}

} // namespace pilothouse
