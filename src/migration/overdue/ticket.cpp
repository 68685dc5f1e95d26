#include "migration/overdue/ticket.h"

#include "base/words.h"
#include "migration/recipe/numberwords.h"
#include "migration/recipe/sqltext.h"

namespace pilothouse {

namespace {

QString item(const QString &text)
{
    return QStringLiteral("- ") + text + QLatin1Char('\n');
}

QString expandedBy(const Facts &facts)
{
    for (const StepRecord &record : facts.steps) {
        if (record.step == StepId::E1)
            return Words::tr("EXPAND was done on %1 by %2.")
                .arg(dayWords(record.at.date()), record.actor);
    }
    return Words::tr("EXPAND was done; nobody recorded when and by whom.");
}

QString conditions(const Change &change)
{
    return item(Words::tr("every revision that can receive traffic says `contract_ready: true` in "
                          "`%1` at its own commit")
                    .arg(change.path))
           + item(Words::tr("no row lacks its value: the sweep (M3) has found none"))
           + item(change.soak.count() == 0
                      ? Words::tr("no old code writes any more")
                      : Words::tr("no old code has written for %1").arg(spanWords(change.soak)));
}

} // namespace

QString contractTicket(const FiledChange &filed, const OpenContract &contract,
                       const QString &database, const QString &place)
{
    const Change &change = filed.change;
    const QString column = sqlName(change.table) + QLatin1Char('.') + sqlName(change.column);
    QString text = QStringLiteral("# ")
                   + Words::tr("CONTRACT %1 in %2 by %3")
                         .arg(change.name.value, database, dayWords(contract.due))
                   + QStringLiteral("\n\n");
    text
        += (filed.facts ? expandedBy(*filed.facts) + QLatin1Char(' ') : QString())
           + Words::tr("Until CONTRACT is done `%1` may be NULL, and a trigger fills it in for old "
                       "code at every write.")
                 .arg(column)
           + QStringLiteral("\n\n");
    text += item(Words::tr("due: %1 (%2)")
                     .arg(contract.due.toString(Qt::ISODate), lateWords(contract.daysLeft)))
            + item(Words::tr("owner: %1").arg(change.owner))
            + item(Words::tr("where: %1").arg(place))
            + item(Words::tr("now: %1").arg(contract.stateWords)) + QLatin1Char('\n');
    text += Words::tr("First must be true:") + QStringLiteral("\n\n") + conditions(change)
            + QLatin1Char('\n');
    if (!contract.against.isEmpty()) {
        text += Words::tr("Not yet:") + QStringLiteral("\n\n");
        for (const QString &reason : contract.against)
            text += item(reason);
        text += QLatin1Char('\n');
    }
    return text
           + Words::tr("Then C1 to C4 (guard, prove, tighten, drop the helper), and C5 (drop the "
                       "trigger) once no old code can come back. Until C5 each step has a way back "
                       "without loss.")
           + QStringLiteral("\n\n    pilothouse-cli check --fail-overdue\n");
}

} // namespace pilothouse
