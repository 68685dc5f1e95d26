#pragma once

#include "logs/logline.h"
#include "logs/search/linematcher.h"

#include <QFont>
#include <QRect>

class QPainter;

namespace pilothouse {

/// What of a line is not in its text.
struct LineLook
{
    qint64 number = -1; ///< shown one higher; -1 = not known yet
    bool selected = false;
    bool current = false;
    bool folded = false;  ///< a group whose lines are hidden
    qint64 hidden = 0;    ///< how many
    bool gap = false;     ///< lines before it are not shown
    bool differs = false; ///< where two logs part
    qint64 unshown = 0;   ///< bytes behind the text
    QList<LineMatcher::Span> hits;
};

/// Paints one line of a log: number, time, text with its colours and hits.
class LinePainter
{
public:
    /// `digits` is the width of the gutter; `shift` how far the text is scrolled to the left.
    LinePainter(const QFont &font, int digits, int shift);

    [[nodiscard]] int lineHeight() const { return m_lineHeight; }
    [[nodiscard]] int gutterWidth() const { return m_gutter; }
    /// Answers the width that the line needs.
    int paint(QPainter &painter, const QRect &row, const LogLine &line, const LineLook &look) const;

private:
    int paintText(QPainter &painter, const QRect &row, int x, const LogLine &line,
                  const LineLook &look) const;
    void paintGutter(QPainter &painter, const QRect &row, const LogLine &line,
                     const LineLook &look) const;

    QFont m_font;
    int m_advance;
    int m_lineHeight;
    int m_gutter;
    int m_shift;
};

/// The time of a line as it is shown and copied: local, with milliseconds.
[[nodiscard]] QString shownTime(const QDateTime &at);

} // namespace pilothouse
