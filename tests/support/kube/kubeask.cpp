#include "support/kube/kubeask.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QNetworkReply>

#include <memory>

namespace pilothouse {
namespace {

constexpr int askPatience = 60'000; // ms

} // namespace

KubeAsk::KubeAsk(QUrl server, QSslConfiguration tls, QByteArray token)
    : m_server(std::move(server)), m_tls(std::move(tls)), m_token(std::move(token))
{}

QNetworkReply *KubeAsk::begin(const QByteArray &method, const QString &path, const QByteArray &body,
                              const QByteArray &contentType)
{
    QNetworkRequest request(QUrl(m_server.toString() + path));
    if (m_server.scheme() == QLatin1String("https"))
        request.setSslConfiguration(m_tls);
    if (!m_token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Accept", "application/json");
    request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
    request.setTransferTimeout(askPatience);
    // Qt's HTTP/2 takes 40 ms for each request with a body.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    QNetworkReply *reply = m_network.sendCustomRequest(request, method, body);
    QObject::connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
    return reply;
}

KubeAsk::Answer KubeAsk::answerOf(QNetworkReply &reply)
{
    return {reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            QJsonDocument::fromJson(reply.readAll()).object()};
}

KubeAsk::Answer KubeAsk::ask(const QByteArray &method, const QString &path, const QByteArray &body,
                             const QByteArray &contentType)
{
    QNetworkReply *reply = begin(method, path, body, contentType);
    Answer answer;
    QEventLoop loop;
    QObject::connect(reply, &QNetworkReply::finished, &loop, [&] {
        answer = answerOf(*reply);
        loop.quit();
    });
    loop.exec();
    return answer;
}

} // namespace pilothouse
