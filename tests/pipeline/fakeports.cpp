#include "pipeline/fakeports.h"

#include "base/future.h"

#include <algorithm>

namespace pilothouse {

namespace {

Error missing(const QString &what)
{
    return {ErrorKind::NotFound, what + QStringLiteral(" is not there"), {}, {}};
}

template <typename T>
QFuture<Result<T>> later(const Result<T> &result, std::vector<std::function<void()>> &held)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    held.push_back([promise, result] {
        promise->addResult(result);
        promise->finish();
    });
    return promise->future();
}

void releaseAll(std::vector<std::function<void()>> &held)
{
    for (const auto &give : std::exchange(held, {}))
        give();
}

} // namespace

template <typename T>
QFuture<Result<T>> FakeTree::answer(const Result<T> &result)
{
    const Result<T> said = m_failure ? Result<T>(fail(*m_failure)) : result;
    return m_holding ? later(said, m_held) : ready(said);
}

void FakeTree::put(const CommitId &commit, const SourceFile &file)
{
    m_commits[commit].insert(file.path, file.content);
}

void FakeTree::release()
{
    m_holding = false;
    releaseAll(m_held);
}

QFuture<Result<CommitId>> FakeTree::resolve(const QString &name)
{
    const QString tags = QStringLiteral("refs/tags/");
    if (name.startsWith(tags) && !m_tags.contains(name.mid(tags.size())))
        return answer(Result<CommitId>(fail(missing(name))));
    return answer(Result<CommitId>(CommitId(name)));
}

QFuture<Result<CommitId>> FakeTree::defaultTip()
{
    return answer(Result<CommitId>(fail(missing(QStringLiteral("HEAD")))));
}

QFuture<Result<Commit>> FakeTree::commit(const CommitId &id)
{
    m_asked.append(QStringLiteral("commit"));
    Commit commit;
    commit.id = id;
    return answer(m_commits.contains(id) ? Result<Commit>(commit)
                                         : Result<Commit>(fail(missing(id.value))));
}

QFuture<Result<QList<Commit>>> FakeTree::history(const CommitId &, int)
{
    return answer(Result<QList<Commit>>(QList<Commit>()));
}

QFuture<Result<SourceFile>> FakeTree::file(const CommitId &at, const QString &path)
{
    m_asked.append(path);
    const QMap<QString, QByteArray> files = m_commits.value(at);
    return answer(files.contains(path) ? Result<SourceFile>(SourceFile{path, files.value(path)})
                                       : Result<SourceFile>(fail(missing(path))));
}

QFuture<Result<QList<SourceFile>>> FakeTree::files(const CommitId &at, const QString &folder)
{
    m_asked.append(folder);
    QList<SourceFile> found;
    const QMap<QString, QByteArray> files = m_commits.value(at);
    for (auto file = files.begin(); file != files.end(); ++file) {
        if (file.key().section(QLatin1Char('/'), 0, -2) == folder)
            found.append({file.key(), file.value()});
    }
    return answer(Result<QList<SourceFile>>(found));
}

QFuture<Result<void>> FakeTree::refresh()
{
    return answer(Result<void>());
}

FakeRuns::FakeRuns(Clock &clock) : m_clock(clock) {}

template <typename T>
QFuture<Result<Reading<T>>> FakeRuns::answer(const T &value)
{
    Reading<T> reading;
    reading.value = value;
    reading.source = QStringLiteral("GitHub");
    reading.serverAt = m_clock.now().addSecs(100); // a host whose clock is ahead
    reading.receivedSinceBoot = m_clock.sinceBoot();
    const Result<Reading<T>> said
        = m_failure ? Result<Reading<T>>(fail(*m_failure)) : Result<Reading<T>>(reading);
    return m_holding ? later(said, m_held) : ready(said);
}

void FakeRuns::setRun(const CommitId &commit, const Run &run, const QList<Job> &jobs)
{
    Run whole = run;
    whole.commit = commit;
    QList<Run> &runs = m_runs[commit];
    runs.removeIf([&](const Run &old) { return old.id == run.id; });
    runs.prepend(whole);
    m_jobs.insert(run.id, jobs);
}

void FakeRuns::release()
{
    m_holding = false;
    releaseAll(m_held);
}

QFuture<Result<Reading<QList<Run>>>> FakeRuns::runs(const CommitId &commit)
{
    m_asked.append(QStringLiteral("runs"));
    return answer(m_runs.value(commit));
}

QFuture<Result<Reading<QList<Run>>>> FakeRuns::latestRuns()
{
    m_asked.append(QStringLiteral("latest"));
    QList<Run> all;
    for (const QList<Run> &runs : m_runs)
        all += runs;
    std::sort(all.begin(), all.end(), [](const Run &a, const Run &b) { return b.id < a.id; });
    return answer(all);
}

QFuture<Result<Reading<QList<Job>>>> FakeRuns::jobs(const RunId &run)
{
    m_asked.append(QStringLiteral("jobs %1").arg(run.value));
    return answer(m_jobs.value(run));
}

QFuture<Result<Reading<std::optional<Run>>>> FakeRuns::lastGreen(const Run &before)
{
    m_asked.append(QStringLiteral("green before %1").arg(before.id.value));
    std::optional<Run> newest;
    for (const QList<Run> &runs : std::as_const(m_runs)) {
        for (const Run &run : runs) {
            const bool fits = run.status == RunStatus::Succeeded && run.id < before.id
                              && run.workflowPath == before.workflowPath
                              && run.branch == before.branch;
            if (fits && (!newest || newest->id < run.id))
                newest = run;
        }
    }
    return answer(newest);
}

} // namespace pilothouse
