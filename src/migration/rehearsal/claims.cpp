#include "migration/rehearsal/claims.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

SqlName nameIn(const QString &text)
{
    const qsizetype dot = text.indexOf(QLatin1Char('.'));
    return dot < 0 ? SqlName{{}, text} : SqlName{text.left(dot), text.mid(dot + 1)};
}

void claim(Claim &all, const SqlName &table, LockMode mode)
{
    if (table.isEmpty() || mode <= LockMode::RowShare)
        return;
    LockMode &strongest = all.locks[table.text()];
    strongest = std::max(strongest, mode);
}

/// Of the table that the other side names; None = it names no such table.
LockMode modeOf(const QMap<QString, LockMode> &locks, const QString &table)
{
    for (auto lock = locks.cbegin(); lock != locks.cend(); ++lock) {
        if (nameIn(lock.key()).mayBe(nameIn(table)))
            return lock.value();
    }
    return LockMode::None;
}

QString taken(const QString &table, LockMode is, LockMode said)
{
    return said == LockMode::None ? Words::tr("It takes %1 on %2, of which the rules say nothing.")
                                        .arg(lockModeWords(is), table)
                                  : Words::tr("It takes %1 on %2, and not %3.")
                                        .arg(lockModeWords(is), table, lockModeWords(said));
}

QStringList lockDifferences(const Claim &claim, const Rehearsed &rehearsed)
{
    QStringList found;
    for (auto lock = rehearsed.locks.cbegin(); lock != rehearsed.locks.cend(); ++lock) {
        const LockMode said = modeOf(claim.locks, lock.key());
        if (lock.value() > LockMode::RowShare && lock.value() != said)
            found << taken(lock.key(), lock.value(), said);
    }
    for (auto lock = claim.locks.cbegin(); lock != claim.locks.cend(); ++lock) {
        if (modeOf(rehearsed.locks, lock.key()) <= LockMode::RowShare)
            found << Words::tr("It does not take %1 on %2.")
                         .arg(lockModeWords(lock.value()), lock.key());
    }
    return found;
}

} // namespace

Claim claimOf(const LintFile &file, qsizetype statement)
{
    Claim all;
    for (const PlacedAct &placed : file.acts()) {
        if (placed.statement != statement)
            continue;
        claim(all, placed.act.table, placed.locks.table);
        for (const SqlName &other : placed.locks.others())
            claim(all, other, placed.locks.onOther);
        all.scans = all.scans || placed.locks.scans;
        all.rewrites = all.rewrites || placed.locks.rewrites;
    }
    return all;
}

bool belongsToSession(const SqlStatement &statement)
{
    using Kind = SqlAct::Kind;
    return statement.isOfPsql
           || std::all_of(statement.acts.cbegin(), statement.acts.cend(), [](const SqlAct &act) {
                  return act.kind == Kind::Begin || act.kind == Kind::Commit
                         || act.kind == Kind::Rollback || act.kind == Kind::Set;
              });
}

QStringList differences(const Claim &claim, const Rehearsed &rehearsed)
{
    if (rehearsed.end == Rehearsed::End::NotRun)
        return {};
    if (rehearsed.end == Rehearsed::End::Refused)
        return {Words::tr("The server refuses it: %1").arg(rehearsed.error)};
    if (rehearsed.end == Rehearsed::End::NeedsToBeAlone)
        return {Words::tr("It cannot run in a transaction: %1").arg(rehearsed.error)};
    QStringList found = rehearsed.knowsLocks ? lockDifferences(claim, rehearsed) : QStringList();
    const bool rewrites = !rehearsed.rewritten.isEmpty();
    if (rewrites != claim.rewrites)
        found << (rewrites ? Words::tr("It writes the table anew.")
                           : Words::tr("It does not write the table anew."));
    // What is written anew is read too.
    if (!rewrites && !claim.rewrites && rehearsed.scans != claim.scans)
        found << (rehearsed.scans ? Words::tr("It reads every row.")
                                  : Words::tr("It does not read every row."));
    return found;
}

} // namespace pilothouse
