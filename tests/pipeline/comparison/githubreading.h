#pragma once

#include <QHash>
#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// A job as GitHub's own parser reads it.
struct GithubJob
{
    QString id;
    QStringList needs; ///< each name once
    QString uses;
    int steps = 0;
};

struct GithubReading
{
    QList<GithubJob> jobs;
    QStringList errors;         ///< of the parser: "line: message"
    QStringList serviceErrors;  ///< of the language service, which says the parser's too
    QList<int> serviceWarnings; ///< their lines

    [[nodiscard]] bool isRefused() const { return !errors.isEmpty(); }
};

/// Runs GitHub's parser and its language service, which packaging/setup --for-tests brings, by
/// Node. The service is given nothing but the files: actions and other repositories are not
/// fetched.
class GithubParser
{
public:
    /// Why it cannot be run here; empty = it can.
    [[nodiscard]] static QString missing();

    /// By the name of the file.
    [[nodiscard]] static QHash<QString, GithubReading> workflows(const QStringList &paths);
    /// Values as toJSON() writes them, by expression; "error" for one that cannot be evaluated.
    [[nodiscard]] static QHash<QString, QString> values(const QStringList &expressions,
                                                        const QJsonObject &contexts);

private:
    [[nodiscard]] static QJsonObject run(const QStringList &arguments);
};

} // namespace pilothouse
