#include "connectors/secrets/consentfile.h"

#include "base/words.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>

namespace pilothouse {
namespace {

constexpr QLatin1String programsKey("programs");
constexpr QLatin1String programKey("program");
constexpr QLatin1String sha256Key("sha256");
constexpr QLatin1String mannerKey("manner");
constexpr QLatin1String atKey("allowed");

/// The words are kept apart by their lengths: "a b" and "a", "b" are two manners.
QByteArray mannerOf(const ProgramUse &use)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const QStringList &words) {
        hash.addData(QByteArray::number(words.size()) + ';');
        for (const QString &word : words) {
            const QByteArray bytes = word.toUtf8();
            hash.addData(QByteArray::number(bytes.size()) + ':' + bytes);
        }
    };
    add(use.arguments);
    add(use.environment);
    return hash.result().toHex();
}

} // namespace

ConsentFile::ConsentFile(QString path) : m_path(std::move(path)) {}

Result<Consent> ConsentFile::of(const ProgramUse &use) const
{
    const auto entries = read();
    if (!entries)
        return fail(entries.error());
    const QByteArray manner = mannerOf(use);
    for (const Entry &entry : *entries) {
        if (entry.program == use.program && entry.manner == manner)
            return Consent{entry.sha256 == use.sha256 ? Consent::Standing::Allowed
                                                      : Consent::Standing::Changed,
                           entry.at};
    }
    return Consent{};
}

Result<void> ConsentFile::allow(const ProgramUse &use, const QDateTime &at)
{
    if (!QDir().mkpath(QFileInfo(m_path).path()))
        return fail(ErrorKind::Unavailable,
                    Words::tr("The folder of %1 cannot be made: what you allow is not remembered. "
                              "Check its rights.")
                        .arg(m_path));
    QLockFile lock(m_path + QStringLiteral(".lock"));
    if (!lock.tryLock(1000))
        return fail(ErrorKind::Unavailable,
                    Words::tr("%1 is being written by another process. Try again.").arg(m_path));
    auto entries = read();
    if (!entries)
        return fail(entries.error());
    takeOut(*entries, use);
    entries->append({use.program, use.sha256, mannerOf(use), at});
    return write(*entries);
}

Result<void> ConsentFile::withdraw(const ProgramUse &use)
{
    const auto none
        = fail(ErrorKind::NotFound, Words::tr("%1 was not allowed to run.").arg(use.program));
    if (!QFile::exists(m_path))
        return none;
    QLockFile lock(m_path + QStringLiteral(".lock"));
    if (!lock.tryLock(1000))
        return fail(ErrorKind::Unavailable,
                    Words::tr("%1 is being written by another process. Try again.").arg(m_path));
    auto entries = read();
    if (!entries)
        return fail(entries.error());
    if (takeOut(*entries, use) == 0)
        return none;
    return write(*entries);
}

qsizetype ConsentFile::takeOut(QList<Entry> &entries, const ProgramUse &use)
{
    return entries.removeIf([&use, manner = mannerOf(use)](const Entry &entry) {
        return entry.program == use.program && entry.manner == manner;
    });
}

Result<QList<ConsentFile::Entry>> ConsentFile::read() const
{
    QFile file(m_path);
    if (!file.exists())
        return QList<Entry>();
    const bool opened = file.open(QIODevice::ReadOnly);
    const QJsonObject top = QJsonDocument::fromJson(file.readAll()).object();
    if (!opened || !top.value(programsKey).isArray())
        return fail(ErrorKind::BadInput,
                    Words::tr("%1, where the programs stand that you allowed to run, cannot be "
                              "read. Remove it and allow them anew.")
                        .arg(m_path),
                    file.errorString());
    QList<Entry> entries;
    const QJsonArray programs = top.value(programsKey).toArray();
    for (const auto &value : programs) {
        const QJsonObject entry = value.toObject();
        entries.append({entry.value(programKey).toString(),
                        entry.value(sha256Key).toString().toLatin1(),
                        entry.value(mannerKey).toString().toLatin1(),
                        QDateTime::fromString(entry.value(atKey).toString(), Qt::ISODate)});
    }
    return entries;
}

Result<void> ConsentFile::write(const QList<Entry> &entries) const
{
    QJsonArray programs;
    for (const Entry &entry : entries)
        programs.append(QJsonObject{{programKey, entry.program},
                                    {sha256Key, QString::fromLatin1(entry.sha256)},
                                    {mannerKey, QString::fromLatin1(entry.manner)},
                                    {atKey, entry.at.toUTC().toString(Qt::ISODate)}});
    QSaveFile file(m_path);
    const bool written
        = file.open(QIODevice::WriteOnly)
          && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
          && file.write(QJsonDocument(QJsonObject{{programsKey, programs}}).toJson()) > 0
          && file.commit();
    if (!written)
        return fail(ErrorKind::Unavailable,
                    Words::tr("%1 cannot be written: what you allow is not remembered. Check its "
                              "rights.")
                        .arg(m_path),
                    file.errorString());
    return {};
}

} // namespace pilothouse
