#include "ui/logs/linepainter.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <limits>

namespace pilothouse {
namespace {

constexpr int linePadding = 3;
constexpr int timeCharacters = 12;

QColor ansiColor(int index)
{
    const Theme &theme = Theme::instance();
    switch (index % 8) {
    case 0:
        return theme.color(ColorRole::Muted);
    case 1:
        return theme.color(Tone::Danger);
    case 2:
        return theme.color(Tone::Success);
    case 3:
        return theme.color(Tone::Warning);
    case 4:
        return theme.color(Tone::Info);
    case 5:
        return theme.color(Tone::Waiting);
    case 6:
        return theme.color(ColorRole::Accent);
    default:
        return theme.color(ColorRole::CodeText);
    }
}

QColor inkOf(LineKind kind)
{
    const Theme &theme = Theme::instance();
    switch (kind) {
    case LineKind::Error:
        return theme.color(Tone::Danger);
    case LineKind::Warning:
        return theme.color(Tone::Warning);
    case LineKind::Command:
        return theme.color(Tone::Info);
    case LineKind::EndGroup:
    case LineKind::Debug:
        return theme.color(ColorRole::Faint);
    default:
        return theme.color(ColorRole::CodeText);
    }
}

QTextCharFormat formatOf(const AnsiStyle &style)
{
    QTextCharFormat format;
    if (style.foreground >= 0)
        format.setForeground(ansiColor(style.foreground));
    if (style.background >= 0) {
        // The theme's colours are inks: as a ground they get the ground's own ink.
        format.setBackground(ansiColor(style.background));
        format.setForeground(Theme::instance().color(ColorRole::CodeBackground));
    }
    if (style.flags & AnsiStyle::Bold)
        format.setFontWeight(QFont::Bold);
    if (style.flags & AnsiStyle::Italic)
        format.setFontItalic(true);
    if (style.flags & AnsiStyle::Underline)
        format.setFontUnderline(true);
    if (style.flags & AnsiStyle::Faint)
        format.setForeground(Theme::instance().color(ColorRole::Muted));
    return format;
}

} // namespace

QString shownTime(const QDateTime &at)
{
    return at.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz"));
}

LinePainter::LinePainter(const QFont &font, int digits, int shift)
    : m_font(font), m_advance(QFontMetrics(font).horizontalAdvance(QLatin1Char('0'))),
      m_lineHeight(QFontMetrics(font).height() + linePadding), m_gutter(m_advance * (digits + 3)),
      m_shift(shift)
{}

int LinePainter::paint(QPainter &painter, const QRect &row, const LogLine &line,
                       const LineLook &look) const
{
    const Theme &theme = Theme::instance();
    if (look.selected)
        painter.fillRect(row, theme.color(ColorRole::Selection));
    else if (line.kind == LineKind::Error)
        painter.fillRect(row, theme.color(ColorRole::DangerSurface));
    else if (look.differs)
        painter.fillRect(row, theme.color(ColorRole::WarningSurface));

    painter.setFont(m_font);
    int x = row.left() + m_gutter - m_shift;
    if (line.at.isValid()) {
        painter.setPen(theme.color(ColorRole::Muted));
        painter.drawText(QRect(x, row.top(), m_advance * (timeCharacters + 1), row.height()),
                         Qt::AlignVCenter, shownTime(line.at));
        x += m_advance * (timeCharacters + 2);
    }
    const int width = paintText(painter, row, x, line, look);
    // The numbers are painted last: text scrolled to the left goes under them.
    paintGutter(painter, row, line, look);
    if (look.gap) {
        painter.setPen(theme.color(ColorRole::Border));
        painter.drawLine(row.left(), row.top(), row.right(), row.top());
    }
    if (look.current) {
        painter.setPen(theme.color(ColorRole::Accent));
        painter.drawRect(row.adjusted(0, 0, -1, -1));
    }
    return width + m_shift;
}

int LinePainter::paintText(QPainter &painter, const QRect &row, int x, const LogLine &line,
                           const LineLook &look) const
{
    const Theme &theme = Theme::instance();
    QString shown = line.text;
    QString after;
    if (look.folded)
        after = QCoreApplication::translate("pilothouse::LinePainter", "   %1 lines folded")
                    .arg(look.hidden);
    else if (look.unshown > 0)
        after = QCoreApplication::translate("pilothouse::LinePainter",
                                            " …   %1 bytes more in this line: copy or export it")
                    .arg(QLocale(QLocale::English).toString(look.unshown));
    else if (line.earlierStates == LogLine::manyStates)
        after = QCoreApplication::translate("pilothouse::LinePainter", "   last of many states");
    else if (line.earlierStates > 0)
        after = QCoreApplication::translate("pilothouse::LinePainter", "   last of %1 states")
                    .arg(line.earlierStates + 1);
    const qsizetype textLength = shown.size();
    shown += after;

    QList<QTextLayout::FormatRange> formats;
    for (const StyledSpan &span : line.spans)
        formats.append({int(span.start), int(span.length), formatOf(span.style)});
    if (line.kind == LineKind::Group) {
        QTextCharFormat bold;
        bold.setFontWeight(QFont::DemiBold);
        formats.prepend({0, int(textLength), bold});
    }
    QTextCharFormat quiet;
    quiet.setForeground(theme.color(ColorRole::Muted));
    quiet.setFontWeight(QFont::Normal);
    formats.append({int(textLength), int(after.size()), quiet});
    for (const LineMatcher::Span &hit : look.hits) {
        QTextCharFormat format;
        format.setBackground(theme.color(ColorRole::Hit));
        format.setForeground(theme.color(ColorRole::HitText));
        formats.append({int(hit.start), int(hit.length), format});
    }
    QTextLayout layout(shown, m_font);
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine text = layout.createLine();
    if (text.isValid())
        text.setLineWidth(std::numeric_limits<int>::max());
    layout.endLayout();
    painter.setPen(inkOf(line.kind));
    layout.draw(&painter, QPointF(x, row.top() + linePadding / 2.0));
    return x + (text.isValid() ? int(text.naturalTextWidth()) : 0) + spacing::Medium;
}

void LinePainter::paintGutter(QPainter &painter, const QRect &row, const LogLine &line,
                              const LineLook &look) const
{
    const Theme &theme = Theme::instance();
    QRect gutter(row.left(), row.top(), m_gutter - m_advance, row.height());
    painter.fillRect(gutter, look.selected ? theme.color(ColorRole::Selection)
                                           : theme.color(ColorRole::CodeBackground));
    painter.setPen(line.kind == LineKind::Error ? theme.color(Tone::Danger)
                                                : theme.color(ColorRole::Faint));
    const QRect numbers = gutter.adjusted(0, 0, -m_advance - m_advance / 2, 0);
    if (look.number >= 0)
        painter.drawText(numbers, Qt::AlignVCenter | Qt::AlignRight,
                         QString::number(look.number + 1));
    if (line.kind == LineKind::Group) {
        painter.setPen(theme.color(ColorRole::Muted));
        painter.drawText(QRect(numbers.right(), row.top(), m_advance * 2, row.height()),
                         Qt::AlignCenter, look.folded ? QStringLiteral("▸") : QStringLiteral("▾"));
    }
}

} // namespace pilothouse
