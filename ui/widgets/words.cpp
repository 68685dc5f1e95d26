#include "ui/widgets/words.h"

#include "base/words.h"

#include <QLocale>
#include <QRegularExpression>
#include <QTimeZone>

#include <cmath>

namespace pilothouse {
namespace {

/// Three significant digits at most, no trailing zeros: 4.4, 61, 0.2, 1,204.
QString number(double value)
{
    const double magnitude = std::abs(value);
    const int decimals = magnitude >= 10 ? 0 : magnitude >= 1 ? 1 : 2;
    QString text = QLocale(QLocale::English).toString(value, 'f', decimals);
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
    }
    return text;
}

} // namespace

QString ageText(std::chrono::milliseconds age)
{
    const qint64 seconds = age.count() / 1000;
    if (seconds < 1)
        return Words::tr("now");
    if (seconds < 120)
        return Words::tr("%1 s").arg(seconds);
    if (seconds < qint64{2} * 3600)
        return Words::tr("%1 min").arg(seconds / 60);
    if (seconds < qint64{48} * 3600)
        return Words::tr("%1 h").arg(seconds / 3600);
    return Words::tr("%1 days").arg(seconds / 86400);
}

QString agoText(std::chrono::milliseconds age)
{
    return age < std::chrono::seconds(1) ? Words::tr("just now")
                                         : Words::tr("%1 ago").arg(ageText(age));
}

QString durationText(std::chrono::milliseconds duration)
{
    const qint64 seconds = std::max<qint64>(0, duration.count() / 1000);
    const QString rest = QStringLiteral("%1").arg(seconds % 60, 2, 10, QLatin1Char('0'));
    if (seconds < 3600)
        return QStringLiteral("%1:%2").arg(seconds / 60).arg(rest);
    return QStringLiteral("%1:%2:%3")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(rest);
}

QString clockText(const QDateTime &utc)
{
    const QDateTime local = utc.toLocalTime();
    return QStringLiteral("%1 %2").arg(local.toString(QStringLiteral("HH:mm:ss")),
                                       local.timeZoneAbbreviation());
}

QString whenText(const QDateTime &utc, const QDateTime &nowUtc)
{
    if (!utc.isValid())
        return {};
    const QDateTime local = utc.toLocalTime();
    if (local.date() == nowUtc.toLocalTime().date())
        return local.toString(QStringLiteral("HH:mm"));
    return QLocale(QLocale::English).toString(local, QStringLiteral("d MMM HH:mm"));
}

QString valueText(double value, const QString &unit)
{
    if (std::isnan(value))
        return Words::tr("no data");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (unit == QLatin1String("ratio"))
        return Words::tr("%1 %").arg(number(value * 100));
    if (unit == QLatin1String("s"))
        return std::abs(value) < 1 ? Words::tr("%1 ms").arg(number(value * 1000))
                                   : Words::tr("%1 s").arg(number(value));
    if (unit == QLatin1String("1/s"))
        return Words::tr("%1 /s").arg(number(value));
    return unit.isEmpty() ? number(value) : QStringLiteral("%1 %2").arg(number(value), unit);
}

QString firstSentence(const QString &text)
{
    static const QRegularExpression end(QStringLiteral("(?<=[^A-Z\\s])\\. (?=[A-Z])"));
    const qsizetype at = text.indexOf(end);
    return at < 0 ? text : text.left(at);
}

QString healthText(const SourceState &state, const Clock &clock)
{
    const auto age = ageText(clock.sinceBoot() - state.lastGoodSinceBoot);
    switch (state.health) {
    case SourceState::Health::NotSetUp:
        return Words::tr("not set up");
    case SourceState::Health::Loading:
        return Words::tr("connecting");
    case SourceState::Health::Live:
        return state.streaming ? Words::tr("live") : age;
    case SourceState::Health::Old:
        return Words::tr("old %1").arg(age);
    case SourceState::Health::Lost:
        return state.lastGoodSinceBoot.count() ? Words::tr("lost %1").arg(age) : Words::tr("lost");
    case SourceState::Health::SignedOut:
        return Words::tr("signed out");
    case SourceState::Health::NotAllowed:
        return Words::tr("not allowed");
    }
    return {};
}

} // namespace pilothouse
