#pragma once

#include "action/actionrunner.h"
#include "action/preview.h"
#include "base/clock.h"
#include "rollout/act/runsline.h"
#include "rollout/act/tried.h"
#include "rollout/alerts/firings.h"
#include "rollout/analysis/pastwindow.h"
#include "rollout/rolloutviews.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class RolloutGuard;

/// One track: reads its traffic, judges its candidate, and is the only one that moves its weight.
///
/// Feeds the pure `step()` with what the ports answer and runs the effects. Everything asked of it
/// is answered from memory at once; `changed()` tells that the answers are others. GUI thread. The
/// ports outlive it. `metrics` may be nullptr: nothing is judged then, and that is said.
///
/// How a dialog uses it: show `previewX()`; on `previewChanged()` ask for it again and show it
/// (marking what differs); on confirm call `x(confirmation)` and await the Outcome:
/// Done → close; Conflict → show the new preview, the text says what happened; Refused and Failed →
/// show the text; Unknown → show the text, the page shows the world as it is.
class RolloutController : public QObject
{
    Q_OBJECT

public:
    RolloutController(RolloutSettings settings, TrafficControl &traffic, MetricSource *metrics,
                      ActionRunner &actions, Clock &clock, QObject *parent = nullptr);
    ~RolloutController() override;

    /// Begins to watch, to judge and to draw. Once.
    void start();
    /// While nobody looks, charts are drawn only while the candidate has traffic. Several may look
    /// at one track: a page that goes does not end what another one shows.
    void look(const QObject *who);
    void lookAway(const QObject *who);
    /// Somebody looks.
    [[nodiscard]] bool isVisible() const;
    /// The console may not write: every action is off.
    void setReadOnly(bool readOnly);
    /// Before start(): Alertmanager's word on the alerts counts too.
    void setAlertmanager(AlertSource &source);
    /// What release knows: reasons for and against giving the candidate more traffic, and what a
    /// rollback would break in the schema. They replace those before.
    void setExternalReasons(const QList<Reason> &promote, const QList<Reason> &rollback);
    /// What the schema says of going to each commit that a person may choose (OwnAction::chosen).
    void setChosenReasons(const QHash<QString, QList<Reason>> &reasons);
    /// What a rollback leaves as it is: "celery worker 4be81c0", and a sentence about the config
    /// maps of its pods, which may be empty.
    void setNotMoved(const QStringList &places, const QString &configMaps = {});
    /// Of the runs at a CI host that could still move this traffic.
    void setRuns(const QString &host, const RunsLine &runs);
    [[nodiscard]] const RunsLine &runs() const { return m_runs.all(); }
    /// Whether the stable could carry everything alone: For, Against where that is not proved,
    /// Unknown without data; nullopt = there is no stable.
    void setCarry(const std::optional<Reason> &carry);
    /// Commits that were given up as a way back, with when (UTC): from the journal at start.
    void setRetired(const QHash<QString, QDateTime> &retired);

    [[nodiscard]] const RolloutSettings &settings() const;
    [[nodiscard]] TrackName track() const;
    [[nodiscard]] QString systemName() const;  ///< "HTTPRoute", "Cloud Run"
    [[nodiscard]] QString programName() const; ///< as TrafficControl::programName()
    [[nodiscard]] const RolloutState &state() const;
    [[nodiscard]] const std::optional<Reading<TrafficState>> &traffic() const;
    /// The distance of samples that its metrics are asked for with.
    [[nodiscard]] std::chrono::milliseconds sampleStep() const;
    [[nodiscard]] QString showCommand() const; ///< kubectl or gcloud command that shows the object

    [[nodiscard]] QList<StageView> stages() const;
    [[nodiscard]] WeightView weights() const;
    [[nodiscard]] QList<CheckResult> verdicts() const; ///< one a check, in the workspace's order
    [[nodiscard]] Verdict verdict() const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> judgedAge() const;
    [[nodiscard]] const QList<ChartSeries> &charts() const; ///< checks first, then requests/s
    [[nodiscard]] QDateTime chartsFrom() const;             ///< UTC, the metrics server's clock
    [[nodiscard]] QDateTime chartsTo() const;
    /// Asks for the charts of an earlier time: historyDrawn() brings them. Latest asked wins.
    void drawHistory(const QDateTime &from, const QDateTime &to);
    /// The charts of a time (UTC, the metrics server's clock), for a reckoning; empty = no server.
    [[nodiscard]] QFuture<QList<ChartSeries>> chartsBetween(const QDateTime &from,
                                                            const QDateTime &to);
    [[nodiscard]] QList<WeightMark> marks() const; ///< oldest first
    /// Of this track, by the label "track" or the matchers of the server; firing ones first.
    [[nodiscard]] const QList<Alert> &alerts() const;
    /// Of no track: shown, and nothing is decided by them.
    [[nodiscard]] const QList<Alert> &alertsOfNoTrack() const;
    /// When alerts of this track fired, oldest first: as the metrics server tells of the times that
    /// were drawn, and as this console saw it.
    [[nodiscard]] const QList<Firing> &firings() const;
    /// Why the metrics server does not tell it; nullopt = it does, or was not asked yet.
    [[nodiscard]] const std::optional<Error> &firingsError() const;
    [[nodiscard]] QDateTime metricsNow() const; ///< UTC, the metrics server's clock if it told it
    [[nodiscard]] QList<PastWindow> pastWindows() const; ///< newest first
    /// Judges a time that is past; a result for each check.
    [[nodiscard]] QFuture<QList<CheckResult>> judgePast(const PastWindow &window);
    [[nodiscard]] WayBack wayBack() const;
    [[nodiscard]] std::optional<Hold> hold() const;

