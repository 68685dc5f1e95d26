#include "crash/weather/log/podlogscene.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int turn = 10; // ms
constexpr int linesATurn = 10;
constexpr int rotatedAt = 120; // lines
constexpr int betweenErrors = 10;

QDateTime writtenAt(int line)
{
    return QDateTime(QDate(2026, 11, 24), QTime(13, 30), QTimeZone::utc()).addMSecs(line * 37);
}

bool isError(int line)
{
    return line % betweenErrors == 0;
}

QString textOf(int line)
{
    return QStringLiteral("request %1 of %2").arg(line).arg(PodLogScene::lines);
}

QByteArray lineOf(int line)
{
    return writtenAt(line).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")).toLatin1()
           + "000001Z " + (isError(line) ? "ERROR " : "INFO ") + textOf(line).toLatin1() + '\n';
}

} // namespace

PodLogScene::PodLogScene()
{
    auto listening = sandbox::Server::listen(
        0, [this](const sandbox::ExchangePtr &exchange) { answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
    QObject::connect(&m_time, &QTimer::timeout, &m_time, [this] { goOn(); });
    m_time.start(turn);
}

QUrl PodLogScene::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
}

QByteArray PodLogScene::log()
{
    QByteArray all;
    for (int line = 0; line < lines; ++line)
        all += lineOf(line);
    return all;
}

int PodLogScene::errors()
{
    return lines / betweenErrors;
}

QString PodLogScene::newestError()
{
    return textOf(lines - betweenErrors);
}

void PodLogScene::answer(const sandbox::ExchangePtr &exchange)
{
    const QDateTime since
        = QDateTime::fromString(exchange->request.parameter("sinceTime"), Qt::ISODate);
    Follower follower{exchange, 0};
    while (since.isValid() && follower.next < lines && writtenAt(follower.next) < since)
        ++follower.next;
    exchange->begin(200, {{"Content-Type", "text/plain"}});
    serve(follower);
    if (exchange->isOpen())
        m_followers.append(follower);
}

void PodLogScene::serve(Follower &follower) const
{
    for (; follower.next < m_written; ++follower.next)
        follower.exchange->write(lineOf(follower.next));
    if (m_written == lines)
        follower.exchange->end();
}

void PodLogScene::goOn()
{
    const int before = m_written;
    m_written = std::min(m_written + linesATurn, lines);
    const bool rotated = before < rotatedAt && m_written >= rotatedAt;
    for (Follower &follower : m_followers) {
        serve(follower);
        if (rotated)
            follower.exchange->end();
    }
    m_followers.removeIf([](const Follower &follower) { return !follower.exchange->isOpen(); });
}

} // namespace pilothouse
