#include "app/cli/lint/livedatabase.h"

#include "app/wiring/places.h"
#include "base/words.h"
#include "workspace/workspacefile.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

template <typename T>
Result<T> waited(const QFuture<Result<T>> &future, const QString &name,
                 std::chrono::seconds patience)
{
    QEventLoop loop;
    QFutureWatcher<Result<T>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (future.isFinished() && future.resultCount() > 0)
        return future.result();
    return fail(ErrorKind::TimedOut, Words::tr("%1 did not answer in time.").arg(name));
}

} // namespace

LiveDatabase::LiveDatabase(DatabaseSettings settings, QString workspaceFile)
    : m_settings(std::move(settings)), m_workspaceFile(std::move(workspaceFile)),
      m_consent(ConsentFile(consentFile()), m_clock, m_workspaceFile)
{}

Result<std::unique_ptr<LiveDatabase>> LiveDatabase::of(const QString &workspaceFile,
                                                       const QString &name)
{
    const auto workspace = loadWorkspace(workspaceFile);
    if (!workspace)
        return fail(workspace.error());
    QStringList names;
    for (const DatabaseSettings &each : workspace->databases)
        names << each.name;
    const qsizetype at = names.indexOf(name);
    if (at < 0)
        return fail(ErrorKind::BadInput, names.isEmpty()
                                             ? Words::tr("%1 names no database.").arg(workspaceFile)
                                             : Words::tr("There is no database %1; there is: %2.")
                                                   .arg(name, names.join(QLatin1String(", "))));
    return std::unique_ptr<LiveDatabase>(
        new LiveDatabase(workspace->databases[at], workspace->file));
}

PassageSetting LiveDatabase::setting()
{
    return {m_processes, m_path, m_consent};
}

Result<LiveCatalog> LiveDatabase::catalog(const QList<SqlName> &tables,
                                          const QList<GuardedColumn> &guarded)
{
    const auto source = catalogOf(m_settings, m_workspaceFile, setting());
    return waited(source->catalog(tables, guarded), source->place(), 30s);
}

Result<Rehearsal> LiveDatabase::rehearse(const QByteArray &file,
                                         const QList<SqlStatement> &statements)
{
    const auto rehearser = rehearserOf(m_settings, m_workspaceFile, setting());
    if (!rehearser)
        return fail(rehearser.error());
    return waited((*rehearser)->rehearse(file, statements), m_settings.name, 300s);
}

} // namespace pilothouse
