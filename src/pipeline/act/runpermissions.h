#pragma once

#include "action/reason.h"
#include "pipeline/act/runcontrol.h"

#include <chrono>

namespace pilothouse {

/// GitHub takes a re-run of a run that is no older, and no more of them.
inline constexpr int daysForRerun = 30;
inline constexpr int mostReruns = 50;

/// Everything that the reasons are computed from. A value, so that the rules are tested by tables.
struct RunActFacts
{
    std::optional<Run> run; ///< nothing = none is chosen
    QList<Job> jobs;        ///< of its newest attempt
    QList<PendingEnvironment> waiting;
    std::optional<Error> waitingLost;             ///< why `waiting` could not be read
    std::optional<std::chrono::milliseconds> age; ///< of the reading; nothing = never read
    std::chrono::milliseconds refuseAfter{60'000};
    QDateTime serverNow; ///< the CI host's clock; invalid = unknown
    RunAccess access;
    QString system;                ///< "GitHub"
    QList<Reason> againstApproval; ///< told from outside: the track that it would move is held
    QStringList underWay;          ///< verbs of what goes on for this run now
    bool readOnly = false;
};

[[nodiscard]] Permission mayRerunFailed(const RunActFacts &facts);
/// `job` must be of the newest attempt.
[[nodiscard]] Permission mayRerunJob(const RunActFacts &facts, const JobId &job);
[[nodiscard]] Permission mayCancel(const RunActFacts &facts);
/// Approve or reject: the same right.
[[nodiscard]] Permission mayReview(const RunActFacts &facts);
/// Needs no run.
[[nodiscard]] Permission mayDispatch(const RunActFacts &facts);

/// Those of the environments that this account may decide about.
[[nodiscard]] QList<PendingEnvironment> reviewable(const QList<PendingEnvironment> &waiting);
/// Jobs that a re-run of the failed ones runs again because of themselves: neither good nor
/// skipped. What needs them runs again too.
[[nodiscard]] QStringList failedJobs(const QList<Job> &jobs);

} // namespace pilothouse
