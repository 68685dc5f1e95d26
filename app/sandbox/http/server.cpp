#include "app/sandbox/http/server.h"

#include <QDateTime>
#include <QLocale>
#include <QSocketNotifier>
#include <QUrl>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace pilothouse::sandbox {

namespace {

constexpr size_t streamBlock = 16 << 10;
constexpr qsizetype bodyLimit = 3 << 20;

QByteArray httpDate(std::chrono::seconds skew)
{
    const QDateTime now = QDateTime::currentDateTimeUtc().addSecs(skew.count());
    return QLocale::c()
        .toString(now, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss"))
        .toLatin1()
        .append(" GMT");
}

} // namespace

/// The C functions that libmicrohttpd calls; all within Server::run().
struct Server::Callbacks
{
    static void *uriLogged(void *, const char *uri, MHD_Connection *)
    {
        // The only place where the path comes undecoded and the query whole.
        return new QByteArray(uri);
    }

    static MHD_Result collectHeader(void *into, MHD_ValueKind, const char *key, const char *value)
    {
        static_cast<QHash<QByteArray, QByteArray> *>(into)->insert(QByteArray(key).toLower(),
                                                                   QByteArray(value));
        return MHD_YES;
    }

    static MHD_Result access(void *self, MHD_Connection *connection, const char *,
                             const char *method, const char *, const char *upload, size_t *size,
                             void **state)
    {
        auto *server = static_cast<Server *>(self);
        auto *context = server->m_contexts.count(static_cast<Context *>(*state))
                            ? static_cast<Context *>(*state)
                            : nullptr;
        if (!context) {
            const std::unique_ptr<QByteArray> uri(static_cast<QByteArray *>(*state));
            context = new Context{accept(connection, method, *uri)};
            // Nothing wakes a daemon without threads of its own after a resume.
            context->exchange->m_resumed = [server] {
                server->m_timer.start(0);
            };
            server->m_contexts.insert(context);
            *state = context;
            return MHD_YES;
        }
        Exchange &exchange = *context->exchange;
        if (*size > 0) {
            if (exchange.request.body.size() <= bodyLimit)
                exchange.request.body.append(upload, static_cast<qsizetype>(*size));
            *size = 0;
            return MHD_YES;
        }
        switch (exchange.m_phase) {
        case Exchange::Phase::Waiting:
            if (server->m_ending)
                return MHD_NO;
            exchange.m_suspended = true;
            MHD_suspend_connection(connection);
            QMetaObject::invokeMethod(
                server, [server, kept = context->exchange] { server->dispatch(kept); },
                Qt::QueuedConnection);
            return MHD_YES;
        case Exchange::Phase::Cut:
            return MHD_NO;
        case Exchange::Phase::Whole:
        case Exchange::Phase::Streaming:
        case Exchange::Phase::Ended:
        case Exchange::Phase::CutMidway:
            return answer(*server, connection, context->exchange);
        }
        return MHD_NO;
    }

    static ExchangePtr accept(MHD_Connection *connection, const char *method, const QByteArray &uri)
    {
        Request request;
        request.method = method;
        const QUrl url = QUrl::fromEncoded(uri);
        request.path = url.path(QUrl::FullyDecoded);
        // In a query a plus sign is a blank; QUrlQuery leaves it alone.
        QString query = url.query(QUrl::FullyEncoded);
        query.replace(QLatin1Char('+'), QLatin1String("%20"));
        request.query = QUrlQuery(query);
        MHD_get_connection_values(connection, MHD_HEADER_KIND, &collectHeader, &request.headers);
        auto exchange = std::make_shared<Exchange>(std::move(request));
        exchange->m_connection = connection;
        return exchange;
    }

    static MHD_Result answer(Server &server, MHD_Connection *connection,
                             const ExchangePtr &exchange)
    {
        MHD_Response *response = nullptr;
        if (exchange->m_phase == Exchange::Phase::Whole) {
            response
                = MHD_create_response_from_buffer(static_cast<size_t>(exchange->m_bytes.size()),
                                                  exchange->m_bytes.data(), MHD_RESPMEM_MUST_COPY);
        } else {
            response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, streamBlock, &readStream,
                                                         new ExchangePtr(exchange), &freeStream);
        }
        for (const auto &[name, value] : exchange->m_headers)
            MHD_add_response_header(response, name.constData(), value.constData());
        MHD_add_response_header(response, "Date", httpDate(server.m_skew).constData());
        const MHD_Result queued
            = MHD_queue_response(connection, static_cast<unsigned>(exchange->m_status), response);
        MHD_destroy_response(response);
        return queued;
    }

