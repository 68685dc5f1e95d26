#pragma once

#include <QStringList>

namespace pilothouse {

/// `notes --from A --to B`: the release note of two commits in Markdown, or what it is made of as
/// JSON. From Git alone; the live world is not asked.
[[nodiscard]] int notesCommand(const QStringList &arguments);

} // namespace pilothouse
