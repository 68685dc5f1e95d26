#pragma once

#include <QByteArray>
#include <QHash>
#include <QMutex>
#include <QObject>
#include <QString>
#include <QTcpServer>

#include <functional>

namespace pilothouse {

/// What Git's own programs answered, for hosts whose repositories hold the same. Any thread.
class KnownAnswers
{
public:
    /// The answer to this question, asked for by `ask` if nobody has asked before.
    [[nodiscard]] QByteArray answer(const QByteArray &question,
                                    const std::function<QByteArray()> &ask);

private:
    QMutex m_lock;
    QHash<QByteArray, QByteArray> m_answers;
};

/// A Git host on loopback: Git's own http-backend behind Basic authentication.
class SmartHost final : public QObject
{
    Q_OBJECT

public:
    /// Serves the repositories in `folder` to whoever sends `token` as the password.
    SmartHost(const QString &folder, const QByteArray &token);

    /// Asks Git only what nobody has asked in this state yet; `state` names what the repositories
    /// hold. `answers` outlives this.
    void know(KnownAnswers &answers, const QByteArray &state);

    [[nodiscard]] QString url(const QString &repository) const;
    /// Requests that were answered, with and without the token.
    [[nodiscard]] int allowed() const { return m_allowed; }
    [[nodiscard]] int refused() const { return m_refused; }

private:
    void serve(QTcpSocket *socket);
    [[nodiscard]] QByteArray answer(const QByteArray &head, const QByteArray &body);
    [[nodiscard]] QByteArray askGit(const QByteArray &head, const QByteArray &body) const;

    QString m_folder;
    QByteArray m_token;
    KnownAnswers *m_known = nullptr;
    QByteArray m_state;
    QTcpServer m_server;
    int m_allowed = 0;
    int m_refused = 0;
};

} // namespace pilothouse
