#include "app/tour/sandboxprocess.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QTcpSocket>
#include <QUrl>

#include <sys/prctl.h>

#include <csignal>

namespace pilothouse {
namespace {

constexpr int patienceMilliseconds = 30'000;
constexpr int answerMilliseconds = 5'000;

} // namespace

SandboxProcess::SandboxProcess(const QString &program) : m_program(program)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
}

SandboxProcess::~SandboxProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(answerMilliseconds))
        m_process.kill();
    m_process.waitForFinished(answerMilliseconds);
}

bool SandboxProcess::start(const QStringList &arguments)
{
    m_process.start(m_program, arguments);
    if (!m_process.waitForStarted()) {
        m_problem
            = QStringLiteral("%1 could not be started: %2").arg(m_program, m_process.errorString());
        return false;
    }
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(patienceMilliseconds)) {
            m_problem = QStringLiteral("%1 said nothing within %2 s")
                            .arg(m_program)
                            .arg(patienceMilliseconds / 1000);
            return false;
        }
    }
    m_addresses = QJsonDocument::fromJson(m_process.readLine()).object();
    if (!m_addresses.value(QLatin1String("ready")).toBool()) {
        m_problem = QStringLiteral("%1 did not say that it is ready").arg(m_program);
        return false;
    }
    return true;
}

/// HTTP by hand: the console's own client must have no part in watching it.
QByteArray SandboxProcess::ask(const char *method, const QString &path, const QByteArray &body)
{
    const QUrl url(address(QStringLiteral("control")));
    QTcpSocket socket;
    socket.connectToHost(url.host(), quint16(url.port()));
    if (!socket.waitForConnected(answerMilliseconds))
        return {};
    QByteArray request
        = QByteArray(method) + ' ' + (url.path() + path).toUtf8()
          + " HTTP/1.1\r\nHost: " + url.authority().toUtf8()
          + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
          + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    socket.write(request);
    QByteArray answer;
    while (socket.state() == QAbstractSocket::ConnectedState
           && socket.waitForReadyRead(answerMilliseconds))
        answer += socket.readAll();
    answer += socket.readAll();
    return answer;
}

bool SandboxProcess::fault(const QString &spec)
{
    const QByteArray body
        = QJsonDocument(QJsonObject{{QStringLiteral("spec"), spec}}).toJson(QJsonDocument::Compact);
    return ask("POST", QStringLiteral("/fault"), body).startsWith("HTTP/1.1 2");
}

QJsonObject SandboxProcess::state()
{
    const QByteArray answer = ask("GET", QStringLiteral("/state"), {});
    return QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4)).object();
}

} // namespace pilothouse
