#pragma once

#include "repository/sourcetree.h"

namespace pilothouse {

/// What a commit says of the pull request that brought it, in the forms that GitHub writes:
/// "Title (#418)" and "Merge pull request #418 from owner/branch" with the title below.
struct PullRequest
{
    int number = 0; ///< 0 = the commit names none
    QString title;  ///< the subject without the number; never empty where the commit has a subject

    bool operator==(const PullRequest &) const = default;
};

[[nodiscard]] PullRequest pullRequestOf(const Commit &commit);

} // namespace pilothouse
