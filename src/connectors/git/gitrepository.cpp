#include "connectors/git/gitrepository.h"

#include "base/whendone.h"
#include "base/words.h"
#include "connectors/git/gitfetch.h"
#include "connectors/git/gitreader.h"

#include <QSemaphore>
#include <QtConcurrentRun>

#include <atomic>
#include <thread>

namespace pilothouse {

namespace {

/// How long closing waits for a fetch to notice that nobody wants it any more.
constexpr int goodbye = 500;

} // namespace

struct GitRepository::Fetching
{
    std::shared_ptr<std::atomic<bool>> stopped = std::make_shared<std::atomic<bool>>(false);
    QSemaphore idle{1};
};

GitRepository::GitRepository(const GitLocation &location, CredentialSource *credential,
                             std::chrono::milliseconds silence)
    : m_location(location), m_credential(credential), m_silence(silence),
      m_reader(std::make_shared<GitReader>(location)), m_fetching(std::make_shared<Fetching>()),
      m_context(std::make_unique<QObject>())
{
    // A thread that is kept: libgit2's caches and error texts belong to the thread.
    m_thread.setMaxThreadCount(1);
    m_thread.setExpiryTimeout(-1);
}

GitRepository::~GitRepository()
{
    m_context.reset();
    m_fetching->stopped->store(true);
    // libgit2 cannot be interrupted while a name is looked up. The thread owns all that it uses, so
    // it is left to end by itself instead of holding up the window.
    static_cast<void>(m_fetching->idle.tryAcquire(1, goodbye));
}

template <typename Read>
auto GitRepository::read(Read what)
{
    return QtConcurrent::run(&m_thread,
                             [reader = m_reader, what = std::move(what)] { return what(*reader); });
}

QFuture<Result<CommitId>> GitRepository::resolve(const QString &name)
{
    return read([name](GitReader &reader) { return reader.resolve(name); });
}

QFuture<Result<CommitId>> GitRepository::defaultTip()
{
    return read([](GitReader &reader) { return reader.defaultTip(); });
}

QFuture<Result<Commit>> GitRepository::commit(const CommitId &id)
{
    return read([id](GitReader &reader) { return reader.commit(id); });
}

QFuture<Result<QList<Commit>>> GitRepository::history(const CommitId &from, int limit)
{
    return read([from, limit](GitReader &reader) { return reader.history(from, limit); });
}

QFuture<Result<SourceFile>> GitRepository::file(const CommitId &at, const QString &path)
{
    return read([at, path](GitReader &reader) { return reader.file(at, path); });
}

QFuture<Result<QList<SourceFile>>> GitRepository::files(const CommitId &at, const QString &folder)
{
    return read([at, folder](GitReader &reader) { return reader.files(at, folder); });
}

QFuture<Result<Relation>> GitRepository::relation(const CommitId &a, const CommitId &b)
{
    return read([a, b](GitReader &reader) { return reader.relation(a, b); });
}

QFuture<Result<CommitRange>> GitRepository::commitsOf(const CommitId &of, const CommitId &without,
                                                      int limit)
{
    return read(
        [of, without, limit](GitReader &reader) { return reader.commitsOf(of, without, limit); });
}

QFuture<Result<std::optional<CommitId>>> GitRepository::commonAncestor(const CommitId &a,
                                                                       const CommitId &b)
{
    return read([a, b](GitReader &reader) { return reader.commonAncestor(a, b); });
}

QFuture<Result<QList<ChangedFile>>> GitRepository::changedFiles(const CommitId &from,
                                                                const CommitId &to)
{
    return read([from, to](GitReader &reader) { return reader.changedFiles(from, to); });
}

QFuture<Result<void>> GitRepository::refresh()
{
    m_waiting.push_back(std::make_unique<QPromise<Result<void>>>());
    m_waiting.back()->start();
    QFuture<Result<void>> answer = m_waiting.back()->future();
    if (m_waiting.size() == 1) {
        whenDone(
            read([](GitReader &reader) { return reader.originUrl(); }), m_context.get(),
            [this](const Result<QString> &url) {
                if (!url)
                    finishRefresh(fail(url.error()));
                else if (!canFetch(*url) || (needsCredential(*url) && !m_credential))
                    finishRefresh({});
                else if (needsCredential(*url))
                    askToken(*url);
                else
                    fetch(*url, Secret());
            },
            [this] { giveUpRefresh(); });
    }
    return answer;
}

void GitRepository::askToken(const QString &url)
{
    whenDone(
        m_credential->token(), m_context.get(),
        [this, url](const Result<Secret> &token) {
            if (token)
                fetch(url, *token);
            else
                finishRefresh(fail(token.error()));
        },
        [this] { giveUpRefresh(); });
}

void GitRepository::fetch(const QString &url, const Secret &token)
{
    const GitFetch what{m_location, url, token, m_silence, m_fetching->stopped};
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    const QFuture<Result<void>> fetched = promise->future();
    m_fetching->idle.acquire(); // at once: only one refresh is on its way
    std::thread([what, promise, fetching = m_fetching] {
        promise->addResult(fetchOrigin(what));
        fetching->idle.release();
        promise->finish();
    }).detach();
    whenDone(
        fetched, m_context.get(),
        [this](const Result<void> &outcome) {
            if (outcome)
                static_cast<void>(read([](GitReader &reader) { reader.originFetched(); }));
            else if (outcome.error().kind == ErrorKind::SignedOut && m_credential)
                m_credential->forget();
            finishRefresh(outcome);
        },
        [this] { giveUpRefresh(); });
}

void GitRepository::giveUpRefresh()
{
    finishRefresh(fail(ErrorKind::Cancelled, Words::tr("Fetching from Git was stopped.")));
}

void GitRepository::finishRefresh(const Result<void> &outcome)
{
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto &promise : waiting) {
        promise->addResult(outcome);
        promise->finish();
    }
}

} // namespace pilothouse
