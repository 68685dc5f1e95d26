#pragma once

#include "migration/lint/sql/sqlact.h"

#include <QJsonObject>

namespace pilothouse {

// Statements about rows and about the session, from the fields of PostgreSQL's parse tree. Pure.

/// UPDATE, DELETE, INSERT.
[[nodiscard]] SqlAct rowsAct(SqlAct::Kind kind, const QJsonObject &fields);
/// SELECT; one that calls set_config does what SET does.
[[nodiscard]] SqlAct selectAct(const QJsonObject &fields);
/// SET, RESET.
[[nodiscard]] SqlAct setAct(const QJsonObject &fields);

} // namespace pilothouse
