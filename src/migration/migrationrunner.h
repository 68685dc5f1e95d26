#pragma once

#include "action/actionrunner.h"
#include "base/clock.h"
#include "migration/migrationstep.h"

#include <QObject>

namespace pilothouse {

/// Carries out what advance() asks for on one database: effects go out in order, each after the
/// one before has answered, and answers come back as events. One run at a time. GUI thread. While
/// a statement is at the server, it asks every 250 ms who is in the way.
class MigrationRunner : public QObject
{
    Q_OBJECT

public:
    /// `database` and `clock` outlive it.
    MigrationRunner(Change change, Database &database, Clock &clock, QObject *parent = nullptr);

    /// Does nothing while a run is under way. Readiness proves E3 when the facts are planned.
    void start(const migrationevent::Start &what, const QString &actor, const IntentId &intent,
               const QList<RevisionReadiness> &readiness);
    void pause();
    void stop();

    [[nodiscard]] bool busy() const;
    [[nodiscard]] const MigrationRun &run() const { return m_run; }
    [[nodiscard]] const WaitState &wait() const { return m_wait; }
    /// A statement of a Short group is at the server: it waits for its lock, or readers wait for
    /// it.
    [[nodiscard]] bool inShortGroup() const;
    /// How the last run ended, for the journal and for the person.
    [[nodiscard]] Outcome outcome() const;

Q_SIGNALS:
    void changed(); ///< run() or wait() is another
    void factsRead(const pilothouse::Reading<pilothouse::Facts> &facts);
    void cancelFailed(const pilothouse::Error &error); ///< the statement goes on
    void ended();                                      ///< run().ending tells how

private:
    void take(const MigrationEvent &event);
    void nextEffect();
    void carryOut(const MigrationEffect &effect);
    template <typename T, typename Then>
    void ask(QFuture<Result<T>> future, Then then);
    void watchWait();
    [[nodiscard]] RunTag tag(StepId step) const;

    Change m_change;
    Database &m_database;
    Clock &m_clock;
    QList<RevisionReadiness> m_readiness;
    QString m_actor;
    IntentId m_intent;
    MigrationRun m_run;
    WaitState m_wait;
    LockClass m_lockClass = LockClass::Short; ///< of the group that was sent last
    QList<MigrationEffect> m_queue;
    bool m_effectOut = false; ///< one effect has not answered yet
};

} // namespace pilothouse
