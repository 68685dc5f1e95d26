#include "fakerepository.h"

#include "base/future.h"

namespace pilothouse {

namespace {

tl::unexpected<Error> absent(const QString &what)
{
    return fail(ErrorKind::NotFound, QStringLiteral("not there: ") + what);
}

} // namespace

void FakeRepository::add(const QString &id, const QString &subject,
                         const QMap<QString, QByteArray> &files)
{
    Entry entry;
    entry.commit.id = CommitId(id);
    entry.commit.subject = subject;
    entry.commit.author = QStringLiteral("A. Muster");
    entry.commit.at
        = QDateTime(QDate(2026, 11, 24), QTime(12, 59), Qt::UTC).addSecs(60 * m_line.size());
    entry.files = files;
    m_line.append(entry);
}

void FakeRepository::addAtTheBottom(const QString &id)
{
    add(id, QStringLiteral("the first of all"));
    m_line.prepend(m_line.takeLast());
}

void FakeRepository::addAfterFetch(const QString &id, const QMap<QString, QByteArray> &files)
{
    add(id, QStringLiteral("fetched"), files);
    m_remote.append(m_line.takeLast());
}

int FakeRepository::find(const CommitId &id) const
{
    for (int i = 0; i < m_line.size(); ++i) {
        if (m_line[i].commit.id == id)
            return i;
    }
    return -1;
}

QFuture<Result<CommitId>> FakeRepository::resolve(const QString &name)
{
    for (const Entry &entry : std::as_const(m_line)) {
        if (entry.commit.id.value.startsWith(name))
            return ready<CommitId>(entry.commit.id);
    }
    return ready<CommitId>(absent(name));
}

QFuture<Result<CommitId>> FakeRepository::defaultTip()
{
    if (hangs) {
        m_unanswered.emplace_back().start();
        return m_unanswered.back().future();
    }
    if (tipError)
        return ready<CommitId>(fail(*tipError));
    if (m_line.isEmpty())
        return ready<CommitId>(absent(QStringLiteral("tip")));
    return ready<CommitId>(m_line.last().commit.id);
}

QFuture<Result<Commit>> FakeRepository::commit(const CommitId &id)
{
    const int at = find(id);
    if (at < 0)
        return ready<Commit>(absent(id.value));
    return ready<Commit>(m_line[at].commit);
}

QFuture<Result<QList<Commit>>> FakeRepository::history(const CommitId &from, int limit)
{
    QList<Commit> commits;
    for (int i = find(from); i >= 0 && commits.size() < limit; --i)
        commits.append(m_line[i].commit);
    return ready<QList<Commit>>(commits);
}

QFuture<Result<SourceFile>> FakeRepository::file(const CommitId &at, const QString &path)
{
    const int where = find(at);
    if (where < 0 || !m_line[where].files.contains(path))
        return ready<SourceFile>(absent(path));
    return ready<SourceFile>(SourceFile{path, m_line[where].files.value(path)});
}

QFuture<Result<QList<SourceFile>>> FakeRepository::files(const CommitId &at, const QString &folder)
{
    const int where = find(at);
    if (where < 0)
        return ready<QList<SourceFile>>(absent(at.value));
    QList<SourceFile> found;
    const auto &all = m_line[where].files;
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        if (it.key().startsWith(folder + QLatin1Char('/')))
            found.append({it.key(), it.value()});
    }
    return ready<QList<SourceFile>>(found);
}

QFuture<Result<void>> FakeRepository::refresh()
{
    ++fetches;
    if (fetchError)
        return ready<void>(fail(*fetchError));
    m_line += m_remote;
    m_remote.clear();
    return ready<void>(Result<void>());
}

QFuture<Result<Relation>> FakeRepository::relation(const CommitId &a, const CommitId &b)
{
    const int first = find(a);
    const int second = find(b);
    if (first < 0 || second < 0)
        return ready<Relation>(absent(a.value));
    return ready<Relation>(first == second  ? Relation::Same
                           : first < second ? Relation::Older
                                            : Relation::Newer);
}

QFuture<Result<CommitRange>> FakeRepository::commitsOf(const CommitId &of, const CommitId &without,
                                                       int limit)
{
    const int top = find(of);
    const int bottom = find(without);
    if (top < 0 || bottom < 0)
        return ready<CommitRange>(absent(top < 0 ? of.value : without.value));
    CommitRange range;
    for (int i = top; i > bottom; --i) {
        range.more = range.commits.size() == limit;
        if (range.more)
            break;
        range.commits.append(m_line[i].commit);
    }
    return ready<CommitRange>(range);
}

QFuture<Result<std::optional<CommitId>>> FakeRepository::commonAncestor(const CommitId &a,
                                                                        const CommitId &b)
{
    const int first = find(a);
    const int second = find(b);
    if (first < 0 || second < 0)
        return ready<std::optional<CommitId>>(absent(first < 0 ? a.value : b.value));
    return ready<std::optional<CommitId>>(std::optional(first < second ? a : b));
}

QFuture<Result<QList<ChangedFile>>> FakeRepository::changedFiles(const CommitId &from,
                                                                 const CommitId &to)
{
    using How = ChangedFile::How;
    const int first = find(from);
    const int second = find(to);
    if (first < 0 || second < 0)
        return ready<QList<ChangedFile>>(absent(first < 0 ? from.value : to.value));
    const auto &before = m_line[first].files;
    const auto &after = m_line[second].files;
    QList<ChangedFile> files;
    for (auto it = after.cbegin(); it != after.cend(); ++it) {
        if (!before.contains(it.key()))
            files.append({it.key(), {}, How::Added});
        else if (before.value(it.key()) != it.value())
            files.append({it.key(), {}, How::Modified});
    }
    for (auto it = before.cbegin(); it != before.cend(); ++it) {
        if (!after.contains(it.key()))
            files.append({it.key(), {}, How::Removed});
    }
    return ready<QList<ChangedFile>>(files);
}

} // namespace pilothouse
