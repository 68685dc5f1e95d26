#pragma once

#include "base/clock.h"
#include "logs/runsearch/runsearchrows.h"
#include "logs/search/linematcher.h"

#include <QObject>

#include <memory>
#include <vector>

namespace pilothouse {

class LogSource;
class LogSpool;
class LogStore;

/// One search through the logs of all jobs of a run. While it is open, the logs of the ended jobs
/// are fetched, two at a time, each once, and kept in the spool; another query searches those
/// again. A job that ends later is added. GUI thread; sources, spool and clock outlive it.
class RunSearch final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostTransfers = 2;
    static constexpr int firstHits = 10; ///< told of each job

    RunSearch(std::vector<LogSource *> sources, LogSpool &spool, Clock &clock,
              QObject *parent = nullptr);
    ~RunSearch() override;

    /// The jobs of the run in the order to show. The log of a job that stays is kept; one that is
    /// no longer named is dropped.
    void setJobs(const QList<RunLog> &jobs);
    /// Nothing is fetched while closed or without a text. Closing drops the logs.
    void open();
    void close();
    [[nodiscard]] bool isOpen() const { return m_open; }

    void setQuery(const SearchQuery &query);
    [[nodiscard]] const SearchQuery &query() const { return m_query; }
    /// What is wrong with the expression.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

    /// One a job, in their order.
    [[nodiscard]] QList<RunSearchRow> rows() const;
    /// The log of a job as it is kept; nullptr if it is not there.
    [[nodiscard]] std::shared_ptr<LogStore> log(const LogTarget &target) const;
    /// Fetches once more what failed.
    void retry(const LogTarget &target);

Q_SIGNALS:
    /// Comes once for all that changed since the last time, from the event loop.
    void changed();

private:
    struct Entry;

    [[nodiscard]] Entry *find(const LogTarget &target) const;
    [[nodiscard]] RunSearchRow rowOf(const Entry &entry) const;
    void fetchMore();
    void fetch(Entry &entry);
    void take(const LogTarget &target, const Result<void> &outcome);
    void searchAgain();
    void searchNext();
    void tell();

    std::vector<LogSource *> m_sources;
    LogSpool &m_spool;
    Clock &m_clock;
    std::vector<std::unique_ptr<Entry>> m_entries;
    SearchQuery m_query;
    std::optional<Error> m_error;
    bool m_open = false;
    bool m_telling = false;   ///< `changed` is on its way
    bool m_searching = false; ///< the next log is about to be searched
};

} // namespace pilothouse
