#pragma once

#include "base/clock.h"
#include "pipeline/runsource.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QMap>
#include <QPromise>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

namespace pilothouse {

/// Files in memory. Answers at once, or, once `hold` is called, when `release` says so.
class FakeTree final : public SourceTree
{
public:
    void put(const CommitId &commit, const SourceFile &file);
    void putTag(const QString &name) { m_tags.append(name); }
    void hold() { m_holding = true; }
    void release();
    /// Every question from now on has this failure; nothing = answers again.
    void failWith(const std::optional<Error> &error) { m_failure = error; }

    [[nodiscard]] const QStringList &asked() const { return m_asked; }

    QFuture<Result<CommitId>> resolve(const QString &name) override;
    QFuture<Result<CommitId>> defaultTip() override;
    QFuture<Result<Commit>> commit(const CommitId &id) override;
    QFuture<Result<QList<Commit>>> history(const CommitId &from, int limit) override;
    QFuture<Result<SourceFile>> file(const CommitId &at, const QString &path) override;
    QFuture<Result<QList<SourceFile>>> files(const CommitId &at, const QString &folder) override;
    QFuture<Result<void>> refresh() override;

private:
    template <typename T>
    QFuture<Result<T>> answer(const Result<T> &result);

    QHash<CommitId, QMap<QString, QByteArray>> m_commits;
    QStringList m_asked;
    QStringList m_tags;
    std::optional<Error> m_failure;
    bool m_holding = false;
    std::vector<std::function<void()>> m_held;
};

/// A CI host in memory; keeps count of the questions.
class FakeRuns final : public RunSource
{
public:
    explicit FakeRuns(Clock &clock);

    void setRun(const CommitId &commit, const Run &run, const QList<Job> &jobs);
    void hold() { m_holding = true; }
    void release();
    void failWith(const std::optional<Error> &error) { m_failure = error; }

    /// "runs", "latest", "jobs 7012" and "green before 7012", as they were asked.
    [[nodiscard]] QStringList asked() const { return m_asked; }
    /// What was asked since the last call.
    QStringList takeAsked() { return std::exchange(m_asked, {}); }

    QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &commit) override;
    QFuture<Result<Reading<QList<Run>>>> latestRuns() override;
    QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &run) override;
    QFuture<Result<Reading<std::optional<Run>>>> lastGreen(const Run &before) override;

private:
    template <typename T>
    QFuture<Result<Reading<T>>> answer(const T &value);

    Clock &m_clock;
    QHash<CommitId, QList<Run>> m_runs;
    QHash<RunId, QList<Job>> m_jobs;
    QStringList m_asked;
    std::optional<Error> m_failure;
    bool m_holding = false;
    std::vector<std::function<void()>> m_held;
};

} // namespace pilothouse
