#include "app/sandbox/control.h"

#include "app/sandbox/world/story.h"
#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse::sandbox {

namespace {

QJsonValue orNull(const std::optional<double> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonObject trackState(const World &world, const QString &track)
{
    const TrackTraffic traffic = world.traffic(track);
    const TrackMeter &meter = world.meter(track);
    const auto side = [&](const QString &nickname, const QByteArray &label) {
        const LoadFigures figures = meter.figures(label);
        return QJsonObject{{QStringLiteral("revision"), nickname},
                           {QStringLiteral("commit"), world.commit(nickname)},
                           {QStringLiteral("errorRatio"), figures.errorRatio},
                           {QStringLiteral("p95"), figures.p95},
                           {QStringLiteral("poolInUse"), figures.poolInUse},
                           {QStringLiteral("poolSize"), meter.poolSize(label)}};
    };
    const QByteArray stable = world.metricLabel(track, traffic.stable);
    QJsonObject out{{QStringLiteral("weight"), traffic.weight},
                    {QStringLiteral("stable"), side(traffic.stable, stable)}};
    double whole = meter.figures(stable).errorRatio * (100 - traffic.weight) / 100;
    if (!traffic.candidate.isEmpty()) {
        const QByteArray label = track == QLatin1String("standalone")
                                     ? QByteArray("candidate")
                                     : world.metricLabel(track, traffic.candidate);
        out.insert(QStringLiteral("candidate"), side(traffic.candidate, label));
        whole += meter.figures(label).errorRatio * traffic.weight / 100;
    }
    out.insert(QStringLiteral("errorRatio"), whole);
    return out;
}

QString word(AlertWatch::State state)
{
    switch (state) {
    case AlertWatch::State::Quiet:
        return QStringLiteral("quiet");
    case AlertWatch::State::Pending:
        return QStringLiteral("pending");
    case AlertWatch::State::Firing:
        return QStringLiteral("firing");
    }
    return {};
}

} // namespace

Control::Control(World &world, FaultPlan &faults, QObject *parent)
    : QObject(parent), m_world(world), m_faults(faults)
{}

void Control::setServerState(const QString &server, const QString &state)
{
    m_servers.insert(server, state);
}

QJsonObject Control::state() const
{
    const Story &story = m_world.story();
    QJsonObject tracks;
    for (const QString &track : m_world.scenario().tracks.keys())
        tracks.insert(track, trackState(m_world, track));
    QJsonArray said;
    for (const Said &line : story.said())
        said.append(QJsonObject{{QStringLiteral("second"), line.clockSecond},
                                {QStringLiteral("who"), line.who},
                                {QStringLiteral("text"), line.text}});
    QJsonArray played;
    for (const int beat : story.played())
        played.append(beat);
    QJsonArray runs;
    for (const RunRecord &run : m_world.runs().runs())
        runs.append(QJsonObject{{QStringLiteral("id"), run.id},
                                {QStringLiteral("workflow"), run.workflow.file},
                                {QStringLiteral("revision"), run.revision},
                                {QStringLiteral("status"), run.status()},
                                {QStringLiteral("conclusion"), run.conclusion}});
    QJsonObject commits;
    for (const QString &nickname : m_world.scenario().revisions.keys())
        commits.insert(nickname, m_world.commit(nickname));
    const DrillScore &score = story.score();
    return {{QStringLiteral("beat"), m_world.beat()},
            {QStringLiteral("played"), played},
            {QStringLiteral("second"), m_world.second()},
            {QStringLiteral("speed"), m_world.options().speed},
            {QStringLiteral("tracks"), tracks},
            {QStringLiteral("alert"), word(story.alert().state())},
            {QStringLiteral("worker"), m_world.workerRevision()},
            {QStringLiteral("runs"), runs},
            {QStringLiteral("said"), said},
            {QStringLiteral("commits"), commits},
            {QStringLiteral("servers"), m_servers},
            {QStringLiteral("score"),
             QJsonObject{{QStringLiteral("badAt"), orNull(score.badAt)},
                         {QStringLiteral("firingAt"), orNull(score.firingAt)},
                         {QStringLiteral("confirmAt"), orNull(score.confirmAt)},
                         {QStringLiteral("askedAt"), orNull(score.askedAt)},
                         {QStringLiteral("acceptedAt"), orNull(score.acceptedAt)},
                         {QStringLiteral("requestsFailed"), score.requestsFailed},
                         {QStringLiteral("wrongTargets"), score.wrongTargets},
                         {QStringLiteral("promotedInSpite"), score.promotedInSpite}}}};
}

void Control::answer(const ExchangePtr &exchange, const QString &path)
{
    const Request &request = exchange->request;
    if (path == QLatin1String("/state") && request.method == "GET")
        return exchange->replyJson(200, state());
    if (path == QLatin1String("/fault") && request.method == "POST") {
        const QString spec = QJsonDocument::fromJson(request.body)
                                 .object()
                                 .value(QLatin1String("spec"))
                                 .toString();
        const auto applied = m_faults.apply(spec);
        if (!applied)
            return exchange->replyJson(
                400, QJsonObject{{QStringLiteral("message"), applied.error().message}});
        return exchange->replyJson(200, QJsonObject{{QStringLiteral("applied"), spec}});
    }
    exchange->replyJson(
        404, QJsonObject{{QStringLiteral("message"), QStringLiteral("GET /control/state or "
                                                                    "POST /control/fault")}});
}

} // namespace pilothouse::sandbox
