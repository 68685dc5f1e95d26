#pragma once

#include <QStringList>

namespace pilothouse {

/// `layout FILE.json [-o FILE.lay] [--json]`: lays out a graph (format: GraphFile) and writes its
/// picture, without -o to the standard output; with --json it prints one line about it instead.
/// `arguments` stand behind the command's name. Returns the exit code: 0, 2 for wrong usage or a
/// wrong graph, 4 if a file could not be written.
[[nodiscard]] int layoutCommand(const QStringList &arguments);

} // namespace pilothouse
