#include "app/cli/overdue/checkreport.h"

#include "base/words.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

QString placeText(const OpenContract &contract)
{
    return contract.column.isEmpty() ? QString()
                                     : contract.table.text() + QLatin1Char('.') + contract.column;
}

QString dueText(const OpenContract &contract)
{
    return Words::tr("due %1").arg(contract.due.toString(Qt::ISODate));
}

QString contractText(const QString &database, const OpenContract &contract)
{
    QStringList parts{contract.stateWords, lateWords(contract.daysLeft), dueText(contract),
                      placeText(contract), contract.owner};
    parts.removeAll(QString());
    QString text = QStringLiteral("%1: %2: %3\n")
                       .arg(database, contract.change.value, parts.join(QStringLiteral(", ")));
    const QString words = urgencyWords(contract);
    if (!words.isEmpty())
        text += QStringLiteral("    %1\n").arg(words);
    return text;
}

QString leftoverText(const DatabaseStanding &standing, const Leftover &leftover)
{
    const std::optional<int> age = ageInDays(leftover, standing.at);
    return QStringLiteral("%1: %2%3\n    %4\n")
        .arg(standing.database, leftoverWords(leftover),
             !age                            ? QString()
             : isLate(leftover, standing.at) ? Words::tr(", %1 days old, late").arg(*age)
                                             : Words::tr(", %1 days old").arg(*age),
             leftoverTodo(leftover));
}

QJsonArray foundJson(OpenContract::Found found)
{
    using Trace = OpenContract::Trace;
    QJsonArray words;
    for (const auto &[trace, word] :
         {std::pair(Trace::File, "file"), std::pair(Trace::Record, "record"),
          std::pair(Trace::Marker, "marker")}) {
        if (found.testFlag(trace))
            words.append(QLatin1String(word));
    }
    return words;
}

QJsonValue snoozedJson(const SnoozeHistory &history)
{
    if (history.times == 0)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("times"), history.times},
                       {QStringLiteral("days"), history.days},
                       {QStringLiteral("until"), history.until.toString(Qt::ISODate)},
                       {QStringLiteral("by"), history.by},
                       {QStringLiteral("reason"), history.reason}};
}

QJsonObject contractJson(const OpenContract &contract)
{
    return {
        {QStringLiteral("change"), contract.change.value},
        {QStringLiteral("table"), contract.column.isEmpty() ? QString() : contract.table.text()},
        {QStringLiteral("column"), contract.column},
        {QStringLiteral("owner"), contract.owner},
        {QStringLiteral("state"), contract.stateWords},
        {QStringLiteral("due"), contract.due.toString(Qt::ISODate)},
        {QStringLiteral("due_at_expand"),
         contract.dueAtExpand.isValid() ? QJsonValue(contract.dueAtExpand.toString(Qt::ISODate))
                                        : QJsonValue(QJsonValue::Null)},
        {QStringLiteral("days_left"), contract.daysLeft},
        {QStringLiteral("urgency"), urgencyWord(contract.urgency)},
        {QStringLiteral("against"), QJsonArray::fromStringList(contract.against)},
        {QStringLiteral("silent"), contract.isSilent},
        {QStringLiteral("snoozed"), snoozedJson(contract.snoozed)},
        {QStringLiteral("found_by"), foundJson(contract.found)}};
}

QJsonObject leftoverJson(const DatabaseStanding &standing, const Leftover &leftover)
{
    const std::optional<int> age = ageInDays(leftover, standing.at);
    return {{QStringLiteral("kind"), leftoverKindWord(leftover.kind)},
            {QStringLiteral("table"), leftover.table.text()},
            {QStringLiteral("object"), leftover.object},
            {QStringLiteral("words"), leftoverWords(leftover)},
            {QStringLiteral("todo"), leftoverTodo(leftover)},
            {QStringLiteral("since"), leftover.since.isValid()
                                          ? QJsonValue(leftover.since.toString(Qt::ISODate))
                                          : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("days"), age ? QJsonValue(*age) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("late"), isLate(leftover, standing.at)}};
}

QString summary(const CheckReport &report)
{
    qsizetype contracts = 0;
    qsizetype leftovers = 0;
    for (const DatabaseStanding &standing : report.databases) {
        contracts += standing.contracts.size();
        leftovers += standing.leftovers.size();
    }
    const int late = lateCount(report.databases);
    QString text = Words::tr("%1 changes are not over, %2 things are left half-finished by "
                             "nobody known; %3 late")
                       .arg(contracts)
                       .arg(leftovers)
                       .arg(late);
    if (!isAllRead(report))
        text += Words::tr("; not everything could be read, so more may be");
    return text + QLatin1Char('\n');
}

} // namespace

bool isAllRead(const CheckReport &report)
{
    return report.unread.isEmpty() && isAllRead(report.databases);
}

QString checkText(const CheckReport &report)
{
    QString text;
    for (const QString &sentence : report.unread)
        text += Words::tr("not read: %1").arg(sentence) + QLatin1Char('\n');
    for (const DatabaseStanding &standing : report.databases) {
        for (const QString &sentence : standing.unread)
            text += Words::tr("%1: not read: %2").arg(standing.database, sentence)
                    + QLatin1Char('\n');
        for (const OpenContract &contract : standing.contracts)
            text += contractText(standing.database, contract);
        for (const Leftover &leftover : standing.leftovers)
            text += leftoverText(standing, leftover);
    }
    return text + summary(report);
}

QJsonObject checkJson(const CheckReport &report)
{
    QJsonArray databases;
    for (const DatabaseStanding &standing : report.databases) {
        QJsonArray contracts;
        for (const OpenContract &contract : standing.contracts)
            contracts.append(contractJson(contract));
        QJsonArray leftovers;
        for (const Leftover &leftover : standing.leftovers)
            leftovers.append(leftoverJson(standing, leftover));
        databases.append(
            QJsonObject{{QStringLiteral("database"), standing.database},
                        {QStringLiteral("at"), standing.at.isValid()
                                                   ? QJsonValue(standing.at.toString(Qt::ISODate))
                                                   : QJsonValue(QJsonValue::Null)},
                        {QStringLiteral("unread"), QJsonArray::fromStringList(standing.unread)},
                        {QStringLiteral("contracts"), contracts},
                        {QStringLiteral("leftovers"), leftovers}});
    }
    return {{QStringLiteral("late"), lateCount(report.databases)},
            {QStringLiteral("all_read"), isAllRead(report)},
            {QStringLiteral("unread"), QJsonArray::fromStringList(report.unread)},
            {QStringLiteral("databases"), databases}};
}

} // namespace pilothouse
