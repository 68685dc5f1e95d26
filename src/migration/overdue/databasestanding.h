#pragma once

#include "base/result.h"
#include "migration/overdue/opencontract.h"

namespace pilothouse {

/// What one of a workspace's databases shows of changes that are not over.
struct DatabaseStanding
{
    QString database; ///< the workspace's name for it
    QDateTime at;     ///< its clock, UTC; invalid = it did not answer
    QList<OpenContract> contracts;
    QList<Leftover> leftovers; ///< of nobody's
    /// What could not be read of it, as sentences; empty = all was. Then nothing here is proof that
    /// nothing is late.
    QStringList unread;

    bool operator==(const DatabaseStanding &) const = default;
};

/// Half-finished work of nobody's is late when it is older than a change may be by default.
inline constexpr int leftoverDays = 14;

/// Days since it was begun, by the server's clock; nullopt: it does not tell.
[[nodiscard]] std::optional<int> ageInDays(const Leftover &leftover, const QDateTime &now);
[[nodiscard]] bool isLate(const Leftover &leftover, const QDateTime &now);

/// Puts together what the files, the record, the marker and the catalog of one database say.
/// `problems` are what could not be read beside the traces. Pure.
[[nodiscard]] DatabaseStanding databaseStanding(const QString &database,
                                                const QList<FiledChange> &files,
                                                const Result<Traces> &traces,
                                                const QStringList &problems = {});

/// Contracts and leftovers that are late.
[[nodiscard]] int lateCount(const QList<DatabaseStanding> &standings);
[[nodiscard]] bool isAllRead(const QList<DatabaseStanding> &standings);

/// Of what is late: "2 contracts waiting, oldest 9 days late · 1 thing left half-finished"; empty =
/// nothing is.
[[nodiscard]] QString lateSentence(const QList<DatabaseStanding> &standings);

} // namespace pilothouse
