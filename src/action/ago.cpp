#include "action/ago.h"

#include "base/words.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

QString agoWords(std::chrono::milliseconds age)
{
    const qint64 seconds = std::max<qint64>(0, age.count() / 1000);
    if (seconds < 60)
        return Words::tr("%1 s ago").arg(seconds);
    if (seconds < 3600)
        return Words::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 86'400)
        return Words::tr("%1 h ago").arg(seconds / 3600);
    return Words::tr("%1 days ago").arg(seconds / 86'400);
}

QString clockWords(const QDateTime &at, const QDateTime &now)
{
    const QDateTime local = at.toLocalTime();
    return local.toString(local.date() == now.toLocalTime().date() ? QStringLiteral("HH:mm")
                                                                   : QStringLiteral("d MMM HH:mm"));
}

QString withoutAges(QString text)
{
    static const QRegularExpression age(QStringLiteral("\\d+ (s|min|h|days) ago"));
    return text.remove(age);
}

} // namespace pilothouse
