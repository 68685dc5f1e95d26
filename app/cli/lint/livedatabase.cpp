#include "app/cli/lint/livedatabase.h"

#include "app/wiring/databases.h"
#include "app/wiring/places.h"
#include "app/wiring/signin/consentdesk.h"
#include "base/words.h"
#include "connectors/postgres/passage.h"
#include "workspace/workspacefile.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr std::chrono::seconds patience{30};

Result<LiveCatalog> waited(const QFuture<Result<LiveCatalog>> &future, const QString &place)
{
    QEventLoop loop;
    QFutureWatcher<Result<LiveCatalog>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (future.isFinished() && future.resultCount() > 0)
        return future.result();
    return fail(ErrorKind::TimedOut, Words::tr("%1 did not answer in time.").arg(place));
}

} // namespace

Result<LiveCatalog> liveCatalog(const QString &workspaceFile, const QString &database,
                                const QList<SqlName> &tables)
{
    const auto workspace = loadWorkspace(workspaceFile);
    if (!workspace)
        return fail(workspace.error());
    QStringList names;
    for (const DatabaseSettings &each : workspace->databases)
        names << each.name;
    const qsizetype at = names.indexOf(database);
    if (at < 0)
        return fail(ErrorKind::BadInput, names.isEmpty()
                                             ? Words::tr("%1 names no database.").arg(workspaceFile)
                                             : Words::tr("There is no database %1; there is: %2.")
                                                   .arg(database, names.join(QLatin1String(", "))));
    SystemClock clock;
    ProcessRunner processes;
    LoginPath path{processes};
    ConsentDesk consent{ConsentFile(consentFile()), clock, workspace->file};
    const auto source = catalogOf(workspace->databases[at], workspace->file,
                                  PassageSetting{processes, path, consent});
    return waited(source->catalog(tables), source->place());
}

} // namespace pilothouse
