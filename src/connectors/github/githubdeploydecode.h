#pragma once

#include "release/seen/seensource.h"

#include <QByteArray>

namespace pilothouse {

/// What GitHub remembers of one deployment: that it was asked for. How it went is its statuses'.
struct GithubDeployment
{
    qint64 id = 0;
    QString environment;
    QString ref;     ///< branch, tag or SHA, as it was asked for
    CommitId commit; ///< that the ref was then
    QString creator; ///< login; a workflow's is "github-actions[bot]"; empty = deleted account
    QDateTime at;    ///< UTC

    bool operator==(const GithubDeployment &) const = default;
};

struct GithubDeploymentStatus
{
    QString state; ///< "success", "failure", "inactive" …, GitHub's word
    QDateTime at;  ///< UTC
    RunId run;     ///< that told it, by the address of its log; 0 = no workflow run

    bool operator==(const GithubDeploymentStatus &) const = default;
};

/// One page of "list deployments".
[[nodiscard]] Result<QList<GithubDeployment>> decodeDeployments(const QByteArray &page);
/// One page of "list deployment statuses", newest first as GitHub gives them.
[[nodiscard]] Result<QList<GithubDeploymentStatus>>
decodeDeploymentStatuses(const QByteArray &page);

/// Nothing more comes of it but that a later deployment takes its place.
[[nodiscard]] bool hasEnded(const QList<GithubDeploymentStatus> &newestFirst);
/// Its time is that of its end or, while it is under way, that of its begin. That a later one took
/// its place changes nothing in what was done.
[[nodiscard]] SeenDeed deedOf(const GithubDeployment &deployment,
                              const QList<GithubDeploymentStatus> &newestFirst);

} // namespace pilothouse
