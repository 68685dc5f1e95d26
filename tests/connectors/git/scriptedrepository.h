#pragma once

#include "base/id.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

struct git_repository;

namespace pilothouse {

/// What a new commit shall be.
struct NewCommit
{
    QMap<QByteArray, QByteArray> files{}; ///< its whole tree: path → content
    QList<CommitId> parents{};
    QByteArray message = "a commit";
    QByteArray author = "A. Muster";
    qint64 at = 1'795'528'800; ///< seconds since 1970
    int offsetMinutes = 60;
};

/// A real repository on disk, made with libgit2 alone: no git program, no user configuration.
class ScriptedRepository
{
public:
    explicit ScriptedRepository(const QString &path);
    ~ScriptedRepository();
    Q_DISABLE_COPY_MOVE(ScriptedRepository)

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] QString gitFolder() const { return m_path + QStringLiteral("/.git"); }

    CommitId commit(const NewCommit &what);
    /// A commit in ISO 8859-1, as old tools write them.
    CommitId commitLatin1(const QByteArray &message, const QByteArray &author);
    /// A commit whose parent is nowhere, and the mark of a shallow clone.
    CommitId commitAtShallowBorder(const QMap<QByteArray, QByteArray> &files);
    /// A commit whose tree holds a file that is nowhere, as in a partial clone.
    CommitId commitWithAbsentFile(const QByteArray &path);

    void setReference(const QByteArray &name, const CommitId &commit);
    void setSymbolic(const QByteArray &name, const QByteArray &target);
    void removeReference(const QByteArray &name);
    void annotatedTag(const QByteArray &name, const CommitId &commit);
    void setOrigin(const QString &url);

private:
    QString m_path;
    git_repository *m_repository = nullptr;
};

} // namespace pilothouse
