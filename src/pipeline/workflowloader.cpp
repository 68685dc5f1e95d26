#include "pipeline/workflowloader.h"

#include "base/whendone.h"

#include <QPromise>
#include <QThreadPool>

#include <memory>

namespace pilothouse {

namespace {

const QString workflowFolder = QStringLiteral(".github/workflows");
/// Files that are read because another calls them: no honest repository comes near.
constexpr qsizetype mostCalled = 100;

/// yaml-cpp takes longer than a frame for a large file.
QFuture<Workflow> parsedElsewhere(const SourceFile &file)
{
    auto promise = std::make_shared<QPromise<Workflow>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, file] {
        promise->addResult(parseWorkflow(file));
        promise->finish();
    });
    return promise->future();
}

bool isWorkflowFile(const QString &path)
{
    return path.endsWith(QLatin1String(".yml")) || path.endsWith(QLatin1String(".yaml"));
}

} // namespace

WorkflowLoader::WorkflowLoader(SourceTree &files, OtherRepositories *others,
                               const QStringList &paths, QObject *parent)
    : QObject(parent), m_files(files), m_others(others), m_paths(paths)
{}

template <typename T, typename What>
void WorkflowLoader::ask(const QFuture<T> &question, What what)
{
    const qint64 generation = m_generation;
    whenDone(
        question, this,
        [this, generation, what](const T &answer) {
            if (generation == m_generation)
                what(answer);
        },
        [this, generation] {
            if (generation == m_generation)
                stop({ErrorKind::Cancelled,
                      tr("Reading the workflow files was stopped: read again."),
                      {},
                      {}});
        });
}

void WorkflowLoader::load(const CommitId &commit)
{
    ++m_generation;
    m_commit = commit;
    m_asked.clear();
    m_called = 0;
    m_workflows.clear();
    m_missing.clear();
    m_waiting = 1;
    m_elsewhere = 0;
    // Asked first, so that a missing commit is not taken for missing files.
    ask(m_files.commit(commit), [this](const Result<Commit> &found) {
        if (!found)
            stop(found.error());
        else if (m_paths.isEmpty())
            readFolder();
        else
            readListed();
    });
}

void WorkflowLoader::readListed()
{
    const qint64 generation = m_generation;
    for (const QString &path : std::as_const(m_paths)) {
        readFile(path);
        if (generation != m_generation)
            return;
    }
    finishOne();
}

void WorkflowLoader::readFolder()
{
    ask(m_files.files(m_commit, workflowFolder), [this](const Result<QList<SourceFile>> &files) {
        if (!files) {
            stop(files.error());
            return;
        }
        for (const SourceFile &file : *files) {
            if (!isWorkflowFile(file.path))
                continue;
            m_asked.append(file.path);
            ++m_waiting;
            parse(file);
        }
        finishOne();
    });
}

void WorkflowLoader::readFile(const QString &path)
{
    if (m_asked.contains(path))
        return;
    m_asked.append(path);
    ++m_waiting;
    ask(m_files.file(m_commit, path),
        [this, path](const Result<SourceFile> &file) { accept(path, file); });
}

void WorkflowLoader::accept(const QString &path, const Result<SourceFile> &file)
{
    if (file) {
        parse(*file);
    } else if (file.error().kind != ErrorKind::NotFound) {
        stop(file.error());
    } else {
        // A called workflow that is missing is the graph's to tell, at the job that calls it.
        if (m_paths.contains(path))
            m_missing.append({path, 0, 0, tr("this commit does not have the file"), {}, {}});
        finishOne();
    }
}

void WorkflowLoader::parse(const SourceFile &file)
{
    ask(parsedElsewhere(file), [this](const Workflow &workflow) { acceptParsed(workflow); });
}

void WorkflowLoader::acceptParsed(const Workflow &workflow)
{
    m_workflows.insert(workflow.path, workflow);
    if (readCallees(workflow))
        finishOne();
}

/// False = another load has begun, or this one was given up.
bool WorkflowLoader::readCallees(const Workflow &workflow)
{
    const qint64 generation = m_generation;
    for (const WorkflowJob &job : workflow.jobs) {
        if (const std::optional<RemoteFile> elsewhere = calleeElsewhere(workflow, job))
            readElsewhere(*elsewhere, workflow, job);
        else if (const QString callee = job.localCallee(); !callee.isEmpty())
            readCallee(callee, workflow, job);
        if (generation != m_generation)
            return false;
    }
    return true;
}

void WorkflowLoader::readCallee(const QString &path, const Workflow &caller, const WorkflowJob &job)
{
    if (m_asked.contains(path))
        return;
    if (m_called >= mostCalled) {
        // With the caller's own problems, or the graph would say that the file is not there.
        m_workflows[caller.path].problems.append(
            {caller.path,
             job.uses.at.line,
             job.uses.at.column,
             tr("job \"%1\" calls %2, which is not read: %3").arg(job.key, path, tooManyCalled()),
             {}});
        return;
    }
    ++m_called;
    readFile(path);
}

QString WorkflowLoader::tooManyCalled()
{
    return tr("no more than %1 called files are").arg(mostCalled);
}

void WorkflowLoader::readElsewhere(const RemoteFile &file, const Workflow &caller,
                                   const WorkflowJob &job)
{
    const QString address = file.address();
    if (!m_others || m_asked.contains(address))
        return;
    const Problem unread{
        caller.path,
        job.uses.at.line,
        job.uses.at.column,
        tr("what job \"%1\" calls in %2 is not drawn").arg(job.key, file.repository),
        {},
        Problem::Severity::Warning};
    const auto tell = [this, unread](const QString &reason) {
        if (m_missing.size() >= Problems::most)
            return;
        Problem why = unread;
        why.message += QStringLiteral(": ") + reason;
        m_missing.append(why);
    };
    if (m_called >= mostCalled) {
        tell(tr("it is not read, since %1").arg(tooManyCalled()));
        return;
    }
    m_asked.append(address);
    ++m_called;
    ++m_elsewhere;
    ask(m_others->content(file), [this, file, tell](const Result<QByteArray> &content) {
        if (!content) {
            tell(content.error().message);
            finishElsewhere();
            return;
        }
        ask(parsedElsewhere({file.address(), *content}), [this, file](Workflow workflow) {
            workflow.elsewhere = file;
            m_workflows.insert(workflow.path, workflow);
            if (readCallees(workflow))
                finishElsewhere();
        });
    });
}

void WorkflowLoader::finishElsewhere()
{
    if (--m_elsewhere == 0 && m_waiting == 0)
        tell();
}

void WorkflowLoader::finishOne()
{
    if (--m_waiting == 0)
        tell();
}

void WorkflowLoader::tell()
{
    QStringList order = m_paths;
    QStringList others = m_workflows.keys();
    others.sort();
    order += others;
    order.removeDuplicates();
    QList<Workflow> workflows;
    for (const QString &path : std::as_const(order)) {
        if (const auto found = m_workflows.constFind(path); found != m_workflows.constEnd())
            workflows.append(*found);
    }
    Q_EMIT loaded(workflows, m_missing);
}

void WorkflowLoader::stop(const Error &error)
{
    ++m_generation; // what else is on its way comes too late
    m_waiting = 0;
    m_elsewhere = 0;
    Q_EMIT failed(error);
}

} // namespace pilothouse
