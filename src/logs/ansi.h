#pragma once

#include <QByteArrayView>

namespace pilothouse {

/// One of the sixteen terminal colours, or none. The view maps them to the theme.
struct AnsiStyle
{
    int foreground = -1; ///< 0-15, -1 = the text's own
    int background = -1;
    enum Flag { Bold = 1, Faint = 2, Italic = 4, Underline = 8 };
    int flags = 0;

    bool operator==(const AnsiStyle &) const = default;
};

/// Applies the parameters of one "select graphic rendition" (ECMA-48 8.3.117): "1;31". Colours of
/// 256 and of 24 bits become the nearest of the sixteen.
void applySgr(AnsiStyle &style, QByteArrayView parameters);

/// The length of the escape sequence that begins with the first byte (an ESC): CSI up to its final
/// byte, OSC up to its end, else two bytes. At most `bytes.size()`.
[[nodiscard]] qsizetype escapeLength(QByteArrayView bytes);

/// The style after these bytes, which may hold many lines.
[[nodiscard]] AnsiStyle styleAfter(QByteArrayView bytes, AnsiStyle before);

} // namespace pilothouse
