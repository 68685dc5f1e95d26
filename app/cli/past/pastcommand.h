#pragma once

#include <QStringList>

namespace pilothouse {

/// `judge --from TIME [--to TIME] [--workspace FILE] [--track NAME] [--wait TIME] [--json]`: judges
/// a time that is past by the checks of a track. Exit 0 pass, 1 failed, 2 usage, 3 no data, 5
/// marginal.
[[nodiscard]] int judgePastCommand(const QStringList &arguments);

} // namespace pilothouse
