#pragma once

#include "base/future.h"
#include "release/compare/comparer.h"

#include <QHash>

#include <memory>
#include <vector>

namespace pilothouse {

/// A repository that answers what a test wants to hear, at once or (while `holds`) when told.
class FakeHistory final : public SourceTree, public Ancestry, public History
{
public:
    Relation relationIs = Relation::Newer;
    QHash<CommitId, CommitRange> commitsWithout; ///< by `of`
    std::optional<CommitId> fork;
    QList<ChangedFile> changed;
    QHash<QString, QByteArray> contents; ///< by "c:path", c = first letter of the commit
    std::optional<Error> error;          ///< of how they stand to each other
    std::optional<Error> filesError;
    bool holds = false;
    QStringList asked;

    /// Answers the question `index` of those that were held.
    void answer(size_t index)
    {
        m_held[index]->addResult(relationIs);
        m_held[index]->finish();
    }

    QFuture<Result<Relation>> relation(const CommitId &a, const CommitId &b) override
    {
        asked.append(QStringLiteral("relation %1 %2").arg(a.value.left(1), b.value.left(1)));
        if (holds) {
            m_held.push_back(std::make_unique<QPromise<Result<Relation>>>());
            m_held.back()->start();
            return m_held.back()->future();
        }
        return ready<Relation>(error ? Result<Relation>(fail(*error)) : relationIs);
    }
    QFuture<Result<CommitRange>> commitsOf(const CommitId &of, const CommitId &without,
                                           int) override
    {
        asked.append(QStringLiteral("commits %1 %2").arg(of.value.left(1), without.value.left(1)));
        return ready<CommitRange>(commitsWithout.value(of));
    }
    QFuture<Result<std::optional<CommitId>>> commonAncestor(const CommitId &,
                                                            const CommitId &) override
    {
        return ready<std::optional<CommitId>>(fork);
    }
    QFuture<Result<QList<ChangedFile>>> changedFiles(const CommitId &, const CommitId &) override
    {
        if (filesError)
            return ready<QList<ChangedFile>>(fail(*filesError));
        return ready<QList<ChangedFile>>(changed);
    }
    QFuture<Result<SourceFile>> file(const CommitId &at, const QString &path) override
    {
        const QString key = at.value.left(1) + QLatin1Char(':') + path;
        asked.append(key);
        if (!contents.contains(key))
            return ready<SourceFile>(
                fail(ErrorKind::NotFound, QStringLiteral("%1 is nowhere").arg(key)));
        return ready<SourceFile>(SourceFile{path, contents.value(key)});
    }

    QFuture<Result<CommitId>> resolve(const QString &) override { return noAnswer<CommitId>(); }
    QFuture<Result<CommitId>> defaultTip() override { return noAnswer<CommitId>(); }
    QFuture<Result<Commit>> commit(const CommitId &) override { return noAnswer<Commit>(); }
    QFuture<Result<QList<Commit>>> history(const CommitId &, int) override
    {
        return noAnswer<QList<Commit>>();
    }
    QFuture<Result<QList<SourceFile>>> files(const CommitId &, const QString &) override
    {
        return noAnswer<QList<SourceFile>>();
    }
    QFuture<Result<void>> refresh() override { return ready<void>(Result<void>()); }

private:
    template <typename T>
    static QFuture<Result<T>> noAnswer()
    {
        return ready<T>(fail(ErrorKind::NotFound, QStringLiteral("not asked for here")));
    }

    std::vector<std::unique_ptr<QPromise<Result<Relation>>>> m_held;
};

} // namespace pilothouse
