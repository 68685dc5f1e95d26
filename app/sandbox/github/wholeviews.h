#pragma once

#include "app/sandbox/github/runviews.h"

namespace pilothouse::sandbox {

// What GitHub tells of one thing that was asked for by its name: more than where the same thing
// stands within another.

/// GET /
[[nodiscard]] QJsonObject rootView(const GithubPlace &place);
/// GET /user, as a token sees it that may not read the account's private side.
[[nodiscard]] QJsonObject wholeUserView(const GithubPlace &place, const QString &login,
                                        const QDateTime &since);
/// GET /repos/{owner}/{repo} for a maintainer.
[[nodiscard]] QJsonObject wholeRepositoryView(const GithubPlace &place, const QDateTime &pushedAt);
/// GET /repos/…/pulls/{number}
[[nodiscard]] QJsonObject wholePullView(const GithubPlace &place, const MadeCommit &commit,
                                        const QJsonObject &repository);
/// One of GET /repos/…/environments, with who must approve.
[[nodiscard]] QJsonObject wholeEnvironmentView(const RunFacts &facts, const QString &environment);

} // namespace pilothouse::sandbox
