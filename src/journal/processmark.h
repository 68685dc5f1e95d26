#pragma once

#include <QJsonObject>
#include <QString>

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
    /// It ran on this computer, and does not any more. A process that took its number since began
    /// later, so it is another one. False where that cannot be told.
    [[nodiscard]] bool isGoneHere() const;

    bool operator==(const ProcessMark &) const = default;
};

} // namespace pilothouse
