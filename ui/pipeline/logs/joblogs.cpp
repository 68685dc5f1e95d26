#include "ui/pipeline/logs/joblogs.h"

#include "logs/logcontroller.h"
#include "logs/runsearch/runsearch.h"
#include "pipeline/pipelinecontroller.h"
#include "release/logs/lastgreen.h"
#include "release/logs/runlogs.h"
#include "ui/logs/comparewindow.h"
#include "ui/logs/logpanel.h"
#include "ui/widgets/words.h"

#include <QToolButton>

#include <algorithm>

namespace pilothouse {

JobLogs::JobLogs(PipelineController &pipeline, LogController &logs, LogPanel &panel)
    : QObject(&panel), m_pipeline(pipeline), m_logs(logs), m_panel(panel)
{}

void JobLogs::setRunSearch(RunSearch &search)
{
    m_search = &search;
    m_panel.setRunSearch(search);
    connect(&m_panel, &LogPanel::hitOpened, this, &JobLogs::choose);
    for (const auto signal :
         {&PipelineController::graphChanged, &PipelineController::overlayChanged,
          &PipelineController::selectionChanged})
        connect(&m_pipeline, signal, this, &JobLogs::tellJobs);
    tellJobs();
}

void JobLogs::tellJobs()
{
    const Overlay &overlay = m_pipeline.overlay();
    const auto run = runToSearch(overlay, m_pipeline.selectedJob());
    const QList<RunLog> jobs = run ? logsOfRun(m_pipeline.graph(), overlay, *run) : QList<RunLog>();
    if (jobs == m_told)
        return;
    m_told = jobs;
    m_search->setJobs(jobs);
}

void JobLogs::choose(const LogTarget &target)
{
    if (const auto *log = std::get_if<JobLog>(&target))
        m_pipeline.selectJob(log->job);
}

void JobLogs::setLastGreen(LastGreen &green)
{
    m_green = &green;
    m_panel.lastGreenButton()->show();
    connect(m_panel.lastGreenButton(), &QToolButton::clicked, this, &JobLogs::askOrStop);
    connect(m_green, &LastGreen::found, this, &JobLogs::showGreen);
    connect(m_green, &LastGreen::refused, this, [this](const Error &why) {
        m_panel.say(why.message);
        refreshButton();
    });
    connect(&m_logs, &LogController::changed, this, [this] {
        // The reader went on to another log: a window about the one before would only mislead.
        if (m_green->isLooking() && m_logs.target() != m_asked) {
            m_green->forget();
            m_panel.say({});
            refreshButton();
        }
    });
    refreshButton();
}

void JobLogs::refreshButton()
{
    QToolButton *button = m_panel.lastGreenButton();
    const bool looking = m_green->isLooking();
    button->setText(looking ? tr("Stop Looking") : tr("Against Last Green"));
    button->setAccessibleName(button->text());
    button->setToolTip(looking ? tr("Stops looking for the last green run")
                               : tr("Shows this log beside the same job's of the last green run "
                                    "on its branch, or the last green build like it"));
    if (!looking)
        m_log.reset();
}

void JobLogs::askOrStop()
{
    if (!m_green->isLooking())
        return ask();
    m_green->forget();
    m_panel.say(tr("No longer looking for the last green run."));
    refreshButton();
}

void JobLogs::ask()
{
    if (m_logs.target() && std::holds_alternative<BuildLog>(*m_logs.target())) {
        const QString build = std::get<BuildLog>(*m_logs.target()).build;
        begin();
        m_green->findBuild(build);
        m_panel.say(tr("Looking for the last green build before %1…").arg(build.left(8)));
        return refreshButton();
    }
    const auto *target = m_logs.target() ? std::get_if<JobLog>(&*m_logs.target()) : nullptr;
    if (!target)
        return m_panel.say(tr("Only the log of a CI job or a build has a last green one. Compare "
                              "with a file instead."));
    const auto job = m_pipeline.overlay().job(target->job);
    const QList<Run> &runs = m_pipeline.runs();
    const auto run = std::find_if(runs.begin(), runs.end(),
                                  [&](const Run &each) { return each.id == target->run; });
    if (!job || run == runs.end())
        return m_panel.say(tr("The pipeline no longer shows this job. Choose it again."));
    begin();
    m_green->find(*run, *job);
    m_panel.say(tr("Looking for the last green run of %1…")
                    .arg(run->workflowPath.section(QLatin1Char('/'), -1)));
    refreshButton();
}

void JobLogs::begin()
{
    m_asked = m_logs.target();
    m_log = m_logs.sharedStore();
    m_title = m_logs.title();
}

void JobLogs::showGreen(const GreenLog &green)
{
    m_panel.say({});
    const QString name = green.run.hostId.isEmpty() ? tr("run %1").arg(green.run.id.value)
                                                    : tr("build %1").arg(green.run.hostId.left(8));
    const QString title = green.ago ? tr("%1, green, %2").arg(name, agoText(*green.ago))
                                    : tr("%1, green").arg(name);
    showComparison(&m_panel, {m_title, m_log}, {title, green.log});
    refreshButton();
}

} // namespace pilothouse
