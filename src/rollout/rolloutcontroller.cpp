#include "rollout/rolloutcontroller.h"

#include "rollout/act/controllerparts.h"

#include <QPromise>

namespace pilothouse {

using std::chrono::milliseconds;

RolloutController::RolloutController(RolloutSettings settings, TrafficControl &traffic,
                                     MetricSource *metrics, ActionRunner &actions, Clock &clock,
                                     QObject *parent)
    : QObject(parent),
      d(std::make_unique<Private>(std::move(settings), traffic, metrics, actions, clock))
{
    RolloutEngine &engine = d->engine;
    const MetricsFeed &feed = engine.feed();
    connect(&engine, &RolloutEngine::changed, this, [this] {
        tellGuard();
        Q_EMIT changed();
        Q_EMIT previewChanged();
    });
    // The bake clock, and what grows old, move without an event.
    connect(&engine, &RolloutEngine::moved, this, &RolloutController::changed);
    connect(&engine, &RolloutEngine::revisionsChanged, this, &RolloutController::revisionsChanged);
    connect(&engine, &RolloutEngine::trafficSourceChanged, this,
            [this] { Q_EMIT sourceChanged(trafficSource()); });
    connect(&d->actions, &RolloutActions::changed, this, &RolloutController::changed);
    connect(&d->actions, &RolloutActions::rolledBack, this, &RolloutController::rolledBack);
    connect(&d->actions, &RolloutActions::held, this, &RolloutController::held);
    connect(&d->actions, &RolloutActions::previewChanged, this, &RolloutController::previewChanged);
    connect(&d->guard, &RolloutGuard::changed, this, [this] {
        tellGuard();
        Q_EMIT changed();
    });
    connect(&feed, &MetricsFeed::sourceChanged, this,
            [this] { Q_EMIT sourceChanged(metricsSource()); });
    connect(&feed.alertDesk(), &AlertDesk::sourceChanged, this,
            [this] { Q_EMIT sourceChanged(alertsSource()); });
    connect(&feed, &MetricsFeed::measuredChanged, this, &RolloutController::changed);
    connect(&feed, &MetricsFeed::chartsChanged, this, &RolloutController::chartsChanged);
    connect(&feed, &MetricsFeed::historyDrawn, this, &RolloutController::historyDrawn);
    connect(&feed, &MetricsFeed::alertFired, this, &RolloutController::alertFired);
}

RolloutController::~RolloutController() = default;

/// What the guard does stands in the previews.
void RolloutController::tellGuard()
{
    const QString will = d->guard.will();
    if (std::exchange(d->guardWill, will) == will)
        return;
    d->actions.setGuard(will);
    Q_EMIT previewChanged();
}

void RolloutController::setAlertmanager(AlertSource &source)
{
    d->engine.feed().alertDesk().setAlertmanager(source);
}

SourceState RolloutController::alertsSource() const
{
    return d->engine.feed().alertDesk().sourceState();
}

QString RolloutController::alertsUnseen() const
{
    return d->engine.feed().alertDesk().whyUnseen();
}

void RolloutController::start()
{
    d->actions.start();
}

void RolloutController::refresh()
{
    d->engine.pollSoon();
    d->engine.read();
    d->actions.askAccess();
}

void RolloutController::look(const QObject *who)
{
    const bool first = d->lookers.empty();
    d->lookers.insert(who);
    d->engine.setVisible(true);
    d->engine.pollSoon();
    if (first)
        Q_EMIT visibleChanged();
}

void RolloutController::lookAway(const QObject *who)
{
    if (d->lookers.erase(who) == 0 || !d->lookers.empty())
        return;
    d->engine.setVisible(false);
    Q_EMIT visibleChanged();
}

bool RolloutController::isVisible() const
{
    return d->engine.isVisible();
}

void RolloutController::setReadOnly(bool readOnly)
{
    d->actions.setReadOnly(readOnly);
    Q_EMIT changed();
    Q_EMIT previewChanged();
}

void RolloutController::setExternalReasons(const QList<Reason> &promote,
                                           const QList<Reason> &rollback)
{
    const RolloutFacts before = d->actions.facts();
    if (before.promoteReasons == promote && before.rollbackReasons == rollback)
        return;
    d->actions.setReasons(promote, rollback);
    Q_EMIT changed();
    Q_EMIT previewChanged();
}

void RolloutController::setChosenReasons(const QHash<QString, QList<Reason>> &reasons)
{
    if (d->actions.facts().chosenReasons == reasons)
        return;
    d->actions.setChosenReasons(reasons);
    Q_EMIT changed();
    Q_EMIT previewChanged();
}

void RolloutController::setNotMoved(const QStringList &places, const QString &configMaps)
{
    d->actions.setNotMoved(places, configMaps);
}

void RolloutController::setRuns(const QString &host, const RunsLine &runs)
{
    m_runs.set(host, runs);
    d->actions.setRuns(m_runs.all());
}

void RolloutController::setCarry(const std::optional<Reason> &carry)
{
    d->actions.setCarry(carry);
}

void RolloutController::setRetired(const QHash<QString, QDateTime> &retired)
{
    d->actions.setRetired(retired);
    Q_EMIT changed();
}

const RolloutSettings &RolloutController::settings() const
{
    return d->settings;
}

TrackName RolloutController::track() const
{
    return d->settings.track;
}

QString RolloutController::programName() const
{
    return d->control.programName();
}

QString RolloutController::systemName() const
{
    return d->control.systemName();
}

const RolloutState &RolloutController::state() const
{
    return d->engine.state();
}

const std::optional<Reading<TrafficState>> &RolloutController::traffic() const
{
    return d->engine.reading();
}

milliseconds RolloutController::sampleStep() const
{
    return d->engine.feed().sampleStep();
}

QString RolloutController::showCommand() const
{
    return d->control.showCommand();
}

QList<StageView> RolloutController::stages() const
{
    return stagesOf(d->actions.facts().state, d->engine.rules());
}

WeightView RolloutController::weights() const
{
    WeightView view;
    const milliseconds now = d->clock.sinceBoot();
    if (const auto &reading = traffic()) {
        view.asked = reading->value.asked;
        view.accepted = reading->value.accepted;
        view.problem = reading->value.problem;
        view.trafficAge = now - reading->receivedSinceBoot;
    }
    const MetricsFeed &feed = d->engine.feed();
    view.measured = feed.measured();
    if (feed.measuredAt().count() > 0)
        view.measuredAge = now - feed.measuredAt();
    return view;
}

QList<CheckResult> RolloutController::verdicts() const
{
    return verdictsOf(d->actions.facts());
}

Verdict RolloutController::verdict() const
{
    return overall(verdicts());
}

std::optional<milliseconds> RolloutController::judgedAge() const
{
    const RolloutState &state = d->engine.state();
    if (state.results.isEmpty())
        return {};
    return d->clock.sinceBoot() - state.judgedAt;
}

const QList<ChartSeries> &RolloutController::charts() const
{
    return d->engine.feed().charts();
}

QDateTime RolloutController::chartsFrom() const
{
    return d->engine.feed().chartsFrom();
}

QDateTime RolloutController::chartsTo() const
{
    return d->engine.feed().chartsTo();
}

void RolloutController::drawHistory(const QDateTime &from, const QDateTime &to)
{
    d->engine.feed().drawHistory(from, to, d->engine.state().traffic.value_or(TrafficState{}));
}

QFuture<QList<ChartSeries>> RolloutController::chartsBetween(const QDateTime &from,
                                                             const QDateTime &to)
{
    return d->engine.feed().chartsBetween(from, to,
                                          d->engine.state().traffic.value_or(TrafficState{}));
}

QList<WeightMark> RolloutController::marks() const
{
    return marksOf(d->engine.state().traffic.value_or(TrafficState{}));
}

const QList<Firing> &RolloutController::firings() const
{
    return d->engine.feed().firings();
}

const std::optional<Error> &RolloutController::firingsError() const
{
    return d->engine.feed().firingsError();
}

const QList<Alert> &RolloutController::alerts() const
{
    return d->engine.feed().alerts();
}

const QList<Alert> &RolloutController::alertsOfNoTrack() const
{
    return d->engine.feed().alertDesk().others();
}

QDateTime RolloutController::metricsNow() const
{
    return d->engine.feed().serverNow();
}

QList<PastWindow> RolloutController::pastWindows() const
{
    const QDateTime now = metricsNow();
    return pilothouse::pastWindows(marks(), now, closedAt(d->engine.state(), now));
}

QFuture<QList<CheckResult>> RolloutController::judgePast(const PastWindow &window)
{
    return d->engine.feed().judgePast(window, d->engine.state().traffic.value_or(TrafficState{}));
}

WayBack RolloutController::wayBack() const
{
    return d->actions.facts().wayBack;
}

std::optional<Hold> RolloutController::hold() const
{
    return d->engine.state().traffic ? d->engine.state().traffic->hold : std::nullopt;
}

bool RolloutController::busy() const
{
    return d->actions.busy();
}

Permission RolloutController::mayPromote() const
{
    return permission(promoteReasons(d->actions.facts()));
}

Permission RolloutController::mayRollBack() const
{
    return permission(rollbackReasons(d->actions.facts()));
}

Permission RolloutController::mayGoBack() const
{
    return permission(backReasons(d->actions.facts()));
}

Permission RolloutController::mayHold() const
{
    return permission(holdReasons(d->actions.facts()));
}

Permission RolloutController::mayRetire() const
{
    return d->actions.mayRetire();
}

QList<OwnAction> RolloutController::ownActions() const
{
    return d->actions.own();
}

Permission RolloutController::mayRunOwn(const QString &id) const
{
    return d->actions.mayRunOwn(id);
}

Preview RolloutController::previewOwn(const QString &id) const
{
    return d->actions.previewOwn(id);
}

QFuture<Outcome> RolloutController::runOwn(const QString &id, const Confirmation &confirmation)
{
    return d->actions.runOwn(id, confirmation);
}

NextAction RolloutController::nextAction() const
{
    return pilothouse::nextAction(d->actions.facts(), d->settings.failuresToRollBack);
}

QString RolloutController::promoteLabel() const
{
    const Weight from = weights().asked.value_or(Weight{0});
    const auto to = nextWeight(d->settings.plan, from);
    return to ? tr("Promote %1 → %2…").arg(from.percent).arg(to->percent) : tr("Promote…");
}

QString RolloutController::rollbackLabel() const
{
    const WayBack back = wayBack();
    return back.target ? tr("Roll back to %1…").arg(revisionWord(*back.target)) : tr("Roll back…");
}

QString RolloutController::backLabel() const
{
    const auto to = previousWeight(d->settings.plan, weights().asked.value_or(Weight{0}));
    return to && to->percent > 0 ? tr("Back to %1 %…").arg(to->percent) : tr("Back…");
}

RolloutGuard &RolloutController::guard()
{
    return d->guard;
}

const RolloutGuard &RolloutController::guard() const
{
    return d->guard;
}

QFuture<Outcome> RolloutController::settle(const Record &intent)
{
    if (isOwnIntent(intent))
        return d->actions.settleOwn(intent);
    const QString verb = intent.body[QLatin1String("verb")].toString();
    if (verb == guardverb::arm || verb == guardverb::disarm) {
        QPromise<Outcome> promise;
        promise.start();
        promise.addResult(Outcome{Outcome::Kind::Failed, tr("a guard ends with its console"), {}});
        promise.finish();
        return promise.future();
    }
    return d->actions.settle(intent);
}

QString RolloutController::rollbackCommand() const
{
    return d->actions.rollbackCommand();
}

SourceState RolloutController::trafficSource() const
{
    return d->engine.sourceState();
}

SourceState RolloutController::metricsSource() const
{
    return d->engine.feed().sourceState();
}

} // namespace pilothouse
