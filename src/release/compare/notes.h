#pragma once

#include "release/compare/comparison.h"

namespace pilothouse {

/// A release note in Markdown: headings and lists, no table (chats break them). Everything that
/// differs is in it, and what does not differ is named once at the end. What people wrote is
/// escaped, so that a subject cannot become a heading, a link or an image. Pure.
[[nodiscard]] QString notesOf(const Comparison &comparison);

/// The text so that Markdown shows it as it is, on one line.
[[nodiscard]] QString markdownText(const QString &text);
/// The same as code, whatever backticks are in it.
[[nodiscard]] QString markdownCode(const QString &text);

} // namespace pilothouse
