#pragma once

#include "connectors/http/answerparser.h"
#include "connectors/http/dial/line.h"

#include <functional>
#include <memory>

namespace pilothouse {

/// A hop on a connection of its own, for what QNetworkAccessManager does not do: it sends a request
/// again when a connection closes before the answer, which a write must not suffer, and it takes a
/// chunked body that was cut for a complete one, which a log must not suffer. It also has no more
/// than six connections to a host, which watches would fill.
class SocketHop final : public Hop
{
    Q_OBJECT

public:
    using Keep = std::function<void(std::unique_ptr<Line>)>;

    /// The line leads to the order's place; it may be open already. `keep` gets it back, open, if
    /// the other side takes another request on it; empty = it is closed after the answer.
    SocketHop(Order order, std::unique_ptr<Line> line, Keep keep);
    ~SocketHop() override;

private:
    void converse();
    void read();
    void closed();
    void finish(const End &end);

    Order m_order;
    std::unique_ptr<Line> m_line;
    Keep m_keep;
    QPointer<QSslSocket> m_socket;
    AnswerParser m_parser;
    enum class Told { Nothing, Head, End } m_told = Told::Nothing;
};

} // namespace pilothouse
