#include "journal/processmark.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSysInfo>

#include <unistd.h>

namespace pilothouse {
namespace {

/// When a process began, to about a second (proc(5): field 22 of stat, in ticks since boot);
/// invalid = there is none of that number.
QDateTime beginOf(qint64 pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    QFile uptime(QStringLiteral("/proc/uptime"));
    if (!stat.open(QIODevice::ReadOnly) || !uptime.open(QIODevice::ReadOnly))
        return {};
    // The name, which stands in brackets, may have spaces and brackets itself.
    const QByteArray text = stat.readAll();
    constexpr qsizetype afterName = 19;
    const QByteArrayList fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    const double ticks = fields.value(afterName).toDouble();
    const double up = uptime.readAll().split(' ').value(0).toDouble();
    const double began = ticks / double(sysconf(_SC_CLK_TCK));
    return QDateTime::currentDateTimeUtc().addMSecs(qint64((began - up) * 1000));
}

} // namespace

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

bool ProcessMark::isGoneHere() const
{
    const QDateTime noted = QDateTime::fromString(started, Qt::ISODateWithMs);
    if (host != QSysInfo::machineHostName() || pid <= 0 || !noted.isValid()
        || !QFile::exists(QStringLiteral("/proc/self/stat")))
        return false;
    const QDateTime began = beginOf(pid);
    constexpr qint64 rounding = 2'000;
    return !began.isValid() || began > noted.addMSecs(rounding);
}

} // namespace pilothouse
