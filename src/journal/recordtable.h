#pragma once

#include "journal/canonical.h"

#include <QSqlQuery>

namespace pilothouse {

// The one table of a journal's file, for whoever reads it.

/// Its columns, in the order that currentRow() takes them.
inline constexpr QLatin1String
    recordColumns("seq, at, kind, id, subject, actor, body, previous, hash");

/// The row that a query over recordColumns stands on.
[[nodiscard]] RecordRow currentRow(const QSqlQuery &query);

/// Unavailable, with what to do.
[[nodiscard]] tl::unexpected<Error> journalUnusable(const QString &path, const QString &detail);

} // namespace pilothouse
