#pragma once

#include "action/preview.h"
#include "base/clock.h"
#include "journal/journal.h"
#include "release/budget.h"
#include "release/releaseviews.h"
#include "release/workloads.h"
#include "repository/ancestry.h"
#include "repository/sourcetree.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class ConfigMapSource;
class MovingRunsDesk;
class PipelineController;
class ReleaseSources;
class ReleaseSources;
class RolloutController;
class SeenSource;

/// What release is told once, from the workspace.
struct ReleaseSettings
{
    EnvironmentMark environment;
    QList<GateRule> gates = usualGates();
    QList<TrackBudget> budgets;                 ///< of the tracks that have one, in their order
    QHash<QString, QString> workloadDatabase;   ///< by Workload::name; absent = touches none
    std::chrono::milliseconds poll{15'000};     ///< of workloads and of the newest runs
    std::chrono::milliseconds seenPoll{60'000}; ///< of what other systems remember
    int earlier = 10; ///< how many commits of the default branch the picker offers besides
};

/// Joins pipeline, traffic and schema: chooses the release to show, says what is next, what is live
/// where, and tells each rollout and each change what the other side means for it. GUI thread. All
/// that it is given outlives it.
class ReleaseController : public QObject
{
    Q_OBJECT

public:
    ReleaseController(ReleaseSettings settings, SourceTree &files, Ancestry &ancestry,
                      Journal &journal, Clock &clock, QObject *parent = nullptr);
    ~ReleaseController() override;

    /// Before start(), in the workspace's order. `database` is the workspace's name; empty = none.
    void addTrack(RolloutController &track, const QString &database);
    void setMigrations(MigrationController &migrations);
    void setPipeline(PipelineController &pipeline);
    void setRuns(RunSource &runs);
    void setWorkloads(Workloads &workloads);
    /// Where the config maps of the tracks' pods are asked for.
    void setConfigMaps(ConfigMapSource &source);
    /// A system that remembers who did what. Before start().
    void addSeen(SeenSource &source);
    /// Of the CI host, and of each build service: its waiting runs stand in NEXT. Told which
    /// release is shown, and looked at by refresh().
    void addMovingRuns(MovingRunsDesk &desk);
    /// Reads the journal, the newest runs and the workloads, chooses a release, then follows.
    void start();

    /// The commit that every page shows; empty until something is known.
    [[nodiscard]] CommitId shown() const;
    /// Of shown(), once it is read.
    [[nodiscard]] const std::optional<Commit> &commit() const;
    /// A person chose: stays until the next show(). An empty commit chooses by itself again.
    void show(const CommitId &commit);
    /// Candidates first, then those on their way, the live ones, earlier ones.
    [[nodiscard]] const QList<ReleaseItem> &releases() const;

    [[nodiscard]] const QList<NextRow> &next() const;
    /// The release of whose waiting runs NEXT tells; empty = not all hosts were looked at yet.
    [[nodiscard]] CommitId waitingOf() const;
    [[nodiscard]] const QList<LiveRow> &live() const;
    [[nodiscard]] const QList<Gate> &gates() const;
    [[nodiscard]] QList<PathChip> path() const;
    /// Machine time of the shown pipeline so far; nullopt before it began.
    [[nodiscard]] std::optional<std::chrono::milliseconds> machineTime() const;
    [[nodiscard]] QList<BudgetView> budgets() const;
    /// Everything that is known to have happened, newest first; LATELY shows its beginning.
    [[nodiscard]] const QList<LatelyLine> &happened() const;
    [[nodiscard]] QList<LatelyLine> lately() const;
    /// What of it cannot be heard now; empty = all of it can.
    [[nodiscard]] const QList<Unheard> &unheard() const;
    /// What the schema says of moving this track waits for an answer that is on its way.
    [[nodiscard]] bool schemaAwaited(const RolloutController &track) const;
    /// The same of the config maps that moving it leaves as they are.
    [[nodiscard]] bool configMapsAwaited(const RolloutController &track) const;
    [[nodiscard]] const ReleaseSettings &settings() const;
    /// What release itself reads, and how the repository answers.
    [[nodiscard]] const ReleaseSources &sources() const;

public Q_SLOTS:
    /// Reads what release itself reads (workloads, newest runs, what others did, runs that wait or
    /// could move a track); the subjects have their own.
    void refresh();

Q_SIGNALS:
    void shownChanged(const pilothouse::CommitId &commit);
    void changed();       ///< releases, next, live, gates, path
    void latelyChanged(); ///< happened, unheard

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse
