#pragma once

#include "connectors/github/githubactdecode.h"
#include "connectors/github/githubapi.h"
#include "connectors/github/githuborder.h"
#include "pipeline/act/runcontrol.h"

namespace pilothouse {

/// Acting upon the runs of one GitHub repository. The API's limits and pages are shared with
/// whoever else uses `api`, which outlives it. GUI thread.
///
/// A dispatch asks for the run's id. A server that does not know that question refuses the whole
/// request by naming the field; only then is it sent once more without it.
class GithubControl final : public RunControl
{
public:
    struct Place
    {
        QString owner;
        QString repository;
        QByteArray apiVersion; ///< "2022-11-28"

        /// "/repos/owner/repository"
        [[nodiscard]] QString path() const;
    };

    GithubControl(GithubApi &api, Place place);

    [[nodiscard]] QString systemName() const override;
    [[nodiscard]] PlannedCall plan(const RunOrder &order) const override;
    [[nodiscard]] QFuture<Result<TakenOrder>> send(const RunOrder &order) override;
    [[nodiscard]] QFuture<Result<Reading<Run>>> run(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<PendingEnvironment>>> waiting(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<GivenReview>>> reviews(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<ConcurrencyBlock>>> blocks(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<Run>>> active() override;
    [[nodiscard]] QFuture<Result<QList<Run>>>
    dispatched(const QString &workflowPath, const QDateTime &since, const QString &login) override;
    [[nodiscard]] QFuture<Result<RunAccess>> access() override;

private:
    template <typename T>
    [[nodiscard]] QFuture<Result<T>> get(const QString &path, const QUrlQuery &query,
                                         Result<T> (*decode)(const QByteArray &));
    [[nodiscard]] QFuture<Result<HttpResponse>> post(const RunOrder &order,
                                                     GithubOrder::Details details);
    [[nodiscard]] QFuture<Result<QList<ConcurrencyBlock>>>
    blocksIn(QList<HeldUp> groups, const QList<ConcurrencyBlock> &before);
    /// Only those who stand before `item`, or the whole group with its queue.
    enum class Members { Ahead, All };
    [[nodiscard]] QFuture<Result<GithubApi::Pages>> groupOf(const HeldUp &item, Members members);
    [[nodiscard]] QFuture<Result<QList<Run>>> activeIn(QStringList states,
                                                       const QList<Run> &before);
    [[nodiscard]] QString actions(const QString &below) const;

    GithubApi &m_api;
    Place m_place;
};

} // namespace pilothouse
