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

/// A title or a link in an escape may be long; what is longer is shown as text.
inline constexpr qsizetype longestEscape = 4096;

/// Applies the parameters of one "select graphic rendition" (ECMA-48 8.3.117): "1;31". Colours of
/// 256 and of 24 bits become the nearest of the sixteen.
void applySgr(AnsiStyle &style, QByteArrayView parameters);

/// The length of the escape sequence that begins with the first byte (an ESC): CSI up to its final
/// byte, OSC up to its end, else two bytes. At most `bytes.size()`.
[[nodiscard]] qsizetype escapeLength(QByteArrayView bytes);

/// The part of a line that a terminal would have left.
struct LastState
{
    qsizetype begin = 0;
    qsizetype end = 0;
    int earlier = 0; ///< states before it that are not blank either
};

/// Whether a '\r' or an escape begins the line anew, erases what stands before it or goes to
/// another line (ECMA-48 8.3): what follows is another state of the line.
[[nodiscard]] bool endsState(QByteArrayView control);

/// Of a line without stamp and line end, the last state that is not blank: the whole line where
/// nothing ends a state. Where all are blank, the last one.
[[nodiscard]] LastState lastState(QByteArrayView line);

/// The style after these bytes, which may hold many lines.
[[nodiscard]] AnsiStyle styleAfter(QByteArrayView bytes, AnsiStyle before);

} // namespace pilothouse
