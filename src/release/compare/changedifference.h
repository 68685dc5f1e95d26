#pragma once

#include "migration/change.h"
#include "repository/history.h"

#include <optional>

namespace pilothouse {

/// What became of a schema change's file.
struct ChangeDifference
{
    QString path;
    ChangedFile::How how = ChangedFile::How::Modified;
    ChangeName name; ///< of the newer file that can be read, else the file's own name
    QString column;  ///< empty = cannot be read
    std::optional<bool> readyBefore; ///< contract_ready; nullopt = no such file, or not readable
    std::optional<bool> readyAfter;
    QString problem; ///< why the newer file cannot be read; empty = it can
    QString phase;   ///< where the change stands now: "MIGRATE 62 % on context"; empty = not told

    bool operator==(const ChangeDifference &) const = default;
};

/// An empty content is a file that is not there. `phase` stays empty. Pure.
[[nodiscard]] ChangeDifference changeDifference(const ChangedFile &file, const QByteArray &before,
                                                const QByteArray &after);
/// "new", "its code now fills organization_id", "edited".
[[nodiscard]] QString changeWords(const ChangeDifference &change);

} // namespace pilothouse
