#include "connectors/postgres/lockqueue.h"

#include "base/words.h"
#include "connectors/postgres/watchquery.h"

#include <algorithm>

namespace pilothouse {

namespace {

constexpr int mostBehind = 20;
constexpr std::chrono::milliseconds longestBehind{1'000};

} // namespace

bool stopsOthers(const StatementGroup &group)
{
    return std::any_of(group.locks.begin(), group.locks.end(), [](const TableLock &lock) {
        return conflictsOf(lock.mode).contains(LockMode::RowExclusive);
    });
}

QString mustYield(const WaitState &state)
{
    if (state.queuedBehind > mostBehind)
        return Words::tr("gave way: %1 sessions queued behind it").arg(state.queuedBehind);
    if (state.longestWait > longestBehind)
        return Words::tr("gave way: a session behind it had waited for %1 ms")
            .arg(state.longestWait.count());
    return {};
}

void LockQueue::begin()
{
    const std::lock_guard lock(m_lock);
    m_open = true;
    m_why.clear();
}

QString LockQueue::end()
{
    const std::lock_guard lock(m_lock);
    m_open = false;
    return m_why;
}

bool LockQueue::isOpen() const
{
    const std::lock_guard lock(m_lock);
    return m_open;
}

Result<void> LockQueue::look(Connection &watcher, int worker)
{
    const Result<WaitState> state = readWaitState(watcher, worker);
    if (!state)
        return fail(state.error());
    const QString why = mustYield(*state);
    if (why.isEmpty())
        return {};
    // Until the server has it, end() waits: what comes next in that session is not ours to cancel.
    const std::lock_guard lock(m_lock);
    if (!m_open)
        return {};
    const Result<void> ended = endBackend(watcher, worker, Database::Means::CancelStatement);
    if (ended)
        m_why = why;
    return ended;
}

} // namespace pilothouse
