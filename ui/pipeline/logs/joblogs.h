#pragma once

#include "logs/runsearch/runsearchrows.h"

#include <QObject>

namespace pilothouse {

class LastGreen;
class LogController;
class LogPanel;
class LogStore;
class PipelineController;
class RunSearch;
struct GreenLog;

/// What the log panel can do with the pipeline's help: search all jobs of the run, and hold the
/// shown log against the last green one. All of them outlive it. GUI thread.
class JobLogs final : public QObject
{
    Q_OBJECT

public:
    JobLogs(PipelineController &pipeline, LogController &logs, LogPanel &panel);

    /// Each is offered once it is set.
    void setRunSearch(RunSearch &search);
    void setLastGreen(LastGreen &green);

private:
    void tellJobs();
    void choose(const LogTarget &target);
    void askOrStop();
    void ask();
    void begin();
    void refreshButton();
    void showGreen(const GreenLog &green);

    PipelineController &m_pipeline;
    LogController &m_logs;
    LogPanel &m_panel;
    RunSearch *m_search = nullptr;
    LastGreen *m_green = nullptr;
    QList<RunLog> m_told;
    std::optional<LogTarget> m_asked; ///< whose green counterpart is looked for
    std::shared_ptr<const LogStore> m_log;
    QString m_title;
};

} // namespace pilothouse
