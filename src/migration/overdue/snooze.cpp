#include "migration/overdue/snooze.h"

#include "base/words.h"
#include "migration/recipe/sqltext.h"
#include "migration/statementgroup.h"

namespace pilothouse {

Permission maySnooze(const SnoozeInput &input)
{
    Permission may;
    const auto blocks = [&may](const QString &text, const QString &settle) {
        may.reasons.append({Reason::Kind::Blocks, text, settle});
    };
    if (input.readOnly)
        blocks(Words::tr("this console is read-only"), Words::tr("start it without --read-only"));
    if (!input.contract) {
        blocks(Words::tr("%1 is not open in %2").arg(input.change.value, input.database), {});
        return may;
    }
    const QDate today = input.traces.at.date();
    const qint64 days = today.daysTo(input.until);
    if (!input.until.isValid() || days < 1)
        blocks(Words::tr("a reminder is put off to a day that is to come"),
               Words::tr("choose a day after %1").arg(dayWords(today)));
    if (days > longestSnooze)
        blocks(Words::tr("%1 days are more than the %2 that a reminder is put off for")
                   .arg(days)
                   .arg(longestSnooze),
               Words::tr("change contract_due in the change file: its commit says why"));
    if (!input.traces.recordHidden.isEmpty())
        blocks(input.traces.recordHidden, Words::tr("use a login that may"));
    return may;
}

Preview confirmSnooze(const SnoozeInput &input)
{
    using RowKind = PreviewRow::Kind;
    Preview preview;
    preview.environment = input.environment;
    preview.scope = input.place;
    preview.title
        = Words::tr("Remind of %1 again after %2").arg(input.change.value, dayWords(input.until));
    preview.verb = Words::tr("Put Off");
    if (input.contract)
        preview.rows.append(
            {RowKind::Plain, Words::tr("CONTRACT"),
             Words::tr("due %1, %2")
                 .arg(dayWords(input.contract->due), lateWords(input.contract->daysLeft))});
    const SnoozeHistory history = historyOf(input.change, input.traces.snoozes);
    preview.rows.append(
        {history.times == 0 ? RowKind::Plain : RowKind::Against, Words::tr("Until now"),
         history.times == 0 ? Words::tr("never put off")
                            : Words::tr("%1; last by %2: %3")
                                  .arg(snoozedWords(history), history.by, history.reason)});
    preview.rows.append(
        {RowKind::Plain, Words::tr("Then"),
         Words::tr("the day after, it reminds again. Nothing else changes: the "
                   "change stays open, and everybody sees who put it off and why")});
    preview.rows.append(
        {RowKind::Plain, Words::tr("Ends it"),
         Words::tr("only CONTRACT, or undoing EXPAND: a reminder cannot be dismissed")});
    Snooze snooze;
    snooze.change = input.change;
    snooze.until = input.until;
    snooze.reason = Words::tr("‹the reason that you type›");
    snooze.actor = input.actor;
    snooze.intent = IntentId(Words::tr("‹the journal's id of it›"));
    StatementGroup group;
    group.statements = snoozeStatements(input.traces, snooze);
    PlannedCall call;
    call.language = PlannedCall::Language::Sql;
    call.summary = Words::tr("INSERT INTO pilothouse.snooze   until %1").arg(dayWords(input.until));
    call.exact = wrapped(group).join(QStringLiteral(";\n")) + QLatin1Char(';');
    preview.calls.append(call);
    preview.reasonRequired = true;
    preview.target = input.change.value;
    preview.fingerprint
        = QStringList{input.change.value, input.until.toString(Qt::ISODate),
                      QString::number(history.times), QString::number(input.traces.keepsSnoozes),
                      QString::number(input.contract.has_value())}
              .join(QLatin1Char('/'));
    return preview;
}

QStringList snoozeStatements(const Traces &traces, const Snooze &snooze)
{
    QStringList statements;
    if (!traces.keepsRecord)
        statements << QStringLiteral("CREATE SCHEMA pilothouse");
    if (!traces.keepsSnoozes)
        statements << QStringLiteral(
            "CREATE TABLE pilothouse.snooze (\n"
            "  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
            "  change_id text NOT NULL, until date NOT NULL,\n"
            "  reason text NOT NULL CHECK (btrim(reason) <> ''), actor text NOT NULL,\n"
            "  session text NOT NULL DEFAULT session_user, intent text NOT NULL,\n"
            "  at timestamptz NOT NULL DEFAULT clock_timestamp())");
    statements << QStringLiteral("INSERT INTO pilothouse.snooze (change_id, until, reason, actor, "
                                 "intent)\nVALUES (")
                      + QStringList{sqlText(snooze.change.value),
                                    sqlText(snooze.until.toString(Qt::ISODate)),
                                    sqlText(snooze.reason), sqlText(snooze.actor),
                                    sqlText(snooze.intent.value)}
                            .join(QStringLiteral(", "))
                      + QLatin1Char(')');
    return statements;
}

} // namespace pilothouse
