#include "ui/rollout/plot/valueaxis.h"

#include <cmath>

namespace pilothouse {

double shownScale(const QString &unit)
{
    if (unit == QLatin1String("ratio"))
        return 100;
    return unit == QLatin1String("s") ? 1000 : 1;
}

QString shownUnit(const QString &unit)
{
    if (unit == QLatin1String("ratio"))
        return QStringLiteral("%");
    return unit == QLatin1String("s") ? QStringLiteral("ms") : unit;
}

double roundUp(double value)
{
    if (value <= 0)
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        if (value <= step * power)
            return step * power;
    }
    return 10 * power;
}

QString tickText(double value)
{
    return std::abs(value) < 10'000 ? QString::number(value, 'g', 4)
                                    : QString::number(value, 'f', 0);
}

} // namespace pilothouse
