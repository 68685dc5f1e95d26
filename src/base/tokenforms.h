#pragma once

#include <QString>

namespace pilothouse {

/// A line with "***" in place of what looks like a known kind of token: GitHub, Google, AWS, JSON
/// web tokens, bearer headers, passwords in addresses and in `password=` forms, a private key in
/// one line. What was masked already stays as it is.
[[nodiscard]] QString maskedLine(QString line);

/// The same of a text of several lines, a private key over several lines included.
[[nodiscard]] QString maskedText(QString text);

} // namespace pilothouse
