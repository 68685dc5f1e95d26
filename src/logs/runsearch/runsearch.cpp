#include "logs/runsearch/runsearch.h"

#include "logs/logline.h"
#include "logs/logsearch.h"
#include "logs/runsearch/logfetch.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// The log of a job that has just ended may come a moment later.
constexpr int mostFetches = 6;
constexpr std::chrono::milliseconds betweenFetches{1000};
constexpr qint64 hitTextBytes = 4 << 10; ///< of a line

} // namespace

struct RunSearch::Entry
{
    RunLog job;
    std::unique_ptr<LogFetch> transfer;
    std::shared_ptr<LogStore> log;
    std::unique_ptr<LogSearch> search
        = std::make_unique<LogSearch>(); ///< behind its log: ends first
    bool toSearch = false;               ///< `search` does not stand for the query of now
    std::optional<Error> error;
    bool justEnded = false; ///< it was seen running
    bool resting = false;   ///< until it is asked for once more
    int fetches = 0;
};

RunSearch::RunSearch(std::vector<LogSource *> sources, LogSpool &spool, Clock &clock,
                     QObject *parent)
    : QObject(parent), m_sources(std::move(sources)), m_spool(spool), m_clock(clock)
{}

RunSearch::~RunSearch() = default;

RunSearch::Entry *RunSearch::find(const LogTarget &target) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const auto &entry) { return entry->job.target == target; });
    return found == m_entries.end() ? nullptr : found->get();
}

void RunSearch::setJobs(const QList<RunLog> &jobs)
{
    std::vector<std::unique_ptr<Entry>> before = std::exchange(m_entries, {});
    for (const RunLog &job : jobs) {
        const auto known = std::find_if(before.begin(), before.end(), [&](const auto &entry) {
            return entry && entry->job.target == job.target;
        });
        auto entry = known == before.end() ? std::make_unique<Entry>() : std::move(*known);
        const bool seenRunning
            = known != before.end() && entry->job.standing == RunLog::Standing::Running;
        if (seenRunning && job.standing == RunLog::Standing::Ended)
            entry->justEnded = true;
        entry->job = job;
        m_entries.push_back(std::move(entry));
    }
    fetchMore();
    tell();
}

void RunSearch::open()
{
    m_open = true;
    fetchMore();
    tell();
}

void RunSearch::close()
{
    m_open = false;
    for (const auto &entry : m_entries) {
        entry->transfer.reset();
        entry->search->start(nullptr, SearchQuery{});
        entry->log.reset();
        entry->error.reset();
        entry->toSearch = false;
        entry->fetches = 0;
    }
    tell();
}

void RunSearch::setQuery(const SearchQuery &query)
{
    if (query == m_query)
        return;
    m_query = query;
    m_error.reset();
    if (!query.text.isEmpty()) {
        if (const auto matcher = LineMatcher::create(query); !matcher)
            m_error = matcher.error();
    }
    searchAgain();
    fetchMore();
    tell();
}

void RunSearch::retry(const LogTarget &target)
{
    Entry *entry = find(target);
    if (!entry || !entry->error)
        return;
    entry->error.reset();
    entry->fetches = 0;
    fetchMore();
    tell();
}

void RunSearch::fetchMore()
{
    if (!m_open || m_query.text.isEmpty() || m_error)
        return;
    auto underWay = std::count_if(m_entries.begin(), m_entries.end(),
                                  [](const auto &entry) { return entry->transfer != nullptr; });
    for (const auto &entry : m_entries) {
        if (underWay >= mostTransfers)
            return;
        const bool wanted = entry->job.standing == RunLog::Standing::Ended && !entry->log
                            && !entry->transfer && !entry->error && !entry->resting;
        if (!wanted)
            continue;
        fetch(*entry);
        ++underWay;
    }
}

void RunSearch::fetch(Entry &entry)
{
    ++entry.fetches;
    entry.transfer = std::make_unique<LogFetch>(m_sources, entry.job.target, m_spool);
    connect(
        entry.transfer.get(), &LogFetch::ended, this,
        [this, target = entry.job.target](const Result<void> &outcome) { take(target, outcome); });
}

void RunSearch::take(const LogTarget &target, const Result<void> &outcome)
{
    Entry *entry = find(target);
    if (!entry || !entry->transfer)
        return;
    LogFetch *transfer = entry->transfer.release(); // the sender of this very signal
    transfer->deleteLater();
    if (outcome) {
        entry->log = transfer->log();
        entry->toSearch = true;
        searchNext();
    } else if (outcome.error().kind == ErrorKind::NotFound && entry->justEnded
               && entry->fetches < mostFetches) {
        entry->resting = true;
        m_clock.after(betweenFetches, this, [this, target] {
            if (Entry *again = find(target))
                again->resting = false;
            fetchMore();
            tell();
        });
    } else {
        entry->error = outcome.error();
    }
    fetchMore();
    tell();
}

void RunSearch::searchAgain()
{
    // What was found for the query before must not stand under this one.
    for (const auto &entry : m_entries) {
        entry->search->start(nullptr, SearchQuery{});
        entry->toSearch = entry->log != nullptr;
    }
    searchNext();
}

void RunSearch::searchNext()
{
    if (std::exchange(m_searching, true))
        return;
    // One log each time: a small one is searched on the spot.
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_searching = false;
            const auto next = std::find_if(m_entries.begin(), m_entries.end(),
                                           [](const auto &entry) { return entry->toSearch; });
            if (next == m_entries.end() || m_query.text.isEmpty() || m_error)
                return;
            Entry &entry = **next;
            entry.toSearch = false;
            entry.search->disconnect(this);
            connect(entry.search.get(), &LogSearch::changed, this, &RunSearch::tell);
            entry.search->start(entry.log.get(), m_query);
            searchNext();
        },
        Qt::QueuedConnection);
}

RunSearchRow RunSearch::rowOf(const Entry &entry) const
{
    using State = RunSearchRow::State;
    RunSearchRow row;
    row.target = entry.job.target;
    row.title = entry.job.title;
    row.error = entry.error;
    if (entry.job.standing == RunLog::Standing::NeverRan)
        row.state = State::NeverRan;
    else if (entry.job.standing == RunLog::Standing::Running)
        row.state = State::NoLogYet;
    else if (entry.error)
        row.state = State::Failed;
    else if (entry.transfer)
        row.state = State::Reading;
    else if (!entry.log)
        row.state = State::Waiting;
    else if (entry.toSearch || m_error || m_query.text.isEmpty())
        row.state = State::Searching;
    else
        row.state = entry.search->isComplete() ? State::Searched : State::Searching;
    if (!entry.log || entry.toSearch)
        return row;
    const LineSet &lines = entry.search->lines();
    row.hitLines = qint64(lines.size());
    for (qint64 line = lines.next(-1); line >= 0; line = lines.next(line)) {
        if (row.first.size() == firstHits) {
            row.next = line;
            break;
        }
        row.first.append({line, readLine(entry.log->line(line, hitTextBytes)).text});
    }
    return row;
}

QList<RunSearchRow> RunSearch::rows() const
{
    QList<RunSearchRow> all;
    for (const auto &entry : m_entries)
        all.append(rowOf(*entry));
    return all;
}

std::shared_ptr<LogStore> RunSearch::log(const LogTarget &target) const
{
    const Entry *entry = find(target);
    return entry ? entry->log : nullptr;
}

void RunSearch::tell()
{
    if (std::exchange(m_telling, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_telling = false;
            Q_EMIT changed();
        },
        Qt::QueuedConnection);
}

} // namespace pilothouse
