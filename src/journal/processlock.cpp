#include "journal/processlock.h"

namespace pilothouse {

ProcessLocks::ProcessLocks(QString database) : m_database(std::move(database)) {}

ProcessLocks::~ProcessLocks() = default;

bool ProcessLocks::hold(const ProcessMark &process)
{
    const QString path
        = m_database + QLatin1Char('.') + process.fileName() + QStringLiteral(".lock");
    auto &lock = m_held[path];
    if (lock)
        return true;
    auto fresh = std::make_unique<QLockFile>(path);
    // A lock never goes stale by age: only the death of its process frees it.
    fresh->setStaleLockTime(0);
    if (!fresh->tryLock(0)) {
        m_held.erase(path);
        return false;
    }
    lock = std::move(fresh);
    return true;
}

bool ProcessLocks::holdOwn()
{
    return hold(m_own);
}

bool ProcessLocks::claim(const ProcessMark &process)
{
    if (process.fileName() == m_own.fileName())
        return false;
    return hold(process);
}

} // namespace pilothouse
