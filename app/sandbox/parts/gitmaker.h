#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QHash>
#include <QList>
#include <QString>

namespace pilothouse::sandbox {

/// One commit of the made history, as GitHub's answers need it.
struct MadeCommit
{
    QString nickname; ///< "9f3c2a1" …; empty for commits between releases
    QString sha;
    QString subject; ///< first line, "Write organization_id … (#412)"
    QString body;
    QString author; ///< "A. Muster"
    QString email;
    QString login;        ///< the author's GitHub name, "a-muster"
    QDateTime at;         ///< author and committer time, UTC
    int pullRequest = 0;  ///< 0 = pushed without one
    int changedFiles = 0; ///< against the commit before, as are the lines
    int addedLines = 0;
    int removedLines = 0;
};

struct MadeRepository
{
    QString path;                    ///< a clone with a work tree, for `repository.path`
    QString upstream;                ///< the bare repository that is the clone's `origin`
    QHash<QString, QString> commits; ///< nickname → full SHA
    QList<MadeCommit> history;       ///< the main line, oldest first, unpushed ones included
};

/// Makes coditect-dev-context below `dir` (which must exist) with libgit2: a bare upstream and a
/// clone of it. Authors, times and contents are fixed, so the SHAs are the same in every run.
/// `main` stands at b7710fe on both sides; later commits exist but no ref leads to them.
/// Takes some tens of milliseconds. Unavailable if the folder cannot be written.
[[nodiscard]] Result<MadeRepository> makeRepository(const QString &dir);

/// Moves `main` to the release, upstream and in the clone (its work tree follows), as a push and a
/// pull would. NotFound for a nickname that the history does not have.
[[nodiscard]] Result<> pushRelease(const MadeRepository &repository, const QString &nickname);

/// The commit of a nickname, the ones in between told by their SHA; a default one if unknown.
[[nodiscard]] MadeCommit madeCommit(const MadeRepository &repository, const QString &name);

} // namespace pilothouse::sandbox
