#pragma once

#include "pipeline/runsource.h"

#include <QByteArray>

namespace pilothouse {

/// One build as Cloud Build tells it.
struct CloudBuild
{
    QString id; ///< a UUID
    RunStatus status = RunStatus::Unknown;
    bool asksApproval = false; ///< it waits for a person
    CommitId commit;           ///< empty = it does not tell
    QString trigger;           ///< id of the one that began it; empty = handed over by a program
    QStringList tags;          ///< sorted
    QString title;             ///< its tags, else its trigger
    QString configPath;        ///< "cloudbuild.yaml"; empty = not told
    QString decision;          ///< "APPROVED" or "REJECTED"; empty = none
    QString actor;             ///< who decided about it; empty = nobody
    QDateTime createdAt;
    QDateTime startedAt;
    QDateTime finishedAt;
    QString failure; ///< why it failed, in its words
    QUrl page;
    QString logsBucket; ///< without "gs://"; may carry a folder; empty = none
    bool logged = true; ///< false = its log goes to Cloud Logging alone
    QList<Step> steps;

    bool operator==(const CloudBuild &) const = default;
};

struct CloudBuildPage
{
    QList<CloudBuild> builds;
    QString nextPageToken;
};

/// PENDING waits for its turn, as QUEUED does, and has not ended. That a build waits for a person
/// is told by its approval alone.
[[nodiscard]] RunStatus buildStatus(const QString &word);

[[nodiscard]] Result<CloudBuild> decodeBuild(const QByteArray &body);
[[nodiscard]] Result<CloudBuildPage> decodeBuilds(const QByteArray &body);

/// A number for a build: the same for the same id, and never one that a CI host counts up to.
[[nodiscard]] RunId runIdOf(const QString &build);
[[nodiscard]] Run runOf(const CloudBuild &build);
/// The build as the one job of its run.
[[nodiscard]] Job jobOf(const CloudBuild &build);
/// Whether both were made for the same end: by the same trigger, or handed over under the same tags
/// (at least one). What is neither triggered nor tagged is like nothing.
[[nodiscard]] bool areAlike(const CloudBuild &one, const CloudBuild &other);
/// "bucket/folder/log-ID.txt"; empty where it has none.
[[nodiscard]] QString logObject(const CloudBuild &build);

} // namespace pilothouse
