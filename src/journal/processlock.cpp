#include "journal/processlock.h"

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

ProcessLocks::ProcessLocks(QString database) : m_database(std::move(database)) {}

ProcessLocks::~ProcessLocks() = default;

bool ProcessLocks::hold(const ProcessMark &process)
{
    const QString path
        = m_database + QLatin1Char('.') + process.fileName() + QStringLiteral(".lock");
    auto &lock = m_held[path];
    if (lock)
        return true;
    auto fresh = std::make_unique<QLockFile>(path);
    // A lock never goes stale by age: only the death of its process frees it.
    fresh->setStaleLockTime(0);
    if (!fresh->tryLock(0)) {
        m_held.erase(path);
        return false;
    }
    lock = std::move(fresh);
    return true;
}

bool ProcessLocks::holdOwn()
{
    return hold(m_own);
}

bool ProcessLocks::claim(const ProcessMark &process)
{
    if (process.fileName() == m_own.fileName())
        return false;
    return hold(process);
}

} // namespace pilothouse
