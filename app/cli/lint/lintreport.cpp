#include "app/cli/lint/lintreport.h"

#include "base/words.h"

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

} // namespace

QJsonObject lintJson(const QString &file, const LintSettings &settings, qsizetype statements,
                     const QList<LintFinding> &findings)
{
    QJsonArray all;
    for (const LintFinding &finding : findings)
        all.append(findingJson(finding));
    return {{QStringLiteral("file"), file},
            {QStringLiteral("phase"), phaseWord(settings.phase)},
            {QStringLiteral("server"), settings.server},
            {QStringLiteral("statements"), qint64(statements)},
            {QStringLiteral("findings"), all}};
}

QString lintText(const QString &file, const LintSettings &settings, qsizetype statements,
                 const QList<LintFinding> &findings)
{
    QString text;
    for (const LintFinding &finding : findings)
        text += findingText(file, finding, settings) + QLatin1Char('\n');
    return text
           + Words::tr("%1: %2 statements for %3; %4 block, %5 warn, %6 inform")
                 .arg(file)
                 .arg(statements)
                 .arg(phaseWord(settings.phase).toUpper())
                 .arg(count(findings, LintSeverity::Block))
                 .arg(count(findings, LintSeverity::Warn))
                 .arg(count(findings, LintSeverity::Inform))
           + QLatin1Char('\n');
}

} // namespace pilothouse
