#pragma once

#include "base/result.h"
#include "connectors/postgres/connection.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThread>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace pilothouse {

class Passage;

/// A connection with a thread of its own: jobs run there one after another, in the order of
/// submit(). Lives in the GUI thread. Its end cuts a call that blocks, so closing never waits for a
/// statement; so does the end of its patience with a server that says nothing.
class Session
{
public:
    /// `passage` is opened before each connect; nullptr = none. It outlives this.
    Session(const PostgresSettings &settings, const QString &role, Passage *passage = nullptr);
    ~Session();
    Q_DISABLE_COPY_MOVE(Session)

    [[nodiscard]] int pid() const { return m_connection->pid(); }
    [[nodiscard]] bool connected() const { return m_connection->isOpen(); }
    [[nodiscard]] int longStatement() const { return m_connection->longStatement(); }
    void cutAsSilent(int statement) { m_connection->cutAsSilent(statement); }
    void askCancel() { m_connection->cancelAsked = true; }

    /// `job` is Result<T>(Connection &), called with an open connection.
    template <typename T, typename Job>
    [[nodiscard]] QFuture<Result<T>> submit(Job job)
    {
        return enqueue<T>([](Connection &connection) { return connection.open(); }, job);
    }

    /// The same for what only the holder of this runner lock may do. Where the session that took
    /// it is not there any more the job is not called and nothing is connected: Unavailable.
    template <typename T, typename Job>
    [[nodiscard]] QFuture<Result<T>> submitHeld(const ChangeName &change, Job job)
    {
        return enqueue<T>([change](Connection &connection) { return connection.mustHold(change); },
                          job);
    }

private:
    using Hand = std::function<void(const Result<void> &way)>;

    template <typename T, typename Ready, typename Job>
    [[nodiscard]] QFuture<Result<T>> enqueue(Ready ready, Job job)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        onTheWay([this, promise, ready, job](const Result<void> &way) {
            QMetaObject::invokeMethod(
                m_context.get(),
                [connection = m_connection, promise, ready, job, way] {
                    const Result<void> may = way ? ready(*connection) : way;
                    if (may)
                        promise->addResult(job(*connection));
                    else
                        promise->addResult(Result<T>(tl::unexpected<Error>(may.error())));
                    promise->finish();
                },
                Qt::QueuedConnection);
        });
        return future;
    }

    /// At once, or when the passage is open or cannot be; in the order of the calls.
    void onTheWay(Hand hand);

    Passage *m_passage;
    std::vector<Hand> m_waiting; ///< for the passage
    std::shared_ptr<Connection> m_connection;
    std::unique_ptr<QObject> m_context; ///< lives in m_thread
    QThread m_thread;
    QTimer m_silenceLook;
};

} // namespace pilothouse
