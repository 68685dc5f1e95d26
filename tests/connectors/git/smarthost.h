#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QTcpServer>

namespace pilothouse {

/// A Git host on loopback: Git's own http-backend behind Basic authentication.
class SmartHost final : public QObject
{
    Q_OBJECT

public:
    /// Serves the repositories in `folder` to whoever sends `token` as the password.
    SmartHost(const QString &folder, const QByteArray &token);

    [[nodiscard]] QString url(const QString &repository) const;
    /// Requests that were answered, with and without the token.
    [[nodiscard]] int allowed() const { return m_allowed; }
    [[nodiscard]] int refused() const { return m_refused; }

private:
    void serve(QTcpSocket *socket);
    [[nodiscard]] QByteArray answer(const QByteArray &head, const QByteArray &body);

    QString m_folder;
    QByteArray m_token;
    QTcpServer m_server;
    int m_allowed = 0;
    int m_refused = 0;
};

} // namespace pilothouse
