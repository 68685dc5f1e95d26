#pragma once

#include "journal/processmark.h"

#include <QLockFile>
#include <QString>

#include <map>
#include <memory>

namespace pilothouse {

/// The lock files beside one journal: our own, and those of dead processes that we settle for.
/// A process on another host, or one that lives, keeps its lock.
class ProcessLocks
{
public:
    explicit ProcessLocks(QString database);
    /// Gives all of them back.
    ~ProcessLocks();

    [[nodiscard]] const ProcessMark &own() const { return m_own; }
    /// Holds our own lock from the first call on.
    [[nodiscard]] bool holdOwn();
    /// True if that process is gone and its lock is ours now; never for our own.
    [[nodiscard]] bool claim(const ProcessMark &process);

private:
    [[nodiscard]] bool hold(const ProcessMark &process);

    QString m_database;
    ProcessMark m_own = ProcessMark::own();
    std::map<QString, std::unique_ptr<QLockFile>> m_held;
};

} // namespace pilothouse
