#include "logs/logspool.h"

#include "logs/logfile.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pilothouse {
namespace {

QString limitKey()
{
    return QStringLiteral("logs/spoolLimit");
}

} // namespace

QStringList filesToDelete(QList<SpoolFile> files, qint64 limit)
{
    std::sort(files.begin(), files.end(), [](const SpoolFile &a, const SpoolFile &b) {
        return std::tie(a.changed, a.path) < std::tie(b.changed, b.path);
    });
    qint64 bytes = 0;
    for (const SpoolFile &file : std::as_const(files))
        bytes += file.bytes;
    QStringList gone;
    for (const SpoolFile &file : std::as_const(files)) {
        if (bytes <= limit)
            break;
        if (file.open)
            continue;
        gone << file.path;
        bytes -= file.bytes;
    }
    return gone;
}

LogSpool::LogSpool(QString folder, QObject *parent) : QObject(parent), m_folder(std::move(folder))
{}

QList<SpoolFile> LogSpool::files() const
{
    QList<SpoolFile> all;
    const QDir folder(m_folder);
    // Nothing else that may lie there is ever touched.
    for (const QFileInfo &info :
         folder.entryInfoList({QStringLiteral("log-*.txt")}, QDir::Files | QDir::NoSymLinks))
        all.append(
            {info.filePath(), info.size(), info.lastModified(), LogFile::isHeld(info.filePath())});
    return all;
}

qint64 LogSpool::bytes() const
{
    qint64 sum = 0;
    for (const SpoolFile &file : files())
        sum += file.bytes;
    return sum;
}

qint64 LogSpool::limit() const
{
    if (!m_settings)
        return m_limit;
    // Whatever stands there that is no number is as if nothing stood there.
    bool isNumber = false;
    const qint64 kept = m_settings->value(limitKey()).toLongLong(&isNumber);
    return isNumber && kept >= 0 ? kept : m_limit;
}

Result<void> LogSpool::setLimit(qint64 bytes)
{
    const qint64 limit = std::max<qint64>(0, bytes);
    if (m_settings) {
        if (Result<void> stored = store(limit); !stored)
            return stored;
    }
    m_limit = limit;
    return enforce();
}

Result<void> LogSpool::store(qint64 limit)
{
    // Its own object: one that has failed once says so for ever.
    QSettings settings(m_settings->fileName(), m_settings->format());
    const QVariant before = settings.value(limitKey());
    settings.setValue(limitKey(), limit);
    settings.sync();
    if (settings.status() == QSettings::NoError)
        return {};
    // What could not be written would else be taken for the limit until the end of the program.
    if (before.isValid())
        settings.setValue(limitKey(), before);
    else
        settings.remove(limitKey());
    return fail(ErrorKind::Unavailable,
                tr("The limit stays as it is: the settings “%1” cannot be written.")
                    .arg(settings.fileName()));
}

Result<void> LogSpool::enforce()
{
    return remove(filesToDelete(files(), limit()));
}

bool LogSpool::makeRoom()
{
    if (bytes() <= limit())
        return true;
    (void)enforce(); // what cannot be deleted still counts
    return bytes() <= limit();
}

Result<void> LogSpool::clear()
{
    return remove(filesToDelete(files(), -1));
}

Result<void> LogSpool::remove(const QStringList &paths)
{
    QStringList stayed;
    for (const QString &path : paths) {
        if (!QFile::remove(path) && QFile::exists(path))
            stayed << path;
    }
    Q_EMIT changed();
    if (stayed.isEmpty())
        return {};
    return fail(ErrorKind::Unavailable,
                tr("%1 logs could not be deleted. Check the rights of “%2”.")
                    .arg(stayed.size())
                    .arg(m_folder),
                stayed.join(QLatin1Char('\n')));
}

} // namespace pilothouse
