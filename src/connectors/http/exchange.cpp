#include "connectors/http/exchange.h"

#include "base/whendone.h"
#include "connectors/http/httperror.h"
#include "connectors/http/origin.h"
#include "connectors/http/tlssetup.h"

#include <QPointer>

namespace pilothouse {
namespace {

constexpr int mostRedirects = 5;
constexpr int mostRepetitions = 2;
constexpr int deadlineFactor = 30;
constexpr qsizetype mostErrorBody = 64 << 10;

bool reads(const HttpRequest &request)
{
    return request.method == "GET" || request.method == "HEAD";
}

/// RFC 6750, or RFC 7617 for a user's password.
QByteArray authScheme(const SignIn &signIn)
{
    return signIn.user.isEmpty() ? "Bearer " : "Basic ";
}

QByteArray authText(const SignIn &signIn)
{
    return signIn.user.isEmpty() ? signIn.token.expose()
                                 : (signIn.user.toUtf8() + ':' + signIn.token.expose()).toBase64();
}

/// Of signing in: a time-out there must not look as if the request might have been carried out.
Error unsent(Error error)
{
    error.kind = ErrorKind::SignedOut;
    return error;
}

} // namespace

Result<QSslConfiguration> tlsFor(const HttpSetup &setup, const SignIn &signIn)
{
    if (!setup.tls || !signIn.identity)
        return setup.tls;
    return withIdentity(*setup.tls, *signIn.identity, setup.settings.systemName);
}

Exchange::Exchange(const HttpSetup &setup, MakeHop makeHop, HttpRequest request, Delivery delivery,
                   QObject *parent)
    : QObject(parent), m_setup(setup), m_makeHop(std::move(makeHop)), m_request(std::move(request)),
      m_delivery(delivery), m_errors(setup.settings.systemName), m_tls(setup.tls)
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(m_request.timeout);
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(m_request.timeout * deadlineFactor);
    connect(&m_silence, &QTimer::timeout, this,
            [this] { end(fail(m_errors.silence(m_request.url, m_request.timeout))); });
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        end(fail(m_errors.neverEnding(m_request.url, m_request.timeout * deadlineFactor)));
    });
}

void Exchange::begin()
{
    QMetaObject::invokeMethod(this, &Exchange::authorize, Qt::QueuedConnection);
}

bool Exchange::signsIn() const
{
    return m_request.authorization == HttpRequest::Authorization::Bearer
           && sameOrigin(m_request.url, m_setup.settings.base);
}

std::optional<Error> Exchange::unsafe() const
{
    const QUrl &url = m_request.url;
    if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https"))
        return m_errors.noWebAddress(url);
    if (url.scheme() == QLatin1String("https") || isLoopback(url))
        return std::nullopt;
    if (!m_signIn.token.isEmpty())
        return m_errors.plainHttpWithCredential(url);
    if (m_setup.settings.plainHttp == NetworkHttp::PlainHttp::LoopbackOnly)
        return m_errors.plainHttp(url);
    return std::nullopt;
}

void Exchange::authorize()
{
    if (m_phase == Phase::Ended)
        return;
    if (!m_setup.tls)
        return end(fail(m_setup.tls.error()));
    m_signIn = {};
    if (!signsIn())
        return dispatch();
    whenDone(
        m_setup.credential.signIn(), this,
        [this](const Result<SignIn> &signIn) {
            if (m_phase == Phase::Ended)
                return;
            if (!signIn)
                return end(fail(unsent(signIn.error())));
            if (m_refusal && *signIn == m_refusedSignIn)
                return isRefusedAgain();
            m_signIn = *signIn;
            m_tls = tlsFor(m_setup, m_signIn);
            if (!m_tls)
                return anew(m_tls.error());
            dispatch();
        },
        [this] { end(fail(unsent(m_errors.signInGivenUp()))); });
}

/// Something else is shown instead of this, once.
void Exchange::anew(const Error &refusal)
{
    if (m_refusal)
        return end(fail(refusal));
    m_refusal = refusal;
    m_refusedSignIn = m_signIn;
    authorize();
}

/// Another request may have been refused with the same, and what is there now be newer already:
/// only what is still the same is thrown away.
void Exchange::isRefusedAgain()
{
    if (m_thrownAway == ThrownAway::Yes)
        return end(fail(*m_refusal));
    m_thrownAway = ThrownAway::Yes;
    m_setup.credential.forget();
    authorize();
}

Hop::Order Exchange::order() const
{
    Hop::Order order{m_request.method, m_request.url, m_request.headers, m_request.body, {}, {}};
    // Our authority and client certificate are for the system itself, not for where it points to.
    order.tls = QSslConfiguration::defaultConfiguration();
    if (sameOrigin(m_request.url, m_setup.settings.base)) {
        order.tls = *m_tls;
        order.verifyName = m_setup.settings.tls.serverName;
    }
    order.headers.emplace_back("User-Agent", m_setup.settings.userAgent);
    if (!m_signIn.token.isEmpty())
        order.headers.emplace_back("Authorization", authScheme(m_signIn) + authText(m_signIn));
    if (!m_request.contentType.isEmpty())
        order.headers.emplace_back("Content-Type", m_request.contentType);
    else if (!m_request.body.isEmpty())
        order.headers.emplace_back("Content-Type", "application/json");
    return order;
}

void Exchange::dispatch()
{
    if (const auto error = unsafe())
        return end(fail(*error));
    m_response = {};
    m_hop = m_makeHop(order());
    listen();
    if (m_request.timeout.count() > 0) {
        m_silence.start();
        if (m_delivery == Delivery::Whole && !m_deadline.isActive())
            m_deadline.start();
    }
}

