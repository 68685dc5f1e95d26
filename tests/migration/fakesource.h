#pragma once

#include "base/future.h"
#include "repository/sourcetree.h"

namespace pilothouse {

/// A repository with one commit and some files.
class FakeSource final : public SourceTree
{
public:
    QList<SourceFile> content;
    CommitId tip{QStringLiteral("9f3c2a1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")};
    std::optional<Error> error;

    QFuture<Result<CommitId>> resolve(const QString &) override { return defaultTip(); }
    QFuture<Result<CommitId>> defaultTip() override
    {
        return error ? ready<CommitId>(fail(*error)) : ready<CommitId>(tip);
    }
    QFuture<Result<Commit>> commit(const CommitId &) override { return ready<Commit>(Commit{}); }
    QFuture<Result<QList<Commit>>> history(const CommitId &, int) override
    {
        return ready<QList<Commit>>(QList<Commit>());
    }
    QFuture<Result<SourceFile>> file(const CommitId &, const QString &path) override
    {
        for (const SourceFile &one : std::as_const(content)) {
            if (one.path == path)
                return ready<SourceFile>(one);
        }
        return ready<SourceFile>(fail(ErrorKind::NotFound, path));
    }
    QFuture<Result<QList<SourceFile>>> files(const CommitId &, const QString &folder) override
    {
        QList<SourceFile> found;
        for (const SourceFile &one : std::as_const(content)) {
            if (one.path.section(QLatin1Char('/'), 0, -2) == folder)
                found << one;
        }
        return ready<QList<SourceFile>>(found);
    }
    QFuture<Result<void>> refresh() override { return ready<void>({}); }
};

} // namespace pilothouse
