#pragma once

#include <QString>

namespace pilothouse {

/// A value in its unit: ratio 0.044 → "4.4 %", s 0.205 → "205 ms", 1/s → "60 /s", other units as
/// they are. Three digits at most: what a person compares at a glance.
[[nodiscard]] QString measureText(double value, const QString &unit);

/// The same with three digits that count, for small values too: s 0.0000042 → "0.0042 ms".
[[nodiscard]] QString fineMeasureText(double value, const QString &unit);

/// A number with three digits that count, without an exponent, down to a millionth: 0.00123, 12.3,
/// 1234.
[[nodiscard]] QString fineNumber(double value);

} // namespace pilothouse
