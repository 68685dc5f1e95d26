#pragma once

#include "repository/ancestry.h"
#include "repository/history.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QMap>
#include <QPromise>

#include <vector>

namespace pilothouse {

/// A straight line of commits in memory, with their files. What is not there is NotFound.
class FakeRepository final : public SourceTree, public Ancestry, public History
{
public:
    /// Adds a commit on top of the last one.
    void add(const QString &id, const QString &subject,
             const QMap<QString, QByteArray> &files = {});
    /// A commit below all others, without files.
    void addAtTheBottom(const QString &id);
    /// A commit that only a fetch brings in.
    void addAfterFetch(const QString &id, const QMap<QString, QByteArray> &files);
    int fetches = 0;
    std::optional<Error> tipError;   ///< of defaultTip()
    std::optional<Error> fetchError; ///< of refresh(), which then brings nothing
    bool hangs = false;              ///< defaultTip() gives no answer

    QFuture<Result<CommitId>> resolve(const QString &name) override;
    QFuture<Result<CommitId>> defaultTip() override;
    QFuture<Result<Commit>> commit(const CommitId &id) override;
    QFuture<Result<QList<Commit>>> history(const CommitId &from, int limit) override;
    QFuture<Result<SourceFile>> file(const CommitId &at, const QString &path) override;
    QFuture<Result<QList<SourceFile>>> files(const CommitId &at, const QString &folder) override;
    QFuture<Result<void>> refresh() override;
    QFuture<Result<Relation>> relation(const CommitId &a, const CommitId &b) override;
    QFuture<Result<CommitRange>> commitsOf(const CommitId &of, const CommitId &without,
                                           int limit) override;
    QFuture<Result<std::optional<CommitId>>> commonAncestor(const CommitId &a,
                                                            const CommitId &b) override;
    QFuture<Result<QList<ChangedFile>>> changedFiles(const CommitId &from,
                                                     const CommitId &to) override;

private:
    struct Entry
    {
        Commit commit;
        QMap<QString, QByteArray> files;
    };
    [[nodiscard]] int find(const CommitId &id) const; ///< -1 = not there

    QList<Entry> m_line; ///< oldest first
    QList<Entry> m_remote;
    std::vector<QPromise<Result<CommitId>>> m_unanswered;
};

} // namespace pilothouse