    /// Something that was confirmed is not over, or the hold that follows a rollback is not set
    /// yet; `changed()` tells the end.
    [[nodiscard]] bool busy() const;
    [[nodiscard]] Permission mayPromote() const;
    [[nodiscard]] Permission mayRollBack() const;
    [[nodiscard]] Permission mayGoBack() const; ///< one stage
    [[nodiscard]] Permission mayHold() const;   ///< or lift
    [[nodiscard]] Permission mayRetire() const; ///< the way back
    /// What the traffic control offers besides moving along the plan, off ones too, always in the
    /// same order; empty = nothing, or not read yet.
    [[nodiscard]] QList<OwnAction> ownActions() const;
    /// Blocked if there is no action of this id.
    [[nodiscard]] Permission mayRunOwn(const QString &id) const;
    [[nodiscard]] NextAction nextAction() const;
    [[nodiscard]] QString promoteLabel() const;  ///< "Promote 10 → 50…"
    [[nodiscard]] QString rollbackLabel() const; ///< "Roll back to 9f3c2a1…"
    /// The rollback of now as a command of the vendor's program, for whoever must do it without
    /// this console, whatever was changed since; empty = there is nothing to roll back, or no such
    /// command.
    [[nodiscard]] QString rollbackCommand() const;
    [[nodiscard]] QString backLabel() const; ///< "Back to 10 %…"

    /// A confirmation of this is open: the traffic system is asked what the write would do (a dry
    /// run), once for each state of the world; `previewChanged` comes with the answer.
    void tryOut(const Tried &what);
    /// The answer to `tryOut` has not come yet.
    [[nodiscard]] bool isTryingOut() const;

    [[nodiscard]] Preview previewPromote() const;
    [[nodiscard]] Preview previewRollback() const;
    [[nodiscard]] Preview previewBack() const;
    [[nodiscard]] Preview previewHold() const; ///< asks for the reason, nothing typed
    [[nodiscard]] Preview previewLift() const;
    [[nodiscard]] Preview previewRetire() const; ///< typed: the target's short SHA
    [[nodiscard]] Preview previewOwn(const QString &id) const;

    /// Everything is read again first. Conflict if anything that matters differs from what was
    /// confirmed, Refused with the first reason that blocks.
    [[nodiscard]] QFuture<Outcome> promote(const Confirmation &confirmation);
    /// Conflict only if the target is another one now; sent again on a conflict with the same
    /// target. Goes on without a journal and without an answer to the re-read.
    [[nodiscard]] QFuture<Outcome> rollBack(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> back(const Confirmation &confirmation);
    /// The confirmation's reason is the hold's "why".
    [[nodiscard]] QFuture<Outcome> holdTraffic(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> lift(const Confirmation &confirmation);
    /// Gives the way back up: it no longer counts as code that can receive traffic. Moves nothing.
    [[nodiscard]] QFuture<Outcome> retire(const Confirmation &confirmation);
    /// Conflict if the action, what it goes from or to, or a revision differs from what was
    /// confirmed, and if the object moves before the write arrives; nothing is sent twice. Done
    /// once the object has taken it: what its controller makes of it the page shows.
    [[nodiscard]] QFuture<Outcome> runOwn(const QString &id, const Confirmation &confirmation);

    /// The guard of this track: it is armed and disarmed through it.
    [[nodiscard]] RolloutGuard &guard();
    [[nodiscard]] const RolloutGuard &guard() const;

    /// What came of an intent of an earlier console: compares its "to" with the traffic as it is.
    [[nodiscard]] QFuture<Outcome> settle(const Record &intent);

    [[nodiscard]] SourceState trafficSource() const;
    [[nodiscard]] SourceState metricsSource() const; ///< NotSetUp without a metrics server
    [[nodiscard]] SourceState alertsSource() const;  ///< NotSetUp without an Alertmanager
    /// Why not all alerts are seen; empty = they are.
    [[nodiscard]] QString alertsUnseen() const;

public Q_SLOTS:
    /// Reads traffic, access and metrics again now (F5).
    void refresh();

Q_SIGNALS:
    void changed();       ///< anything but charts and alerts
    void chartsChanged(); ///< charts, marks or alerts
    void historyDrawn(const QList<pilothouse::ChartSeries> &charts, const QDateTime &from,
                      const QDateTime &to);
    void visibleChanged();
    /// Weight 0 is accepted after a rollback by a person or the guard of this console.
    void rolledBack(const QString &reason, const QString &actor);
    /// A hold that a person confirmed in this console is on the traffic object.
    void held(const QString &reason, const QString &actor);
    void confirming();     ///< a confirmation is open: tryOut() was called
    void previewChanged(); ///< a preview asked for now would be another one
    void alertFired(const pilothouse::Alert &alert); ///< once for each firing
    void sourceChanged(const pilothouse::SourceState &state);
    /// A candidate came, went or was replaced; stable became another: release looks again.
    void revisionsChanged();

private:
    void tellGuard();

    struct Private;
    std::unique_ptr<Private> d;
    HostRuns m_runs;
};

} // namespace pilothouse
