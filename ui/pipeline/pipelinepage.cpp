#include "ui/pipeline/pipelinepage.h"

#include "base/reading.h"
#include "logs/logcontroller.h"
#include "pipeline/act/buildstage.h"
#include "pipeline/pipelinecontroller.h"
#include "release/things/namedthings.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logpanel.h"
#include "ui/pipeline/budgetbar.h"
#include "ui/pipeline/buildpanel.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/jobpanel.h"
#include "ui/pipeline/logs/joblogs.h"
#include "ui/pipeline/problemlist.h"
#include "ui/pipeline/runbar.h"
#include "ui/pipeline/statuswords.h"
#include "ui/pipeline/stepmodel.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int topShare = 5000; ///< of the page's height, against the log's
constexpr int logShare = 4000;
constexpr int jobPanelWidth = 264;

QToolButton *toolButton(const QString &icon, const QString &text, const QString &objectName)
{
    auto *button = new QToolButton;
    button->setObjectName(objectName);
    button->setIcon(themedIcon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    return button;
}

void tellBuildOrigin(const BuildStage &stage, LogController &logs)
{
    if (const auto build = stage.chosen())
        logs.setOrigin(BuildLog{build->hostId},
                       {build->page, LogOrigin::Anchors::None, logSteps(stage.steps())});
}

/// Empty where there is none.
NodeId firstIn(const Graph &graph, const GraphFrame &frame)
{
    const QString start
        = frame.id.value + (frame.parent.value.isEmpty() ? QLatin1Char('#') : QLatin1Char('/'));
    const auto found
        = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                       [&](const GraphNode &node) { return node.id.value.startsWith(start); });
    return found == graph.nodes.end() ? NodeId() : found->id;
}

} // namespace

PipelinePage::PipelinePage(PipelineController &pipeline, LogController &logs, RunActions *actions,
                           QWidget *parent)
    : QWidget(parent), m_pipeline(pipeline), m_logs(logs), m_panel(new Panel(tr("Pipeline"), this)),
      m_stack(new QStackedWidget), m_graph(new GraphView), m_state(new StateView),
      m_legend(new QLabel), m_budgets(new BudgetBar),
      m_problemsButton(toolButton(QStringLiteral("triangle-alert"),
                                  tr("Problems in the workflow files"),
                                  QStringLiteral("problemsButton"))),
      m_problems(new ProblemList), m_job(new JobPanel(pipeline)), m_right(new QVBoxLayout),
      m_log(new LogPanel(logs)), m_jobLogs(new JobLogs(pipeline, logs, *m_log))
{
    setObjectName(QStringLiteral("pipelinePage"));
    m_stack->addWidget(m_graph);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_problems);
    m_problemsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_problemsButton->setCheckable(true);
    m_legend->setFont(Theme::instance().smallFont());
    m_legend->setText(
        tr("bold: critical path   ·   dashed box: to come, slashed: skips   ·   dashed line: "
           "starts the other file   ·   Space folds"));
    m_legend->setWordWrap(true);

    auto *zoomOut
        = toolButton(QStringLiteral("minus"), tr("Zoom out (−)"), QStringLiteral("zoomOutButton"));
    auto *zoomIn
        = toolButton(QStringLiteral("plus"), tr("Zoom in (+)"), QStringLiteral("zoomInButton"));
    auto *fit = toolButton(QStringLiteral("maximize"), tr("Fit (0)"), QStringLiteral("fitButton"));
    for (QToolButton *button : {m_problemsButton, zoomOut, zoomIn, fit})
        m_panel->addAction(button);
    if (actions) {
        auto *bar = new RunBar(*actions);
        m_panel->body()->addWidget(bar);
        m_job->setActions(*actions);
        connect(m_job, &JobPanel::ordered, bar, &RunBar::confirm);
    }
    m_panel->body()->addWidget(m_stack, 1);
    m_budgets->hide();
    auto *below = new QHBoxLayout;
    below->addWidget(m_legend, 1);
    below->addWidget(m_budgets, 0, Qt::AlignRight | Qt::AlignVCenter);
    m_panel->body()->addLayout(below);

    auto *top = new QSplitter(Qt::Horizontal);
    top->addWidget(m_panel);
    auto *right = new QWidget;
    right->setLayout(m_right);
    m_right->setContentsMargins(0, 0, 0, 0);
    m_right->setSpacing(spacing::Small);
    m_right->addWidget(m_job, 1);
    top->addWidget(right);
    m_job->setMinimumWidth(jobPanelWidth);
    top->setStretchFactor(0, 3);
    top->setStretchFactor(1, 1);
    auto *all = new QSplitter(Qt::Vertical);
    all->addWidget(top);
    all->addWidget(m_log);
    all->setStretchFactor(0, 5);
    all->setStretchFactor(1, 4);
    all->setSizes({topShare, logShare});
    for (QSplitter *splitter : {top, all}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(spacing::Small);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(all);

    connect(zoomOut, &QToolButton::clicked, m_graph,
            [this] { m_graph->zoomBy(1 / GraphView::zoomStep); });
    connect(zoomIn, &QToolButton::clicked, m_graph,
            [this] { m_graph->zoomBy(GraphView::zoomStep); });
    connect(fit, &QToolButton::clicked, m_graph, &GraphView::fit);
    connect(m_problemsButton, &QToolButton::toggled, this, &PipelinePage::showGraphOrProblems);
    connect(m_problems, &ProblemList::chosen, this, [this](const Finding &finding) {
        if (const NodeId node = nodeOf(finding); !node.value.isEmpty())
            choose(node);
    });
    connect(&m_pipeline, &PipelineController::findingsChanged, this,
            &PipelinePage::refreshProblems);
    connect(m_graph, &GraphView::nodeChosen, this, [this](const NodeId &node) {
        choose(node);
        const QSignalBlocker wayBack(m_problems);
        m_problems->choose(m_graph->problemsOf(node));
    });
    connect(m_state, &StateView::retryRequested, this, [this] {
        if (m_pipeline.commit().value.isEmpty())
            Q_EMIT readAgainRequested();
        else
            m_pipeline.refresh();
    });
    connect(&m_pipeline, &PipelineController::graphChanged, this, &PipelinePage::refreshGraph);
    connect(&m_pipeline, &PipelineController::overlayChanged, this, &PipelinePage::refreshOverlay);
    connect(&m_pipeline, &PipelineController::sourceChanged, this, &PipelinePage::refreshOverlay);
    connect(&m_pipeline, &PipelineController::selectionChanged, this,
            &PipelinePage::followSelection);
    connect(m_job, &JobPanel::stepChosen, this, &PipelinePage::showStep);
    connect(&m_pipeline, &PipelineController::jobEnded, &m_logs, &LogController::jobEnded);
    refreshGraph();
}

