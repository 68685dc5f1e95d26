#include "migration/statementgroup.h"

namespace pilothouse {

QStringList wrapped(const StatementGroup &group)
{
    if (group.lockClass == LockClass::Long)
        return QStringList{QStringLiteral("SET lock_timeout = 0"),
                           QStringLiteral("SET statement_timeout = 0")}
               + group.statements;
    const QString wait
        = group.lockClass == LockClass::Short ? QStringLiteral("1s") : QStringLiteral("200ms");
    return QStringList{QStringLiteral("BEGIN"),
                       QStringLiteral("SET LOCAL lock_timeout = '%1'").arg(wait),
                       QStringLiteral("SET LOCAL statement_timeout = '5s'")}
           + group.statements + QStringList{QStringLiteral("COMMIT")};
}

} // namespace pilothouse
