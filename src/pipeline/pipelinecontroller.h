#pragma once

#include "base/clock.h"
#include "base/reading.h"
#include "pipeline/doctor/finding.h"
#include "pipeline/doctor/surroundings.h"
#include "pipeline/graph.h"
#include "pipeline/overlay.h"
#include "pipeline/runsource.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QObject>
#include <QStringList>

#include <chrono>
#include <optional>

namespace pilothouse {

class RunPoller;
class WorkflowLoader;

/// The pipeline of one commit: reads its workflow files, follows its runs, and keeps both as
/// values to draw. GUI thread. The ports must outlive it.
///
/// Pace: a request at a time. While a job runs, or something changed within the last minute, the
/// focused pace; else the quiet one; hidden pages the quiet one too. RateLimited waits until
/// retryAt; other failures back off from the focused to the quiet pace and keep what was known.
class PipelineController final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        /// From the root of the repository, in the order to draw. Workflows that they call are read
        /// too. Empty = all of .github/workflows.
        QStringList workflowPaths;
        QString sourceName = QStringLiteral("GitHub"); ///< of the CI host, for its SourceState
        std::chrono::milliseconds focusedPace{4'000};
        std::chrono::milliseconds quietPace{30'000};
        std::chrono::milliseconds staleAfter{15'000}; ///< as RunPoller::Pace has it
        Surroundings surroundings{};                  ///< for the doctor
    };

    /// `runs` may be nullptr: the graph is then drawn without runs; and `others`: what is called in
    /// another repository stays closed.
    PipelineController(SourceTree &files, RunSource *runs, Clock &clock, const Settings &settings,
                       OtherRepositories *others = nullptr, QObject *parent = nullptr);

    /// The commit asked for last; empty before the first `show`.
    [[nodiscard]] CommitId commit() const;
    /// Of `commit()`, or empty while its files are read (`isLoading`).
    [[nodiscard]] const Graph &graph() const;
    [[nodiscard]] bool isLoading() const;
    /// What the doctor found in the files of `commit()`, the gravest first. What the reader itself
    /// refused stands before it, without a rule. Empty until it was examined.
    [[nodiscard]] const QList<Finding> &findings() const;
    /// Why there is no graph, where the files could not be read. A single missing file is only a
    /// problem of the graph.
    [[nodiscard]] const std::optional<Error> &loadError() const;

    [[nodiscard]] const Overlay &overlay() const;
    /// All runs of the commit, newest first; `overlay().runs` says which are shown.
    [[nodiscard]] const QList<Run> &runs() const;
    /// Age of `runs()` and of the jobs of one run; nothing before the first answer.
    [[nodiscard]] std::optional<std::chrono::milliseconds> runsAge() const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> jobsAge(const RunId &run) const;
    /// The CI host's clock now, for durations of what still runs; invalid before the first answer.
    [[nodiscard]] QDateTime serverNow() const;

    /// The chosen node and job; both empty if nothing is chosen. They survive every refresh as long
    /// as they exist.
    [[nodiscard]] NodeId selectedNode() const;
    [[nodiscard]] std::optional<Job> selectedJob() const;

    /// How the CI host does; health NotSetUp without a RunSource.
    [[nodiscard]] SourceState runState() const;

public Q_SLOTS:
    /// Changes to another commit; answers for an earlier one are dropped.
    void show(const pilothouse::CommitId &commit);
    /// Reads everything again now (F5), whatever the pace; a rate limit is still obeyed.
    void refresh();
    /// Shows this run instead of the newest one of its workflow.
    void showRun(const pilothouse::RunId &run);
    /// Chooses a node and, where it has jobs, the worst of them.
    void selectNode(const pilothouse::NodeId &node);
    /// Chooses one job (a leg) and its node.
    void selectJob(const pilothouse::JobId &job);
    /// Whether somebody looks: decides the pace alone.
    void setWatched(bool watched);

Q_SIGNALS:
    /// Another graph, another load error, or loading began.
    void graphChanged();
    void findingsChanged();
    /// Something about runs or jobs changed; not emitted by an answer that says the same.
    void overlayChanged();
    void selectionChanged();
    /// The CI host answered, failed, or has been silent for too long.
    void sourceChanged(const pilothouse::SourceState &state);
    /// A job that was seen running has ended: its log can be read now.
    void jobEnded(const pilothouse::JobId &job);

private:
    void forget();
    void load();
    void failLoading(const Error &error);
    void takeWorkflows(const QList<Workflow> &workflows, const QList<Problem> &missing);
    void examineElsewhere(const QList<Workflow> &workflows);
    void computeUsual();
    void recompute();
    /// Whether the CI host has told what there is for this node.
    [[nodiscard]] bool isRead(const NodeId &node) const;
    void followRuns();
    void keepSelection();

    Settings m_settings;
    WorkflowLoader *m_loader;      ///< a child
    RunPoller *m_poller = nullptr; ///< a child; nullptr without a RunSource

    CommitId m_commit;
    std::optional<Error> m_loadError;
    Graph m_graph;
    QList<Finding> m_findings;
    qint64 m_examination = 0; ///< answers about earlier files are dropped
    Overlay m_overlay;
    QHash<NodeId, std::chrono::milliseconds> m_usual;
    qsizetype m_usualRuns = 0; ///< how many earlier runs `m_usual` was computed from

    NodeId m_selectedNode;
    JobId m_selectedJob;
    QString m_selectedName; ///< of the job: finds it again in the next attempt
};

} // namespace pilothouse
