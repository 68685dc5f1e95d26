#pragma once

#include "base/credentialsource.h"
#include "connectors/git/gitlocation.h"
#include "repository/ancestry.h"
#include "repository/history.h"
#include "repository/sourcetree.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThreadPool>

#include <chrono>
#include <memory>
#include <vector>

namespace pilothouse {

class GitReader;

/// The workspace's repository through libgit2. Nothing is ever written to the user's clone; what
/// the console fetches itself goes into its own bare mirror, which borrows the clone's objects.
///
/// Reads run on one thread, each fetch from the host on one of its own, so that a host that does
/// not answer stops no read. Called in the GUI thread. Unanswered futures are cancelled when it
/// goes.
class GitRepository final : public SourceTree, public Ancestry, public History
{
public:
    /// `credential` is for fetching from the clone's http(s) origin; nullptr = only what the user's
    /// own `git fetch` brings is seen (a local origin is fetched all the same). It must outlive
    /// this. Nothing is opened before the first question.
    /// A host that says nothing for `silence` is given up.
    GitRepository(const GitLocation &location, CredentialSource *credential,
                  std::chrono::milliseconds silence = std::chrono::seconds(30));
    ~GitRepository() override;
    Q_DISABLE_COPY_MOVE(GitRepository)

    [[nodiscard]] QFuture<Result<CommitId>> resolve(const QString &name) override;
    [[nodiscard]] QFuture<Result<CommitId>> defaultTip() override;
    [[nodiscard]] QFuture<Result<Commit>> commit(const CommitId &id) override;
    [[nodiscard]] QFuture<Result<QList<Commit>>> history(const CommitId &from, int limit) override;
    [[nodiscard]] QFuture<Result<SourceFile>> file(const CommitId &at,
                                                   const QString &path) override;
    [[nodiscard]] QFuture<Result<QList<SourceFile>>> files(const CommitId &at,
                                                           const QString &folder) override;
    [[nodiscard]] QFuture<Result<Relation>> relation(const CommitId &a, const CommitId &b) override;
    [[nodiscard]] QFuture<Result<CommitRange>>
    commitsOf(const CommitId &of, const CommitId &without, int limit) override;
    [[nodiscard]] QFuture<Result<std::optional<CommitId>>>
    commonAncestor(const CommitId &a, const CommitId &b) override;
    [[nodiscard]] QFuture<Result<QList<ChangedFile>>> changedFiles(const CommitId &from,
                                                                   const CommitId &to) override;

    /// One at a time: a call during a refresh gets that one's outcome. What the clone has is read
    /// afresh by every question, so this is about origin.
    [[nodiscard]] QFuture<Result<void>> refresh() override;

private:
    template <typename Read>
    [[nodiscard]] auto read(Read what);
    void askToken(const QString &url);
    void fetch(const QString &url, const Secret &token);
    void giveUpRefresh();
    void finishRefresh(const Result<void> &outcome);

    GitLocation m_location;
    CredentialSource *m_credential;
    std::chrono::milliseconds m_silence;
    std::shared_ptr<GitReader> m_reader;
    struct Fetching;
    std::shared_ptr<Fetching> m_fetching; ///< shared with the thread that fetches
    std::vector<std::unique_ptr<QPromise<Result<void>>>> m_waiting;
    QThreadPool m_thread;
    std::unique_ptr<QObject> m_context; ///< gone first, so that no answer arrives any more
};

} // namespace pilothouse
