#pragma once

#include "migration/change.h"

#include <QStringList>

namespace pilothouse {

/// Every statement of recipe required-column, exact as sent, without a closing semicolon. All names
/// are quoted and qualified; no text of a change file reaches SQL in another way, but the type,
/// which readChange() has restricted to the shape of a type.
namespace stepsql {

/// SHA-256 (hex) over what the statements depend on: recipe, table, column, type, derivation and
/// index. Frozen at EXPAND; `contract_ready`, dates and owner may change without DRIFT.
[[nodiscard]] QString planHash(const Change &change);

[[nodiscard]] QString guardName(const Change &change);    ///< CHECK (column IS NOT NULL)
[[nodiscard]] QString triggerName(const Change &change);  ///< begins with "pilothouse_"
[[nodiscard]] QString functionName(const Change &change); ///< in schema pilothouse

/// The derivation's join with `target` for the changed table: "s.id = NEW.user_id AND …".
[[nodiscard]] QString joinedTo(const Change &change, const QString &target);

/// Schema `pilothouse` and its tables, IF NOT EXISTS: the database's own memory of changes.
/// `writer_seen` has a row per application, operation, hour and backend: as no two sessions write
/// the same row, old writers never wait for each other. It counts transactions, not rows, so that
/// a bulk insert stays linear.
[[nodiscard]] QStringList recordSchema();
/// Tables that recordSchema() makes; all there = the record is kept.
[[nodiscard]] QStringList recordTables();

[[nodiscard]] QString addColumn(const Change &change);
/// A comment that any console, and a person in psql, can read.
[[nodiscard]] QString markColumn(const Change &change);
[[nodiscard]] QString unmarkColumn(const Change &change);
/// Freezes the plan's hash.
[[nodiscard]] QString registerChange(const Change &change);
[[nodiscard]] QStringList forgetChange(const Change &change);
[[nodiscard]] QString dropColumn(const Change &change);

/// SECURITY DEFINER with a fixed search_path: old writers need no right on schema pilothouse or on
/// the source table.
[[nodiscard]] QStringList createSync(const Change &change);
[[nodiscard]] QStringList dropSync(const Change &change);

[[nodiscard]] QString buildIndex(const Change &change);
[[nodiscard]] QString dropIndex(const Change &change);
[[nodiscard]] QString analyze(const Change &change);
[[nodiscard]] QString addGuard(const Change &change);
[[nodiscard]] QString validateGuard(const Change &change);
[[nodiscard]] QString dropGuard(const Change &change);
[[nodiscard]] QString setNotNull(const Change &change);
[[nodiscard]] QString dropNotNull(const Change &change);

} // namespace stepsql
} // namespace pilothouse
