#include "migration/lint/lintfile.h"

#include <QRegularExpression>

#include <utility>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;

/// A setting of the session, and what stands over it until the transaction ends.
class Setting
{
public:
    void set(const SqlAct &act, bool isInTransaction)
    {
        const qint64 value = timeoutOf(act.value);
        // SET LOCAL alone has ended with its own statement.
        if (act.isLocal && !isInTransaction)
            return;
        (act.isLocal ? m_local : m_session) = value;
        if (!act.isLocal)
            m_local.reset();
    }
    void endTransaction() { m_local.reset(); }
    [[nodiscard]] qint64 now() const { return m_local.value_or(m_session.value_or(0)); }

private:
    std::optional<qint64> m_session;
    std::optional<qint64> m_local;
};

bool makesTable(const SqlAct &act)
{
    return act.kind == Kind::CreateTable || act.kind == Kind::CreateTableAs
           || act.kind == Kind::CreatePartition;
}

} // namespace

LintFile::LintFile(QList<SqlStatement> statements, Wrapped wrapped)
    : m_statements(std::move(statements))
{
    const bool isWrapped = wrapped == Wrapped::InTransaction;
    bool isOpen = isWrapped;
    int transaction = 0;
    Setting lock;
    Setting statementLimit;
    for (qsizetype number = 0; number < m_statements.size(); ++number) {
        if (!isOpen)
            ++transaction;
        for (const SqlAct &act : m_statements[number].acts) {
            const bool ends = act.kind == Kind::Commit || act.kind == Kind::Rollback;
            PlacedAct placed;
            placed.statement = number;
            placed.act = act;
            placed.transaction = transaction;
            placed.isInTransaction = isOpen;
            placed.lockTimeout = lock.now();
            placed.statementTimeout = statementLimit.now();
            m_acts.append(placed);
            if (act.kind == Kind::Set && act.name == QLatin1String("lock_timeout"))
                lock.set(act, isOpen);
            else if (act.kind == Kind::Set && act.name == QLatin1String("statement_timeout"))
                statementLimit.set(act, isOpen);
            else if (act.kind == Kind::Begin && !isOpen)
                isOpen = true;
            else if (ends && !isWrapped) {
                isOpen = false;
                lock.endTransaction();
                statementLimit.endTransaction();
            }
        }
    }
}

const SqlAct *LintFile::making(qsizetype at, const SqlName &table) const
{
    if (table.isEmpty())
        return nullptr;
    for (qsizetype i = at - 1; i >= 0; --i) {
        const SqlAct &act = m_acts[i].act;
        if (act.kind == Kind::RenameTable && act.value == table.name)
            return making(i, act.table);
        if (makesTable(act) && act.table.mayBe(table))
            return &act;
    }
    return nullptr;
}

bool LintFile::isMadeBefore(qsizetype at, const SqlName &table) const
{
    const SqlAct *made = making(at, table);
    return made && made->kind != Kind::CreatePartition;
}

qint64 timeoutOf(const QString &text)
{
    static const QRegularExpression form(
        QStringLiteral(R"(^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$)"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return 0;
    const QString unit = match.captured(2);
    const double number = match.captured(1).toDouble();
    const double each = unit == QLatin1String("us")    ? 0.001
                        : unit == QLatin1String("s")   ? 1e3
                        : unit == QLatin1String("min") ? 60e3
                        : unit == QLatin1String("h")   ? 3600e3
                        : unit == QLatin1String("d")   ? 86400e3
                                                       : 1;
    return qint64(number * each);
}

} // namespace pilothouse
