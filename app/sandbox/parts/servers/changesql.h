#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace pilothouse::sandbox {

/// The sandbox's own SQL. It shares no code with the console, so the names that the console gives
/// to the change's objects are written down here a second time; a test holds both together.

/// Roles and the two databases' owner; run as the superuser.
[[nodiscard]] QByteArray rolesSql();
/// Tables, 2,000 users and 300,000 conversations, the same in every run; run as `migrator`.
[[nodiscard]] QByteArray tablesSql();
/// Column, marker, sync trigger and the database's record of both; run as `migrator`.
[[nodiscard]] QByteArray expandSql();
/// All rows filled, the backfill's record verified; run as `migrator`.
[[nodiscard]] QByteArray backfillSql();
/// What cannot run in one text with others: the index and its statistics.
[[nodiscard]] QByteArrayList indexSql();
/// NOT NULL, and trigger and marker gone; run as `migrator`.
[[nodiscard]] QByteArray contractSql();
/// Moves the record's times to so many minutes before now, a minute between two steps.
[[nodiscard]] QByteArray ageRecordSql(int minutes);

} // namespace pilothouse::sandbox
