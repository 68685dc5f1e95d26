#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QSslConfiguration>
#include <QUrl>

namespace pilothouse {

/// Plain requests of a test to an API server, beside the connector that is tested.
class KubeAsk
{
public:
    struct Answer
    {
        int status = 0; ///< 0 = none within a minute
        QJsonObject object;
    };

    /// Signs in by what `tls` has, or by a token.
    explicit KubeAsk(QUrl server, QSslConfiguration tls = {}, QByteArray token = {});

    /// Runs the event loop until it is answered.
    [[nodiscard]] Answer ask(const QByteArray &method, const QString &path,
                             const QByteArray &body = {},
                             const QByteArray &contentType = "application/json");
    /// The same without waiting; the reply deletes itself when it has ended.
    [[nodiscard]] QNetworkReply *begin(const QByteArray &method, const QString &path,
                                       const QByteArray &body = {},
                                       const QByteArray &contentType = "application/json");
    [[nodiscard]] static Answer answerOf(QNetworkReply &reply);

private:
    QUrl m_server;
    QSslConfiguration m_tls;
    QByteArray m_token;
    QNetworkAccessManager m_network;
};

} // namespace pilothouse
