#pragma once

#include "connectors/http/answerparser.h"
#include "connectors/http/dialer.h"
#include "connectors/http/hop.h"

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
    SocketHop(Order order, const QNetworkProxy &proxy);
    ~SocketHop() override;

private:
    void converse();
    void send();
    void read();
    void closed();
    void finish(std::optional<Breakage> breakage, const QString &text = {});

    Order m_order;
    Dialer m_dialer;
    QPointer<QSslSocket> m_socket;
    AnswerParser m_parser;
    QStringList m_tlsErrors;
    enum class Told { Nothing, Head, End } m_told = Told::Nothing;
};

} // namespace pilothouse
