#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "logs/errors/errortally.h"
#include "logs/logsource.h"

#include <QStringList>

#include <map>
#include <set>
#include <vector>

namespace pilothouse {

/// What the logs of a track's pods say, all of them together.
struct PodErrorsView
{
    enum class State {
        NoPods,     ///< none is known whose log could be read
        Waiting,    ///< no log has answered yet, or nobody looks
        Unreadable, ///< no log can be read: see `error`
        Quiet,      ///< no error in what was read
        Errors,
    };

    State state = State::NoPods;
    int pods = 0;    ///< whose logs are followed
    int leftOut = 0; ///< too many to be followed
    QString pod;     ///< of the newest error
    ErrorLine newest;
    int perMinute = 0; ///< in the last minute, of all pods
    qint64 count = 0;  ///< since `since`, of all pods
    QDateTime since;   ///< UTC, the first error of those counted
    QString error;     ///< why a log cannot be read, of the first such pod; others may be read

    bool operator==(const PodErrorsView &) const = default;
};

/// Follows the logs of a track's pods while somebody looks, and keeps of each no more than its
/// newest error and a minute of counts. A log that ends is taken up again while its pod is there.
/// GUI thread; sources and clock outlive it.
class PodErrors final : public QObject
{
    Q_OBJECT

public:
    /// More pods of a track are not followed: each is a connection.
    static constexpr int mostFollowed = 24;

    PodErrors(std::vector<LogSource *> sources, TrackName track, Clock &clock,
              QObject *parent = nullptr);

    /// The first ones are followed where there are too many.
    void setPods(const QStringList &pods);
    /// Whoever looks says so, and says when it is over; logs are followed while there is anybody.
    void look(const QObject *who);
    void lookAway(const QObject *who);

    [[nodiscard]] PodErrorsView view() const;

Q_SIGNALS:
    /// The view may be another one; some times a second at most.
    void changed();

private:
    struct Followed
    {
        std::unique_ptr<LogStream> stream; ///< nullptr while it waits to be taken up again
        ErrorTally tally;
        std::optional<Error> error;
        std::chrono::milliseconds heardAt{0}; ///< since boot, of the newest bytes; 0 = never
        bool answered = false;
    };

    void follow();
    void open(const QString &pod);
    void take(const QString &pod, const QByteArray &bytes);
    void end(const QString &pod, const Result<void> &outcome);
    void tellSoon();
    /// While rates may fall without a line that tells so.
    void tick();

    std::vector<LogSource *> m_sources;
    TrackName m_track;
    Clock &m_clock;
    QStringList m_pods;
    std::map<QString, Followed> m_followed;
    std::set<const QObject *> m_lookers;
    bool m_due = false;
    bool m_ticking = false;
};

} // namespace pilothouse
