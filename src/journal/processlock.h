#pragma once

#include <QJsonObject>
#include <QLockFile>
#include <QString>

#include <map>
#include <memory>

namespace pilothouse {

/// Which process wrote an intent: host, pid, its start, and a number for the journal within it.
struct ProcessMark
{
    QString host;
    qint64 pid = 0;
    QString started; ///< ISO 8601, UTC, milliseconds
    QString journal; ///< random, so that two journals of one process are two

    /// A mark of this process.
    [[nodiscard]] static ProcessMark own();
    [[nodiscard]] static ProcessMark fromJson(const QJsonObject &json);
    [[nodiscard]] QJsonObject toJson() const;
    /// A file name's part: "host-4711-20261124T133000123-5f2a9c10".
    [[nodiscard]] QString fileName() const;
};

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
