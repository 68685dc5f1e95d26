#include "release/oncall/oncall.h"

#include "base/reading.h"
#include "base/words.h"
#include "migration/act/pausing.h"
#include "pipeline/pipelinecontroller.h"
#include "release/oncall/badstart.h"
#include "release/oncall/earlier.h"
#include "release/oncall/hurting.h"
#include "release/oncall/lasterror.h"
#include "release/oncall/lastknownkeeper.h"
#include "release/oncall/lookback.h"
#include "release/oncall/lostsources.h"
#include "release/oncall/recent.h"
#include "release/oncall/waysout.h"
#include "release/pods/trackpods.h"
#include "release/releasecontroller.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

constexpr qsizetype mostChanges = 8; ///< lines of one panel, with what cannot be told
constexpr qsizetype leastCauses = 4;
constexpr qsizetype mostSinceBad = 3;
constexpr std::chrono::milliseconds longestUndrawn{60'000};

/// At most so much of the traffic may be where it is measured: what is asked and what is accepted
/// both count, until they agree.
void tellShares(TrackHealth &health, const RolloutController &track)
{
    const WeightView weights = track.weights();
    const int asked = weights.asked.value_or(Weight{0}).percent;
    const int accepted = weights.accepted.value_or(Weight{asked}).percent;
    health.candidatePercent = std::max(asked, accepted);
    health.stablePercent = 100 - std::min(asked, accepted);
}

bool isInFlight(const RolloutController &track)
{
    TrackHealth health;
    tellShares(health, track);
    return health.candidatePercent > 0;
}

QString guardText(const RolloutController &track)
{
    const std::optional<ArmedGuard> &armed = track.guard().armed();
    return armed ? Words::tr("guard armed by %1").arg(armed->by) : Words::tr("no guard");
}

} // namespace

OnCall::OnCall(ReleaseController &release, QList<RolloutController *> tracks,
               MigrationController &migrations, Clock &clock, QObject *parent)
    : QObject(parent), m_release(release), m_tracks(std::move(tracks)), m_migrations(migrations),
      m_clock(clock), m_badStart(new BadStart(clock, this))
{
    connect(m_badStart, &BadStart::changed, this, [this] {
        lookForTheStart();
        Q_EMIT changed();
    });
    connect(&release, &ReleaseController::changed, this, &OnCall::changed);
    connect(&release, &ReleaseController::latelyChanged, this, &OnCall::changed);
    connect(&migrations, &MigrationController::changed, this, &OnCall::changed);
    connect(&migrations, &MigrationController::sourceStateChanged, this, &OnCall::changed);
    for (const RolloutController *track : std::as_const(m_tracks)) {
        connect(track, &RolloutController::changed, this, &OnCall::changed);
        connect(track, &RolloutController::chartsChanged, this, [this] {
            lookForTheStart();
            Q_EMIT changed();
        });
        connect(track, &RolloutController::sourceChanged, this, &OnCall::changed);
    }
}

void OnCall::addPods(TrackPods &pods)
{
    m_pods.append(&pods);
    connect(&pods, &TrackPods::changed, this, &OnCall::changed);
}

bool OnCall::isKnown() const
{
    return std::all_of(m_tracks.begin(), m_tracks.end(), [](const RolloutController *track) {
        return track->traffic().has_value() || track->trafficSource().error.has_value();
    });
}

void OnCall::setVisible(bool visible)
{
    m_visible = visible;
    for (RolloutController *track : std::as_const(m_tracks))
        visible ? track->look(this) : track->lookAway(this);
    for (TrackPods *pods : std::as_const(m_pods))
        visible ? pods->look(this) : pods->lookAway(this);
    visible ? lookForTheStart() : m_badStart->forget();
    lookBack();
}

void OnCall::setClusterEvents(ClusterEventSource &source)
{
    m_lookback = new Lookback(source, m_clock, this);
    connect(m_lookback, &Lookback::changed, this, &OnCall::changed);
    connect(this, &OnCall::changed, this, &OnCall::lookBack);
    lookBack();
}

void OnCall::setCiHost(PipelineController &pipeline)
{
    m_pipeline = &pipeline;
    connect(&pipeline, &PipelineController::sourceChanged, this, &OnCall::changed);
}

QList<LostLine> OnCall::lost() const
{
    QList<RoleState> sources;
    for (const RolloutController *track : m_tracks)
        sources.append({SourceRole::Traffic, track->trafficSource(), track->track().value});
    for (const RolloutController *track : m_tracks)
        sources.append({SourceRole::Metrics, track->metricsSource(), {}});
    for (const RolloutController *track : m_tracks)
        sources.append({SourceRole::Alerts, track->alertsSource(), {}});
    sources.append({SourceRole::Schema, m_migrations.sourceState(), {}});
    if (m_pipeline)
        sources.append({SourceRole::CiHost, m_pipeline->runState(), {}});
    QList<LostLine> lines;
    for (const RolloutController *track : m_tracks)
        lines += stillAbleLines(track->track(), track->runs());
    return lines + lostLines(sources, m_clock.sinceBoot());
}

