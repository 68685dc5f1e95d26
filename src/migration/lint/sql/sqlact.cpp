#include "migration/lint/sql/sqlact.h"

#include <algorithm>

namespace pilothouse {

QString SqlType::text() const
{
    QString words = name.text();
    if (!modifiers.isEmpty()) {
        QStringList numbers;
        for (const int modifier : modifiers)
            numbers << QString::number(modifier);
        words += QLatin1Char('(') + numbers.join(QLatin1Char(',')) + QLatin1Char(')');
    }
    return isArray ? words + QStringLiteral("[]") : words;
}

const SqlConstraint *SqlColumn::constraint(SqlConstraint::Kind kind) const
{
    const auto found
        = std::find_if(constraints.cbegin(), constraints.cend(),
                       [kind](const SqlConstraint &each) { return each.kind == kind; });
    return found == constraints.cend() ? nullptr : &*found;
}

bool SqlColumn::isSerial() const
{
    static const QStringList serials{QStringLiteral("serial"),      QStringLiteral("bigserial"),
                                     QStringLiteral("smallserial"), QStringLiteral("serial2"),
                                     QStringLiteral("serial4"),     QStringLiteral("serial8")};
    return serials.contains(type.name.name);
}

} // namespace pilothouse
