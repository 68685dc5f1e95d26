#include "app/sandbox/cluster/podlogs.h"

#include "app/sandbox/cluster/manifests.h"
#include "app/sandbox/kubernetes/objectstore.h"
#include "app/sandbox/parts/logtexts.h"
#include "app/sandbox/world/world.h"

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

constexpr qsizetype keptLines = 5000;
constexpr double lineEvery = 0.5;
constexpr int oldLines = 240;
constexpr double mostErrorsAtOnce = 4;

QString keyOf(const QJsonObject &pod)
{
    return namespaceOf(pod) + QLatin1Char('/') + nameOf(pod);
}

PodState stateOf(const World &world, const QString &nickname, const QByteArray &label)
{
    const TrackMeter &meter = world.meter(standalone);
    const LoadFigures figures = meter.figures(label);
    PodState state;
    state.release = nickname;
    state.poolInUse = figures.poolInUse;
    state.poolSize = meter.poolSize(label);
    state.heldMs = world.scenario().revisions.value(nickname).held * 1000;
    state.p95Ms = figures.p95 * 1000;
    // The pool's errors are paced by the counters, see writePoolErrors.
    state.errorRatio = 0;
    return state;
}

} // namespace

PodLogs::PodLogs(World &world, ObjectStore &store, QObject *parent)
    : QObject(parent), m_world(world), m_store(store)
{
    connect(&world, &World::moved, this, &PodLogs::write);
}

void PodLogs::append(Log &log, const QDateTime &at, const QByteArray &text)
{
    const Line line{at, text};
    log.lines.append(line);
    if (log.lines.size() > keptLines)
        log.lines.removeFirst();
    for (const ExchangePtr &follower : log.followers)
        follower->write(rendered(line, follower->request));
}

PodLogs::Log &PodLogs::logOf(const QJsonObject &pod)
{
    const QString key = keyOf(pod);
    const auto known = m_logs.find(key);
    if (known != m_logs.end())
        return known->second;
    Log &log = m_logs[key];
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime created
        = QDateTime::fromString(metadataText(pod, "creationTimestamp"), Qt::ISODate);
    const QString sha = imageTag(pod);
    const QString nickname = m_world.nickname(sha);
    const bool worker = labelOf(pod, "track") == QLatin1String("worker");
    log.nextLine = m_world.clockSecond();
    if (!worker)
        for (const QByteArray &text : startupLines(nickname, sha, created))
            append(log, created, text);
    // What it wrote before anybody looked; not longer back than it has lived.
    const PodState quiet = stateOf(m_world, nickname, "stable");
    for (int i = oldLines; i > 0; --i) {
        const QDateTime at = now.addMSecs(qint64(-i * lineEvery * 1000));
        if (at < created)
            continue;
        append(log, at, worker ? workerLine(at, log.serial) : podLine(quiet, at, log.serial));
        ++log.serial;
    }
    return log;
}

void PodLogs::writePod(const QJsonObject &pod, double now)
{
    Log &log = logOf(pod);
    const QString track = labelOf(pod, "track");
    const bool worker = track == QLatin1String("worker");
    const bool candidate = track == QLatin1String("candidate");
    const TrackTraffic traffic = m_world.traffic(standalone);
    const bool idle = candidate && traffic.weight == 0;
    while (log.nextLine <= now) {
        const QDateTime at = m_world.wallTime(log.nextLine);
        log.nextLine += lineEvery;
        if (idle)
            continue;
        if (worker)
            append(log, at, workerLine(at, log.serial));
        else
            append(log, at,
                   podLine(stateOf(m_world, m_world.nickname(imageTag(pod)), track.toLatin1()), at,
                           log.serial));
        ++log.serial;
    }
}