QString OnCall::alertsUnknown() const
{
    for (const RolloutController *track : m_tracks) {
        QString unseen = unseenAlerts(track->metricsSource(), track->alertsSource());
        if (!unseen.isEmpty())
            return unseen;
    }
    return {};
}

QString OnCall::alertsReading() const
{
    for (const RolloutController *track : m_tracks) {
        const SourceState metrics = track->metricsSource();
        if (metrics.health == SourceState::Health::Loading)
            return Words::tr("waiting for the first answer of %1").arg(metrics.name);
    }
    return {};
}

QList<LastKnownLine> OnCall::lastKnown() const
{
    if (!m_lastKnown)
        return {};
    QList<TrackName> lostTracks;
    for (const RolloutController *track : m_tracks) {
        if (isLost(track->trafficSource()))
            lostTracks.append(track->track());
    }
    return lastKnownLines(m_lastKnown->known(), lostTracks, m_clock.now());
}

void OnCall::lookBack()
{
    if (!m_visible || !m_lookback)
        return;
    QList<PodOfTrack> pods;
    for (const RolloutController *track : std::as_const(m_tracks)) {
        const auto &traffic = track->traffic();
        if (!traffic)
            continue;
        for (const auto *revision : {&traffic->value.candidate, &traffic->value.stable}) {
            if (*revision && !(*revision)->pods.isEmpty())
                pods.append({track->track(), (*revision)->pods.constFirst()});
        }
    }
    m_lookback->want(firstBad(hurting()), pods);
}

TrackHealth OnCall::healthOf(const RolloutController &track) const
{
    TrackHealth health;
    health.track = track.track();
    health.charts = track.charts();
    health.from = track.chartsFrom();
    health.to = track.chartsTo();
    tellShares(health, track);
    health.metrics = track.metricsSource();
    // Without traffic there is no candidate to draw: that is waited for only while it may come.
    const bool mayBeDrawn = track.traffic() || !track.trafficSource().error;
    health.isDrawn = track.chartsFrom().isValid() || health.charts.isEmpty() || !mayBeDrawn;
    if (health.metrics.lastGoodSinceBoot.count() > 0)
        health.age = m_clock.sinceBoot() - health.metrics.lastGoodSinceBoot;
    // While nobody looked nothing was drawn: what stands there says nothing of now.
    const bool isOld
        = health.to.isValid() && health.to.msecsTo(track.metricsNow()) > longestUndrawn.count();
    if (isOld && health.metrics.health == SourceState::Health::Live) {
        health.charts.clear();
        health.isDrawn = false;
    }
    const BadStart::Known known = m_badStart->of(health.track);
    health.history = known.charts;
    health.historyFrom = known.from;
    return health;
}

void OnCall::lookForTheStart()
{
    for (RolloutController *track : std::as_const(m_tracks)) {
        if (m_visible)
            lookForTheStart(*track);
    }
}

void OnCall::lookForTheStart(RolloutController &track)
{
    TrackHealth health = healthOf(track);
    // Who does not answer is not asked for more; what is known of it stays.
    if (health.metrics.health != SourceState::Health::Live)
        return;
    const auto isOpen = [&health] {
        const HurtLine line = hurtLine(health);
        return line.state == HurtLine::State::Hurting && line.sinceKind == HurtLine::Since::Before;
    };
    BadStart::Look look;
    look.track = health.track;
    const QList<ChartSeries> history = std::exchange(health.history, {});
    look.isNeeded = isOpen();
    health.history = history;
    look.isOpen = look.isNeeded && isOpen();
    look.now = track.metricsNow();
    m_badStart->look(look, [&track](const QDateTime &from, const QDateTime &to) {
        return track.chartsBetween(from, to);
    });
}

QList<HurtLine> OnCall::hurting() const
{
    QList<HurtLine> lines;
    for (const RolloutController *track : m_tracks)
        lines.append(hurtLine(healthOf(*track)));
    return lines;
}

QList<EarlierLine> OnCall::earlier(const QDateTime &firstBad) const
{
    QList<EarlierLine> lines = changedBefore(m_release.happened(), firstBad);
    if (m_lookback && m_lookback->found())
        lines += changedBefore(m_lookback->found()->events, firstBad);
    for (const RolloutController *track : m_tracks) {
        if (track->charts().isEmpty())
            continue;
        const QList<ChartSeries> history = m_badStart->of(track->track()).charts;
        const ChartSeries requests = history.size() == track->charts().size()
                                         ? joined(history.last(), track->charts().last())
                                         : track->charts().last();
        if (const auto rise = trafficRise(track->track(), requests, firstBad))
            lines.append(*rise);
    }
    lines = newestFirst(lines);
    for (const RolloutController *track : m_tracks) {
        if (isInFlight(*track))
            tellInFlight(lines, track->track(), guardText(*track));
    }
    return lines;
}

