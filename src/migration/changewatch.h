#pragma once

#include "base/clock.h"
#include "base/reading.h"
#include "migration/database.h"

#include <QObject>

namespace pilothouse {

/// What is known about one change in one database, and how old it is. Polls as told, keeps the last
/// count of NULLs over polls that leave it out, and says how the source is doing. GUI thread.
class ChangeWatch : public QObject
{
    Q_OBJECT

public:
    struct Times
    {
        std::chrono::milliseconds poll{2'000};
        std::chrono::milliseconds staleAfter{15'000};
    };
    enum class Pace {
        Off,
        Looking, ///< polls, and counts NULLs again when the last count has grown old
        Running, ///< polls without counting: what runs tells the progress
    };

    /// `database` and `clock` outlive it.
    ChangeWatch(Change change, Times times, Database &database, Clock &clock);

    void setPace(Pace pace);
    /// No polling meanwhile: sizes are read under a lock, so the poll would wait behind our own
    /// statement and could not tell what that one waits for.
    void hold(bool held) { m_held = held; }
    /// Reads the facts now. Latest start wins.
    void read(Database::Nulls nulls);
    /// Who holds a lock that conflicts with one of these.
    void readInTheWay(const QList<TableLock> &locks);
    /// Facts that somebody else has read.
    void keep(const Reading<Facts> &facts);
    void lose(const Error &error);

    [[nodiscard]] const std::optional<Reading<Facts>> &facts() const { return m_facts; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] QDateTime lostAt() const { return m_lostAt; } ///< UTC; invalid = not lost
    [[nodiscard]] const QList<Blocker> &inTheWay() const { return m_inTheWay; }
    [[nodiscard]] bool inTheWayKnown() const { return m_inTheWayKnown; }
    [[nodiscard]] SourceState sourceState() const;

Q_SIGNALS:
    void changed(); ///< facts(), error() or inTheWay()
    void polled();  ///< a poll has gone out: whoever wants to know who is in the way asks now
    void sourceStateChanged();

private:
    void poll();
    [[nodiscard]] Database::Nulls worthCounting() const;
    void announce();

    Change m_change;
    Times m_times;
    Database &m_database;
    Clock &m_clock;
    Pace m_pace = Pace::Off;
    std::optional<Reading<Facts>> m_facts;
    std::optional<NullCount> m_nulls; ///< the last count
    std::optional<Error> m_error;
    QDateTime m_lostAt;
    QList<Blocker> m_inTheWay;
    bool m_inTheWayKnown = false;
    std::chrono::milliseconds m_lastGood{0};
    SourceState m_announced;
    int m_generation = 0;
    int m_reading = 0; ///< questions on their way
    bool m_polling = false;
    bool m_held = false;
};

} // namespace pilothouse
