#pragma once

#include "migration/rehearsal/rehearsed.h"

#include <optional>

namespace pilothouse {

/// A row of the measured lock table: a form of statement, and what a server does at it.
struct LockForm
{
    enum class Runs { InTransaction, Alone };

    const char *name;
    QString statement;
    QMap<QString, LockMode> locks;
    std::optional<bool> scans = false; ///< nullopt = it is written anew, which says more
    QString rewrites = {};             ///< table; empty = none
    int since = 150000;                ///< the first server that knows it
    Runs runs = Runs::InTransaction;
};

/// The tables and what hangs on them, in schema `w`, with rows in each.
[[nodiscard]] QStringList lockWorld();

/// Of PostgreSQL 15 and 18. Statements of `lockWorld()`; one that runs alone leaves its traces.
[[nodiscard]] QList<LockForm> lockForms();

} // namespace pilothouse
