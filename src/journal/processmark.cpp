#include "journal/processmark.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSysInfo>

namespace pilothouse {

ProcessMark ProcessMark::own()
{
    static const QDateTime start = QDateTime::currentDateTimeUtc();
    return {QSysInfo::machineHostName(), QCoreApplication::applicationPid(),
            start.toString(Qt::ISODateWithMs),
            QString::number(QRandomGenerator::system()->generate(), 16)};
}

ProcessMark ProcessMark::fromJson(const QJsonObject &json)
{
    return {json[QLatin1String("host")].toString(), json[QLatin1String("pid")].toInteger(),
            json[QLatin1String("started")].toString(), json[QLatin1String("journal")].toString()};
}

QJsonObject ProcessMark::toJson() const
{
    return {{QStringLiteral("host"), host},
            {QStringLiteral("pid"), pid},
            {QStringLiteral("started"), started},
            {QStringLiteral("journal"), journal}};
}

QString ProcessMark::fileName() const
{
    // The mark may come from a record that somebody else wrote: nothing in it may leave the folder.
    static const QRegularExpression unsafe(QStringLiteral("[^A-Za-z0-9]"));
    const auto safe = [](QString text) {
        return text.remove(unsafe);
    };
    return QStringLiteral("%1-%2-%3-%4").arg(safe(host)).arg(pid).arg(safe(started), safe(journal));
}

} // namespace pilothouse
