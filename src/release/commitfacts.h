#pragma once

#include "migration/change.h"
#include "release/compatibility.h"
#include "repository/ancestry.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <optional>

namespace pilothouse {

/// What Git says about commits, remembered: what stands in a commit never changes, so each question
/// is asked once. A question that failed is asked again after `forgetFailures()`. GUI thread.
class CommitFacts final : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it.
    CommitFacts(SourceTree &files, Ancestry &ancestry, QObject *parent = nullptr);

    /// What the change file at `path` says at this commit; State::Asked until it is known. A commit
    /// that the clone does not have (yet) is CannotTell, never NoFile.
    [[nodiscard]] FileAtCommit file(const CommitId &commit, const QString &path);
    /// nullopt = not known yet, or it cannot be told.
    [[nodiscard]] std::optional<Relation> relation(const CommitId &a, const CommitId &b);
    /// nullopt = not read yet, or not there.
    [[nodiscard]] std::optional<Commit> commit(const CommitId &id);

    /// Something could not be told: a fetch may help.
    [[nodiscard]] bool hasFailures() const;
    void forgetFailures();

Q_SIGNALS:
    void arrived(); ///< something asked for is known now

private:
    [[nodiscard]] static QString keyOf(const CommitId &commit, const QString &path);
    void readFile(const CommitId &commit, const QString &path);
    void keep(const CommitId &commit, const QString &path, const FileAtCommit &answer);

    SourceTree &m_files;
    Ancestry &m_ancestry;
    QHash<QString, FileAtCommit> m_fileAt;
    QHash<QString, std::optional<Relation>> m_relations;
    QHash<CommitId, std::optional<Commit>> m_commits;
};

} // namespace pilothouse
