#include "app/cli/pipelineplaces.h"

#include "app/cli/foldersource.h"
#include "base/words.h"
#include "connectors/git/gitrepository.h"
#include "document/yamlparser.h"
#include "pipeline/workflowloader.h"

#include <QDir>
#include <QEventLoop>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QTemporaryDir>

#include <algorithm>
#include <memory>
#include <optional>

namespace pilothouse {

namespace {

const QString workflowsBelow = QStringLiteral(".github/workflows");

PipelinePlace placeOfFolder(const QString &folder)
{
    const QDir dir(folder);
    if (dir.exists(workflowsBelow))
        return {folder, dir.filePath(workflowsBelow), {}, {}};
    const bool isWorkflows = dir.absolutePath().endsWith(QLatin1Char('/') + workflowsBelow);
    return {isWorkflows ? QDir::cleanPath(dir.filePath(QStringLiteral("../.."))) : folder,
            folder,
            {},
            {}};
}

void add(QList<PipelinePlace> &places, const PipelinePlace &place)
{
    const auto same = std::find_if(places.begin(), places.end(), [&](const PipelinePlace &other) {
        return other.workflows == place.workflows && other.root == place.root
               && other.paths.isEmpty() == place.paths.isEmpty();
    });
    if (same == places.end())
        places.append(place);
    else
        same->paths += place.paths;
}

/// A file that could not be read at all.
Workflow onlyProblem(const Problem &problem)
{
    Workflow workflow;
    workflow.path = problem.file;
    workflow.name = problem.file;
    workflow.problems = {problem};
    return workflow;
}

/// Waits for what a source tree answers.
template <typename T>
Result<T> awaited(const QFuture<Result<T>> &answer)
{
    QFutureWatcher<Result<T>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcher<Result<T>>::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(answer);
    if (!answer.isFinished())
        loop.exec();
    return answer.result();
}

/// Only what the rules ask for: a workspace file with mistakes is no matter of this command.
Surroundings surroundingsIn(SourceTree &tree, const CommitId &commit)
{
    const Result<SourceFile> file = awaited(tree.file(commit, QStringLiteral("pilothouse.yaml")));
    if (!file)
        return {};
    Problems problems(file->path);
    const YamlNode workspace = parseYaml(file->content, problems, Strictness::Lenient);
    return {workspace.value(u"databases").entries().isEmpty()
                ? Surroundings::Migrations::InWorkflows
                : Surroundings::Migrations::ByConsole};
}

Result<PlaceContent> load(SourceTree &tree, const PipelinePlace &place)
{
    const Result<CommitId> commit = awaited(tree.resolve(place.commit));
    if (!commit)
        return fail(commit.error());
    WorkflowLoader loader(tree, nullptr, place.paths);
    QEventLoop loop;
    std::optional<Result<QList<Workflow>>> outcome;
    const auto end = [&](Result<QList<Workflow>> result) {
        outcome = std::move(result);
        loop.quit();
    };
    QObject::connect(&loader, &WorkflowLoader::loaded, &loop,
                     [&](QList<Workflow> workflows, const QList<Problem> &missing) {
                         for (const Problem &problem : missing)
                             workflows.append(onlyProblem(problem));
                         end(workflows);
                     });
    QObject::connect(&loader, &WorkflowLoader::failed, &loop,
                     [&](const Error &error) { end(fail(error)); });
    loader.load(*commit);
    if (!outcome)
        loop.exec();
    if (!*outcome)
        return fail(outcome->error());
    return PlaceContent{**outcome, surroundingsIn(tree, *commit)};
}

} // namespace

QString PipelinePlace::shown(const QString &path) const
{
    if (workflows.isEmpty() || !path.startsWith(workflowsBelow + QLatin1Char('/')))
        return workflows.isEmpty() ? path : QDir::cleanPath(root + QLatin1Char('/') + path);
    return QDir::cleanPath(workflows + path.mid(workflowsBelow.size()));
}

Result<QList<PipelinePlace>> placesOf(const QStringList &paths, const QString &commit)
{
    QList<PipelinePlace> places;
    for (const QString &path : paths) {
        const QFileInfo info(path);
        if (!info.exists())
            return fail(ErrorKind::NotFound, Words::tr("%1 is not there.").arg(path));
        if (!commit.isEmpty()) {
            if (!info.isDir())
                return fail(ErrorKind::BadInput,
                            Words::tr("With --commit %1 must be a repository.").arg(path));
            places.append({path, {}, commit, {}});
        } else if (info.isDir()) {
            add(places, placeOfFolder(QDir::cleanPath(path)));
        } else {
            PipelinePlace place = placeOfFolder(QDir::cleanPath(info.path()));
            // A file beside .github is none of the workflows in it.
            if (place.workflows != QDir::cleanPath(info.path()))
                place.workflows = QDir::cleanPath(info.path());
            place.paths = {workflowsBelow + QLatin1Char('/') + info.fileName()};
            add(places, place);
        }
    }
    return places;
}

Result<PlaceContent> readPlace(const PipelinePlace &place)
{
    if (place.commit.isEmpty()) {
        FolderSource folder(place.root, place.workflows);
        return load(folder, place);
    }
    // The repository is only read, but reading wants a folder of its own.
    const QTemporaryDir scratch;
    if (!scratch.isValid())
        return fail(ErrorKind::Unavailable,
                    Words::tr("No temporary folder can be made: %1.").arg(scratch.errorString()));
    GitRepository repository({place.root, scratch.filePath(QStringLiteral("mirror"))}, nullptr);
    return load(repository, place);
}

} // namespace pilothouse
