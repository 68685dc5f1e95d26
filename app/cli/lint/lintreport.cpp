#include "app/cli/lint/lintreport.h"

#include "base/words.h"
#include "migration/rehearsal/claims.h"

#include <QJsonArray>

#include <algorithm>

namespace pilothouse {
namespace {

/// "app.users, app.teams"
QString othersText(const ActLocks &locks)
{
    QStringList names;
    for (const SqlName &other : locks.others())
        names << other.text();
    return names.join(QStringLiteral(", "));
}

QJsonObject findingJson(const LintFinding &finding)
{
    return {{QStringLiteral("id"), finding.rule},
            {QStringLiteral("severity"), severityWord(finding.severity)},
            {QStringLiteral("line"), finding.line},
            {QStringLiteral("column"), finding.column},
            {QStringLiteral("from"), qint64(finding.from)},
            {QStringLiteral("to"), qint64(finding.to)},
            {QStringLiteral("form"), finding.form},
            {QStringLiteral("why"), finding.why},
            {QStringLiteral("instead"), finding.instead},
            {QStringLiteral("lock"), lockModeWords(finding.locks.table)},
            {QStringLiteral("stops"), lockModeStops(finding.locks.table)},
            {QStringLiteral("scans"), finding.locks.scans},
            {QStringLiteral("rewrites"), finding.locks.rewrites},
            {QStringLiteral("table"), finding.table.text()},
            {QStringLiteral("other"), othersText(finding.locks)},
            {QStringLiteral("for_phase"), finding.isForPhase}};
}

int count(const QList<LintFinding> &findings, LintSeverity severity)
{
    return int(
        std::count_if(findings.cbegin(), findings.cend(), [severity](const LintFinding &finding) {
            return finding.severity == severity;
        }));
}

QString locksText(const LintFinding &finding)
{
    if (finding.locks.table == LockMode::None && finding.locks.other.isEmpty())
        return {};
    QStringList parts;
    if (finding.locks.table != LockMode::None)
        parts << Words::tr("%1: stops %2")
                     .arg(lockModeWords(finding.locks.table), lockModeStops(finding.locks.table));
    if (!finding.locks.other.isEmpty())
        parts << Words::tr("%1 on %2")
                     .arg(lockModeWords(finding.locks.onOther), othersText(finding.locks));
    if (finding.locks.rewrites)
        parts << Words::tr("writes the table anew");
    else if (finding.locks.scans)
        parts << Words::tr("reads every row");
    return QStringLiteral("  ") + Words::tr("lock     %1").arg(parts.join(QStringLiteral("; ")))
           + QLatin1Char('\n');
}

QString findingText(const QString &file, const LintFinding &finding, const LintSettings &settings)
{
    QString text = QStringLiteral("%1:%2:%3: %4 %5  %6\n")
                       .arg(file)
                       .arg(finding.line)
                       .arg(finding.column)
                       .arg(severityWord(finding.severity), finding.rule, finding.form);
    if (finding.isForPhase)
        text += QStringLiteral("  ")
                + Words::tr("phase    it has no place in %1").arg(phaseWord(settings.phase))
                + QLatin1Char('\n');
    text += locksText(finding);
    text += QStringLiteral("  ") + Words::tr("why      %1").arg(finding.why) + QLatin1Char('\n');
    text
        += QStringLiteral("  ") + Words::tr("instead  %1").arg(finding.instead) + QLatin1Char('\n');
    return text;
}

QString endWord(Rehearsed::End end)
{
    switch (end) {
    case Rehearsed::End::Ran:
        return QStringLiteral("ran");
    case Rehearsed::End::RanAlone:
        return QStringLiteral("ran-alone");
    case Rehearsed::End::Refused:
        return QStringLiteral("refused");
    case Rehearsed::End::NeedsToBeAlone:
        return QStringLiteral("needs-to-be-alone");
    case Rehearsed::End::NotRun:
        return QStringLiteral("not-run");
    }
    return {};
}

QStringList sorted(const QSet<QString> &names)
{
    QStringList list(names.cbegin(), names.cend());
    list.sort();
    return list;
}

QJsonObject rehearsedJson(const RehearsedStatement &statement)
{
    const Rehearsed &did = statement.did;
    QJsonObject locks;
    for (auto lock = did.locks.cbegin(); lock != did.locks.cend(); ++lock)
        locks.insert(lock.key(), lockModeWords(lock.value()));
    return {{QStringLiteral("line"), statement.line},
            {QStringLiteral("from"), qint64(statement.from)},
            {QStringLiteral("to"), qint64(statement.to)},
            {QStringLiteral("end"), endWord(did.end)},
            {QStringLiteral("error"), did.error},
            {QStringLiteral("locks"), did.knowsLocks ? QJsonValue(locks) : QJsonValue()},
            {QStringLiteral("rewritten"), QJsonArray::fromStringList(sorted(did.rewritten))},
            {QStringLiteral("scans"), did.scans},
            {QStringLiteral("differences"), QJsonArray::fromStringList(statement.differences)}};
}

QJsonObject rehearsalJson(const RehearsalReport &rehearsal)
{
    QJsonArray statements;
    for (const RehearsedStatement &statement : rehearsal.statements)
        statements.append(rehearsedJson(statement));
    return {{QStringLiteral("server"), rehearsal.server},
            {QStringLiteral("statements"), statements}};
}

/// "ACCESS EXCLUSIVE on app.t; writes app.t anew"
QString didText(const Rehearsed &did)
{
    QStringList parts;
    for (auto lock = did.locks.cbegin(); lock != did.locks.cend(); ++lock)
        parts << Words::tr("%1 on %2").arg(lockModeWords(lock.value()), lock.key());
    for (const QString &table : sorted(did.rewritten))
        parts << Words::tr("writes %1 anew").arg(table);
    if (did.scans && did.rewritten.isEmpty())
        parts << Words::tr("reads every row");
    if (!did.knowsLocks)
        parts << Words::tr("its locks could not be seen");
    return parts.isEmpty() ? Words::tr("no table is locked") : parts.join(QStringLiteral("; "));
}

QString rehearsalText(const QString &file, const RehearsalReport &rehearsal)
{
    QString text = Words::tr("Rehearsed on a copy of the schema, without rows, on PostgreSQL %1:")
                       .arg(rehearsal.server)
                   + QLatin1Char('\n');
    for (const RehearsedStatement &statement : rehearsal.statements) {
        if (statement.did.end == Rehearsed::End::NotRun)
            continue;
        const bool isAsSaid = statement.differences.isEmpty();
        text += QStringLiteral("%1:%2: %3\n")
                    .arg(file)
                    .arg(statement.line)
                    .arg(isAsSaid ? Words::tr("as the rules say: %1").arg(didText(statement.did))
                                  : statement.differences.join(QLatin1Char(' ')));
    }
    return text + QLatin1Char('\n');
}

} // namespace

RehearsalReport besideTheRules(const Rehearsal &rehearsal, const QByteArray &sql,
                               const LintFile &file)
{
    RehearsalReport report;
    report.server = rehearsal.server;
    for (qsizetype i = 0; i < file.statements().size() && i < rehearsal.statements.size(); ++i) {
        const SqlStatement &statement = file.statements()[i];
        const Rehearsed &did = rehearsal.statements[i];
        report.statements.append({int(sql.left(statement.from).count('\n')) + 1, statement.from,
                                  statement.to, did, differences(claimOf(file, i), did)});
    }
    return report;
}

bool isFine(const LintReport &report)
{
    if (count(report.findings, LintSeverity::Block) > 0)
        return false;
    if (!report.rehearsal)
        return true;
    return std::all_of(report.rehearsal->statements.cbegin(), report.rehearsal->statements.cend(),
                       [](const RehearsedStatement &each) { return each.differences.isEmpty(); });
}

QJsonObject lintJson(const LintReport &report)
{
    QJsonArray all;
    for (const LintFinding &finding : report.findings)
        all.append(findingJson(finding));
    QJsonObject json{{QStringLiteral("file"), report.file},
                     {QStringLiteral("phase"), phaseWord(report.settings.phase)},
                     {QStringLiteral("server"), report.settings.server},
                     {QStringLiteral("statements"), qint64(report.statements.size())},
                     {QStringLiteral("findings"), all}};
    if (report.rehearsal)
        json.insert(QStringLiteral("rehearsal"), rehearsalJson(*report.rehearsal));
    return json;
}

QString lintText(const LintReport &report)
{
    QString text;
    for (const LintFinding &finding : report.findings)
        text += findingText(report.file, finding, report.settings) + QLatin1Char('\n');
    if (report.rehearsal)
        text += rehearsalText(report.file, *report.rehearsal);
    return text
           + Words::tr("%1: %2 statements for %3; %4 block, %5 warn, %6 inform")
                 .arg(report.file)
                 .arg(report.statements.size())
                 .arg(phaseWord(report.settings.phase).toUpper())
                 .arg(count(report.findings, LintSeverity::Block))
                 .arg(count(report.findings, LintSeverity::Warn))
                 .arg(count(report.findings, LintSeverity::Inform))
           + QLatin1Char('\n');
}

} // namespace pilothouse
