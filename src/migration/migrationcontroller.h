#pragma once

#include "action/actionrunner.h"
#include "action/preview.h"
#include "base/clock.h"
#include "migration/database.h"
#include "migration/gate.h"
#include "migration/migrationstep.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QObject>

#include <map>
#include <memory>
#include <vector>

namespace pilothouse {

class MigrationTrack;

/// One change in one of the workspace's databases: state, proof, record and CONTRACT are per
/// database, so this pair is what everything below is about.
struct ChangeKey
{
    ChangeName change;
    QString database; ///< the workspace's name for it: "context"

    bool operator==(const ChangeKey &) const = default;
    bool operator<(const ChangeKey &other) const
    {
        return std::tie(change, database) < std::tie(other.change, other.database);
    }
};

/// Settings of the page, from the workspace.
struct MigrationSettings
{
    EnvironmentMark environment;
    BackfillLimits backfill;
    /// By the workspace's name of a database, where it has a limit of its own; the rehearsal's is
    /// 2,500 rows/s times its speed.
    QHash<QString, qint64> rowsPerSecond;
    RetryPolicy retry;
    std::chrono::milliseconds poll{2'000};
    std::chrono::milliseconds staleAfter{15'000};
    bool readOnly = false;

    /// What holds in a database.
    [[nodiscard]] BackfillLimits limitsIn(const QString &database) const;
};

/// What runs now, for the strip of the page.
struct RunView
{
    QList<StepId> steps; ///< of this run
    StepId current = StepId::E1;
    bool undo = false;
    MigrationRun::Doing doing = MigrationRun::Doing::Idle;
    int tries = 0; ///< of the current statement
    int maxTries = 0;
    std::optional<std::chrono::milliseconds> nextTryIn;
    BackfillProgress progress; ///< M2, M3
    bool heldByLimit = false;
    bool pausing = false; ///< asked for, takes effect at the next batch
    WaitState wait;       ///< who is in our way, who queues behind us
};

/// How the last run ended; kept until the next one begins.
struct LastRun
{
    QList<StepId> steps;
    MigrationRun::Ending ending = MigrationRun::Ending::None;
    Error error;  ///< for Stopped and Failed
    QDateTime at; ///< UTC
};

/// A step with everything a row of the checklist shows.
struct StepView
{
    ChangeStep step;
    Permission may;     ///< run it now; every reason at once
    Permission mayUndo; ///< take its way back now
};

/// Everything known about one change in one database. A value: models compare and keep it.
struct ChangeView
{
    ChangeKey key;
    Change change;
    std::optional<Reading<Facts>> facts;      ///< nullopt = never read
    std::optional<Error> error;               ///< of the last read, while facts grow old
    ChangeState state = ChangeState::Planned; ///< meaningful with facts
    ChangePhase phase = ChangePhase::Expand;
    QString stateWords;
    QStringList drift;
    QList<StepView> steps; ///< empty without facts
    std::optional<StepId> next;
    QList<RevisionReadiness> readiness;
    bool readinessKnown = false; ///< setReadiness was called for it
    std::optional<RunView> running;
    std::optional<LastRun> lastRun;
    QList<Blocker> inTheWay; ///< of the next step, while the page is open
    QString place;           ///< "context-production"
    int daysLeft = 0;        ///< to contract_due, by UTC date; negative = late
};

/// A change file that could not be read, so that it is shown instead of missing.
struct BrokenChange
{
    QString path;
    Error error;
};

/// The Migrations page's controller and the only writer of schema changes. GUI thread. The ports
/// outlive it. Destroying it ends nothing at the server: a running batch commits or rolls back, a
/// statement of class Long goes on and is taken up by the next console.
class MigrationController : public QObject
{
    Q_OBJECT

public:
    MigrationController(MigrationSettings settings, SourceTree &source, ActionRunner &actions,
                        Clock &clock, QObject *parent = nullptr);
    ~MigrationController() override;

    /// One of the workspace's databases. Call before start(). `changesFolder` is a folder of the
    /// repository; the file's own `databases` decides which of its changes are shown here.
    void addDatabase(const QString &name, const QString &changesFolder, Database &database);

    /// Reads the change files at the default branch's tip, then the facts of each. Again = F5.
    void start();
    /// Facts are polled while visible or while something runs.
    void setVisible(bool visible);
    /// What of LIVE is ready for CONTRACT of this change in this database. A change for which this
    /// was never called is refused CONTRACT: nothing is known about the code.
    void setReadiness(const ChangeKey &key, const QList<RevisionReadiness> &readiness);

    [[nodiscard]] bool loading() const { return m_loading; } ///< the first list is on its way
    /// The list of files could not be read at all (no clone, no such branch).
    [[nodiscard]] std::optional<Error> listError() const { return m_listError; }
    [[nodiscard]] QList<BrokenChange> broken() const { return m_broken; }
    [[nodiscard]] CommitId tip() const { return m_tip; }
    /// Sorted by path, then by the order of `databases` in the file. A view is computed on demand.
    [[nodiscard]] QList<ChangeKey> keys() const;
    [[nodiscard]] std::optional<ChangeView> view(const ChangeKey &key) const;
    /// Since the facts of this change were read; nullopt = never.
    [[nodiscard]] std::optional<std::chrono::milliseconds> factsAge(const ChangeKey &key) const;
    /// For the chip "PostgreSQL": the worst of all databases.
    [[nodiscard]] SourceState sourceState() const;

    /// The confirmation of this step and those that run together with it, from what is known now.
    /// nullopt: no such change or no facts yet. Asking also counts NULLs again where the step needs
    /// it; `changed` tells when a new preview is to be had.
    [[nodiscard]] std::optional<Preview> preview(const ChangeKey &key, StepId step);
    [[nodiscard]] std::optional<Preview> undoPreview(const ChangeKey &key, StepId step);

    /// Reads everything again; Conflict if the preview would be another one now (the dialog shows
    /// it again), Refused with every reason if the gate says no; else intent, statements, proof.
    /// Ends with the run: Done also for a backfill that was paused (the text says so).
    [[nodiscard]] QFuture<Outcome> run(const ChangeKey &key, StepId step,
                                       const Confirmation &confirmation);
    [[nodiscard]] QFuture<Outcome> undo(const ChangeKey &key, StepId step,
                                        const Confirmation &confirmation);
    /// The backfill stops at its next batch; nothing is lost.
    void pause(const ChangeKey &key);
    /// The confirmation of a pause; nullopt = no backfill of it runs, here or elsewhere.
    [[nodiscard]] std::optional<Preview> pausePreview(const ChangeKey &key) const;
    /// Pauses what another console runs, through the journal; `where` is told to it: "on call".
    /// Done once the database says that it is paused, Conflict if it does not run any more.
    [[nodiscard]] QFuture<Outcome> pauseElsewhere(const ChangeKey &key, const QString &where);
    /// Takes a paused (or orphaned) backfill up where its cursor stands. Nothing typed.
    [[nodiscard]] QFuture<Outcome> resume(const ChangeKey &key);
    /// Cancels the statement that waits or runs; what is committed stays.
    void stop(const ChangeKey &key);

    /// Cancels another session's statement, through the journal; a session idle in a transaction
    /// has none, so it is ended (the preview says so).
    [[nodiscard]] Preview cancelPreview(const ChangeKey &key, const Blocker &blocker) const;
    [[nodiscard]] QFuture<Outcome> cancelBlocker(const ChangeKey &key, const Blocker &blocker,
                                                 const Confirmation &confirmation);

    /// An intent of this controller, whatever its change and database.
    [[nodiscard]] static bool claims(const Record &intent);
    /// What came of an intent of an earlier console, judged by the facts of now: Done, Failed (not
    /// done) or Unknown. For the settling of orphans at start.
    [[nodiscard]] QFuture<Outcome> settle(const Record &intent);

Q_SIGNALS:
    void listChanged();                             ///< keys, broken, listError, loading
    void changed(const pilothouse::ChangeKey &key); ///< view(key) is another
    void sourceStateChanged(const pilothouse::SourceState &state);
    /// A statement waits for its lock: the page opens "in the way".
    void blocked(const pilothouse::ChangeKey &key, const pilothouse::WaitState &wait);

private:
    struct Target;

    [[nodiscard]] MigrationTrack *track(const ChangeKey &key) const;
    void loadFolders(int generation, const CommitId &tip);
    void take(const CommitId &tip, const QHash<QString, QList<SourceFile>> &filesOfFolder);
    void givenUp(int generation);
    void endLoading(const std::optional<Error> &error);
    [[nodiscard]] std::unique_ptr<MigrationTrack> makeTrack(const Change &change,
                                                            const Target &target);
    template <typename Act>
    [[nodiscard]] QFuture<Outcome> with(const ChangeKey &key, Act act);

    MigrationSettings m_settings;
    SourceTree &m_source;
    ActionRunner &m_actions;
    Clock &m_clock;
    std::vector<std::unique_ptr<Target>> m_targets;
    std::vector<std::unique_ptr<MigrationTrack>> m_tracks;
    std::map<ChangeKey, QList<RevisionReadiness>> m_readiness;
    QList<BrokenChange> m_broken;
    std::optional<Error> m_listError;
    CommitId m_tip;
    int m_generation = 0;
    bool m_loading = true;
    bool m_visible = false;
};

} // namespace pilothouse
