#pragma once

#include "logs/logsource.h"

#include <QList>

#include <optional>

namespace pilothouse {

/// One job of a run, as the search through all of them is told of it.
struct RunLog
{
    enum class Standing {
        Running,  ///< its log comes when it ends
        Ended,    ///< its log can be fetched
        NeverRan, ///< skipped: there is no log
    };

    LogTarget target;
    QString title;
    Standing standing = Standing::Running;

    bool operator==(const RunLog &) const = default;
};

struct RunHit
{
    qint64 line = 0; ///< counted from 0
    QString text;    ///< without stamp and escapes
    bool operator==(const RunHit &) const = default;
};

/// What is known of one job's log for the query of now.
struct RunSearchRow
{
    enum class State {
        NoLogYet,  ///< GitHub gives no log before the job ends
        NeverRan,  ///< skipped
        Waiting,   ///< for its turn to be read
        Reading,   ///< the transfer is under way
        Searching, ///< read; the search is not through
        Searched,  ///< only now is "no hit" an answer
        Failed,    ///< see `error`
    };

    LogTarget target;
    QString title;
    State state = State::Waiting;
    qint64 hitLines = 0; ///< lines with a hit, so far while it is searched
    QList<RunHit> first; ///< the first few of them
    qint64 next = -1;    ///< the line of the hit behind those; -1 = there is none
    std::optional<Error> error;

    bool operator==(const RunSearchRow &) const = default;
};

struct RunSearchTotals
{
    qint64 lines = 0;
    int jobs = 0;     ///< all of the run
    int withHits = 0; ///< jobs
    int searched = 0;
    int pending = 0; ///< waiting, reading or searching
    int running = 0;
    int failed = 0;
    int neverRan = 0;

    bool operator==(const RunSearchTotals &) const = default;
};

[[nodiscard]] RunSearchTotals totalsOf(const QList<RunSearchRow> &rows);
/// "37 lines in 4 of 9 jobs, 2 still running". "No hit" stands for what was searched alone.
[[nodiscard]] QString totalsSentence(const RunSearchTotals &totals);
/// The state as a few words: "waiting for its turn", "3 lines", "no log before the job ends".
[[nodiscard]] QString stateWords(const RunSearchRow &row);

} // namespace pilothouse
