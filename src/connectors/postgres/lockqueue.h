#pragma once

#include "connectors/postgres/connection.h"
#include "migration/database.h"

#include <mutex>

namespace pilothouse {

/// Whether sessions that read or write a table queue behind this group: a lock of SHARE or more,
/// held or waited for.
[[nodiscard]] bool stopsOthers(const StatementGroup &group);

/// Why a group that stops others has to give way, whatever its timeouts say; empty = it may go on.
/// More than 20 sessions behind it, or one of them for more than a second (facts 3.4).
[[nodiscard]] QString mustYield(const WaitState &state);

/// Between the worker, which is at a group, and the watcher, which ends its statement for the sake
/// of those behind it. Such an end changed nothing. Any thread.
class LockQueue
{
public:
    /// The worker begins a group.
    void begin();
    /// It is through; why the watcher ended it, empty if it did not.
    [[nodiscard]] QString end();
    [[nodiscard]] bool isOpen() const;

    /// In the watcher's session: looks once, and cancels the statement of `worker` if it must
    /// yield. Never one that came after the group.
    [[nodiscard]] Result<void> look(Connection &watcher, int worker);

private:
    mutable std::mutex m_lock;
    bool m_open = false;
    QString m_why;
};

} // namespace pilothouse
