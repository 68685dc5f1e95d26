#include "migration/lint/lockmode.h"

#include "base/words.h"

namespace pilothouse {

QString lockModeName(LockMode mode)
{
    static const char *const names[] = {"",
                                        "AccessShareLock",
                                        "RowShareLock",
                                        "RowExclusiveLock",
                                        "ShareUpdateExclusiveLock",
                                        "ShareLock",
                                        "ShareRowExclusiveLock",
                                        "ExclusiveLock",
                                        "AccessExclusiveLock"};
    return QLatin1String(names[static_cast<size_t>(mode)]);
}

QString lockModeWords(LockMode mode)
{
    static const char *const names[] = {
        "no lock", "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
        "SHARE",   "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
    return QLatin1String(names[static_cast<size_t>(mode)]);
}

QString lockModeStops(LockMode mode)
{
    switch (mode) {
    case LockMode::None:
    case LockMode::AccessShare:
    case LockMode::RowShare:
    case LockMode::RowExclusive:
        return Words::tr("nobody but who wants the same rows");
    case LockMode::ShareUpdateExclusive:
        return Words::tr("other DDL and VACUUM");
    case LockMode::Share:
    case LockMode::ShareRowExclusive:
    case LockMode::Exclusive:
        return Words::tr("writes and other DDL");
    case LockMode::AccessExclusive:
        return Words::tr("reads, writes and other DDL");
    }
    return {};
}

} // namespace pilothouse
