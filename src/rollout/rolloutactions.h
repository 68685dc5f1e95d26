#pragma once

#include "action/actionrunner.h"
#include "rollout/act/runsline.h"
#include "rollout/act/trial.h"
#include "rollout/act/tried.h"
#include "rollout/previews.h"
#include "rollout/rolloutengine.h"

#include <QObject>

#include <functional>
#include <memory>

namespace pilothouse {

/// A record of an own action of a traffic control.
[[nodiscard]] bool isOwnIntent(const Record &intent);

/// Whether a program carries an intent out, which goes on when its console dies: the own actions
/// and the rollbacks by a deploy; the weights too where the control moves them by it.
[[nodiscard]] bool isProgramsWork(const Record &intent, const TrafficControl &control);

/// What a person may do with a track, and how it is done: facts for the rules, previews, the check
/// at the press, the journal. GUI thread; everything it is given outlives it.
class RolloutActions final : public QObject
{
    Q_OBJECT

public:
    RolloutActions(const RolloutSettings &settings, TrafficControl &control, RolloutEngine &engine,
                   ActionRunner &actions, Clock &clock);

    void start();
    void askAccess();
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }
    void setReasons(const QList<Reason> &promote, const QList<Reason> &rollback);
    void setChosenReasons(const QHash<QString, QList<Reason>> &reasons)
    {
        m_chosenReasons = reasons;
    }
    /// What the guard will do, for the previews; empty = none is armed.
    void setGuard(const QString &words) { m_guard = words; }
    /// `configMaps` is a sentence about those of the pods; empty = there is nothing to say.
    void setNotMoved(const QStringList &places, const QString &configMaps);
    void setRuns(const RunsLine &runs);
    void setCarry(const std::optional<Reason> &carry);
    void setRetired(const QHash<QString, QDateTime> &retired) { m_retired = retired; }

    [[nodiscard]] bool busy() const { return !m_underWay.isEmpty(); }
    [[nodiscard]] RolloutFacts facts() const;
    [[nodiscard]] Permission mayRetire() const;
    /// What the traffic control offers besides.
    [[nodiscard]] QList<OwnAction> own() const;
    /// Blocked if there is no such action.
    [[nodiscard]] Permission mayRunOwn(const QString &id) const;

    /// Asks the traffic system what a confirmation that is open now would do; `previewChanged`
    /// comes with the answer.
    void tryOut(const Tried &what);
    [[nodiscard]] bool isTryingOut() const { return m_trial.isAsking(); }

    /// The rollback of now as a command, see RolloutController::rollbackCommand().
    [[nodiscard]] QString rollbackCommand() const;

    /// What an action of this kind would ask for now.
    [[nodiscard]] std::optional<WeightRequest> request(WeightAttempt::Kind kind) const;

    [[nodiscard]] Preview previewPromote() const;
    [[nodiscard]] Preview previewBack() const;
    [[nodiscard]] Preview previewRollback() const;
    [[nodiscard]] Preview previewHold() const;
    [[nodiscard]] Preview previewLift() const;
    [[nodiscard]] Preview previewRetire() const;
    /// Empty, and off, if there is no such action any more.
    [[nodiscard]] Preview previewOwn(const QString &id) const;

