#pragma once

#include "connectors/github/githubapi.h"
#include "connectors/github/githubdeploydecode.h"
#include "release/seen/seensource.h"

#include <QHash>

namespace pilothouse {

/// The newest deployments of one repository, as GitHub remembers them. How each went is asked once
/// more until it has ended. The API's limits and pages are shared with whoever else uses `api`,
/// which outlives it. GUI thread.
class GithubDeployments final : public SeenSource
{
public:
    /// `repository` is "/repos/owner/name".
    GithubDeployments(GithubApi &api, QString repository);

    [[nodiscard]] QString systemName() const override;
    [[nodiscard]] QString subject() const override;
    [[nodiscard]] QFuture<Result<QList<SeenDeed>>> newest() override;

private:
    using Deeds = Result<QList<SeenDeed>>;

    /// How those of them went, one after another.
    [[nodiscard]] QFuture<Deeds> askStatuses(QList<GithubDeployment> left,
                                             const QList<SeenDeed> &before);

    GithubApi &m_api;
    QString m_repository;
    QHash<qint64, SeenDeed> m_ended; ///< by the deployment's id: nothing more comes of these
};

} // namespace pilothouse
