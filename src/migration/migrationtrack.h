#pragma once

#include "migration/changewatch.h"
#include "migration/migrationcontroller.h"
#include "migration/migrationrunner.h"

namespace pilothouse {

/// One change in one database, alive: gates and runs its steps. Part of
/// MigrationController, which owns it; nobody else uses it.
class MigrationTrack : public QObject
{
    Q_OBJECT

public:
    enum class Direction { Forward, Back };

    MigrationTrack(ChangeKey key, Change change, const MigrationSettings &settings,
                   Database &database, ActionRunner &actions, Clock &clock);

    [[nodiscard]] const ChangeKey &key() const { return m_key; }
    [[nodiscard]] const Change &change() const { return m_change; }
    [[nodiscard]] bool busy() const { return m_runner.busy(); }

    void setVisible(bool visible);
    void setReadiness(const QList<RevisionReadiness> &readiness);
    /// Reads the facts now, counting NULLs. Latest start wins.
    void refresh();

    [[nodiscard]] ChangeView view() const;
    [[nodiscard]] SourceState sourceState() const { return m_watch.sourceState(); }
    [[nodiscard]] std::optional<Preview> preview(StepId step);
    [[nodiscard]] std::optional<Preview> undoPreview(StepId step);
    [[nodiscard]] QFuture<Outcome> run(StepId step, const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> undo(StepId step, const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> resume();
    void pause() { m_runner.pause(); }
    [[nodiscard]] QFuture<Outcome> pauseElsewhere(const QString &where);
    /// What came of a pause for this reason: the database keeps it.
    [[nodiscard]] QFuture<Outcome> settlePause(const QString &reason);
    void stop() { m_runner.stop(); }
    [[nodiscard]] QFuture<Outcome> cancelBlocker(const Blocker &blocker,
                                                 const Confirmation &confirmation);
    /// What came of an intent for these steps: judged by the facts of now.
    [[nodiscard]] QFuture<Outcome> settle(const QList<StepId> &steps, Direction direction);

Q_SIGNALS:
    void changed();
    void sourceStateChanged();
    void blocked(const pilothouse::WaitState &wait);

private:
    void setPace();
    void readInTheWay();
    [[nodiscard]] QList<ChangeStep> steps() const;
    [[nodiscard]] GateContext context() const;
    [[nodiscard]] QList<StepId> openSteps(StepId step) const;
    [[nodiscard]] Permission permission(StepId step, Direction direction) const;
    [[nodiscard]] std::optional<Preview> previewOf(StepId step, Direction direction) const;
    [[nodiscard]] QFuture<Outcome> act(StepId step, const Confirmation &confirmation,
                                       Direction direction);
    /// After the facts were read at the press.
    void goOn(StepId step, const Confirmation &confirmation, Direction direction,
              const std::function<void(const Outcome &)> &end);
    [[nodiscard]] QFuture<Outcome> journaled(const QList<StepId> &todo, const Preview &preview,
                                             const QString &reason, Direction direction);
    [[nodiscard]] QFuture<Outcome> effect(const QList<StepId> &todo, Direction direction,
                                          const IntentId &intent);
    [[nodiscard]] Outcome judge(const QList<StepId> &wanted, Direction direction) const;
    [[nodiscard]] QString subject() const;

    ChangeKey m_key;
    Change m_change;
    MigrationSettings m_settings;
    Database &m_database;
    ActionRunner &m_actions;
    Clock &m_clock;
    ChangeWatch m_watch;
    MigrationRunner m_runner;
    QList<RevisionReadiness> m_readiness;
    bool m_readinessKnown = false;
    std::optional<LastRun> m_lastRun;
    std::chrono::milliseconds m_endedAt{0};     ///< of it, since boot
    std::chrono::milliseconds m_previewRead{0}; ///< when a preview last asked for a fresh count
    bool m_visible = false;
};

} // namespace pilothouse
