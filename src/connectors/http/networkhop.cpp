#include "connectors/http/networkhop.h"

#include <QNetworkAccessManager>
#include <QSslError>

namespace pilothouse {
namespace {

QNetworkRequest requestFor(const Hop::Order &order)
{
    QNetworkRequest request(order.url);
    request.setSslConfiguration(order.tls);
    request.setPeerVerifyName(order.verifyName);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    // One broken HTTP/2 connection would take every request of a system with it.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // HttpRequest::maxBytes is the limit; JSON does compress beyond Qt's idea of an honest ratio.
    request.setDecompressedSafetyCheckThreshold(-1);
    for (const auto &[name, value] : order.headers)
        request.setRawHeader(name, value);
    return request;
}

Hop::Breakage breakageOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyNotFoundError:
        return Hop::Breakage::HostNotFound;
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::ProxyConnectionRefusedError:
        return Hop::Breakage::NobodyThere;
    case QNetworkReply::SslHandshakeFailedError:
        return Hop::Breakage::Handshake;
    default:
        return Hop::Breakage::Closed;
    }
}

} // namespace

NetworkHop::NetworkHop(const Order &order, std::shared_ptr<QNetworkAccessManager> network)
    : m_network(std::move(network)),
      m_reply(order.method == "HEAD" ? m_network->head(requestFor(order))
                                     : m_network->get(requestFor(order)))
{
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &NetworkHop::readHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &NetworkHop::readBody);
    connect(m_reply, &QNetworkReply::finished, this, &NetworkHop::ended);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        for (const QSslError &error : errors)
            m_tlsErrors.append(error.errorString());
    });
}

NetworkHop::~NetworkHop()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

void NetworkHop::readHead()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || m_told == Told::Head)
        return;
    m_told = Told::Head;
    HttpHeaders headers;
    for (const auto &[name, value] : m_reply->rawHeaderPairs())
        headers.emplace_back(name.toLower(), value);
    Q_EMIT headArrived(status, headers);
}

void NetworkHop::readBody()
{
    readHead();
    const QByteArray bytes = m_reply->readAll();
    if (!bytes.isEmpty())
        Q_EMIT bytesArrived(bytes);
}

void NetworkHop::ended()
{
    readBody();
    const QNetworkReply::NetworkError error = m_reply->error();
    // Codes from 201 on restate the status, which the head has told.
    const bool complete
        = m_told == Told::Head
          && (error == QNetworkReply::NoError || error >= QNetworkReply::ContentAccessDenied);
    if (complete)
        Q_EMIT finished({std::nullopt, {}, {}});
    else
        Q_EMIT finished({breakageOf(error), m_reply->errorString(), m_tlsErrors});
}

} // namespace pilothouse
