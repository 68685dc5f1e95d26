#pragma once

#include <QStringList>

namespace pilothouse {

/// `check [--workspace FILE] [--fail-overdue] [--wait TIME] [--json] [--junit FILE] [--ticket
/// CHANGE]`: in each database of the workspace file every change whose CONTRACT is to come, found
/// by its change file at the default branch's tip, by the database's record and by the marker at
/// the column, each without the others, and half-finished work of nobody's that the catalog shows.
/// Writes nothing. With --json one object: `{"late", "all_read", "unread": [sentence], "databases":
/// [{"database", "at", "unread": [sentence], "contracts": [{"change", "table", "column", "owner",
/// "state", "due", "due_at_expand", "days_left", "urgency", "against": [words], "silent",
/// "snoozed": {"times", "days", "until", "by", "reason"} or null, "found_by": ["file", "record",
/// "marker"]}], "leftovers": [{"kind", "table", "object", "words", "todo", "since", "days",
/// "late"}]}]}`; `days` is null where the server does not tell. With --junit the same as JUnit's
/// XML for a CI host ("-" = standard output, in place of the text). With --ticket, in place of all
/// that, the text of a ticket about one change, for each database in which it is open. Returns 0; 1
/// with --fail-overdue if something is late; 2 for wrong usage or a workspace file without a
/// database; 3 if something could not be read, for then nothing proves that nothing is late.
[[nodiscard]] int checkCommand(const QStringList &arguments);

} // namespace pilothouse