void PipelinePage::setBudgets(const QList<BudgetView> &budgets)
{
    m_budgets->setBudgets(budgets);
}

void PipelinePage::addBuilds(BuildStage &stage, RunActions &actions)
{
    auto *panel = new BuildPanel(stage, actions);
    m_right->addWidget(panel, 1);
    connect(panel, &BuildPanel::logWanted, this,
            [this, &stage](const QString &build, const QString &title) {
                if (m_logs.target() != std::optional<LogTarget>(BuildLog{build})
                    || m_logs.state() == LogController::State::Failed)
                    m_logs.open(BuildLog{build}, title);
                tellBuildOrigin(stage, m_logs);
            });
    connect(panel, &BuildPanel::stepChosen, m_log->menus(), &LogMenus::showStep);
    connect(&stage, &ShownRuns::changed, this, [this, &stage] { tellBuildOrigin(stage, m_logs); });
    m_builds.append({&stage, panel});
    connect(&stage, &ShownRuns::changed, this, &PipelinePage::refreshOverlay);
    connect(&stage, &ShownRuns::changed, this, &PipelinePage::followBuild);
    refreshGraph();
}

bool PipelinePage::showBuild(const RunId &build)
{
    for (auto spot = m_drawn.spots.cbegin(); spot != m_drawn.spots.cend(); ++spot) {
        const auto newest = m_builds[spot->place].stage->chosen();
        if (newest && newest->id == build) {
            choose(spot.key());
            return true;
        }
    }
    return false;
}

void PipelinePage::setRunSearch(RunSearch &search)
{
    m_jobLogs->setRunSearch(search);
}

void PipelinePage::setLastGreen(LastGreen &green)
{
    m_jobLogs->setLastGreen(green);
}

void PipelinePage::setThings(ThingDesk &desk)
{
    desk.serve(*this, [this] { return things(); });
}

QList<Thing> PipelinePage::things() const
{
    QList<Thing> all;
    const auto add = [&all](Thing thing, RunStatus status) {
        thing.tells = lookOf(status).word;
        all.append(std::move(thing));
    };
    const auto job = m_pipeline.selectedJob();
    const auto spot = m_drawn.spots.constFind(m_chosenBuild);
    if (spot != m_drawn.spots.constEnd()) {
        if (const auto build = m_builds[spot->place].stage->chosen())
            add(buildThing(*build), build->status);
    } else if (job) {
        add(jobThing(*job), job->status);
    }
    for (const Run &run : m_pipeline.overlay().runs) {
        if (!job || run.id == job->run)
            add(runThing(run), run.status);
    }
    if (!m_pipeline.commit().value.isEmpty())
        all.append(commitThing(m_pipeline.commit()));
    return all;
}

