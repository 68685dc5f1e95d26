#pragma once

#include "base/result.h"
#include "connectors/postgres/connection.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThread>
#include <QTimer>

#include <memory>

namespace pilothouse {

/// A connection with a thread of its own: jobs run there one after another, in the order of
/// submit(). Lives in the GUI thread. Its end cuts a call that blocks, so closing never waits for a
/// statement; so does the end of its patience with a server that says nothing.
class Session
{
public:
    Session(const PostgresSettings &settings, const QString &role);
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
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        QMetaObject::invokeMethod(
            m_context.get(),
            [connection = m_connection, promise, job] {
                const Result<void> open = connection->open();
                if (open)
                    promise->addResult(job(*connection));
                else
                    promise->addResult(Result<T>(tl::unexpected<Error>(open.error())));
                promise->finish();
            },
            Qt::QueuedConnection);
        return future;
    }

private:
    std::shared_ptr<Connection> m_connection;
    std::unique_ptr<QObject> m_context; ///< lives in m_thread
    QThread m_thread;
    QTimer m_silenceLook;
};

} // namespace pilothouse
