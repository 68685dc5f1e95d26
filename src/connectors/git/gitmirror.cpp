#include "connectors/git/gitmirror.h"

#include "base/words.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

namespace pilothouse {

namespace {

constexpr int oldLockSeconds = 600;

QByteArray native(const QString &path)
{
    return QFile::encodeName(QDir::cleanPath(path));
}

Result<GitRepositoryHandle> openMirror(const QString &path)
{
    GitRepositoryHandle mirror;
    if (git_repository_open_bare(mirror.out(), native(path).constData()) == 0)
        return mirror;
    // Also repairs a folder that an interrupted start left half made.
    const int code = git_repository_init(mirror.out(), native(path).constData(), 1);
    if (code < 0)
        return fail(gitError(code, ErrorKind::Unavailable,
                             Words::tr("The Git copy in %1 cannot be made: check that the folder "
                                       "is writable and the disk is not full.")
                                 .arg(path)));
    return mirror;
}

/// Beside Git's own files, which tell when something new came and not when it was looked for.
QString fetchedMark(const QString &mirror)
{
    return QDir(mirror).filePath(QStringLiteral("pilothouse-fetched"));
}

} // namespace

void noteFetched(const QString &mirror)
{
    QFile mark(fetchedMark(mirror));
    if (mark.open(QIODevice::WriteOnly))
        mark.setFileTime(QDateTime::currentDateTimeUtc(), QFileDevice::FileModificationTime);
}

void dropOldLocks(const QString &mirror)
{
    const QDateTime old = QDateTime::currentDateTimeUtc().addSecs(-oldLockSeconds);
    const QStringList locks{QStringLiteral("*.lock")};
    for (const auto &[folder, how] :
         {std::pair(mirror, QDirIterator::NoIteratorFlags),
          std::pair(QDir(mirror).filePath(QStringLiteral("refs")), QDirIterator::Subdirectories)}) {
        QDirIterator each(folder, locks, QDir::Files | QDir::Hidden, how);
        while (each.hasNext()) {
            each.next();
            if (each.fileInfo().lastModified() < old)
                QFile::remove(each.filePath());
        }
    }
}

QDateTime mirrorFetchedAt(const QString &mirror)
{
    const QFileInfo mark(fetchedMark(mirror));
    return mark.exists() ? mark.lastModified().toUTC() : QDateTime();
}

QString GitPair::missingPart() const
{
    if (git_repository_is_shallow(clone.get()) == 1)
        return Words::tr("The clone is shallow: run \"git fetch --unshallow\" in it.");
    GitConfigHandle config;
    int promisor = 0;
    if (git_repository_config_snapshot(config.out(), clone.get()) == 0
        && git_config_get_bool(&promisor, config.get(), "remote.origin.promisor") == 0
        && promisor != 0)
        return Words::tr("The clone is a partial one: run \"git fetch --refetch --no-filter\" "
                         "in it.");
    git_error_clear();
    return {};
}

Result<GitPair> openPair(const GitLocation &location)
{
    initializeGit();
    GitPair pair;
    int code
        = git_repository_open_ext(pair.clone.out(), native(location.clone).constData(), 0, nullptr);
    if (code < 0)
        return fail(gitError(code, ErrorKind::BadInput,
                             Words::tr("There is no Git repository at %1: correct repository.path "
                                       "in the workspace file.")
                                 .arg(location.clone)));

    Result<GitRepositoryHandle> mirror = openMirror(location.mirror);
    if (!mirror)
        return fail(mirror.error());
    pair.mirror = std::move(*mirror);

    GitOdbHandle objects;
    const QByteArray theirs = QByteArray(git_repository_commondir(pair.clone.get())) + "objects";
    code = git_repository_odb(objects.out(), pair.mirror.get());
    if (code == 0)
        code = git_odb_add_disk_alternate(objects.get(), theirs.constData());
    if (code < 0)
        return fail(gitError(code, ErrorKind::Unavailable,
                             Words::tr("The objects of the Git repository at %1 cannot be read: "
                                       "check its permissions.")
                                 .arg(location.clone)));
    return pair;
}

} // namespace pilothouse
