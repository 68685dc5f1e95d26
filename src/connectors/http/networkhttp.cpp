#include "connectors/http/networkhttp.h"

#include "connectors/http/exchange.h"
#include "connectors/http/networkhop.h"
#include "connectors/http/sockethop.h"
#include "connectors/http/tlssetup.h"

#include <QDeadlineTimer>
#include <QFutureWatcher>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QPromise>
#include <QSslCertificate>
#include <QTimer>

#include <utility>

namespace pilothouse {
namespace {

bool isRead(const QByteArray &method)
{
    return method == "GET" || method == "HEAD";
}

QNetworkProxy proxyOf(const QUrl &url)
{
    if (url.isEmpty())
        return QNetworkProxy(QNetworkProxy::DefaultProxy);
    const auto type = url.scheme().startsWith(QLatin1String("socks5")) ? QNetworkProxy::Socks5Proxy
                                                                       : QNetworkProxy::HttpProxy;
    return QNetworkProxy(type, url.host(), quint16(url.port(8080)), url.userName(), url.password());
}

/// The caller's end of a streamed exchange, which the client owns.
class NetworkStream final : public HttpStream
{
public:
    explicit NetworkStream(Exchange *exchange) : m_exchange(exchange)
    {
        connect(exchange, &Exchange::started, this, &HttpStream::started);
        connect(exchange, &Exchange::bytesArrived, this, &HttpStream::bytesArrived);
        connect(exchange, &Exchange::ended, this, [this](const Result<void> &outcome) {
            m_exchange = nullptr;
            Q_EMIT ended(outcome);
        });
        connect(exchange, &QObject::destroyed, this, [this, system = exchange->systemName()] {
            if (!std::exchange(m_exchange, nullptr))
                return;
            Q_EMIT ended(fail(ErrorKind::Cancelled,
                              tr("The connection to %1 was closed here.").arg(system)));
        });
    }
    ~NetworkStream() override
    {
        if (!m_exchange)
            return;
        m_exchange->disconnect(this);
        m_exchange->abandon();
    }

private:
    Exchange *m_exchange; ///< nullptr once it has ended
};

} // namespace

class NetworkHttp::Private final : public QObject
{
public:
    Private(const Settings &settings, CredentialSource &credential, Clock &clock)
        : setup{settings, tlsConfiguration(settings.tls, settings.systemName), credential, clock},
          proxy(proxyOf(settings.proxy))
    {
        if (setup.tls)
            shown = setup.tls->localCertificate();
        renewNetwork();
        expiry.setSingleShot(true);
        expiry.setInterval(settings.keptFor);
        connect(&expiry, &QTimer::timeout, this, [this] { lineOfWrites.reset(); });
    }
    ~Private() override
    {
        // Before the manager, whose replies they hold.
        qDeleteAll(findChildren<Exchange *>(Qt::FindDirectChildrenOnly));
    }

    [[nodiscard]] Exchange *exchange(const HttpRequest &request, Exchange::Delivery delivery)
    {
        const bool streams = delivery == Exchange::Delivery::Streamed;
        const bool shares = !streams && isRead(request.method)
                            && request.connection == HttpRequest::Connection::Any;
        const auto makeHop
            = [this, shares, streams](const Hop::Order &order) -> std::unique_ptr<Hop> {
            if (shares)
                return std::make_unique<NetworkHop>(order, networkFor(order.tls));
            if (streams)
                return std::make_unique<SocketHop>(order, newLine(Line::Place::of(order)), nullptr);
            return std::make_unique<SocketHop>(
                order, lineFor(order),
                [this](std::unique_ptr<Line> line) { keep(std::move(line)); });
        };
        return new Exchange(setup, makeHop, request, delivery, this);
    }

    [[nodiscard]] std::unique_ptr<Line> newLine(const Line::Place &place) const
    {
        return std::make_unique<Line>(place, proxy);
    }

    /// The one that is kept, if it leads there. A read may find it closed and is tried again; a
    /// write may not, so the last answer on it must be fresh.
    [[nodiscard]] std::unique_ptr<Line> lineFor(const Hop::Order &order)
    {
        const auto place = Line::Place::of(order);
        if (lineOfWrites && !lineOfWrites->isBroken() && lineOfWrites->place().isSame(place)
            && (isRead(order.method) || !proven.hasExpired()))
            return std::move(lineOfWrites);
        return newLine(place);
    }

    void keep(std::unique_ptr<Line> line)
    {
        lineOfWrites = std::move(line);
        proven.setRemainingTime(setup.settings.provenFor);
        expiry.start();
    }

    /// Kept connections have shown the certificate that they were made with: another one needs
    /// new connections. Those that are under way end on their own.
    [[nodiscard]] const std::shared_ptr<QNetworkAccessManager> &
    networkFor(const QSslConfiguration &tls)
    {
        const QSslCertificate certificate = tls.localCertificate();
        if (!certificate.isNull() && certificate != shown) {
            shown = certificate;
            renewNetwork();
        }
        return network;
    }

    void renewNetwork()
    {
        network = std::make_shared<QNetworkAccessManager>();
        if (!setup.settings.proxy.isEmpty())
            network->setProxy(proxy);
    }

    HttpSetup setup;
    QNetworkProxy proxy;
    QSslCertificate shown; ///< by the connections of `network`
    std::shared_ptr<QNetworkAccessManager> network;
    std::unique_ptr<Line> lineOfWrites; ///< with nothing under way; nullptr = none is kept
    QDeadlineTimer proven;              ///< how long the last answer on it counts
    QTimer expiry;
};

NetworkHttp::NetworkHttp(const Settings &settings, CredentialSource &credential, Clock &clock)
    : d(std::make_unique<Private>(settings, credential, clock))
{}

NetworkHttp::~NetworkHttp() = default;

QFuture<Result<HttpResponse>> NetworkHttp::send(const HttpRequest &request)
{
    auto promise = std::make_shared<QPromise<Result<HttpResponse>>>();
    promise->start();
    Exchange *exchange = d->exchange(request, Exchange::Delivery::Whole);
    QObject::connect(exchange, &Exchange::ended, exchange,
                     [promise, exchange](const Result<void> &outcome) {
                         // The slot may be gone before this returns.
                         // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
                         const auto kept = promise;
                         if (outcome)
                             kept->addResult(exchange->response());
                         else
                             kept->addResult(fail(outcome.error()));
                         kept->finish();
                     });
    auto *watcher = new QFutureWatcher<Result<HttpResponse>>(exchange);
    QObject::connect(watcher, &QFutureWatcherBase::canceled, exchange, [promise, exchange] {
        // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): as above
        const auto kept = promise;
        exchange->abandon();
        kept->finish();
    });
    watcher->setFuture(promise->future());
    exchange->begin();
    return promise->future();
}

std::unique_ptr<HttpStream> NetworkHttp::stream(const HttpRequest &request)
{
    Exchange *exchange = d->exchange(request, Exchange::Delivery::Streamed);
    exchange->begin();
    return std::make_unique<NetworkStream>(exchange);
}

} // namespace pilothouse
