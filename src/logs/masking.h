#pragma once

#include <QByteArray>

namespace pilothouse {

/// Replaces what looks like a known kind of token (GitHub, Google, bearer headers, passwords in
/// URLs, private keys' lines) by "***". Works on whole lines.
[[nodiscard]] QByteArray maskTokens(const QByteArray &lines);

} // namespace pilothouse
