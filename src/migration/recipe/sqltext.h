#pragma once

#include "migration/change.h"

namespace pilothouse {

/// An identifier as SQL: as it is if lower case and no key word, else in double quotes. So common
/// statements read as a person would write them and no name can break out of its place.
[[nodiscard]] QString sqlName(const QString &identifier);
/// Schema and name, each as above.
[[nodiscard]] QString sqlName(const TableName &table);

/// A string constant in single quotes, safe with standard_conforming_strings on (every session of
/// ours) and off.
[[nodiscard]] QString sqlText(const QString &text);

/// `stem` + `suffix` within PostgreSQL's 63 bytes; a stem cut short ends in a hash of the whole, so
/// that two long names stay two.
[[nodiscard]] QString objectName(const QString &stem, const QString &suffix);

} // namespace pilothouse
