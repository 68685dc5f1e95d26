#include "app/wiring/places.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace pilothouse {
namespace {

/// Readable first, then what makes it unique.
QString keyOf(const QString &workspaceFile)
{
    const QFileInfo file(workspaceFile);
    const QByteArray hash
        = QCryptographicHash::hash(file.absoluteFilePath().toUtf8(), QCryptographicHash::Sha256);
    return file.absoluteDir().dirName() + QLatin1Char('-')
           + QString::fromLatin1(hash.toHex().left(12));
}

QString below(QStandardPaths::StandardLocation location, const QString &what,
              const QString &workspaceFile)
{
    return QStringLiteral("%1/pilothouse/%2/%3")
        .arg(QStandardPaths::writableLocation(location), what, keyOf(workspaceFile));
}

} // namespace

QString journalFile(const QString &workspaceFile)
{
    return below(QStandardPaths::GenericDataLocation, QStringLiteral("journal"), workspaceFile)
           + QStringLiteral("/journal.sqlite");
}

QString spoolFolder(const QString &workspaceFile)
{
    return below(QStandardPaths::GenericCacheLocation, QStringLiteral("logs"), workspaceFile);
}

QString mirrorFolder(const QString &workspaceFile)
{
    return below(QStandardPaths::GenericCacheLocation, QStringLiteral("mirrors"), workspaceFile);
}

QString lastKnownFile(const QString &workspaceFile)
{
    return below(QStandardPaths::GenericDataLocation, QStringLiteral("lastknown"), workspaceFile)
           + QStringLiteral(".json");
}

QString guardFolder(const QString &workspaceFile)
{
    return below(QStandardPaths::GenericDataLocation, QStringLiteral("guards"), workspaceFile);
}

QString consentFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
           + QStringLiteral("/pilothouse/consent.json");
}

QString instanceName(const QString &workspaceFile)
{
    return QStringLiteral("pilothouse-") + keyOf(workspaceFile);
}

} // namespace pilothouse
