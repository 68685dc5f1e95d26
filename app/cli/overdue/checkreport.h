#pragma once

#include "migration/overdue/databasestanding.h"

#include <QJsonObject>

namespace pilothouse {

struct CheckReport
{
    QList<DatabaseStanding> databases;
    QStringList unread; ///< of the repository: change files, its tip
};

/// Nothing was left unread, here or in a database.
[[nodiscard]] bool isAllRead(const CheckReport &report);

/// A line for each change and each leftover, a summary last.
[[nodiscard]] QString checkText(const CheckReport &report);
/// As checkCommand() tells it.
[[nodiscard]] QJsonObject checkJson(const CheckReport &report);

} // namespace pilothouse
