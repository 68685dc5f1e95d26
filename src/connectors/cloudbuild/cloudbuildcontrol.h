#pragma once

#include "connectors/cloudbuild/cloudbuildapi.h"
#include "pipeline/act/runcontrol.h"

#include <QHash>

namespace pilothouse {

/// Deciding about builds that wait for a person, and ending them; anything else is Refused: Cloud
/// Build begins what the pipeline hands over. A build that waits has one environment, named "build
/// 3f2a9c1d". Cloud Build does not tell who may decide; it refuses by itself. `api` outlives it.
class CloudBuildControl final : public RunControl
{
public:
    explicit CloudBuildControl(CloudBuildApi &api) : m_api(api) {}

    /// Which build a run is; one that was never named is looked for in the newest.
    void know(const CloudBuild &build) { m_ids.insert(runIdOf(build.id), build.id); }
    [[nodiscard]] QString idOf(const RunId &run) const { return m_ids.value(run); }

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
    [[nodiscard]] QFuture<Result<CloudBuildApi::Fetched>> fetch(const RunId &run);

    CloudBuildApi &m_api;
    QHash<RunId, QString> m_ids;
};

} // namespace pilothouse
