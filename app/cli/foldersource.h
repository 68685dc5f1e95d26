#pragma once

#include "repository/sourcetree.h"

namespace pilothouse {

/// The files of a work tree as they lie on disk, without a repository: whatever commit is asked
/// for, the answer is the folder as it is now. Answers come at once.
class FolderSource final : public SourceTree
{
public:
    /// `workflows` is where the files of .github/workflows lie; it need not be below `root`.
    FolderSource(QString root, QString workflows);

    [[nodiscard]] QFuture<Result<CommitId>> resolve(const QString &name) override;
    [[nodiscard]] QFuture<Result<CommitId>> defaultTip() override;
    [[nodiscard]] QFuture<Result<Commit>> commit(const CommitId &id) override;
    [[nodiscard]] QFuture<Result<QList<Commit>>> history(const CommitId &from, int limit) override;
    [[nodiscard]] QFuture<Result<SourceFile>> file(const CommitId &at,
                                                   const QString &path) override;
    [[nodiscard]] QFuture<Result<QList<SourceFile>>> files(const CommitId &at,
                                                           const QString &folder) override;
    [[nodiscard]] QFuture<Result<void>> refresh() override;

private:
    [[nodiscard]] QString onDisk(const QString &path) const;

    QString m_root;
    QString m_workflows;
};

} // namespace pilothouse