    [[nodiscard]] QFuture<Outcome> promote(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> back(const Confirmation &confirmation);
    /// `actor` is who acts where that is not the person at this machine.
    [[nodiscard]] QFuture<Outcome> rollBack(const Confirmation &confirmation,
                                            const QString &actor = {});
    [[nodiscard]] QFuture<Outcome> holdTraffic(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> lift(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> retire(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> runOwn(const QString &id, const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> settle(const Record &intent);
    /// The same for an own action: only a note on the traffic object tells that it was done.
    [[nodiscard]] QFuture<Outcome> settleOwn(const Record &intent);

Q_SIGNALS:
    void changed();
    void previewChanged();
    /// Weight 0 is accepted after a rollback from here, if need be later than its outcome; `actor`
    /// as it stands in the journal.
    void rolledBack(const QString &reason, const QString &actor);
    /// A hold that a person confirmed here is on the traffic object; before its outcome.
    void held(const QString &reason, const QString &actor);

private:
    using Promise = std::shared_ptr<QPromise<Outcome>>;
    /// One press of a button: what is asked again at the press, and what is done then.
    struct Press
    {
        std::function<Preview()> preview;
        std::function<Permission()> may;
        std::function<void(const Promise &)> act;
    };

    [[nodiscard]] QString age(std::chrono::milliseconds since) const;
    [[nodiscard]] PreviewContext context() const;
    [[nodiscard]] PreviewContext context(const std::optional<WeightRequest> &request) const;
    /// With what would be sent.
    [[nodiscard]] PreviewContext holdContext(const HoldChange &wanted, HoldVerb verb) const;
    [[nodiscard]] Hold holdFor(const QString &why) const;
    [[nodiscard]] TrialRequest ownTrial(const QString &id) const;
    [[nodiscard]] TrialRequest holdTrial(HoldVerb verb) const;
    void tryOutMove(WeightAttempt::Kind kind);
    [[nodiscard]] CommitId leaving() const;
    [[nodiscard]] TrafficState traffic() const;
    [[nodiscard]] Intent intent(const QString &verb, Weight to, const PinnedCandidate &target,
                                const QString &reason) const;

    [[nodiscard]] QFuture<Outcome> press(const Press &press, const Confirmation &confirmation);
    void perform(const Intent &intent, const ActionRunner::Effect &effect,
                 ActionRunner::WithoutJournal policy, const Promise &promise);
    void move(WeightAttempt::Kind kind, std::optional<Weight> to, const QString &reason,
              const Promise &promise);
    void hold(const HoldChange &wanted, const QString &version, int tries, const Intent &intent,
              ActionRunner::WithoutJournal policy, const Promise &promise);
    /// The way back of now as it is noted when it is given up.
    [[nodiscard]] Retirement retirement(const IntentId &intent) const;
    [[nodiscard]] QFuture<Outcome> keepRetired(const Retirement &one, const QString &shown);
    void writeHold(const HoldChange &wanted, const QString &version, int tries,
                   const Promise &done);
    /// Reads the weight again. Ends when that is answered, or at last after 1.5 s: a rollback waits
    /// for no system that hangs.
    [[nodiscard]] QFuture<void> lookAgain();
    /// Makes the intent durable, and sends it when `looked` has ended too.
    void goBack(const Confirmation &confirmation, const QString &actor, const QFuture<void> &looked,
                const Promise &promise);
    void sendBack(RollbackConfirmed event, const Promise &sent);
    [[nodiscard]] WayBack wayBack() const;
    void keepHold(const Hold &wanted, const QString &version);
    /// What `goBack` comes to, with a word on a hold that was to go with it and does not stand.
    /// `rolledBack` comes of it as soon as its weight 0 is accepted.
    [[nodiscard]] QFuture<Outcome> followed(const RollbackConfirmed &rollback,
                                            const std::function<void(const Promise &)> &goBack);
    void awaitAcceptance(const RollbackConfirmed &sent);
    void lookForAcceptance();
    void tellRolledBack();
    void awaitHold(const Outcome &rollback, const Promise &all);

    struct DeployRun;
    [[nodiscard]] PreviewContext rollbackContext() const;
    using WhatCame = Outcome (*)(const Record &intent, const TrafficState &now);
    [[nodiscard]] QFuture<Outcome> lookFor(const Record &intent, WhatCame whatCame);
    /// The same as goBack, by `back`'s deploy.
    void deployBack(const WayBack &back, const Confirmation &confirmation, const QString &actor,
                    const QFuture<void> &looked, const Promise &promise);
    void moveAside(const std::shared_ptr<DeployRun> &run, const std::function<void()> &then);
    void deployNow(const std::shared_ptr<DeployRun> &run);
    void awaitStable(const std::shared_ptr<DeployRun> &run);
    void wentBack(const std::shared_ptr<DeployRun> &run);
    [[nodiscard]] Outcome targetMoved();
    void actOwn(const OwnAction &action, const QString &reason, const Promise &promise);
    [[nodiscard]] std::optional<OwnAction> ownOf(const QString &id) const;

    const RolloutSettings &m_settings;
    TrafficControl &m_control;
    RolloutEngine &m_engine;
    ActionRunner &m_actions;
    Clock &m_clock;
    Trial m_trial;
    TrafficAccess m_access{true, {}};
    QStringList m_underWay; ///< verbs of what was confirmed and is not over
    /// A rollback that is not said to be accepted.
    struct Untold
    {
        RollbackConfirmed rollback;
        std::chrono::milliseconds since{0}; ///< boot
        bool sent = false;                  ///< its weight
        bool isOpen = false;                ///< it ended, and what came of it is not known
    };
    std::optional<Untold> m_untold;
    std::optional<QFuture<Outcome>> m_keptHold; ///< of the last rollback; nullopt = it set none
    bool m_pressed = false; ///< a press is being checked against a fresh reading
    bool m_readOnly = false;
    QList<Reason> m_promoteReasons;
    QList<Reason> m_rollbackReasons;
    QHash<QString, QList<Reason>> m_chosenReasons; ///< by commit
    std::optional<Reason> m_carry;
    QStringList m_notMoved;
    QString m_configMaps;
    RunsLine m_runs;
    QString m_guard;
    QHash<QString, QDateTime> m_retired; ///< by identity, as this machine's journal has them
};

} // namespace pilothouse
