#include "app/cli/foldersource.h"

#include "base/future.h"
#include "base/words.h"

#include <QDir>
#include <QFile>

namespace pilothouse {

namespace {

const QString workflowPrefix = QStringLiteral(".github/workflows");

Result<QByteArray> contentOf(const QString &path)
{
    if (!QFileInfo(path).isFile())
        return fail(ErrorKind::NotFound, Words::tr("%1 is not there.").arg(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotAllowed,
                    Words::tr("%1 cannot be read: %2.").arg(path, file.errorString()));
    return file.readAll();
}

} // namespace

FolderSource::FolderSource(QString root, QString workflows)
    : m_root(std::move(root)), m_workflows(std::move(workflows))
{}

QString FolderSource::onDisk(const QString &path) const
{
    if (path == workflowPrefix || path.startsWith(workflowPrefix + QLatin1Char('/')))
        return m_workflows + path.mid(workflowPrefix.size());
    return m_root + QLatin1Char('/') + path;
}

QFuture<Result<CommitId>> FolderSource::resolve(const QString &name)
{
    return ready<CommitId>(CommitId(name));
}

QFuture<Result<CommitId>> FolderSource::defaultTip()
{
    return ready<CommitId>(CommitId());
}

QFuture<Result<Commit>> FolderSource::commit(const CommitId &id)
{
    Commit commit;
    commit.id = id;
    return ready<Commit>(commit);
}

QFuture<Result<QList<Commit>>> FolderSource::history(const CommitId &, int)
{
    return ready<QList<Commit>>(QList<Commit>());
}

QFuture<Result<SourceFile>> FolderSource::file(const CommitId &, const QString &path)
{
    const Result<QByteArray> content = contentOf(onDisk(path));
    return content ? ready<SourceFile>(SourceFile{path, *content})
                   : ready<SourceFile>(fail(content.error()));
}

QFuture<Result<QList<SourceFile>>> FolderSource::files(const CommitId &, const QString &folder)
{
    QList<SourceFile> files;
    const QDir dir(onDisk(folder));
    for (const QString &name : dir.entryList(QDir::Files, QDir::Name)) {
        const Result<QByteArray> content = contentOf(dir.filePath(name));
        if (!content)
            return ready<QList<SourceFile>>(fail(content.error()));
        files.append({folder + QLatin1Char('/') + name, *content});
    }
    return ready<QList<SourceFile>>(files);
}

QFuture<Result<void>> FolderSource::refresh()
{
    return ready<void>({});
}

} // namespace pilothouse
