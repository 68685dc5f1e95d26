#include "connectors/git/smarthost.h"

#include <QProcess>
#include <QTcpSocket>

namespace pilothouse {

namespace {

QByteArray header(const QByteArray &head, const QByteArray &name)
{
    for (const QByteArray &line : head.split('\n')) {
        if (line.toLower().startsWith(name + ":"))
            return line.mid(name.size() + 1).trimmed();
    }
    return {};
}

QByteArray response(const QByteArray &status, const QByteArray &headers, const QByteArray &body)
{
    return "HTTP/1.1 " + status + "\r\n" + headers
           + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

} // namespace

SmartHost::SmartHost(const QString &folder, const QByteArray &token)
    : m_folder(folder), m_token(token)
{
    m_server.listen(QHostAddress::LocalHost);
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection())
            serve(socket);
    });
}

QByteArray KnownAnswers::answer(const QByteArray &question, const std::function<QByteArray()> &ask)
{
    const QMutexLocker lock(&m_lock);
    auto known = m_answers.find(question);
    if (known == m_answers.end())
        known = m_answers.insert(question, ask());
    return *known;
}

void SmartHost::know(KnownAnswers &answers, const QByteArray &state)
{
    m_known = &answers;
    m_state = state;
}

QString SmartHost::url(const QString &repository) const
{
    return QStringLiteral("http://127.0.0.1:%1/%2").arg(m_server.serverPort()).arg(repository);
}

void SmartHost::serve(QTcpSocket *socket)
{
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        QByteArray pending = socket->property("pending").toByteArray() + socket->readAll();
        for (;;) {
            const qsizetype end = pending.indexOf("\r\n\r\n");
            if (end < 0)
                break;
            const QByteArray head = pending.left(end);
            const qsizetype length = header(head, "content-length").toLongLong();
            if (pending.size() < end + 4 + length)
                break;
            socket->write(answer(head, pending.mid(end + 4, length)));
            pending.remove(0, end + 4 + length);
        }
        socket->setProperty("pending", pending);
    });
}

QByteArray SmartHost::answer(const QByteArray &head, const QByteArray &body)
{
    const QByteArray sent = header(head, "authorization");
    if (QByteArray::fromBase64(sent.mid(6)) != "x-access-token:" + m_token) {
        ++m_refused;
        return response("401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", {});
    }
    ++m_allowed;
    if (!m_known)
        return askGit(head, body);
    return m_known->answer(m_state + head.left(head.indexOf('\r')) + body,
                           [&] { return askGit(head, body); });
}

QByteArray SmartHost::askGit(const QByteArray &head, const QByteArray &body) const
{
    const QList<QByteArray> words = head.left(head.indexOf('\r')).split(' ');
    const QList<QByteArray> target = words.value(1).split('?');
    QProcess backend;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto set = [&](const char *name, const QByteArray &value) {
        environment.insert(QLatin1String(name), QString::fromUtf8(value));
    };
    set("GIT_PROJECT_ROOT", m_folder.toUtf8());
    set("GIT_HTTP_EXPORT_ALL", "1");
    set("GIT_CONFIG_COUNT", "1"); // the test's folder may belong to another user
    set("GIT_CONFIG_KEY_0", "safe.directory");
    set("GIT_CONFIG_VALUE_0", "*");
    set("REQUEST_METHOD", words.value(0));
    set("PATH_INFO", target.value(0));
    set("QUERY_STRING", target.value(1));
    set("CONTENT_TYPE", header(head, "content-type"));
    set("CONTENT_LENGTH", QByteArray::number(body.size()));
    backend.setProcessEnvironment(environment);
    backend.start(QStringLiteral("git"), {QStringLiteral("http-backend")});
    backend.write(body);
    backend.closeWriteChannel();
    if (!backend.waitForFinished())
        return response("500 Internal Server Error", {}, {});
    const QByteArray said = backend.readAllStandardOutput();
    const qsizetype end = said.indexOf("\r\n\r\n");
    QByteArray headers = said.left(end + 2);
    QByteArray status = "200 OK";
    if (headers.startsWith("Status: ")) {
        status = headers.mid(8, headers.indexOf('\r') - 8);
        headers.remove(0, headers.indexOf('\n') + 1);
    }
    return response(status, headers, said.mid(end + 4));
}

} // namespace pilothouse
