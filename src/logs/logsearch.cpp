#include "logs/logsearch.h"

#include "logs/logstore.h"
#include "logs/search/linescan.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <map>
#include <mutex>

namespace pilothouse {
namespace {

/// About 3 ms with the slow path, a fifth of a frame.
constexpr qint64 bytesAtOnce = 128 << 10;
/// What a thread takes at a time: about 3 MB of an ordinary log, a few tenths of a millisecond.
constexpr qint64 linesAtOnce = 1 << 15;
constexpr int mostThreads = 2;

} // namespace

/// What the threads of one search share. They hold it, so that a search can go away before them.
class LogSearch::Job
{
public:
    Job(LogSearch *search, LogText text, LineMatcher matcher, qint64 first)
        : m_search(search), m_text(std::move(text)), m_matcher(std::move(matcher)), m_next(first),
          m_delivered(first), end(m_text.index.lineCount())
    {}

    static void begin(const std::shared_ptr<Job> &job)
    {
        // The first compiles, the others start when it has.
        QThreadPool::globalInstance()->start([job] {
            job->m_matcher.prepare();
            for (int more = 1; more < mostThreads; ++more)
                QThreadPool::globalInstance()->start([job] { work(job); });
            work(job);
        });
    }

    /// What was found since the last call, in order, up to the first part that is not done.
    struct Found
    {
        std::vector<qint64> lines;
        qint64 upTo = 0;
        LineMatcher matcher;
    };
    [[nodiscard]] Found found()
    {
        const std::lock_guard lock(m_mutex);
        m_told = false;
        Found all{{}, 0, m_matcher};
        while (!m_done.empty() && m_done.begin()->first == m_delivered) {
            const auto part = m_done.begin();
            all.lines.insert(all.lines.end(), part->second.lines.begin(), part->second.lines.end());
            m_delivered = part->second.end;
            m_done.erase(part);
        }
        all.upTo = m_delivered;
        return all;
    }

    std::atomic<bool> cancelled = false;

private:
    struct Part
    {
        std::vector<qint64> lines;
        qint64 end = 0;
    };

    static void work(const std::shared_ptr<Job> &job)
    {
        LineScanner scanner(job->m_text, job->m_matcher);
        while (!job->cancelled) {
            const qint64 first = job->m_next.fetch_add(linesAtOnce);
            if (first >= job->end)
                return;
            const qint64 last = std::min(first + linesAtOnce, job->end);
            Part part{scanner.matching(first, last, &job->cancelled), last};
            if (job->cancelled)
                return;
            const std::lock_guard lock(job->m_mutex);
            job->m_done.emplace(first, std::move(part));
            // One message at a time: what is done until it is read comes with it.
            if (std::exchange(job->m_told, true) && last < job->end)
                continue;
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [job] {
                    if (!job->cancelled)
                        job->m_search->take(job);
                },
                Qt::QueuedConnection);
        }
    }

    LogSearch *m_search; ///< used in its own thread only, and not after `cancelled`
    LogText m_text;
    LineMatcher m_matcher;
    std::atomic<qint64> m_next;
    std::mutex m_mutex;
    std::map<qint64, Part> m_done; ///< by first line
    qint64 m_delivered;
    bool m_told = false;

public:
    const qint64 end; ///< the line behind the last that is searched
};

LogSearch::LogSearch(QObject *parent) : QObject(parent) {}

LogSearch::~LogSearch()
{
    stop();
}

void LogSearch::stop()
{
    if (m_job)
        m_job->cancelled = true;
    m_job.reset();
}

void LogSearch::start(const LogStore *store, const QString &text)
{
    start(store, SearchQuery{text, SearchQuery::Plain});
}

void LogSearch::start(const LogStore *store, const SearchQuery &query)
{
    stop();
    if (m_store)
        m_store->disconnect(this);
    m_store = store;
    m_query = query;
    m_scanned = 0;
    m_again = -1;
    m_lines.clear();
    m_matcher.reset();
    m_error.reset();
    if (m_store && !m_query.text.isEmpty()) {
        auto matcher = LineMatcher::create(m_query);
        if (matcher) {
            m_matcher = std::move(*matcher);
            connect(m_store, &LogStore::grown, this, &LogSearch::grow);
            goOn();
        } else {
            m_error = matcher.error();
        }
    }
    Q_EMIT changed();
}

bool LogSearch::isComplete() const
{
    return !m_store || !m_matcher || (m_store->isIndexed() && m_scanned >= m_store->writtenLines());
}

QList<LineMatcher::Span> LogSearch::spans(const QString &shown) const
{
    return m_matcher ? m_matcher->spans(shown) : QList<LineMatcher::Span>();
}

void LogSearch::grow(qint64 first)
{
    if (m_job) {
        m_again = m_again < 0 ? first : std::min(m_again, first);
        return;
    }
    m_scanned = std::min(m_scanned, first);
    m_lines.removeFrom(m_scanned);
    goOn();
    Q_EMIT changed();
}

void LogSearch::goOn()
{
    const LogText text = m_store->text();
    const qint64 bytes = text.index.size() - text.index.start(m_scanned);
    if (bytes > bytesAtOnce) {
        m_job = std::make_shared<Job>(this, text, *m_matcher, m_scanned);
        Job::begin(m_job);
        return;
    }
    for (const qint64 line : matchingLines(text, *m_matcher, m_scanned, text.index.lineCount()))
        m_lines.add(line);
    m_scanned = text.index.lineCount();
}

void LogSearch::take(const std::shared_ptr<Job> &job)
{
    if (job != m_job)
        return;
    const Job::Found found = job->found();
    for (const qint64 line : found.lines)
        m_lines.add(line);
    m_scanned = found.upTo;
    if (m_scanned >= job->end) {
        m_matcher = found.matcher; // what was compiled serves what comes
        stop();                    // a second message about the same parts may be on its way
        if (m_again >= 0) {
            m_scanned = std::min(m_scanned, std::exchange(m_again, -1));
            m_lines.removeFrom(m_scanned);
        }
        if (m_scanned < m_store->writtenLines())
            goOn();
    }
    Q_EMIT changed();
}

qint64 LogSearch::next(qint64 from) const
{
    const qint64 line = m_lines.next(from);
    return line >= 0 ? line : m_lines.next(-1);
}

qint64 LogSearch::previous(qint64 from) const
{
    const qint64 line = m_lines.previous(from);
    return line >= 0 ? line : m_lines.last();
}

SearchQuery errorQuery()
{
    return {QStringLiteral("##\\[error\\]|^(?:\\S+ )?(?:ERROR|FATAL|CRITICAL|FAILED)\\b|^E  |"
                           "\\bFAILED\\b|Error:"),
            SearchQuery::Regex | SearchQuery::CaseSensitive};
}

} // namespace pilothouse
