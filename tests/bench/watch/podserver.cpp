#include "bench/watch/podserver.h"

#include "bench/watch/podplan.h"

#include <cstdio>

namespace pilothouse::bench {
namespace {

const sandbox::HeaderList json{{"Content-Type", "application/json"}};

QByteArray service(const QString &name, const char *track)
{
    return "{\"metadata\":{\"name\":\"" + name.toLatin1()
           + "\",\"resourceVersion\":\"7\"},\"spec\":{\"selector\":{\"app\":"
             "\"context-intelligence\",\"track\":\""
           + track + "\"}}}";
}

QByteArray route()
{
    return "{\"metadata\":{\"name\":\"context-intelligence\",\"namespace\":\"production\",\"uid\":"
           "\"r\",\"resourceVersion\":\"8\",\"generation\":1},\"spec\":{\"parentRefs\":[{\"name\":"
           "\"public\"}],\"rules\":[{\"backendRefs\":[{\"name\":\""
           + PodPlan::stable().toLatin1() + "\",\"port\":80,\"weight\":90},{\"name\":\""
           + PodPlan::candidate().toLatin1()
           + "\",\"port\":80,\"weight\":10}]}]},\"status\":{\"parents\":[{\"conditions\":[{"
             "\"type\":\"Accepted\",\"status\":\"True\",\"observedGeneration\":1},{\"type\":"
             "\"ResolvedRefs\",\"status\":\"True\",\"observedGeneration\":1}]}]}}";
}

void say(const QByteArray &line)
{
    std::fputs((line + '\n').constData(), stdout);
    std::fflush(stdout);
}

} // namespace

PodServer::PodServer(const PodRecording &recording, int changesPerSecond)
    : m_recording(recording), m_perSecond(changesPerSecond)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(2);
    connect(&m_timer, &QTimer::timeout, this, &PodServer::sendDue);
}

bool PodServer::listen()
{
    auto server = sandbox::Server::listen(
        0, [this](const sandbox::ExchangePtr &exchange) { answer(exchange); });
    if (!server)
        return false;
    m_server = std::move(*server);
    say("PORT " + QByteArray::number(m_server->port()));
    return true;
}

void PodServer::answer(const sandbox::ExchangePtr &exchange)
{
    const QString kind = exchange->request.path.section(QLatin1Char('/'), -1);
    if (exchange->request.method == "POST") {
        exchange->reply(201, json, "{\"status\":{\"allowed\":true}}");
    } else if (exchange->request.flag("watch")) {
        exchange->begin(200, json);
        m_watches.append(exchange);
        if (kind == QLatin1String("pods") && !m_podWatch) {
            m_podWatch = exchange;
            m_since.start();
            m_timer.start();
        }
    } else if (kind == QLatin1String("pods")) {
        list(exchange, m_recording.listed());
    } else if (kind == QLatin1String("services")) {
        list(exchange,
             {service(PodPlan::stable(), "stable"), service(PodPlan::candidate(), "canary")});
    } else if (kind == QLatin1String("deployments")) {
        list(exchange, {});
    } else if (kind == QLatin1String("httproutes")) {
        list(exchange, {route()});
    } else {
        exchange->reply(200, json, route());
    }
}

/// In pages, as an API server does.
void PodServer::list(const sandbox::ExchangePtr &exchange, const QByteArrayList &objects) const
{
    const qsizetype first = exchange->request.parameter("continue").toInt();
    const qsizetype limit = exchange->request.parameter("limit").toInt();
    const qsizetype end = limit > 0 ? std::min(first + limit, objects.size()) : objects.size();
    const QByteArray more
        = end < objects.size() ? ",\"continue\":\"" + QByteArray::number(end) + '"' : QByteArray();
    QByteArray body = "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{"
                      "\"resourceVersion\":\""
                      + m_recording.version() + '"' + more + "},\"items\":[";
    for (qsizetype i = first; i < end; ++i)
        body += (i > first ? "," : "") + objects[i];
    exchange->reply(200, json, body + "]}");
}

void PodServer::sendDue()
{
    const qint64 due
        = std::min<qint64>(m_recording.changes().size(), m_since.elapsed() * m_perSecond / 1000);
    QByteArray lines;
    for (; m_sent < due; ++m_sent)
        lines += m_recording.changes()[m_sent];
    if (!lines.isEmpty())
        m_podWatch->write(lines);
    if (m_sent < m_recording.changes().size())
        return;
    m_timer.stop();
    say("SENT");
}

} // namespace pilothouse::bench