void PipelinePage::setUnread(const std::optional<Error> &error)
{
    m_unread = error;
    if (m_pipeline.commit().value.isEmpty())
        refreshGraph();
}

void PipelinePage::refreshGraph()
{
    m_panel->setTitle(m_pipeline.commit().value.isEmpty()
                          ? tr("Pipeline")
                          : tr("Pipeline %1").arg(shortSha(m_pipeline.commit())));
    const bool nothingShown = m_pipeline.commit().value.isEmpty();
    if (const auto &error = nothingShown ? m_unread : m_pipeline.loadError()) {
        m_state->showError(*error, tr("The other pages go on working."), tr("Read Again"));
        m_stack->setCurrentWidget(m_state);
    } else if (nothingShown) {
        m_state->showLoading(tr("the repository"));
        m_stack->setCurrentWidget(m_state);
    } else if (m_pipeline.isLoading()) {
        m_state->showLoading(tr("the workflow files"));
        m_stack->setCurrentWidget(m_state);
    } else if (m_pipeline.graph().nodes.isEmpty()) {
        m_state->showEmpty(
            tr("No workflow at this commit"),
            tr("The files that pilothouse.yaml names under “pipelines” are not there, or "
               "have no jobs."));
        m_stack->setCurrentWidget(m_state);
    } else {
        QList<BuildPlace> places;
        for (const Build &build : std::as_const(m_builds))
            places.append({build.stage->settings().job, build.stage->settings().sourceName});
        m_drawn = withBuilds(m_pipeline.graph(), places);
        m_graph->setGraph(m_drawn.graph);
        m_stack->setCurrentWidget(m_graph);
        showGraphOrProblems();
    }
    refreshProblems();
    refreshOverlay();
}

void PipelinePage::refreshProblems()
{
    const QList<Finding> &findings = m_pipeline.findings();
    const auto grave = std::count_if(findings.begin(), findings.end(), [](const Finding &finding) {
        return finding.severity == Finding::Severity::Blocks;
    });
    m_problemsButton->setText(findings.isEmpty() ? tr("Doctor: nothing found")
                              : grave > 0
                                  ? tr("Doctor: %1, %2 blocking").arg(findings.size()).arg(grave)
                                  : tr("Doctor: %1").arg(findings.size()));
    m_problems->setFindings(findings);
    m_graph->setProblems(findings);
}

/// Of a job that calls, the first job of what it calls; of what stands in no job, the first job of
/// the file. Of two calls of one file, the one that is looked at.
NodeId PipelinePage::nodeOf(const Finding &finding) const
{
    const Graph &graph = m_pipeline.graph();
    const auto isOf = [&](const FrameId &id, const QString &job) {
        const GraphFrame *frame = graph.frame(id);
        return frame && frame->path == finding.path && job == finding.job;
    };
    const GraphNode *chosen = graph.node(m_pipeline.selectedNode());
    if (chosen && isOf(chosen->frame, chosen->job.key))
        return chosen->id;
    for (const GraphNode &node : graph.nodes) {
        if (isOf(node.frame, node.job.key))
            return node.id;
    }
    const GraphFrame *seen = chosen ? graph.frame(chosen->frame) : nullptr;
    if (seen && seen->path == finding.path && finding.job.isEmpty())
        return firstIn(graph, *seen);
    for (const GraphFrame &frame : graph.frames) {
        const bool isIt = finding.job.isEmpty() ? frame.path == finding.path
                                                : isOf(frame.parent, frame.job.key);
        if (isIt)
            return firstIn(graph, frame);
    }
    return {};
}

void PipelinePage::showGraphOrProblems()
{
    if (m_stack->currentWidget() == m_state)
        return;
    m_stack->setCurrentWidget(m_problemsButton->isChecked() ? static_cast<QWidget *>(m_problems)
                                                            : m_graph);
}

void PipelinePage::refreshOverlay()
{
    Overlay overlay = m_pipeline.overlay();
    if (m_pipeline.runsAge() && isStale(m_pipeline.runState()))
        markStale(overlay);
    QList<BuildState> builds;
    for (const Build &build : std::as_const(m_builds))
        builds.append(build.stage->state());
    m_graph->setOverlay(overlayBuilds(overlay, m_drawn, builds), m_pipeline.serverNow());
    m_graph->setChosen(chosenOnGraph());
    refreshAges();
    tellOrigin();
    if (const auto job = m_pipeline.selectedJob(); job && hasEnded(job->status))
        m_logs.jobEnded(job->id);
}

