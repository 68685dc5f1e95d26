#pragma once

#include <QList>
#include <QProcess>
#include <QStringList>
#include <QUrl>

namespace pilothouse {

/// Prism between a client and a server: it hands everything on, and says where a request or its
/// answer is not as GitHub's description of its API has it. Ends with this object.
class PrismProxy
{
public:
    struct Seen
    {
        QString request; ///< "GET /path?query"
        int status = 0;
        QStringList wrong; ///< "response.body.id: Response body property id must be integer"
    };

    /// The folder among the parts; empty = not there.
    [[nodiscard]] static QString part();

    explicit PrismProxy(const QUrl &upstream);
    ~PrismProxy();
    Q_DISABLE_COPY_MOVE(PrismProxy)

    /// Waits until it is there. false: log() says why.
    [[nodiscard]] bool start();
    /// In place of the server.
    [[nodiscard]] QUrl url() const { return m_url; }
    [[nodiscard]] QByteArray log() const { return m_log; }

    /// Every answer since the last call of this function, in their order.
    [[nodiscard]] QList<Seen> take();

private:
    [[nodiscard]] bool waitFor(const QByteArray &text);

    QUrl m_upstream;
    QUrl m_url;
    QProcess m_process;
    QByteArray m_log;
    qsizetype m_taken = 0; ///< so much of the log
    int m_marks = 0;
};

} // namespace pilothouse
