#pragma once

#include <QtGlobal>

namespace pilothouse {

/// How far one pass came: it stops early when fewer than `newlineSlack` places are left.
struct ScannedPart
{
    qsizetype bytes = 0; ///< read
    qsizetype found = 0; ///< places written
};

/// A pass may write this many places beyond what it reports; `room` counts them in.
inline constexpr qsizetype newlineSlack = 72;

/// Writes for every '\n' the place after it, counted from `bytes` and moved by `shift`.
using NewlineScan = ScannedPart (*)(const char *bytes, qsizetype size, quint32 shift, quint32 *out,
                                    qsizetype room);

/// Works on every machine.
[[nodiscard]] ScannedPart scanNewlinesPortably(const char *bytes, qsizetype size, quint32 shift,
                                               quint32 *out, qsizetype room);

/// The fastest that this machine can run; chosen once. Same answers as the portable one.
[[nodiscard]] NewlineScan fastestNewlineScan();

/// Writes the place of every escape and carriage return; `out` has room for `size` and the slack.
/// Answers how many there are.
[[nodiscard]] qsizetype findControls(const char *bytes, qsizetype size, quint32 *out);
[[nodiscard]] qsizetype findControlsPortably(const char *bytes, qsizetype size, quint32 *out);

/// The same for escapes alone, which is quicker.
[[nodiscard]] qsizetype findEscapes(const char *bytes, qsizetype size, quint32 *out);
[[nodiscard]] qsizetype findEscapesPortably(const char *bytes, qsizetype size, quint32 *out);

} // namespace pilothouse
