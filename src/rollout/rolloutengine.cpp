#include "rollout/rolloutengine.h"

#include "base/reading.h"
#include "base/whendone.h"
#include "rollout/previews.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

milliseconds stepOf(const RolloutSettings &settings)
{
    return settings.sampleStep.count() > 0 ? settings.sampleStep
                                           : sampleStep(settings.plan, settings.checks);
}

/// What release must look at again when it changes: who runs or can run again, and whether the
/// candidate has traffic.
QStringList revisions(const RolloutState &state)
{
    if (!state.traffic)
        return {};
    QStringList texts;
    for (const auto &revision :
         {state.traffic->stable, state.traffic->candidate, state.traffic->previous})
        texts.append(revision ? targetText(pinOf(*revision)) : QString());
    texts.append(QString::number(int(state.traffic->asked.percent > 0)));
    texts.append(QString::number(int(state.traffic->accepted.value_or(Weight{0}).percent > 0)));
    for (const RevisionState &revision : state.traffic->reachable)
        texts.append(targetText(pinOf(revision)));
    for (const Retirement &each : state.traffic->retired)
        texts.append(each.what);
    return texts;
}

} // namespace

RolloutEngine::RolloutEngine(const RolloutSettings &settings, TrafficControl &traffic,
                             MetricSource *metrics, Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_control(traffic), m_clock(clock),
      m_feed(metrics, settings, stepOf(settings), clock)
{
    m_rules.plan = settings.plan;
    m_rules.afterFull = settings.afterFull;
    m_rules.judgeEvery = settings.judgeEvery.count() > 0
                             ? settings.judgeEvery
                             : std::min(stepOf(settings) * 5, milliseconds(15'000));
    connect(&m_feed, &MetricsFeed::judged, this,
            [this](const AttemptId &attempt, const QList<CheckResult> &results) {
                apply(Judged{attempt, results});
            });
}

SourceState RolloutEngine::sourceState() const
{
    using Health = SourceState::Health;
    SourceState source;
    source.name
        = m_reading && !m_reading->source.isEmpty() ? m_reading->source : m_control.systemName();
    source.error = m_lost;
    source.streaming = m_reading.has_value() && !m_lost;
    source.lastGoodSinceBoot = m_reading ? m_reading->receivedSinceBoot : milliseconds(0);
    const bool old
        = m_reading
          && m_clock.sinceBoot() - m_reading->receivedSinceBoot > m_settings.limits.staleAfter;
    source.health = m_lost       ? healthAfter(*m_lost)
                    : !m_reading ? Health::Loading
                    : old        ? Health::Old
                                 : Health::Live;
    return source;
}

void RolloutEngine::start(KeepHold keepHold)
{
    m_keepHold = std::move(keepHold);
    connect(&m_control, &TrafficControl::changed, this, &RolloutEngine::take);
    connect(&m_control, &TrafficControl::lost, this, &RolloutEngine::failed);
    m_control.watch();
    tick();
}

QFuture<Outcome> RolloutEngine::confirm(const IntentId &intent, const RolloutEvent &event)
{
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    m_waiting[intent.value] = promise;
    apply(event);
    return promise->future();
}

void RolloutEngine::apply(const RolloutEvent &event)
{
    RolloutState before = m_state;
    StepResult result = step(m_rules, before, event, m_clock.sinceBoot());
    m_state = std::move(result.state);
    const bool movedOn = revisions(before) != revisions(m_state);
    before.now = m_state.now;
    before.readAt = m_state.readAt;
    const bool differs = !(before == m_state);
    for (const RolloutEffect &effect : std::as_const(result.effects))
        carryOut(effect);
    if (differs)
        Q_EMIT changed();
    if (movedOn)
        Q_EMIT revisionsChanged();
}

void RolloutEngine::carryOut(const RolloutEffect &effect)
{
    if (const auto *weight = std::get_if<SetWeight>(&effect)) {
        write(*weight);
    } else if (const auto *hold = std::get_if<SetHold>(&effect)) {
        m_keepHold(hold->hold, hold->version);
    } else if (std::holds_alternative<Observe>(effect)) {
        // A rollback that was refused by a version reads at once; everything else may breathe.
        if (m_state.attempt && m_state.attempt->reading && m_state.attempt->tries <= 3)
            read();
        else
            m_clock.after(milliseconds(300), this, [this] { read(); });
    } else if (const auto *asked = std::get_if<Judge>(&effect)) {
        std::optional<milliseconds> atWeightFor;
        if (m_state.bake)
            atWeightFor = m_clock.sinceBoot() - m_state.bake->startedAt;
        m_feed.judge(asked->attempt, m_state.traffic.value_or(TrafficState{}), atWeightFor);
    } else if (const auto *end = std::get_if<Conclude>(&effect)) {
        const auto waiting = m_waiting.find(end->intent.value);
        if (waiting == m_waiting.end())
            return;
        const auto promise = waiting->second;
        m_waiting.erase(waiting);
        Outcome outcome;
        outcome.kind = end->kind;
        outcome.text = end->text;
        promise->addResult(outcome);
        promise->finish();
    }
}

void RolloutEngine::write(const SetWeight &effect)
{
    const AttemptId attempt = effect.attempt;
    whenDone(
        m_control.setWeight(effect.request), this,
        [this, attempt](const Result<Reading<TrafficState>> &answer) {
            if (!answer) {
                apply(WriteAnswered{attempt, {}, answer.error()});
                return;
            }
            if (m_state.attempt && m_state.attempt->id == attempt)
                m_reading = *answer;
            apply(WriteAnswered{attempt, answer->value, {}});
        },
        [this, attempt] {
            apply(WriteAnswered{
                attempt, {}, Error{ErrorKind::TimedOut, tr("No answer came."), {}, {}}});
        });
}

void RolloutEngine::take(const Reading<TrafficState> &fresh)
{
    if (m_reading && fresh.receivedSinceBoot < m_reading->receivedSinceBoot)
        return;
    m_reading = fresh;
    m_lost.reset();
    tellSource();
    apply(TrafficRead{fresh.value, serverTime(fresh, m_clock.sinceBoot())});
}

void RolloutEngine::tellSource()
{
    m_told = sourceState().health;
    Q_EMIT trafficSourceChanged();
}

void RolloutEngine::failed(const Error &error)
{
    m_lost = error;
    tellSource();
    Q_EMIT changed();
}

void RolloutEngine::read(const AfterRead &then)
{
    takeAnswer(m_control.read(), then);
}

void RolloutEngine::glance(const AfterRead &then)
{
    takeAnswer(m_control.glance(), then);
}

void RolloutEngine::takeAnswer(const QFuture<Result<Reading<TrafficState>>> &answer,
                               const AfterRead &then)
{
    m_readAskedAt = m_clock.sinceBoot();
    const auto ended = [this, then](const std::optional<Error> &error) {
        m_readAskedAt = milliseconds(0);
        if (error) {
            failed(*error);
            apply(ReadFailed{*error});
        }
        if (then)
            then(error);
    };
    whenDone(
        answer, this,
        [this, ended](const Result<Reading<TrafficState>> &read) {
            if (read)
                take(*read);
            ended(read ? std::nullopt : std::optional<Error>(read.error()));
        },
        [ended] {
            ended(Error{ErrorKind::Cancelled, tr("The traffic was not read."), {}, {}});
        });
}

void RolloutEngine::poll()
{
    const milliseconds now = m_clock.sinceBoot();
    const bool nowKnown = m_state.traffic && !m_polledTraffic;
    if (!nowKnown && m_polledAt.count() > 0 && now - m_polledAt < m_rules.judgeEvery)
        return;
    m_polledAt = now;
    m_polledTraffic = m_state.traffic.has_value();
    // Whoever cannot read the traffic is told of alerts all the same.
    m_feed.askAlerts();
    if (!m_state.traffic)
        return;
    m_feed.measure(*m_state.traffic);
    if (m_visible || m_state.bake)
        m_feed.draw(*m_state.traffic);
}

void RolloutEngine::tick()
{
    apply(Tick{});
    const milliseconds now = m_clock.sinceBoot();
    const Limits &limits = m_settings.limits;
    const milliseconds renew = std::min(limits.staleAfter, limits.refuseAfter) / 2;
    const bool old = !m_reading || now - m_reading->receivedSinceBoot >= renew;
    // A read that never answers must not be the last one.
    const bool waiting = m_readAskedAt.count() > 0 && now - m_readAskedAt < milliseconds(10'000);
    if (old && !waiting)
        read();
    poll();
    if (sourceState().health != m_told) // a read that hangs brings no error
        tellSource();
    Q_EMIT moved();
    const milliseconds pace = std::clamp(m_rules.judgeEvery, milliseconds(100), milliseconds(1000));
    m_clock.after(pace, this, [this] { tick(); });
}

} // namespace pilothouse
