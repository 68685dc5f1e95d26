#include "rollout/analysis/projection.h"

#include "base/words.h"

namespace pilothouse {

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
                              .arg(measureText(*projection.share, QStringLiteral("ratio")), limit);
    return projection;
}

} // namespace pilothouse
