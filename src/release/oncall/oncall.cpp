#include "release/oncall/oncall.h"

#include "base/words.h"
#include "release/oncall/earlier.h"
#include "release/oncall/hurting.h"
#include "release/oncall/waysout.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"

#include <QPromise>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype mostCauses = 6;

bool candidateHasTraffic(const RolloutController &track)
{
    const WeightView weights = track.weights();
    return weights.asked.value_or(Weight{0}).percent > 0
           || weights.accepted.value_or(Weight{0}).percent > 0;
}

} // namespace

OnCall::OnCall(ReleaseController &release, QList<RolloutController *> tracks,
               MigrationController &migrations, Clock &clock, QObject *parent)
    : QObject(parent), m_release(release), m_tracks(std::move(tracks)), m_migrations(migrations),
      m_clock(clock)
{
    connect(&release, &ReleaseController::changed, this, &OnCall::changed);
    connect(&release, &ReleaseController::latelyChanged, this, &OnCall::changed);
    connect(&migrations, &MigrationController::changed, this, &OnCall::changed);
    for (const RolloutController *track : std::as_const(m_tracks)) {
        connect(track, &RolloutController::changed, this, &OnCall::changed);
        connect(track, &RolloutController::chartsChanged, this, &OnCall::changed);
    }
}

bool OnCall::isKnown() const
{
    return std::all_of(m_tracks.begin(), m_tracks.end(), [](const RolloutController *track) {
        return track->traffic().has_value() || track->trafficSource().error.has_value();
    });
}

void OnCall::setVisible(bool visible)
{
    for (RolloutController *track : std::as_const(m_tracks))
        track->setVisible(visible);
}

OnCallView OnCall::view() const
{
    OnCallView view;
    QList<Alert> alerts;
    for (const RolloutController *track : m_tracks) {
        TrackHealth health;
        health.track = track->track();
        health.charts = track->charts();
        health.candidateHasTraffic = candidateHasTraffic(*track);
        health.metrics = track->metricsSource();
        if (health.metrics.lastGoodSinceBoot.count() > 0)
            health.age = m_clock.sinceBoot() - health.metrics.lastGoodSinceBoot;
        view.hurting.append(hurtLine(health));
        alerts += track->alerts();
    }
    view.firstBad = firstBad(view.hurting);
    view.alerts = alertLines(alerts, m_release.lately());
    view.earlier = changedBefore(m_release.lately(), view.firstBad);
    for (const RolloutController *track : m_tracks) {
        if (!track->charts().isEmpty()) {
            if (const auto rise
                = trafficRise(track->track(), track->charts().last(), view.firstBad))
                view.earlier.prepend(*rise);
        }
    }
    view.earlier = view.earlier.mid(0, mostCauses);
    for (const RolloutController *track : m_tracks) {
        const auto &rows = m_release.live();
        const auto row = std::find_if(rows.begin(), rows.end(), [track](const LiveRow &each) {
            return each.kind == LiveRow::Kind::Track && each.where == track->track().value;
        });
        view.ways.append(rollbackLine(*track, row == rows.end() ? LiveRow{} : *row));
    }
    for (const ChangeKey &key : m_migrations.keys()) {
        if (const auto change = m_migrations.view(key)) {
            if (const auto line = pauseLine(*change))
                view.ways.append(*line);
        }
    }
    for (const RolloutController *track : m_tracks) {
        if (const auto line = holdLine(*track))
            view.ways.append(*line);
    }
    return view;
}

std::optional<Preview> OnCall::previewPause(const ChangeKey &change) const
{
    const auto view = m_migrations.view(change);
    if (!view || !pauseLine(*view))
        return std::nullopt;
    return pausePreview(*view, m_release.settings().environment);
}

QFuture<Outcome> OnCall::pause(const ChangeKey &change)
{
    m_migrations.pause(change);
    QPromise<Outcome> promise;
    promise.start();
    promise.addResult(Outcome{Outcome::Kind::Done, Words::tr("it ends after this batch"), {}});
    promise.finish();
    return promise.future();
}

} // namespace pilothouse
