#include "pipeline/reading/cron.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace pilothouse {

namespace {

struct CronField
{
    int least = 0;
    int most = 0;
    QStringList names; ///< the first one means `least`
};

/// The number or name that stands in a field; -1 for anything else.
int cronValue(const QString &text, const CronField &field)
{
    if (const qsizetype named = field.names.indexOf(text.toLower()); named >= 0)
        return field.least + int(named);
    bool isNumber = false;
    const int value = text.toInt(&isNumber);
    return isNumber && value >= field.least && value <= field.most ? value : -1;
}

bool isRange(const QString &text, const CronField &field)
{
    if (text == QLatin1String("*"))
        return true;
    const QStringList ends = text.split(QLatin1Char('-'));
    const int first = cronValue(ends.first(), field);
    return ends.size() <= 2 && first >= 0 && cronValue(ends.last(), field) >= first;
}

bool isPart(const QString &text, const CronField &field)
{
    const QStringList halves = text.split(QLatin1Char('/'));
    if (halves.size() > 2 || !isRange(halves.first(), field))
        return false;
    if (halves.size() == 1)
        return true;
    return halves.last() != QLatin1String("0") && cronValue(halves.last(), field) >= 0;
}

} // namespace

bool isCron(const QString &text)
{
    static const auto words = [](const char *all) {
        return QString::fromLatin1(all).split(QLatin1Char(' '));
    };
    static const std::array<CronField, 5> fields = {{
        {0, 59, {}},
        {0, 23, {}},
        {1, 31, {}},
        {1, 12, words("jan feb mar apr may jun jul aug sep oct nov dec")},
        {0, 6, words("sun mon tue wed thu fri sat")},
    }};
    static const QRegularExpression blanks(QStringLiteral(" +"));
    const QStringList found = text.split(blanks);
    if (found.size() != qsizetype(fields.size()))
        return false;
    for (qsizetype i = 0; i < found.size(); ++i) {
        const QStringList parts = found[i].split(QLatin1Char(','));
        if (!std::all_of(parts.begin(), parts.end(),
                         [&](const QString &part) { return isPart(part, fields[size_t(i)]); }))
            return false;
    }
    return true;
}

bool isTooOften(const QString &cron)
{
    if (!isCron(cron))
        return false;
    std::array<bool, 60> minutes = {};
    const QStringList parts = cron.section(QLatin1Char(' '), 0, 0).split(QLatin1Char(','));
    for (const QString &part : parts) {
        const QStringList halves = part.split(QLatin1Char('/'));
        const bool isAny = halves.first() == QLatin1String("*");
        const QStringList ends = halves.first().split(QLatin1Char('-'));
        const int first = isAny ? 0 : ends.first().toInt();
        // A step goes on from a single minute to the end of the hour.
        const bool isOpen = isAny || (ends.size() == 1 && halves.size() == 2);
        const int last = isOpen ? 59 : ends.last().toInt();
        const int step = halves.size() == 2 ? std::max(1, halves.last().toInt()) : 1;
        for (int minute = first; minute <= last; minute += step)
            minutes[size_t(minute)] = true;
    }
    int before = -5;
    for (int minute = 0; minute < 60; ++minute) {
        if (!minutes[size_t(minute)])
            continue;
        if (minute - before < 5)
            return true;
        before = minute;
    }
    return false;
}

} // namespace pilothouse
