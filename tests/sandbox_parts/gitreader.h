#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>

struct git_repository;

namespace pilothouse {

/// Reads a repository for a test's comparisons; empty answers for what is not there.
class GitReader
{
public:
    explicit GitReader(const QString &path);
    ~GitReader();
    Q_DISABLE_COPY_MOVE(GitReader)

    /// Full SHA of a branch, "refs/…" or "HEAD".
    [[nodiscard]] QString resolve(const QString &name) const;
    [[nodiscard]] QByteArray file(const QString &sha, const QString &path) const;
    /// Paths right in a folder.
    [[nodiscard]] QStringList folder(const QString &sha, const QString &path) const;
    /// Subjects of the commits after `from` up to `to`, oldest first.
    [[nodiscard]] QStringList subjects(const QString &from, const QString &to) const;
    /// Paths that differ between two commits, sorted.
    [[nodiscard]] QStringList changed(const QString &from, const QString &to) const;
    /// Paths of the work tree that are not as HEAD has them.
    [[nodiscard]] QStringList dirty() const;

private:
    git_repository *m_repository = nullptr;
};

} // namespace pilothouse
