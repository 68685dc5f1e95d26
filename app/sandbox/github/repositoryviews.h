#pragma once

#include "app/sandbox/parts/gitmaker.h"

#include <QJsonArray>
#include <QJsonObject>

namespace pilothouse::sandbox {

/// Where a repository is and what its answers link to.
struct GithubPlace
{
    QString owner;
    QString repository;
    QString branch;
    QString api; ///< "http://127.0.0.1:P/api/v3"
    QString web; ///< "https://github.example": pages for people, never fetched

    [[nodiscard]] QString fullName() const { return owner + QLatin1Char('/') + repository; }
    [[nodiscard]] QString repositoryApi() const;
    [[nodiscard]] QString repositoryWeb() const;
};

/// "2026-11-24T12:57:33Z", to the second as GitHub gives it; null if invalid.
[[nodiscard]] QJsonValue githubTime(const QDateTime &at);
/// A stable number for a name.
[[nodiscard]] qint64 githubId(const QString &name);
[[nodiscard]] QString nodeId(const QString &kind, qint64 id);

[[nodiscard]] QJsonObject userView(const GithubPlace &place, const QString &login);
[[nodiscard]] QJsonObject repositoryView(const GithubPlace &place);
/// The short form within runs.
[[nodiscard]] QJsonObject headCommitView(const MadeCommit &commit);
/// GET /repos/…/commits/{sha}
[[nodiscard]] QJsonObject commitView(const GithubPlace &place, const MadeCommit &commit,
                                     const QString &parent);
/// GET /repos/…/commits/{sha}/pulls; the repository as it is told whole.
[[nodiscard]] QJsonObject pullView(const GithubPlace &place, const MadeCommit &commit,
                                   const QJsonObject &repository);

struct CommentFacts
{
    qint64 id = 0;
    int issue = 0;
    QString login;
    QString body;
    QDateTime at;
};
[[nodiscard]] QJsonObject commentView(const GithubPlace &place, const CommentFacts &comment);

} // namespace pilothouse::sandbox
