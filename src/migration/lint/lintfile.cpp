#include "migration/lint/lintfile.h"

#include "migration/lint/followedcatalog.h"

#include <QRegularExpression>

#include <algorithm>
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
        m_isLocal = act.isLocal;
        (act.isLocal ? m_local : m_session) = value;
    }
    void endTransaction() { m_isLocal = false; }
    [[nodiscard]] qint64 now() const { return m_isLocal ? m_local : m_session; }

private:
    qint64 m_session = 0; // which is none
    qint64 m_local = 0;
    bool m_isLocal = false;
};

bool makesTable(const SqlAct &act)
{
    return act.kind == Kind::CreateTable || act.kind == Kind::CreateTableAs
           || act.kind == Kind::CreatePartition;
}

} // namespace

bool PlacedAct::isDdl() const
{
    return inUse >= LockMode::ShareUpdateExclusive && act.kind != Kind::Maintain;
}

bool PlacedAct::isExclusive() const
{
    return inUse == LockMode::AccessExclusive && act.kind != Kind::Lock;
}

bool PlacedAct::changesRows() const
{
    return act.kind == Kind::Update || act.kind == Kind::Delete || act.kind == Kind::Insert;
}

LintFile::LintFile(QList<SqlStatement> statements, Wrapped wrapped, const LintCatalog *catalog)
    : m_statements(std::move(statements))
{
    place(wrapped);
    FollowedCatalog known(catalog);
    // The acts of one statement do not see what the others of it do.
    for (qsizetype first = 0, at = 0; at < m_acts.size(); ++at) {
        lookAt(at, known.now(), catalog);
        if (at + 1 < m_acts.size() && m_acts[at + 1].statement == m_acts[at].statement)
            continue;
        for (; first <= at; ++first)
            known.follow(m_acts[first].act);
    }
}

void LintFile::place(Wrapped wrapped)
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

void LintFile::lookAt(qsizetype at, const LintCatalog &now, const LintCatalog *before)
{
    PlacedAct &placed = m_acts[at];
    if (placed.act.table.isEmpty() && placed.act.namesIndex()) {
        placed.act.table = m_tableOfIndex.value(placed.act.name);
        if (placed.act.table.isEmpty() && before)
            placed.act.table = before->tableOfIndex(placed.act.other);
    }
    const SqlAct &act = placed.act;
    placed.isTableMade = isMadeBefore(at, act.table);
    placed.locks = locksOf(act, &now);
    const bool namesNoTable = act.table.isEmpty() && act.namesIndex();
    const bool isOld = !act.table.isEmpty() && !act.isTemporary && !placed.isTableMade;
    if (isOld || namesNoTable)
        placed.inUse = placed.locks.table;
    for (const SqlName &other : placed.locks.others()) {
        if (!isMadeBefore(at, other))
            placed.inUse = std::max(placed.inUse, placed.locks.onOther);
    }

    if (act.kind == Kind::CreateIndex)
        m_tableOfIndex.insert(act.name, act.table);
    if (makesTable(act))
        m_making[act.table.name].append(at);
    else if (act.kind == Kind::RenameTable && making(at, act.table))
        m_making[act.value].append(at);

    if (!placed.isInTransaction)
        return;
    const auto note = [&](Firsts &firsts) {
        if (!firsts.contains(placed.transaction))
            firsts.insert(placed.transaction, at);
    };
    if (placed.isExclusive())
        note(m_exclusive);
    if (placed.isDdl())
        note(m_ddl);
    if (placed.changesRows() && isOld)
        note(m_rows);
}

const PlacedAct *LintFile::before(qsizetype at, const Firsts &firsts) const
{
    const PlacedAct &placed = m_acts[at];
    if (!placed.isInTransaction)
        return nullptr;
    const auto first = firsts.constFind(placed.transaction);
    if (first == firsts.constEnd() || m_acts[*first].statement >= placed.statement)
        return nullptr;
    return &m_acts[*first];
}

const PlacedAct *LintFile::exclusiveBefore(qsizetype at) const
{
    return before(at, m_exclusive);
}
const PlacedAct *LintFile::ddlBefore(qsizetype at) const
{
    return before(at, m_ddl);
}
const PlacedAct *LintFile::rowsBefore(qsizetype at) const
{
    return before(at, m_rows);
}

const SqlAct *LintFile::making(qsizetype at, const SqlName &table) const
{
    const auto all = m_making.constFind(table.name);
    if (all == m_making.constEnd())
        return nullptr;
    for (auto each = all->crbegin(); each != all->crend(); ++each) {
        if (*each >= at)
            continue;
        const SqlAct &act = m_acts[*each].act;
        if (act.kind == Kind::RenameTable)
            return making(*each, act.table);
        if (act.table.mayBe(table))
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
