#pragma once

#include "pipeline/overlay.h"
#include "ui/widgets/theme.h"

#include <optional>

namespace pilothouse {

/// How a status is shown: always an icon and a word, then a colour.
struct StatusLook
{
    QString word;
    QString icon;
    Tone tone = Tone::Neutral;
};

/// nullopt = no job yet: "to come".
[[nodiscard]] StatusLook lookOf(const std::optional<RunStatus> &status);
/// The same, but "skips" where that is known beforehand, else "no data" where the CI host has not
/// answered.
[[nodiscard]] StatusLook lookOf(const NodeOverlay &node);

/// Why nothing newer comes from a source that is stale: its error, or that it does not answer.
[[nodiscard]] QString silenceWords(const SourceState &source);

} // namespace pilothouse
