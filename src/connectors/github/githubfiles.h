#pragma once

#include "connectors/github/githubapi.h"
#include "repository/otherrepositories.h"

namespace pilothouse {

/// Files of the repositories of the same GitHub, as the account of `api` may read them. The API's
/// limits and pages are shared with whoever else uses `api`, which outlives it. GUI thread.
class GithubFiles final : public OtherRepositories
{
public:
    explicit GithubFiles(GithubApi &api);

    [[nodiscard]] QFuture<Result<QByteArray>> content(const RemoteFile &file) override;

private:
    GithubApi &m_api;
};

} // namespace pilothouse
