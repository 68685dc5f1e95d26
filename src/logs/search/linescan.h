#pragma once

#include "logs/logfile.h"
#include "logs/search/linematcher.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// Searches a log part by part, with buffers that stay; one a thread. Text and matcher outlive it.
/// Uses the fast path if the matcher is prepared, and gives the same answer without.
/// A match inside a line of more than 16 MiB is found if it is shorter than 64 KiB.
class LineScanner
{
public:
    LineScanner(const LogText &text, const LineMatcher &matcher);
    ~LineScanner();

    /// The lines from `first` to before `last` that match, ascending; fewer when cancelled.
    [[nodiscard]] std::vector<qint64> matching(qint64 first, qint64 last,
                                               const std::atomic<bool> *cancelled = nullptr);

private:
    class PieceScanner;

    const LogText &m_text;
    std::vector<char> m_piece;
    std::unique_ptr<PieceScanner> m_scanner;
};

/// The same for one part.
[[nodiscard]] std::vector<qint64> matchingLines(const LogText &text, const LineMatcher &matcher,
                                                qint64 first, qint64 last);

} // namespace pilothouse