void PodLogs::writePoolErrors(const QStringList &pods, double now)
{
    const TrackMeter &meter = m_world.meter(standalone);
    const RequestCount count = meter.count("candidate");
    const TrackTraffic traffic = m_world.traffic(standalone);
    const double normal = m_world.scenario().revisions.value(traffic.candidate).errorRatio;
    const double failed = count.failed - normal * count.requests;
    if (m_failedTold < 0 || failed < m_failedTold || pods.isEmpty()) {
        m_failedTold = failed;
        return;
    }
    m_errorsDue = std::min(m_errorsDue + failed - m_failedTold, mostErrorsAtOnce);
    m_failedTold = failed;
    const QDateTime at = m_world.wallTime(now);
    for (; m_errorsDue >= 1; m_errorsDue -= 1) {
        Log &log = m_logs[pods[m_turn++ % pods.size()]];
        append(log, at, poolErrorLine(at, log.serial++));
    }
}

void PodLogs::write()
{
    const double now = m_world.clockSecond();
    QStringList candidates;
    QStringList alive;
    for (const QJsonObject &pod :
         m_store.list(resourceType("pods"), m_world.scenario().nameSpace)) {
        alive.append(keyOf(pod));
        if (!isReady(pod))
            continue;
        writePod(pod, now);
        if (labelOf(pod, "track") == QLatin1String("candidate"))
            candidates.append(keyOf(pod));
    }
    writePoolErrors(candidates, now);
    for (auto it = m_logs.begin(); it != m_logs.end();) {
        if (it->first.startsWith(m_world.scenario().nameSpace + QLatin1Char('/'))
            && !alive.contains(it->first)) {
            const QList<ExchangePtr> followers = it->second.followers;
            it = m_logs.erase(it);
            for (const ExchangePtr &follower : followers) {
                follower->onClosed = nullptr;
                follower->end();
            }
        } else {
            ++it;
        }
    }
}

QByteArray PodLogs::rendered(const Line &line, const Request &request)
{
    QByteArray text = line.text + '\n';
    if (request.flag("timestamps"))
        text.prepend(line.at.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz")).toLatin1()
                     + "000000Z ");
    return text;
}

void PodLogs::answer(const ExchangePtr &exchange, const QJsonObject &pod)
{
    const Request &request = exchange->request;
    if (request.flag("previous"))
        return exchange->replyJson(
            400, badRequest(QStringLiteral("previous terminated container \"app\" in pod \"%1\" "
                                           "not found")
                                .arg(nameOf(pod)))
                     .status);
    if (!isReady(pod))
        return exchange->replyJson(
            400, badRequest(QStringLiteral("container \"app\" in pod \"%1\" is waiting to start: "
                                           "ContainerCreating")
                                .arg(nameOf(pod)))
                     .status);
    Log &log = logOf(pod);
    QDateTime since = QDateTime::fromString(request.parameter("sinceTime"), Qt::ISODateWithMs);
    if (const int seconds = request.parameter("sinceSeconds").toInt(); seconds > 0)
        since = QDateTime::currentDateTimeUtc().addSecs(-seconds);
    QList<Line> lines;
    for (const Line &line : log.lines)
        if (!since.isValid() || line.at >= since)
            lines.append(line);
    bool limited = false;
    const int tail = request.parameter("tailLines").toInt(&limited);
    if (limited && tail >= 0 && lines.size() > tail)
        lines = lines.mid(lines.size() - tail);
    QByteArray bytes;
    for (const Line &line : lines)
        bytes += rendered(line, request);
    if (const int limit = request.parameter("limitBytes").toInt(); limit > 0)
        bytes.truncate(limit);
    const HeaderList headers{{"Content-Type", "text/plain"}};
    if (!request.flag("follow"))
        return exchange->reply(200, headers, bytes);
    exchange->begin(200, headers);
    exchange->write(bytes);
    log.followers.append(exchange);
    exchange->onClosed = [this, key = keyOf(pod), raw = exchange.get()] {
        const auto it = m_logs.find(key);
        if (it == m_logs.end())
            return;
        it->second.followers.removeIf([raw](const ExchangePtr &each) { return each.get() == raw; });
    };
}

} // namespace pilothouse::sandbox
