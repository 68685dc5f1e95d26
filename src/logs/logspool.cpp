#include "logs/logspool.h"

#include "logs/logfile.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pilothouse {

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

Result<void> LogSpool::setLimit(qint64 bytes)
{
    m_limit = std::max<qint64>(0, bytes);
    return enforce();
}

Result<void> LogSpool::enforce()
{
    return remove(filesToDelete(files(), m_limit));
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
