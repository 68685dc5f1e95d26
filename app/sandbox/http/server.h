#pragma once

#include "app/sandbox/http/exchange.h"
#include "base/result.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <unordered_set>

struct MHD_Daemon;
class QSocketNotifier;

namespace pilothouse::sandbox {

/// An HTTP/1.1 server on 127.0.0.1, driven by the Qt event loop of the thread it lives in: handlers
/// run there, and no lock is needed. The one place that knows libmicrohttpd's daemon.
class Server final : public QObject
{
    Q_OBJECT

public:
    /// Port 0 takes a free one. Unavailable if the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(quint16 port, Handler handler);
    ~Server() override;

    [[nodiscard]] quint16 port() const { return m_port; }
    /// Moves the Date header of every answer.
    void setSkew(std::chrono::seconds skew) { m_skew = skew; }

private:
    struct Callbacks;
    struct Context
    {
        ExchangePtr exchange;
    };

    explicit Server(Handler handler);
    void run();
    void dispatch(const ExchangePtr &exchange);

    Handler m_handler;
    MHD_Daemon *m_daemon = nullptr;
    QSocketNotifier *m_notifier = nullptr;
    QTimer m_timer;
    quint16 m_port = 0;
    std::chrono::seconds m_skew{0};
    bool m_running = false;
    bool m_ending = false;
    std::unordered_set<Context *> m_contexts;
};

} // namespace pilothouse::sandbox
