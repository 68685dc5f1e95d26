#pragma once

#include <QStringList>

namespace pilothouse {

/// `journal [--workspace FILE] [--incidents | --report | --export | --verify] [--limit N]
/// [--json]`: what this machine's journal of a workspace tells. Nothing: the newest records as
/// lines.
/// `--incidents`: every rollback with its times. `--report`: the newest of them in Markdown.
/// `--export`: every record, the oldest first, as JSON lines with the hashes. `--verify`: whether
/// the chain of hashes holds. Exit 0 told, 1 the chain is broken, 2 usage, 3 there is nothing.
[[nodiscard]] int journalCommand(const QStringList &arguments);

} // namespace pilothouse
