#include "release/moving/movingrunsdesk.h"

#include "base/whendone.h"
#include "pipeline/act/runorder.h"
#include "pipeline/act/runpermissions.h"
#include "pipeline/overlay.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Two clocks are at work: a run that is a little younger than the rollback is still one of those
/// that it was about.
constexpr int clocksDiffer = 60;

std::optional<TrafficState> trafficOf(const RolloutController &track)
{
    return track.traffic() ? std::optional(track.traffic()->value) : std::nullopt;
}

QString holdReason(const TrackName &track, const QString &reason)
{
    return reason.isEmpty() ? MovingRunsDesk::tr("%1 is held").arg(track.value)
                            : MovingRunsDesk::tr("%1 is held: %2").arg(track.value, reason);
}

QString rollbackReason(const TrackName &track, const QString &reason)
{
    return reason.isEmpty() ? MovingRunsDesk::tr("%1 was rolled back").arg(track.value)
                            : MovingRunsDesk::tr("%1 was rolled back: %2").arg(track.value, reason);
}

} // namespace

MovingRunsDesk::MovingRunsDesk(const Settings &settings, RunControl &control, ActionRunner &actions,
                               Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_control(control), m_actions(actions), m_clock(clock)
{
    m_sight.host = m_control.systemName();
}

void MovingRunsDesk::addTrack(RolloutController &track, const QString &workflowPath)
{
    const Track added{&track, workflowPath};
    m_tracks.push_back(added);
    connect(&track, &RolloutController::rolledBack, this,
            [this, added](const QString &reason, const QString &actor) {
                note(Cause::Rollback, added, rollbackReason(added.rollout->track(), reason), actor);
            });
    connect(&track, &RolloutController::held, this,
            [this, added](const QString &reason, const QString &actor) {
                note(Cause::Hold, added, holdReason(added.rollout->track(), reason), actor);
            });
    // Whether the track is stopped is the traffic's to say.
    connect(&track, &RolloutController::changed, this, &MovingRunsDesk::tell);
}

void MovingRunsDesk::setRelease(const CommitId &release)
{
    if (std::exchange(m_release, release) != release && m_sight.read)
        look();
}

void MovingRunsDesk::start()
{
    tell();
    look();
}

MovingRuns MovingRunsDesk::runs(const TrackName &track) const
{
    for (const Track &each : m_tracks) {
        if (each.rollout->track() == track)
            return runsThatMove(each.workflowPath, m_sight);
    }
    return runsThatMove({}, m_sight);
}

bool MovingRunsDesk::busy() const
{
    return !m_underWay.isEmpty()
           || std::any_of(m_stops.begin(), m_stops.end(),
                          [](const Stop &stop) { return !stop.looked; });
}

QList<Reason> MovingRunsDesk::againstApproving(const Run &run) const
{
    QList<Reason> reasons;
    for (const Track &each : m_tracks) {
        if (each.workflowPath == run.workflowPath && each.rollout->traffic())
            reasons += againstApproval(each.rollout->track(), each.rollout->traffic()->value);
    }
    return reasons;
}

QList<WaitingRun> MovingRunsDesk::waiting() const
{
    QList<WaitingRun> all;
    for (const Run &run : m_sight.active) {
        if (run.status != RunStatus::Waiting)
            continue;
        WaitingRun one;
        one.run = run;
        one.host = m_sight.host;
        one.lost = m_sight.lost ? m_sight.lost->message : QString();
        one.against = againstApproving(run);
        for (const Track &track : m_tracks) {
            if (track.workflowPath == run.workflowPath)
                one.tracks.append(track.rollout->track());
        }
        if (const auto known = m_sight.waiting.constFind(run.id); known != m_sight.waiting.cend())
            one.environments = *known;
        all.append(one);
    }
    return all;
}

bool MovingRunsDesk::isOurs(const Run &run) const
{
    if (!m_release.value.isEmpty() && run.commit == m_release)
        return true;
    return std::any_of(m_tracks.begin(), m_tracks.end(), [&run](const Track &track) {
        return track.workflowPath == run.workflowPath;
    });
}

void MovingRunsDesk::note(Cause cause, const Track &track, const QString &reason,
                          const QString &actor)
{
    if (track.workflowPath.isEmpty())
        return;
    m_stops.append({cause, track.rollout, track.workflowPath, reason, actor, m_clock.now(), false});
    look();
}

void MovingRunsDesk::look()
{
    if (std::exchange(m_looking, true)) {
        m_again = true;
        return;
    }
    const Error stopped{ErrorKind::Cancelled, tr("the question was stopped"), {}, {}};
    whenDone(
        m_control.active(), this,
        [this](const Result<QList<Run>> &answer) {
            if (!answer)
                return lose(answer.error());
            RunsSight sight = m_sight;
            sight.read = true;
            sight.lost.reset();
            sight.active.clear();
            sight.waiting.clear();
            QList<RunId> waiting;
            for (const Run &run : *answer) {
                if (!isOurs(run))
                    continue;
                sight.active.append(run);
                if (run.status == RunStatus::Waiting)
                    waiting.append(run.id);
            }
            askWaiting(waiting, sight);
        },
        [this, stopped] { lose(stopped); });
}

/// For what the runs wait, one after another. A run whose environments cannot be read waits all
/// the same.
void MovingRunsDesk::askWaiting(QList<RunId> left, const RunsSight &sight)
{
    if (left.isEmpty()) {
        const QHash<RunId, QString> said = m_sight.said; // newer than when the look began
        m_sight = sight;
        m_sight.said.clear();
        // What is gone needs no words, and would mislead if it were run again.
        for (const Run &run : sight.active) {
            if (said.contains(run.id))
                m_sight.said.insert(run.id, said.value(run.id));
        }
        return endLook();
    }
    const RunId next = left.takeFirst();
    whenDone(
        m_control.waiting(next), this,
        [this, left, sight, next](const Result<QList<PendingEnvironment>> &answer) {
            RunsSight own = sight;
            if (answer)
                own.waiting.insert(next, *answer);
            askWaiting(left, own);
        },
        [this, left, sight] { askWaiting(left, sight); });
}

void MovingRunsDesk::lose(const Error &error)
{
    m_sight.lost = error;
    Q_EMIT lost(error);
    endLook();
}

void MovingRunsDesk::endLook()
{
    m_looking = false;
    if (std::exchange(m_again, false))
        return look();
    if (m_sight.lost) {
        for (Stop &stop : m_stops)
            stop.looked = true;
    } else {
        for (const Stop &stop : std::exchange(m_stops, {}))
            stopAll(stop);
    }
    tell();
    lookLater();
}

void MovingRunsDesk::stopAll(const Stop &stop)
{
    const auto traffic = trafficOf(*stop.rollout);
    const bool holds = stop.cause == Cause::Hold;
    // Somebody promoted again, or lifted the hold, before the host could be reached.
    if (traffic && (holds ? !traffic->hold : traffic->asked.percent > 0))
        return;
    for (const Run &run : QList<Run>(m_sight.active)) {
        const bool younger = run.createdAt > stop.since.addSecs(clocksDiffer);
        if (holds && !isStoppedByHold(run.status))
            continue;
        if (run.workflowPath == stop.workflowPath && !hasEnded(run.status) && !younger
            && !m_underWay.contains(run.id))
            cancel(run.id, stop);
    }
}

void MovingRunsDesk::cancel(const RunId &run, const Stop &stop)
{
    m_underWay.append(run);
    m_sight.said[run] = tr("its cancellation was asked for");
    BeforeOrder before;
    before.since = m_clock.now();
    give(CancelRun{run, CancelRun::Force::No}, before, stop);
}

/// What cannot be cancelled does not get through its gate.
void MovingRunsDesk::reject(const RunId &run, const Stop &stop)
{
    ReviewEnvironments order;
    order.run = run;
    order.environments = reviewable(m_sight.waiting.value(run));
    order.state = ReviewState::Rejected;
    order.comment = stop.reason;
    const auto lost = [this, run](const QString &why) {
        end(run, tr("it could neither be cancelled nor rejected: %1").arg(why));
    };
    whenDone(
        m_control.reviews(run), this,
        [this, order, stop, lost](const Result<QList<GivenReview>> &given) {
            if (!given)
                return lost(given.error().message);
            BeforeOrder before;
            before.since = m_clock.now();
            before.reviews = reviewsLike(order, *given);
            give(order, before, stop);
        },
        [lost] { lost(tr("the question was stopped")); });
}

void MovingRunsDesk::give(const RunOrder &order, const BeforeOrder &before, const Stop &stop)
{
    Intent intent = intentOf(order, before, stop.reason);
    intent.body[QLatin1String("host")] = m_control.systemName();
    intent.actor = stop.actor;
    // A rollback goes without a journal, and so does what belongs to it.
    whenDone(
        m_actions.run(
            intent,
            [this, order, before](const IntentId &) {
                return RunErrand::begin(m_control, m_clock, order, before, m_settings.pace, this);
            },
            ActionRunner::WithoutJournal::Go),
        this, [this, order, stop](const Outcome &outcome) { conclude(order, stop, outcome); },
        [this, order] { end(runOf(order), tr("it was given up before an answer came")); });
}

void MovingRunsDesk::conclude(const RunOrder &order, const Stop &stop, const Outcome &outcome)
{
    const RunId run = runOf(order);
    const bool cancels = std::holds_alternative<CancelRun>(order);
    if (cancels && outcome.kind == Outcome::Kind::Failed
        && !reviewable(m_sight.waiting.value(run)).isEmpty())
        return reject(run, stop);
    if (cancels && outcome.kind == Outcome::Kind::Done)
        m_sight.active.removeIf([&run](const Run &each) { return each.id == run; });
    // What was rejected ends by itself: until a look shows it, it is still there.
    end(run, outcome.text);
}

void MovingRunsDesk::end(const RunId &run, const QString &said)
{
    m_underWay.removeOne(run);
    m_sight.said[run] = said;
    tell();
    look();
}

void MovingRunsDesk::tell()
{
    for (const Track &track : m_tracks)
        track.rollout->setRuns(m_sight.host, runsLine(runsThatMove(track.workflowPath, m_sight),
                                                      trafficOf(*track.rollout)));
    Q_EMIT changed();
}

void MovingRunsDesk::lookLater()
{
    const bool urgent = !m_stops.isEmpty()
                        || std::any_of(m_tracks.begin(), m_tracks.end(), [](const Track &track) {
                               return !track.rollout->runs().stillAble.isEmpty();
                           });
    m_clock.after(urgent ? m_settings.urgent : m_settings.quiet, this, [this, alarm = ++m_alarm] {
        if (alarm == m_alarm)
            look();
    });
}

} // namespace pilothouse
