#pragma once

#include <QString>

namespace pilothouse {

struct BackfillRow;
struct ChangeView;
struct EnvironmentMark;
struct Preview;

/// A backfill or sweep runs here, and nothing else of this change does.
[[nodiscard]] bool backfillsHere(const ChangeView &change);
/// Another console runs the backfill or sweep, as the facts tell.
[[nodiscard]] bool backfillsElsewhere(const ChangeView &change);

/// "backfill of organization-id: 1,310,000 of ~2,100,000 rows, runs elsewhere (pid 4711)"
[[nodiscard]] QString backfillText(const ChangeView &change);

/// The confirmation of a pause, wherever it runs. Nothing is typed, so Cancel is its default.
[[nodiscard]] Preview pausePreview(const ChangeView &change, const EnvironmentMark &environment);

/// What a runner says whose row was moved by somebody else: by whom it was paused, where the row
/// tells.
[[nodiscard]] QString stoppedWords(const BackfillRow &row);

} // namespace pilothouse