    static ssize_t readStream(void *state, uint64_t, char *buffer, size_t room)
    {
        Exchange &exchange = **static_cast<ExchangePtr *>(state);
        if (!exchange.m_bytes.isEmpty()) {
            const auto count = std::min(static_cast<qsizetype>(room), exchange.m_bytes.size());
            std::memcpy(buffer, exchange.m_bytes.constData(), static_cast<size_t>(count));
            exchange.m_bytes.remove(0, count);
            return count;
        }
        if (exchange.m_phase == Exchange::Phase::Ended)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (exchange.m_phase == Exchange::Phase::CutMidway)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        exchange.m_suspended = true;
        MHD_suspend_connection(exchange.m_connection);
        return 0;
    }

    static void freeStream(void *state) { delete static_cast<ExchangePtr *>(state); }

    static void completed(void *self, MHD_Connection *, void **state, MHD_RequestTerminationCode)
    {
        auto *server = static_cast<Server *>(self);
        auto *context = static_cast<Context *>(*state);
        if (!server->m_contexts.erase(context)) {
            delete static_cast<QByteArray *>(*state); // no request came of this connection
            return;
        }
        const ExchangePtr exchange = std::move(context->exchange);
        delete context;
        *state = nullptr;
        exchange->m_connection = nullptr;
        exchange->m_suspended = false;
        if (exchange->onClosed)
            std::exchange(exchange->onClosed, nullptr)();
    }
};

Server::Server(Handler handler) : m_handler(std::move(handler))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Server::run);
}

Result<std::unique_ptr<Server>> Server::listen(quint16 port, Handler handler)
{
    std::unique_ptr<Server> server(new Server(std::move(handler)));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr unsigned flags
        = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    server->m_daemon = MHD_start_daemon(
        flags, port, nullptr, nullptr, &Callbacks::access, server.get(), MHD_OPTION_SOCK_ADDR,
        reinterpret_cast<sockaddr *>(&address), MHD_OPTION_NOTIFY_COMPLETED, &Callbacks::completed,
        server.get(), MHD_OPTION_URI_LOG_CALLBACK, &Callbacks::uriLogged, server.get(),
        MHD_OPTION_END);
    if (!server->m_daemon)
        return fail(ErrorKind::Unavailable,
                    tr("Port %1 on 127.0.0.1 is taken: choose another with --port.").arg(port));
    const MHD_DaemonInfo *bound = MHD_get_daemon_info(server->m_daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->m_port = bound->port;
    const MHD_DaemonInfo *poll = MHD_get_daemon_info(server->m_daemon, MHD_DAEMON_INFO_EPOLL_FD);
    server->m_notifier = new QSocketNotifier(poll->epoll_fd, QSocketNotifier::Read, server.get());
    connect(server->m_notifier, &QSocketNotifier::activated, server.get(), &Server::run);
    return server;
}

Server::~Server()
{
    delete m_notifier;
    // The daemon must not be stopped with suspended connections, those of requests that come now
    // among them.
    m_ending = true;
    for (Context *context : m_contexts) {
        context->exchange->onClosed = nullptr;
        context->exchange->cut();
    }
    if (m_daemon) {
        MHD_run(m_daemon);
        MHD_stop_daemon(m_daemon);
    }
}

void Server::run()
{
    if (m_running)
        return;
    m_running = true;
    MHD_run(m_daemon);
    m_running = false;
    MHD_UNSIGNED_LONG_LONG timeout = 0;
    if (MHD_get_timeout(m_daemon, &timeout) == MHD_YES)
        m_timer.start(std::chrono::milliseconds(std::min<unsigned long long>(timeout, 60'000)));
    else
        m_timer.stop();
}

void Server::dispatch(const ExchangePtr &exchange)
{
    if (!exchange->m_connection)
        return;
    if (exchange->request.body.size() > bodyLimit) {
        exchange->reply(413, {}, "request body too large");
        return;
    }
    m_handler(exchange);
}

} // namespace pilothouse::sandbox
