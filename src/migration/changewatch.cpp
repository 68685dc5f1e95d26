#include "migration/changewatch.h"

#include "base/reading.h"
#include "base/whendone.h"

namespace pilothouse {

namespace {

using namespace std::chrono_literals;

/// A count that says 0 keeps its weight for so long; then the poll counts again.
constexpr std::chrono::milliseconds countAgain = 30s;

} // namespace

ChangeWatch::ChangeWatch(Change change, Times times, Database &database, Clock &clock)
    : m_change(std::move(change)), m_times(times), m_database(database), m_clock(clock)
{}

void ChangeWatch::setPace(Pace pace)
{
    m_pace = pace;
    if (pace != Pace::Off && !m_polling)
        poll();
}

void ChangeWatch::poll()
{
    m_polling = m_pace != Pace::Off;
    if (!m_polling)
        return;
    m_clock.after(m_times.poll, this, [this] {
        if (m_pace != Pace::Off) {
            // A slow server is not asked again before it has answered.
            if (m_reading == 0 && !m_held)
                read(worthCounting());
            announce(); // what hangs grows old
            Q_EMIT polled();
        }
        poll();
    });
}

Database::Nulls ChangeWatch::worthCounting() const
{
    if (m_pace != Pace::Looking || !m_facts || !m_facts->value.column
        || m_facts->value.column->notNull)
        return Database::Nulls::Leave;
    if (!m_nulls)
        return Database::Nulls::Count;
    // A table that took too long to count is counted when a person asks, not every 30 s.
    const bool old = m_nulls->at.msecsTo(m_facts->value.at) >= countAgain.count();
    return old && m_nulls->kind == NullCount::Kind::Exact ? Database::Nulls::Count
                                                          : Database::Nulls::Leave;
}

void ChangeWatch::read(Database::Nulls nulls)
{
    const int generation = ++m_generation;
    ++m_reading;
    whenDone(
        m_database.facts(m_change, nulls), this,
        [this, generation](const Result<Reading<Facts>> &facts) {
            --m_reading;
            if (generation != m_generation)
                return;
            if (facts)
                keep(*facts);
            else
                lose(facts.error());
        },
        [this, generation] {
            --m_reading;
            if (generation == m_generation)
                lose({ErrorKind::Cancelled, tr("The database connection was closed."), {}, {}});
        });
}

void ChangeWatch::keep(const Reading<Facts> &facts)
{
    m_facts = facts;
    Facts &now = m_facts->value;
    if (now.nulls)
        m_nulls = now.nulls;
    const bool sweptSince = m_nulls && now.backfill && now.backfill->finishedAt.isValid()
                            && m_nulls->at < now.backfill->finishedAt;
    if (!now.column || now.column->notNull || sweptSince)
        m_nulls.reset();
    now.nulls = m_nulls;
    m_error.reset();
    m_lostAt = {};
    m_lastGood = m_clock.sinceBoot();
    Q_EMIT changed();
    announce();
}

void ChangeWatch::lose(const Error &error)
{
    m_error = error;
    if (!m_lostAt.isValid())
        m_lostAt = m_clock.now();
    Q_EMIT changed();
    announce();
}

void ChangeWatch::announce()
{
    const SourceState now = sourceState();
    if (now.health == m_announced.health && now.error == m_announced.error
        && now.lastGoodSinceBoot == m_announced.lastGoodSinceBoot)
        return;
    m_announced = now;
    Q_EMIT sourceStateChanged();
}

SourceState ChangeWatch::sourceState() const
{
    SourceState state;
    state.name = QStringLiteral("PostgreSQL");
    state.lastGoodSinceBoot = m_lastGood;
    state.error = m_error;
    if (m_error)
        state.health = healthAfter(*m_error);
    else if (!m_facts)
        state.health = SourceState::Health::Loading;
    else
        state.health = m_clock.sinceBoot() - m_lastGood > m_times.staleAfter
                           ? SourceState::Health::Old
                           : SourceState::Health::Live;
    if (m_error && m_polling)
        state.nextTryIn = m_times.poll;
    return state;
}

void ChangeWatch::readInTheWay(const QList<TableLock> &locks)
{
    QList<TableName> tables;
    LockMode strongest = LockMode::None;
    for (const TableLock &lock : locks) {
        if (!tables.contains(lock.table))
            tables << lock.table;
        strongest = std::max(strongest, lock.mode);
    }
    if (tables.isEmpty())
        return;
    whenDone(
        m_database.blockers(tables, strongest), this,
        [this](const Result<Reading<QList<Blocker>>> &blockers) {
            m_inTheWayKnown = blockers.has_value();
            m_inTheWay = blockers ? blockers->value : QList<Blocker>();
            Q_EMIT changed();
        },
        [] {});
}

} // namespace pilothouse
