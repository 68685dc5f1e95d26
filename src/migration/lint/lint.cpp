#include "migration/lint/lint.h"

#include "base/words.h"

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

LintRule::Phase phaseOf(ChangePhase phase)
{
    switch (phase) {
    case ChangePhase::Expand:
        return LintRule::Expand;
    case ChangePhase::Migrate:
        return LintRule::Migrate;
    case ChangePhase::Contract:
        return LintRule::Contract;
    }
    return LintRule::Expand;
}

QString filled(const char *words, const SqlAct &act)
{
    QString text = Words::tr(words);
    const SqlColumn *column = act.column();
    const SqlConstraint *constraint = act.constraint();
    const SqlName other = !act.other.isEmpty() ? act.other
                          : constraint         ? constraint->references
                                               : SqlName();
    const std::pair<const char *, QString> values[]{
        {"{table}", act.table.text()},
        {"{name}", act.name},
        {"{column}", column ? column->name : act.name},
        {"{other}", other.text()},
        {"{value}", act.value},
        {"{type}", column ? column->type.text() : QString()},
        {"{function}", column ? column->defaultFunction : QString()},
    };
    for (const auto &[key, value] : values)
        text.replace(QLatin1String(key), value.isEmpty() ? QStringLiteral("…") : value);
    return text;
}

/// Lines and columns of bytes that come in order.
class Places
{
public:
    explicit Places(const QByteArray &sql) : m_sql(sql) {}

    void place(LintFinding &finding)
    {
        if (finding.at < m_at)
            *this = Places(m_sql);
        for (; m_at < finding.at && m_at < m_sql.size(); ++m_at) {
            if (m_sql[m_at] == '\n') {
                ++m_line;
                m_lineBegins = m_at + 1;
            }
        }
        finding.line = m_line;
        finding.column
            = 1 + int(QString::fromUtf8(m_sql.mid(m_lineBegins, finding.at - m_lineBegins)).size());
    }

private:
    Places(const Places &) = default;
    Places &operator=(const Places &other)
    {
        m_at = other.m_at;
        m_lineBegins = other.m_lineBegins;
        m_line = other.m_line;
        return *this;
    }

    const QByteArray &m_sql;
    qsizetype m_at = 0;
    qsizetype m_lineBegins = 0;
    int m_line = 1;
};

LintFinding findingOf(const LintRule &rule, const LintView &view, LintRule::Match match)
{
    const SqlStatement &statement = view.file.statements()[view.placed().statement];
    LintFinding finding;
    finding.rule = QLatin1String(rule.id);
    finding.severity = rule.severity;
    finding.form = Words::tr(rule.form);
    finding.why = filled(rule.why, view.act());
    finding.instead = filled(rule.instead, view.act());
    finding.locks = view.locks();
    finding.table = view.act().table;
    finding.from = statement.from;
    finding.to = statement.to;
    finding.at = statement.from + std::max<qsizetype>(view.act().at, 0);
    finding.isForPhase = match == LintRule::Match::OutOfPhase;
    return finding;
}

} // namespace

const LintCatalog::Column *LintView::knownColumn(const QString &name) const
{
    const LintCatalog::Table *table = known();
    if (!table)
        return nullptr;
    const auto found = table->columns.constFind(name);
    return found == table->columns.constEnd() ? nullptr : &found.value();
}

const QList<LintRule> &lintRules()
{
    static const QList<LintRule> all
        = indexRules() + constraintRules() + columnRules() + tableRules() + transactionRules();
    return all;
}

const LintRule *lintRule(const QString &id)
{
    const QList<LintRule> &all = lintRules();
    const auto found = std::find_if(all.cbegin(), all.cend(), [&id](const LintRule &rule) {
        return QLatin1String(rule.id) == id;
    });
    return found == all.cend() ? nullptr : &*found;
}

QList<LintFinding> lintSql(const QByteArray &sql, const LintSettings &settings)
{
    const LintFile file(readSql(sql), settings.wrapped, settings.catalog);
    const LintRule::Phase phase = phaseOf(settings.phase);
    QList<LintFinding> findings;
    for (qsizetype at = 0; at < file.acts().size(); ++at) {
        const LintView view{file, at, settings};
        for (const LintRule &rule : lintRules()) {
            const LintRule::Match match = rule.match ? rule.match(view) : LintRule::Match::No;
            const bool isAgainst
                = match == LintRule::Match::Unsafe
                  || (match == LintRule::Match::OutOfPhase && !rule.phases.testFlag(phase));
            if (isAgainst)
                findings.append(findingOf(rule, view, match));
        }
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const LintFinding &a, const LintFinding &b) { return a.at < b.at; });
    Places places(sql);
    for (LintFinding &finding : findings)
        places.place(finding);
    return findings;
}

QString phaseWord(ChangePhase phase)
{
    switch (phase) {
    case ChangePhase::Expand:
        return QStringLiteral("expand");
    case ChangePhase::Migrate:
        return QStringLiteral("migrate");
    case ChangePhase::Contract:
        return QStringLiteral("contract");
    }
    return {};
}

QString severityWord(LintSeverity severity)
{
    switch (severity) {
    case LintSeverity::Block:
        return QStringLiteral("block");
    case LintSeverity::Warn:
        return QStringLiteral("warn");
    case LintSeverity::Inform:
        return QStringLiteral("info");
    }
    return {};
}

} // namespace pilothouse
