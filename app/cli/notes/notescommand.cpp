#include "app/cli/notes/notescommand.h"

#include "app/cli/commands.h"
#include "app/cli/notes/notesjson.h"
#include "app/wiring/knownpaths.h"
#include "app/wiring/places.h"
#include "base/words.h"
#include "connectors/git/gitrepository.h"
#include "release/compare/comparer.h"
#include "release/compare/notes.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QEventLoop>
#include <QFutureWatcher>
#include <QJsonDocument>

namespace pilothouse {
namespace {

const QString notesName = QStringLiteral("notes");

Result<CommitId> commitNamed(GitRepository &repository, const QString &name)
{
    QFutureWatcher<Result<CommitId>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcher<Result<CommitId>>::finished, &loop,
                     &QEventLoop::quit);
    watcher.setFuture(repository.resolve(name));
    if (!watcher.isFinished())
        loop.exec();
    return watcher.future().result();
}

Result<Comparison> compared(const Workspace &workspace, const QString &from, const QString &to)
{
    GitRepository repository({workspace.repository.path, mirrorFolder(workspace.file)}, nullptr);
    const Result<CommitId> first = commitNamed(repository, from);
    if (!first)
        return fail(first.error());
    const Result<CommitId> second = commitNamed(repository, to);
    if (!second)
        return fail(second.error());
    Comparer comparer({repository, repository, repository, knownPaths(workspace)});
    QEventLoop loop;
    QObject::connect(&comparer, &Comparer::changed, &loop, [&] {
        if (!comparer.isComparing())
            loop.quit();
    });
    comparer.compare(*first, *second, {});
    if (comparer.isComparing())
        loop.exec();
    if (comparer.error())
        return fail(*comparer.error());
    return *comparer.comparison();
}

} // namespace

int notesCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspaceFile(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                           QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption from(QStringLiteral("from"), {}, QStringLiteral("REV"));
    const QCommandLineOption to(QStringLiteral("to"), {}, QStringLiteral("REV"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspaceFile, from, to, json});
    if (!parser.parse(QStringList{notesName} + arguments))
        return misused(notesName, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return misused(
            notesName,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    if (parser.value(from).isEmpty() || parser.value(to).isEmpty())
        return misused(notesName, Words::tr("--from and --to take a branch, a tag or a commit."));

    const auto workspace = loadWorkspace(parser.value(workspaceFile));
    const Result<Comparison> comparison
        = workspace ? compared(*workspace, parser.value(from), parser.value(to))
                    : Result<Comparison>(fail(workspace.error()));
    if (!comparison) {
        complain(comparison.error().message);
        return int(ExitCode::Usage);
    }
    print(parser.isSet(json) ? QString::fromUtf8(
              QJsonDocument(notesJson(*comparison)).toJson(QJsonDocument::Compact) + '\n')
                             : notesOf(*comparison));
    return int(ExitCode::Fine);
}

} // namespace pilothouse
