#pragma once

#include "pipeline/act/runcontrol.h"
#include "repository/sourcetree.h"

#include <QObject>
#include <QSet>

namespace pilothouse {

/// The builds of a build service as runs that could move a track's traffic. A service builds for
/// many repositories, so only those count that tell a commit of this one: no other is listed, and
/// none of another is ever cancelled. Of a commit that is not known it is asked once more after a
/// fetch. All of them go by one name, since what deploys a track there is not told of a build.
/// GUI thread; control and repository outlive it.
class TrackBuilds final : public RunControl
{
public:
    TrackBuilds(RunControl &builds, SourceTree &repository);

    /// Of all its runs: "cloudbuild.yaml".
    [[nodiscard]] static QString workflowPath() { return QStringLiteral("cloudbuild.yaml"); }
    /// A build under that name.
    [[nodiscard]] static Run named(Run build);

    [[nodiscard]] QString systemName() const override { return m_builds.systemName(); }
    [[nodiscard]] PlannedCall plan(const RunOrder &order) const override
    {
        return m_builds.plan(order);
    }
    [[nodiscard]] QFuture<Result<TakenOrder>> send(const RunOrder &order) override
    {
        return m_builds.send(order);
    }
    [[nodiscard]] QFuture<Result<Reading<Run>>> run(const RunId &run) override
    {
        return m_builds.run(run);
    }
    [[nodiscard]] QFuture<Result<QList<PendingEnvironment>>> waiting(const RunId &run) override
    {
        return m_builds.waiting(run);
    }
    [[nodiscard]] QFuture<Result<QList<GivenReview>>> reviews(const RunId &run) override
    {
        return m_builds.reviews(run);
    }
    [[nodiscard]] QFuture<Result<QList<ConcurrencyBlock>>> blocks(const RunId &run) override
    {
        return m_builds.blocks(run);
    }
    /// Of this repository alone.
    [[nodiscard]] QFuture<Result<QList<Run>>> active() override;
    [[nodiscard]] QFuture<Result<QList<Run>>>
    dispatched(const QString &path, const QDateTime &since, const QString &login) override
    {
        return m_builds.dispatched(path, since, login);
    }
    [[nodiscard]] QFuture<Result<RunAccess>> access() override { return m_builds.access(); }

private:
    [[nodiscard]] QFuture<Result<QList<Run>>> ours(QList<Run> left, const QList<Run> &found);
    [[nodiscard]] QFuture<Result<Commit>> known(const CommitId &commit);

    RunControl &m_builds;
    SourceTree &m_repository;
    QSet<CommitId> m_fetchedFor; ///< commits that a fetch was made for
    QObject m_context;
};

} // namespace pilothouse
