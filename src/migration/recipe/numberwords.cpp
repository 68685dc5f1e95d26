#include "migration/recipe/numberwords.h"

#include "base/words.h"

#include <QLocale>

namespace pilothouse {

namespace {

/// Three digits that count: 1.31, 13.1, 131.
QString threeDigits(double value)
{
    return QString::number(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

} // namespace

QString countWords(qint64 count)
{
    QLocale locale(QLocale::English, QLocale::UnitedStates);
    return locale.toString(count);
}

QString estimateWords(qint64 count)
{
    if (count < 0)
        return Words::tr("unknown");
    if (count < 10'000)
        return QStringLiteral("~") + countWords(count);
    const double thousands = static_cast<double>(count) / 1e3;
    if (count < 1'000'000)
        return QStringLiteral("~%1 k").arg(thousands, 0, 'f', 0);
    return QStringLiteral("~%1 M").arg(thousands / 1e3, 0, 'f', 1);
}

QString bytesWords(qint64 bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(units)) {
        value /= 1024;
        ++unit;
    }
    const QString number = unit == 0 ? QString::number(bytes) : threeDigits(value);
    return number + QLatin1Char(' ') + QLatin1String(units[unit]);
}

QString spanWords(std::chrono::milliseconds span)
{
    using namespace std::chrono;
    if (span < minutes(1))
        return Words::tr("%1 s").arg(duration_cast<seconds>(span).count());
    if (span < hours(1))
        return Words::tr("%1 min").arg(duration_cast<minutes>(span).count());
    if (span < hours(48))
        return Words::tr("%1 h").arg(duration_cast<hours>(span).count());
    return Words::tr("%1 d").arg(duration_cast<hours>(span).count() / 24);
}

} // namespace pilothouse
