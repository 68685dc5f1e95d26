#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QHash>

#include <map>

namespace pilothouse {

/// Lets a log with time stamps be taken up again after a break, without a line lost or doubled.
///
/// The server can only be asked for lines since a whole second, and stamps of one pod may run
/// backwards by a little. So a broken log is asked for again from one second before the newest
/// stamp's own, and what has been seen since then is dropped once for each time it was seen.
class LogResume
{
public:
    /// For each line as it comes, stamp included: false if it is one that came before the break.
    [[nodiscard]] bool isNew(const QByteArray &line);

    /// After a break: all that was seen since `since()` will come again.
    void restart();
    /// Where to ask from, UTC, a whole second; invalid if no stamped line was seen.
    [[nodiscard]] QDateTime since() const;

private:
    using Lines = QHash<QByteArray, int>;

    std::map<qint64, Lines> m_seen; ///< by second of the epoch, of the last two seconds
    Lines m_awaited;                ///< seen before the break, not come again yet
    qint64 m_newestBefore = 0;      ///< second of the newest line before the break
};

} // namespace pilothouse