// Queued: whoever hears of this may delete the client, and no socket is then on the stack. What is
// still queued of a hop that is gone is not heard.
void Exchange::listen()
{
    const Hop *hop = m_hop.get();
    connect(
        hop, &Hop::headArrived, this,
        [this, hop](int status, const HttpHeaders &headers) {
            if (hop == m_hop.get())
                takeHead(status, headers);
        },
        Qt::QueuedConnection);
    connect(
        hop, &Hop::bytesArrived, this,
        [this, hop](const QByteArray &bytes) {
            if (hop == m_hop.get())
                takeBody(bytes);
        },
        Qt::QueuedConnection);
    connect(
        hop, &Hop::finished, this,
        [this, hop](const Hop::End &end) {
            if (hop == m_hop.get())
                answered(end);
        },
        Qt::QueuedConnection);
    connect(hop, &Hop::progressed, &m_silence, [this] { m_silence.start(); });
}

void Exchange::takeHead(int status, const HttpHeaders &headers)
{
    m_silence.start();
    m_response.status = status;
    m_response.headers = headers;
    m_response.serverAt = httpDate(m_response.header("date"));
    if (m_delivery == Delivery::Streamed && status < 300) {
        m_phase = Phase::Streaming;
        Q_EMIT started(status, headers);
    }
}

void Exchange::takeBody(const QByteArray &bytes)
{
    m_silence.start();
    if (m_phase == Phase::Streaming) {
        Q_EMIT bytesArrived(bytes);
        return;
    }
    m_response.body += bytes;
    if (m_response.status >= 400) {
        // Nobody reads an error page that long; the status is known.
        if (m_response.body.size() > mostErrorBody)
            refused();
    } else if (m_response.body.size() > m_request.maxBytes) {
        end(fail(m_errors.tooLarge(m_request.url, m_request.maxBytes)));
    }
}

// Qt takes a body for complete when the connection ends, whatever was announced.
bool Exchange::looksCut() const
{
    if (m_phase == Phase::Streaming || m_request.method == "HEAD" || m_response.status == 204
        || m_response.status == 304)
        return false;
    const QByteArray announced = m_response.header("content-length");
    if (!announced.isEmpty() && m_response.header("content-encoding").isEmpty())
        return announced.toLongLong() != m_response.body.size();
    if (!m_response.header("content-type").contains("json"))
        return false;
    const QByteArray text = m_response.body.trimmed();
    return !text.endsWith('}') && !text.endsWith(']');
}

void Exchange::answered(const Hop::End &how)
{
    if (m_response.status >= 400)
        return refused();
    if (how.breakage)
        return broke(how);
    if (looksCut())
        return broke({Hop::Breakage::Closed, {}, {}});
    const QByteArray location = m_response.header("location");
    if (m_response.status >= 300 && m_response.status != 304 && !location.isEmpty())
        return redirected(m_request.url.resolved(QUrl::fromEncoded(location)));
    end({});
}

void Exchange::redirected(const QUrl &target)
{
    const bool keepsMethod = m_response.status == 307 || m_response.status == 308;
    if (!sameOrigin(target, m_request.url) || !(reads(m_request) || keepsMethod)) {
        if (m_delivery == Delivery::Whole)
            return end({});
        return end(fail(m_errors.elsewhere(target)));
    }
    if (++m_redirects > mostRedirects)
        return end(fail(m_errors.circle(target)));
    dropHop();
    m_request.url = target;
    dispatch();
}

void Exchange::refused()
{
    const int status = m_response.status;
    QByteArray body = m_response.body;
    if (!m_signIn.token.isEmpty())
        body.replace(m_signIn.token.expose(), "•••").replace(authText(m_signIn), "•••");
    const Error error
        = statusError(systemName(), status, m_response.headers, body, m_setup.clock.now());
    if (status == 401 && !m_signIn.isEmpty() && !m_refusal) {
        dropHop();
        return anew(error);
    }
    if ((status == 502 || status == 503 || status == 504)
        && m_response.header("retry-after").isEmpty() && repeatLater())
        return;
    end(fail(error));
}

void Exchange::broke(const Hop::End &how)
{
    const bool mayPass
        = how.breakage == Hop::Breakage::Closed || how.breakage == Hop::Breakage::NobodyThere;
    if (mayPass && how.tlsErrors.isEmpty() && repeatLater())
        return;
    end(fail(m_errors.broken(m_request.url, how,
                             reads(m_request) ? TransportErrors::Request::Read
                                              : TransportErrors::Request::Write)));
}

bool Exchange::repeatLater()
{
    if (!reads(m_request) || m_request.repeat != HttpRequest::Repeat::IfIdempotent
        || m_phase != Phase::Open || m_repetitions >= mostRepetitions)
        return false;
    const auto delay = m_setup.settings.backoff * (1 << m_repetitions);
    ++m_repetitions;
    dropHop();
    m_setup.clock.after(delay, this, [this] { authorize(); });
    return true;
}

void Exchange::abandon()
{
    m_phase = Phase::Ended;
    dropHop();
    m_deadline.stop();
    deleteLater();
}

void Exchange::dropHop()
{
    m_silence.stop();
    m_hop.reset();
}

void Exchange::end(const Result<void> &outcome)
{
    if (m_phase == Phase::Ended)
        return;
    // What is abandoned may hold the outcome.
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
    const Result<void> kept = outcome;
    abandon();
    Q_EMIT ended(kept);
}

} // namespace pilothouse
