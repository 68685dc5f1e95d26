#pragma once

#include "base/clock.h"
#include "base/reading.h"
#include "journal/journal.h"
#include "pipeline/runsource.h"
#include "release/commitfacts.h"
#include "release/workloads.h"
#include "repository/sourcetree.h"

#include <QObject>

#include <chrono>
#include <optional>

namespace pilothouse {

struct LiveRow;

/// What release itself reads, again and again: the journal, the newest runs, the workloads and the
/// history of the default branch. What was read stays while it cannot be read again. GUI thread.
class ReleaseSources final : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this. `facts` is told to ask again after a fetch.
    ReleaseSources(SourceTree &files, Journal &journal, Clock &clock, CommitFacts &facts,
                   std::chrono::milliseconds poll, int earlier);

    void setRuns(RunSource &runs) { m_runs = &runs; }
    void setWorkloads(Workloads &workloads) { m_workloads = &workloads; }
    void start();
    /// Fetches, and reads everything but the journal (which tells by itself).
    void refresh();

    [[nodiscard]] const QList<Record> &records() const { return m_records; } ///< newest first
    [[nodiscard]] const QList<Run> &latest() const { return m_latest; }
    [[nodiscard]] const QList<Commit> &history() const { return m_history; } ///< newest first
    [[nodiscard]] QList<Workload> workloads() const;
    [[nodiscard]] const std::optional<Error> &workloadsError() const { return m_workloadsError; }
    /// Why the last question for the newest runs, or for the journal, brought nothing.
    [[nodiscard]] const std::optional<Error> &runsError() const { return m_runsError; }
    [[nodiscard]] const std::optional<Error> &journalError() const { return m_journalError; }
    /// How the repository answers, as the chip "Git copy" shows it. Old, signed out or not allowed:
    /// it cannot be fetched into, and what was there still answers. Lost: nothing can be read.
    [[nodiscard]] const SourceState &gitCopy() const { return m_gitCopy; }
    /// Why nothing can be read from the repository; nullopt = it can, or nobody knows yet.
    [[nodiscard]] std::optional<Error> unread() const;
    /// The row of a workload with its age, and with why nothing newer comes.
    [[nodiscard]] LiveRow asRead(LiveRow row) const;

Q_SIGNALS:
    void changed();
    void journalRead(); ///< records() is there for the first time
    void gitCopyChanged(const pilothouse::SourceState &state);

private:
    void poll();
    void fetch();
    void readRuns();
    void readWorkloads();
    void readHistory();
    void tellGitCopy(const std::optional<Error> &unread);

    SourceTree &m_files;
    Journal &m_journal;
    Clock &m_clock;
    CommitFacts &m_facts;
    std::chrono::milliseconds m_poll;
    int m_earlier;
    RunSource *m_runs = nullptr;
    Workloads *m_workloads = nullptr;
    QList<Record> m_records;
    QList<Run> m_latest;
    QList<Commit> m_history;
    std::optional<Reading<QList<Workload>>> m_placed;
    std::optional<Error> m_workloadsError;
    std::optional<Error> m_runsError;
    std::optional<Error> m_journalError;
    SourceState m_gitCopy;
    std::optional<Error> m_fetchError; ///< of the last fetch
};

} // namespace pilothouse
