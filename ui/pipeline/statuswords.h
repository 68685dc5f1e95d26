#pragma once

#include "pipeline/runsource.h"
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

} // namespace pilothouse
