#include "document/duration.h"

#include <array>

namespace pilothouse {

namespace {

struct Unit
{
    const char *suffix;
    qint64 milliseconds;
};

constexpr std::array<Unit, 5> units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr qint64 longest = 365'000LL * 86'400'000;

} // namespace

std::optional<std::chrono::milliseconds> parseDuration(QStringView text)
{
    qsizetype digits = 0;
    qint64 count = 0;
    while (digits < text.size() && text[digits] >= QLatin1Char('0')
           && text[digits] <= QLatin1Char('9')) {
        count = count * 10 + text[digits].digitValue();
        if (count > longest)
            return std::nullopt;
        ++digits;
    }
    if (digits == 0)
        return std::nullopt;
    const QStringView suffix = text.sliced(digits);
    for (const Unit &unit : units) {
        if (suffix == QLatin1String(unit.suffix)) {
            if (count > longest / unit.milliseconds)
                return std::nullopt;
            return std::chrono::milliseconds(count * unit.milliseconds);
        }
    }
    return std::nullopt;
}

QString formatDuration(std::chrono::milliseconds duration)
{
    const qint64 count = duration.count();
    if (count == 0)
        return QStringLiteral("0s");
    for (const Unit &unit : units) {
        if (count % unit.milliseconds == 0)
            return QString::number(count / unit.milliseconds) + QLatin1String(unit.suffix);
    }
    return {};
}

} // namespace pilothouse
