#pragma once

#include "release/things/vendorpages.h"

namespace pilothouse {

/// A thing in one line of Markdown, for a chat: its words as a link to its page at the vendor (or
/// the command that shows it), how it does, and last `link`, its pilothouse:// address. An address
/// of this machine is left out. What looks like a token is masked, in every part.
[[nodiscard]] QString chatLine(const Thing &thing, const VendorPage &page, const QString &link);

/// A text as Markdown shows it letter by letter, in one line, without control characters.
[[nodiscard]] QString chatText(const QString &text);

} // namespace pilothouse