void PipelinePage::refreshAges()
{
    const Overlay &overlay = m_pipeline.overlay();
    const SourceState &source = m_pipeline.runState();
    QStringList remarks;
    for (const Run &run : overlay.runs) {
        if (run.attempt > 1)
            remarks << tr("run %1 attempt %2").arg(run.id.value).arg(run.attempt);
    }
    if (const auto elapsed = overlay.elapsed(m_pipeline.serverNow()))
        remarks << tr("%1 so far").arg(durationText(*elapsed));
    if (overlay.completedAt.isValid() && !remarks.isEmpty())
        remarks.last() = tr("took %1").arg(durationText(*overlay.elapsed(m_pipeline.serverNow())));
    if (!overlay.unmatched.isEmpty())
        remarks << tr("not in the files: %1").arg(overlay.unmatched.size());
    const auto age = m_pipeline.runsAge();
    if (age && isStale(source))
        remarks << tr("as read %1: %2").arg(agoText(*age), silenceWords(source));
    else if (age)
        remarks << tr("read %1").arg(agoText(*age));
    else if (source.health == SourceState::Health::NotSetUp)
        remarks << tr("no runs: no CI host is set up");
    else if (source.error)
        remarks << tr("no runs: %1").arg(source.error->message);
    for (const Build &build : std::as_const(m_builds)) {
        const SourceState &builds = build.stage->source();
        const auto read = build.stage->age();
        if (read && isStale(builds))
            remarks << tr("%1 as read %2: %3")
                           .arg(builds.name, agoText(*read), firstSentence(silenceWords(builds)));
        else if (!read && builds.error)
            remarks << tr("no builds: %1").arg(firstSentence(builds.error->message));
        build.panel->refreshAge();
    }
    m_panel->setRemark(remarks.join(QStringLiteral(" · ")));
}

/// The controller chooses among jobs; a build stands beside the one that handed it over.
void PipelinePage::choose(const NodeId &node)
{
    const auto spot = m_drawn.spots.constFind(node);
    const bool isBuild = spot != m_drawn.spots.constEnd();
    m_chosenBuild = isBuild ? node : NodeId();
    m_openedBuild.clear();
    m_pipeline.selectNode(isBuild ? spot->job : node);
    followSelection(); // also from a job to its own build, which is no other selection
}

NodeId PipelinePage::chosenOnGraph() const
{
    return m_chosenBuild.value.isEmpty() ? m_pipeline.selectedNode() : m_chosenBuild;
}

/// The log of the chosen build is opened once, when there is one: whoever then looks at another
/// log is left in peace.
void PipelinePage::followBuild()
{
    const auto spot = m_drawn.spots.constFind(m_chosenBuild);
    if (spot == m_drawn.spots.constEnd())
        return;
    const Build &build = m_builds[spot->place];
    const auto run = build.stage->chosen();
    const QString id = run ? run->hostId : QString();
    if (id == m_openedBuild)
        return;
    m_openedBuild = id;
    if (id.isEmpty())
        m_logs.close(); // of another commit
    else
        build.panel->openLog();
}

/// The log follows the chosen job: at once if the job has ended, else the moment it ends.
void PipelinePage::followSelection()
{
    const auto spot = m_drawn.spots.constFind(m_chosenBuild);
    if (spot == m_drawn.spots.constEnd() || spot->job != m_pipeline.selectedNode())
        m_chosenBuild = {};
    m_job->setVisible(m_chosenBuild.value.isEmpty());
    m_graph->setChosen(chosenOnGraph());
    if (!m_chosenBuild.value.isEmpty()) {
        if (m_openedBuild.isEmpty())
            m_logs.close(); // until there is a build
        followBuild();
        return;
    }
    const auto job = m_pipeline.selectedJob();
    if (!job) {
        m_logs.close();
        return;
    }
    const JobLog target{job->run, job->id};
    if (m_logs.target() == std::optional<LogTarget>(target))
        return;
    const QString title = tr("%1 · run %2").arg(job->name).arg(job->run.value);
    if (hasEnded(job->status) && job->status != RunStatus::Skipped)
        m_logs.open(target, title);
    else
        m_logs.waitForEnd(target, title);
    tellOrigin();
}

void PipelinePage::tellOrigin()
{
    if (const auto job = m_pipeline.selectedJob())
        m_logs.setOrigin(JobLog{job->run, job->id},
                         {job->page, LogOrigin::Anchors::ByStep, logSteps(job->steps)});
}

/// Another log may stand here meanwhile, one from disk say: the job's own comes back first.
void PipelinePage::showStep(int number)
{
    followSelection();
    m_log->menus()->showStep(number);
}

void PipelinePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_pipeline.setWatched(true);
}

void PipelinePage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_pipeline.setWatched(false);
}

} // namespace pilothouse
