#include "rollout/analysis/measure.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

constexpr int finest = 6; ///< decimals: what is smaller is the rounding of a rate

QString withoutZeros(QString text)
{
    if (!text.contains(QLatin1Char('.')))
        return text;
    while (text.endsWith(QLatin1Char('0')))
        text.chop(1);
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

QString glanceNumber(double value)
{
    const double size = std::abs(value);
    const int decimals = size >= 10 || size == 0 ? 0 : size >= 1 ? 1 : 2;
    return withoutZeros(QString::number(value, 'f', decimals));
}

QString inUnit(double value, const QString &unit, QString (*number)(double))
{
    if (!std::isfinite(value))
        return Words::tr("no data");
    if (unit == QLatin1String("ratio"))
        return Words::tr("%1 %").arg(number(value * 100));
    if (unit == QLatin1String("s") && std::abs(value) < 10)
        return Words::tr("%1 ms").arg(number(value * 1000));
    if (unit == QLatin1String("1/s"))
        return Words::tr("%1 /s").arg(number(value));
    return unit.isEmpty() ? number(value) : number(value) + QLatin1Char(' ') + unit;
}

} // namespace

QString measureText(double value, const QString &unit)
{
    return inUnit(value, unit, glanceNumber);
}

QString fineMeasureText(double value, const QString &unit)
{
    return inUnit(value, unit, fineNumber);
}

QString fineNumber(double value)
{
    const double size = std::abs(value);
    if (size == 0)
        return QStringLiteral("0");
    const int decimals = std::clamp(2 - int(std::floor(std::log10(size))), 0, finest);
    const QString text = withoutZeros(QString::number(value, 'f', decimals));
    return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

} // namespace pilothouse
