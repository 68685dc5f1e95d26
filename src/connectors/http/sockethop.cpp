#include "connectors/http/sockethop.h"

namespace pilothouse {
namespace {

QByteArray requestBytes(const Hop::Order &order, const char *connection)
{
    const QUrl &url = order.url;
    QByteArray path
        = url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    if (!path.startsWith('/'))
        path.prepend('/');
    QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    if (url.port() >= 0)
        host += ':' + QByteArray::number(url.port());

    QByteArray bytes = order.method + ' ' + path + " HTTP/1.1\r\nHost: " + host
                       + "\r\nAccept-Encoding: identity\r\nConnection: " + connection + "\r\n";
    for (const auto &[name, value] : order.headers) {
        QByteArray line = name + ": " + value;
        line.replace('\r', ' ').replace('\n', ' ');
        bytes += line + "\r\n";
    }
    if (order.method != "GET" && order.method != "HEAD")
        bytes += "Content-Length: " + QByteArray::number(order.body.size()) + "\r\n";
    return bytes + "\r\n" + order.body;
}

} // namespace

SocketHop::SocketHop(Order order, std::unique_ptr<Line> line, Keep keep)
    : m_order(std::move(order)), m_line(std::move(line)), m_keep(std::move(keep))
{
    connect(m_line.get(), &Line::failed, this, &SocketHop::finish);
    if (m_line->isOpen())
        converse();
    else
        connect(m_line.get(), &Line::opened, this, &SocketHop::converse);
}

SocketHop::~SocketHop()
{
    if (!m_socket)
        return;
    // Possibly from within a signal of the socket.
    m_socket->disconnect();
    m_socket->abort();
    m_socket->deleteLater();
}

void SocketHop::converse()
{
    m_socket = m_line->take();
    connect(m_socket, &QAbstractSocket::readyRead, this, &SocketHop::read);
    connect(m_socket, &QAbstractSocket::bytesWritten, this, &Hop::progressed);
    connect(m_socket, &QAbstractSocket::disconnected, this, &SocketHop::closed);
    m_socket->write(requestBytes(m_order, m_keep ? "keep-alive" : "close"));
}

void SocketHop::read()
{
    m_parser.feed(m_socket->readAll());
    const auto phase = m_parser.phase();
    if (phase != AnswerParser::Phase::Head && phase != AnswerParser::Phase::Garbled
        && m_parser.status() >= 200 && m_told == Told::Nothing) {
        m_told = Told::Head;
        Q_EMIT headArrived(m_parser.status(), m_parser.headers());
    }
    const QByteArray body = m_parser.takeBody();
    if (!body.isEmpty())
        Q_EMIT bytesArrived(body);
    if (phase == AnswerParser::Phase::Done)
        finish({});
    else if (phase == AnswerParser::Phase::Garbled)
        finish({Breakage::Garbled, {}, {}});
}

void SocketHop::closed()
{
    if (m_told == Told::End)
        return;
    read();
    if (m_told == Told::End)
        return;
    m_parser.close();
    if (m_parser.phase() == AnswerParser::Phase::Done)
        return finish({});
    // With TLS 1.3 a server may refuse our certificate only after the handshake.
    const bool inHandshake = m_order.url.scheme() == QLatin1String("https")
                             && m_parser.status() == 0
                             && breakageOf(m_socket->error()) == Breakage::Handshake;
    finish({inHandshake ? Breakage::Handshake : Breakage::Closed, m_socket->errorString(), {}});
}

void SocketHop::finish(const End &end)
{
    if (m_told == Told::End)
        return;
    m_told = Told::End;
    if (m_socket && m_keep && m_parser.keepsConnection()) {
        m_socket->disconnect(this);
        m_line->disconnect(this);
        m_line->giveBack(std::exchange(m_socket, nullptr));
        m_keep(std::move(m_line));
    } else if (m_socket) {
        m_socket->disconnectFromHost();
    }
    Q_EMIT finished(end);
}

} // namespace pilothouse
