#pragma once

#include "rollout/guard/guardmarker.h"
#include "rollout/guard/guardselsewhere.h"
#include "rollout/guard/windowguard.h"
#include "rollout/rolloutactions.h"

namespace pilothouse {

/// As the journal spells what was decided.
namespace guardverb {
inline const QString arm = QStringLiteral("arm guard");
inline const QString disarm = QStringLiteral("disarm guard");
} // namespace guardverb

/// The guard of one track in a console: armed by a person for one rollout, it rolls back by itself
/// the way a person would, in the journal as "guard, armed by X". It watches only while this
/// computer is awake and the console runs, and says so. Once it watches, a mark on the traffic
/// object tells other consoles, until it ends; of theirs it tells where none is armed here. GUI
/// thread; what it is given outlives it.
class RolloutGuard final : public QObject
{
    Q_OBJECT

public:
    RolloutGuard(const RolloutSettings &settings, TrafficControl &control, RolloutEngine &engine,
                 RolloutActions &actions, ActionRunner &runner, Clock &clock);

    [[nodiscard]] const GuardView &view() const { return m_view; }
    [[nodiscard]] bool isArmed() const { return m_guard.armed.has_value(); }
    [[nodiscard]] const std::optional<ArmedGuard> &armed() const { return m_guard.armed; }

    // A guard without a window judges alike, by the same facts.
    [[nodiscard]] GuardRule rule() const;
    [[nodiscard]] GuardSight sight() const;
    /// Why no guard rolls back by itself now: nobody may, or only a deploy leads back, which is for
    /// a person to decide. Empty = it does.
    [[nodiscard]] QString whyNotByItself() const;

    [[nodiscard]] Permission mayArm() const;
    [[nodiscard]] Permission mayDisarm() const;
    [[nodiscard]] Preview previewArm() const;
    [[nodiscard]] Preview previewDisarm() const;
    /// Conflict if the candidate is another one than was shown; Refused without a journal.
    [[nodiscard]] QFuture<Outcome> arm(const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> disarm(const Confirmation &confirmation);

    /// One that an earlier console of this computer armed and did not end, by its journal.
    void setEarlier(const std::optional<ArmedGuard> &guard);
    /// The mark of a guard without a window that judges by the facts of this one; nullopt = it
    /// ended.
    void setHeadless(const std::optional<GuardMark> &mark);
    [[nodiscard]] const GuardMarker &marker() const { return m_marker; }
    /// The console closes: the mark goes. `done` is called when it is gone, or after two seconds.
    void signOff(const std::function<void()> &done);

    /// A person gave the candidate its first traffic: where the plan arms, it arms now, by "the
    /// plan". If it cannot, that is said by acted().
    void rolloutBegan();
    /// What it does, or will do once the candidate has traffic, for the confirmations: "rolls back
    /// at 3 failed judgements …"; empty = nothing.
    [[nodiscard]] QString will() const;

Q_SIGNALS:
    void changed();
    /// It rolled back, or could not, or could not be armed: a sentence for whoever is not looking.
    void acted(const QString &sentence);

private:
    void look();
    void lookElsewhere();
    void keepMark();
    [[nodiscard]] CommitId candidate() const;
    void rollBack(const QString &why);
    void ended(const QString &why, const Outcome &outcome);
    void show(const GuardView &view);
    /// `actor` is empty where it is the person at this machine.
    [[nodiscard]] QFuture<Outcome> record(const QString &verb, const QString &reason,
                                          const std::function<QString(const IntentId &)> &effect,
                                          const QString &actor = {});
    [[nodiscard]] std::function<QString(const IntentId &)> armingBy(const QString &whom);

    const RolloutSettings &m_settings;
    RolloutEngine &m_engine;
    RolloutActions &m_actions;
    ActionRunner &m_runner;
    Clock &m_clock;
    GuardMarker m_marker;
    const GuardMark m_own = markOfThisProcess(GuardMark::Where::Window);
    std::optional<GuardMark> m_headless;
    std::optional<ArmedGuard> m_earlier;
    bool m_hasWatched = false; ///< since it was armed
    QDateTime m_heartbeat;     ///< UTC, the newest that its mark tells; invalid = none yet
    bool m_signedOff = false;
    WindowGuard m_guard;
    GuardView m_view;
    bool m_acting = false;
    QString m_trouble; ///< why the last try could not roll back
    std::chrono::milliseconds m_triedAt{0};
};

} // namespace pilothouse
