#pragma once

#include "logs/lineset.h"
#include "logs/search/linematcher.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace pilothouse {

class LogStore;

/// Search through one log: a little is searched on the spot, much in two threads, so that the
/// window never waits. It goes on by itself when the log grows, and leaves out a line that is open.
/// GUI thread.
class LogSearch final : public QObject
{
    Q_OBJECT

public:
    explicit LogSearch(QObject *parent = nullptr);
    ~LogSearch() override;

    /// Starts anew; an empty text finds nothing. The store must outlive the search or be cleared by
    /// `start(nullptr, {})`. A wrong expression finds nothing and is told by `error`.
    void start(const LogStore *store, const SearchQuery &query);
    /// Plain text, without regard to case.
    void start(const LogStore *store, const QString &text);

    [[nodiscard]] const SearchQuery &query() const { return m_query; }
    [[nodiscard]] QString text() const { return m_query.text; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// Where the hits are in the text of one line that is shown.
    [[nodiscard]] QList<LineMatcher::Span> spans(const QString &shown) const;

    /// Lines with at least one hit.
    [[nodiscard]] const LineSet &lines() const { return m_lines; }
    [[nodiscard]] bool isComplete() const;
    /// Lines searched so far.
    [[nodiscard]] qint64 scanned() const { return m_scanned; }
    /// The next line with a hit after `from` (before it), around the end; -1 if there is none.
    [[nodiscard]] qint64 next(qint64 from) const;
    [[nodiscard]] qint64 previous(qint64 from) const;

Q_SIGNALS:
    void changed();

private:
    class Job;

    void grow(qint64 first);
    void goOn();
    void take(const std::shared_ptr<Job> &job);
    void stop();

    const LogStore *m_store = nullptr;
    SearchQuery m_query;
    std::optional<LineMatcher> m_matcher;
    std::optional<Error> m_error;
    qint64 m_scanned = 0;
    qint64 m_again = -1; ///< a line that became longer while the threads were at it
    LineSet m_lines;
    std::shared_ptr<Job> m_job; ///< while threads work
};

/// The query that finds errors: GitHub's marker and the level words that `readLine` knows.
[[nodiscard]] SearchQuery errorQuery();

} // namespace pilothouse
