#include "release/commitfacts.h"

#include "base/whendone.h"

#include <algorithm>

namespace pilothouse {

CommitFacts::CommitFacts(SourceTree &files, Ancestry &ancestry, QObject *parent)
    : QObject(parent), m_files(files), m_ancestry(ancestry)
{}

QString CommitFacts::keyOf(const CommitId &commit, const QString &path)
{
    return commit.value + QLatin1Char(':') + path;
}

FileAtCommit CommitFacts::file(const CommitId &commit, const QString &path)
{
    if (commit.value.isEmpty())
        return {FileAtCommit::State::CannotTell, tr("unknown commit")};
    const QString key = keyOf(commit, path);
    if (const auto known = m_fileAt.constFind(key); known != m_fileAt.constEnd())
        return *known;
    m_fileAt[key] = {FileAtCommit::State::Asked, tr("being read")};
    // A file that is not there and a commit that is not there are the same error.
    whenDone(
        m_files.commit(commit), this,
        [this, commit, path](const Result<Commit> &answer) {
            if (answer) {
                readFile(commit, path);
                return;
            }
            const bool absent = answer.error().kind == ErrorKind::NotFound;
            keep(commit, path,
                 {FileAtCommit::State::CannotTell,
                  absent ? tr("%1 is not in the clone").arg(shortSha(commit))
                         : answer.error().message});
        },
        [this, commit, path] {
            keep(commit, path,
                 {FileAtCommit::State::CannotTell, tr("the repository gave no answer")});
        });
    // A future that was ready has answered by now.
    return m_fileAt.value(key);
}

void CommitFacts::readFile(const CommitId &commit, const QString &path)
{
    whenDone(
        m_files.file(commit, path), this,
        [this, commit, path](const Result<SourceFile> &answer) {
            if (!answer && answer.error().kind == ErrorKind::NotFound) {
                keep(commit, path,
                     {FileAtCommit::State::NoFile,
                      tr("%1 does not know the change").arg(shortSha(commit))});
                return;
            }
            if (!answer) {
                keep(commit, path, {FileAtCommit::State::CannotTell, answer.error().message});
                return;
            }
            const auto change = readChange(answer->content, path, commit);
            if (!change)
                keep(commit, path, {FileAtCommit::State::CannotTell, change.error().message});
            else if (change->contractReady)
                keep(commit, path,
                     {FileAtCommit::State::Ready, tr("its change file says contract_ready")});
            else
                keep(commit, path,
                     {FileAtCommit::State::NotReady,
                      tr("its change file says contract_ready: false")});
        },
        [this, commit, path] {
            keep(commit, path,
                 {FileAtCommit::State::CannotTell, tr("the repository gave no answer")});
        });
}

void CommitFacts::keep(const CommitId &commit, const QString &path, const FileAtCommit &answer)
{
    m_fileAt[keyOf(commit, path)] = answer;
    Q_EMIT arrived();
}

std::optional<Relation> CommitFacts::relation(const CommitId &a, const CommitId &b)
{
    if (a.value.isEmpty() || b.value.isEmpty())
        return {};
    if (a == b)
        return Relation::Same;
    const QString key = a.value + QLatin1Char(' ') + b.value;
    if (const auto known = m_relations.constFind(key); known != m_relations.constEnd())
        return *known;
    m_relations[key] = std::nullopt;
    whenDone(
        m_ancestry.relation(a, b), this,
        [this, key](const Result<Relation> &answer) {
            if (!answer)
                return;
            m_relations[key] = *answer;
            Q_EMIT arrived();
        },
        [] {});
    return m_relations.value(key);
}

std::optional<Commit> CommitFacts::commit(const CommitId &id)
{
    if (id.value.isEmpty())
        return {};
    if (const auto known = m_commits.constFind(id); known != m_commits.constEnd())
        return *known;
    m_commits[id] = std::nullopt;
    whenDone(
        m_files.commit(id), this,
        [this, id](const Result<Commit> &answer) {
            if (!answer)
                return;
            m_commits[id] = *answer;
            Q_EMIT arrived();
        },
        [] {});
    return m_commits.value(id);
}

bool CommitFacts::hasFailures() const
{
    const auto cannotTell = [](const FileAtCommit &file) {
        return file.state == FileAtCommit::State::CannotTell;
    };
    return std::any_of(m_fileAt.cbegin(), m_fileAt.cend(), cannotTell)
           || m_commits.values().contains(std::nullopt);
}

void CommitFacts::forgetFailures()
{
    m_fileAt.removeIf(
        [](const auto &entry) { return entry.value().state == FileAtCommit::State::CannotTell; });
    m_relations.removeIf([](const auto &entry) { return !entry.value().has_value(); });
    m_commits.removeIf([](const auto &entry) { return !entry.value().has_value(); });
}

} // namespace pilothouse
