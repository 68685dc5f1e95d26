#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonValue>
#include <QList>
#include <QString>
#include <QUrlQuery>

#include <functional>
#include <memory>
#include <optional>

struct MHD_Connection;

namespace pilothouse::sandbox {

/// What a client asked.
struct Request
{
    QByteArray method;
    QString path; ///< decoded, without the query
    QUrlQuery query;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    /// The decoded value of a query parameter; empty if absent.
    [[nodiscard]] QString parameter(const char *name) const;
    /// True if the parameter is there and says "true" or "1".
    [[nodiscard]] bool flag(const char *name) const;
    [[nodiscard]] QByteArray header(const char *lowerCaseName) const;
};

using HeaderList = QList<QPair<QByteArray, QByteArray>>;

/// One request and its answer. The answer is either whole (`reply`) or a stream (`begin`, `write`…,
/// `end` or `cut`). Main thread. After the client has gone, writing does nothing.
/// Whoever takes an exchange answers it: the client waits until then.
class Exchange
{
public:
    explicit Exchange(Request request);
    ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    Request request; ///< handlers may rewrite it before handing on

    void reply(int status, const HeaderList &headers, const QByteArray &body);
    void replyJson(int status, const QJsonValue &body, HeaderList headers = {});

    void begin(int status, const HeaderList &headers);
    void write(const QByteArray &bytes);
    void end();
    /// Breaks the connection where it stands: before an answer or in the middle of one.
    void cut();

    [[nodiscard]] bool isAnswered() const { return m_phase != Phase::Waiting; }
    /// False once the client has gone or the answer has ended.
    [[nodiscard]] bool isOpen() const;

    /// Changes the answer before it goes out (faults do).
    std::function<void(int &status, HeaderList &headers, QByteArray &body)> onReply;
    /// Breaks off in the middle of the n-th piece of a stream, or of a whole answer.
    std::optional<int> cutAfter;
    /// Called once when the connection is done with this exchange.
    std::function<void()> onClosed;

private:
    friend class Server;
    enum class Phase { Waiting, Whole, Streaming, Ended, Cut, CutMidway };

    void wake();

    Phase m_phase = Phase::Waiting;
    int m_status = 200;
    HeaderList m_headers;
    QByteArray m_bytes; ///< the whole answer, or what of a stream was not sent yet
    MHD_Connection *m_connection = nullptr; ///< null after it closed
    std::function<void()> m_resumed;        ///< asks the server to go on with the connection
    bool m_suspended = false;
};

using ExchangePtr = std::shared_ptr<Exchange>;
using Handler = std::function<void(const ExchangePtr &)>;

/// Bytes of a JSON value as the servers send them: compact.
[[nodiscard]] QByteArray jsonBytes(const QJsonValue &value);

} // namespace pilothouse::sandbox
