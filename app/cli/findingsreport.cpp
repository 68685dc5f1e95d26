#include "app/cli/findingsreport.h"

#include "base/words.h"
#include "pipeline/doctor/examine.h"

#include <QJsonObject>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace pilothouse {

namespace {

const QList<std::pair<Finding::Severity, QString>> &severities()
{
    static const QList<std::pair<Finding::Severity, QString>> all{
        {Finding::Severity::Blocks, QStringLiteral("blocks")},
        {Finding::Severity::Risk, QStringLiteral("risk")},
        {Finding::Severity::Gate, QStringLiteral("gate")},
        {Finding::Severity::Hygiene, QStringLiteral("hygiene")},
    };
    return all;
}

QString indented(const QString &text)
{
    QString lines;
    for (const QString &line : text.trimmed().split(QLatin1Char('\n')))
        lines += QStringLiteral("      ") + line + QLatin1Char('\n');
    return lines;
}

QString ruleText(const QString &id, const QList<Finding> &findings)
{
    const Rule *rule = doctorRule(id);
    QString places;
    QStringList forms;
    QString severity;
    for (const Finding &finding : findings) {
        if (finding.rule != id)
            continue;
        severity = severityName(finding.severity);
        places += QStringLiteral("  %1:%2:%3: %4\n")
                      .arg(finding.path)
                      .arg(finding.at.line)
                      .arg(finding.at.column)
                      .arg(finding.sentence);
        if (!finding.rightForm.isEmpty() && !forms.contains(finding.rightForm))
            forms.append(finding.rightForm);
    }
    QString text = QStringLiteral("%1: %2 %3\n").arg(severity, id, rule ? rule->title : QString());
    text += places;
    if (rule)
        text += QStringLiteral("    ") + rule->explanation + QLatin1Char('\n');
    if (!forms.isEmpty())
        text += QStringLiteral("    ") + Words::tr("right form:") + QLatin1Char('\n');
    for (const QString &form : std::as_const(forms))
        text += indented(form);
    return text;
}

} // namespace

QString severityName(Finding::Severity severity)
{
    for (const auto &[each, name] : severities()) {
        if (each == severity)
            return name;
    }
    return {};
}

std::optional<Finding::Severity> severityNamed(const QString &name)
{
    for (const auto &[severity, each] : severities()) {
        if (each == name)
            return severity;
    }
    return std::nullopt;
}

QJsonArray findingsJson(const QList<Finding> &findings)
{
    QJsonArray array;
    for (const Finding &finding : findings) {
        const Rule *rule = doctorRule(finding.rule);
        array.append(QJsonObject{
            {QStringLiteral("id"), finding.rule},
            {QStringLiteral("severity"), severityName(finding.severity)},
            {QStringLiteral("title"), rule ? rule->title : QString()},
            {QStringLiteral("file"), finding.path},
            {QStringLiteral("line"), finding.at.line},
            {QStringLiteral("column"), finding.at.column},
            {QStringLiteral("job"), finding.job},
            {QStringLiteral("step"), finding.step},
            {QStringLiteral("sentence"), finding.sentence},
            {QStringLiteral("explanation"), rule ? rule->explanation : QString()},
            {QStringLiteral("right_form"), finding.rightForm},
        });
    }
    return array;
}

QString findingsText(const QList<Finding> &findings)
{
    QStringList rules;
    for (const Finding &finding : findings) {
        if (!rules.contains(finding.rule))
            rules.append(finding.rule);
    }
    QString text;
    for (const QString &rule : std::as_const(rules))
        text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + ruleText(rule, findings);
    return text;
}

} // namespace pilothouse