void OnCall::tellEarlier(OnCallView &view) const
{
    view.earlier = earlier(view.firstBad);
    if (!view.firstBad.isValid())
        return;
    QStringList reading;
    if (m_badStart->isReading())
        reading << Words::tr("how long it has hurt is being read");
    if (m_lookback && m_lookback->found())
        view.earlierUnknown = m_lookback->found()->unknown;
    else if (m_lookback)
        reading << Words::tr("config maps and cron jobs are being read");
    view.earlierReading = reading.join(QStringLiteral(" · "));
    const QString failure = m_badStart->failure();
    if (view.firstBadKind == HurtLine::Since::Before && !failure.isEmpty())
        view.earlierUnknown.prepend(Words::tr("how long it has hurt: %1").arg(failure));
}

void OnCall::tellRecent(OnCallView &view) const
{
    const bool hurts = view.firstBad.isValid();
    const auto &found = m_lookback ? m_lookback->found() : std::nullopt;
    // While it hurts the clusters were asked for the time before that.
    const bool asked = m_lookback && !hurts;
    QList<LatelyLine> happened = m_release.happened();
    if (hurts) // an alert is a consequence then, and stands elsewhere
        happened.removeIf(
            [](const LatelyLine &line) { return line.source == LatelyLine::Source::Alert; });
    view.recent = recentLines(happened, asked && found ? found->events : QList<ClusterEvent>(),
                              m_clock.now());
    if (hurts)
        view.recent.removeIf([&view](const RecentLine &line) { return line.at <= view.firstBad; });
    const qsizetype most = hurts ? mostSinceBad : mostChanges;
    view.recentMore = std::max<qsizetype>(0, view.recent.size() - most);
    view.recent = view.recent.mid(0, most);
    view.recentUnknown = recentUnknown(m_release.unheard(), view.lost,
                                       asked && found ? found->unknown : QStringList());
    const qsizetype besides
        = view.recent.size() + view.recentUnknown.size() + view.earlierUnknown.size();
    const qsizetype causes = std::max(leastCauses, mostChanges - besides);
    view.earlierMore = std::max<qsizetype>(0, view.earlier.size() - causes);
    view.earlier = view.earlier.mid(0, causes);
    view.recentReading = recentReading(m_release.unheard());
    if (asked && !found && view.recentReading.isEmpty())
        view.recentReading = Words::tr("being read: config maps and cron jobs");
}

OnCallView OnCall::view() const
{
    OnCallView view;
    view.lost = lost();
    view.lastKnown = lastKnown();
    view.hurting = hurting();
    view.firstBad = firstBad(view.hurting);
    view.firstBadKind = firstBadKind(view.hurting);
    QList<Alert> alerts;
    for (const RolloutController *track : m_tracks)
        alerts += track->alerts();
    view.alerts = alertLines(alerts, m_release.happened(), m_release.unheard().isEmpty());
    for (const RolloutController *track : m_tracks)
        addOfNoTrack(track->alertsOfNoTrack(), view.alerts);
    view.alertsUnknown = alertsUnknown();
    view.alertsReading = alertsReading();
    tellEarlier(view);
    tellRecent(view);
    for (const RolloutController *track : m_tracks)
        view.ways.append(rollbackLine(*track, liveRowOf(m_release.live(), track->track())));
    for (const ChangeKey &key : m_migrations.keys()) {
        if (const auto line = pauseWay(key))
            view.ways.append(*line);
    }
    for (const RolloutController *track : m_tracks) {
        if (const auto line = holdLine(*track, liveRowOf(m_release.live(), track->track())))
            view.ways.append(*line);
    }
    QList<TrackErrors> pods;
    for (const TrackPods *each : m_pods)
        pods.append({each->track().track(), each->errors()});
    if (const auto line = lastErrorLine(pods, view.hurting))
        view.ways.append(*line);
    return view;
}

std::optional<WayLine> OnCall::pauseWay(const ChangeKey &key) const
{
    const auto change = m_migrations.view(key);
    if (!change)
        return std::nullopt;
    const Limits limits = m_tracks.isEmpty() ? Limits() : m_tracks.first()->settings().limits;
    const auto age = change->facts ? change->facts->age(m_clock) : std::chrono::milliseconds(0);
    return pauseLine(*change, age, limits);
}

std::optional<Preview> OnCall::previewPause(const ChangeKey &change) const
{
    return m_migrations.pausePreview(change);
}

QFuture<Outcome> OnCall::pause(const ChangeKey &change)
{
    const auto way = pauseWay(change);
    if (way && !way->offBecause.isEmpty())
        return QtFuture::makeReadyFuture(Outcome{Outcome::Kind::Refused, way->offBecause, {}});
    const auto view = m_migrations.view(change);
    if (!view || !backfillsHere(*view))
        return m_migrations.pauseElsewhere(change, Words::tr("on call"));
    m_migrations.pause(change);
    return QtFuture::makeReadyFuture(
        Outcome{Outcome::Kind::Done, Words::tr("it ends after this batch"), {}});
}

} // namespace pilothouse
