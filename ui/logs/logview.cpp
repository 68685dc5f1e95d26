#include "ui/logs/logview.h"

#include "logs/logsearch.h"
#include "logs/logstore.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextLayout>

#include <algorithm>
#include <limits>

namespace pilothouse {
namespace {

constexpr int linePadding = 3;
constexpr auto timeFormat = "HH:mm:ss.zzz";

} // namespace

LogView::LogView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("logView"));
    setAccessibleName(tr("Log"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::IBeamCursor);
    connect(&Theme::instance(), &Theme::changed, this, &LogView::restyle);
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &LogView::userScrolled);
    restyle();
}

void LogView::restyle()
{
    setFont(Theme::instance().codeFont());
    updateScrollBars();
    viewport()->update();
}

void LogView::setLog(const LogStore *store, LogSearch *search)
{
    if (m_search != search) {
        if (m_search)
            m_search->disconnect(this);
        m_search = search;
        if (m_search)
            connect(m_search, &LogSearch::changed, viewport(), QOverload<>::of(&QWidget::update));
    }
    if (m_store == store)
        return;
    m_store = store;
    m_current = m_anchor = -1;
    m_longest = 0;
    m_unseen = 0;
    m_following = true;
    if (m_store)
        connect(m_store, &LogStore::grown, this, &LogView::grow);
    updateScrollBars();
    scrollToEnd();
    viewport()->update();
    Q_EMIT followingChanged();
}

void LogView::grow(qint64 first)
{
    updateScrollBars();
    if (m_following) {
        scrollToEnd();
    } else {
        m_unseen += m_store->lineCount() - first;
        Q_EMIT followingChanged();
    }
    viewport()->update();
}

void LogView::setFollowing(bool following)
{
    if (following) {
        m_unseen = 0;
        scrollToEnd();
    }
    if (m_following == following)
        return;
    m_following = following;
    Q_EMIT followingChanged();
}

void LogView::userScrolled()
{
    // The slider's new position is not yet its value.
    const int position = verticalScrollBar()->sliderPosition();
    setFollowing(position >= verticalScrollBar()->maximum());
}

void LogView::scrollToEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void LogView::showLine(qint64 line)
{
    if (!m_store || line < 0 || line >= m_store->lineCount())
        return;
    setFollowing(false);
    m_current = m_anchor = line;
    const qint64 top = std::max<qint64>(0, line - visibleLines() / 3);
    verticalScrollBar()->setValue(int(top));
    viewport()->update();
}

qint64 LogView::firstVisibleLine() const
{
    return verticalScrollBar()->value();
}

int LogView::visibleLines() const
{
    return std::max(1, viewport()->height() / lineHeight());
}

int LogView::lineHeight() const
{
    return fontMetrics().height() + linePadding;
}

int LogView::gutterWidth() const
{
    const qint64 most = m_store ? std::max<qint64>(m_store->lineCount(), 999) : 999;
    const int digits = int(QString::number(most).size());
    return fontMetrics().horizontalAdvance(QLatin1Char('0')) * (digits + 2);
}

void LogView::updateScrollBars()
{
    const qint64 lines = m_store ? m_store->lineCount() : 0;
    const qint64 most = std::numeric_limits<int>::max();
    verticalScrollBar()->setPageStep(visibleLines());
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setRange(0,
                                  int(std::min(most, std::max<qint64>(0, lines - visibleLines()))));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(spacing::Large);
    horizontalScrollBar()->setRange(0, std::max(0, m_longest - viewport()->width()));
}

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const Theme &theme = Theme::instance();
    painter.fillRect(viewport()->rect(), theme.color(ColorRole::CodeBackground));
    if (!m_store)
        return;
    const int longest = m_longest;
    const qint64 first = firstVisibleLine();
    const qint64 last = std::min(m_store->lineCount() - 1, first + visibleLines() + 1);
    for (qint64 line = first; line <= last; ++line)
        paintLine(painter, line, int(line - first) * lineHeight());
    if (m_longest != longest)
        updateScrollBars();
}

void LogView::paintLine(QPainter &painter, qint64 number, int top)
{
    const Theme &theme = Theme::instance();
    const LogLine line = readLine(m_store->line(number, 16 << 10));
    const QRect row(0, top, viewport()->width(), lineHeight());
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (number >= low && number <= high && low >= 0)
        painter.fillRect(row, theme.color(ColorRole::Selection));
    else if (line.kind == LineKind::Error)
        painter.fillRect(row, theme.color(ColorRole::DangerSurface));

    const int shift = horizontalScrollBar()->value();
    const int gutter = gutterWidth();
    painter.setFont(font());
    const int advance = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    int x = gutter - shift;
    if (line.at.isValid()) {
        painter.setPen(theme.color(ColorRole::Faint));
        const QString time = line.at.toLocalTime().toString(QLatin1String(timeFormat));
        painter.drawText(QRect(x, top, advance * 13, row.height()), Qt::AlignVCenter, time);
        x += advance * 14;
    }

    QColor ink = theme.color(ColorRole::CodeText);
    if (line.kind == LineKind::Error)
        ink = theme.color(Tone::Danger);
    else if (line.kind == LineKind::Warning)
        ink = theme.color(Tone::Warning);
    else if (line.kind == LineKind::Command)
        ink = theme.color(Tone::Info);
    else if (line.kind == LineKind::EndGroup || line.kind == LineKind::Debug)
        ink = theme.color(ColorRole::Faint);

    QTextLayout layout(line.kind == LineKind::Group ? QStringLiteral("▸ ") + line.text : line.text,
                       font());
    QList<QTextLayout::FormatRange> formats;
    for (const StyledSpan &span : line.spans) {
        QTextCharFormat format;
        if (span.style.foreground >= 0)
            format.setForeground(ansiColor(span.style.foreground));
        if (span.style.background >= 0)
            format.setBackground(ansiColor(span.style.background));
        if (span.style.flags & AnsiStyle::Bold)
            format.setFontWeight(QFont::Bold);
        if (span.style.flags & AnsiStyle::Italic)
            format.setFontItalic(true);
        if (span.style.flags & AnsiStyle::Underline)
            format.setFontUnderline(true);
        if (span.style.flags & AnsiStyle::Faint)
            format.setForeground(theme.color(ColorRole::Muted));
        formats.append({int(span.start), int(span.length), format});
    }
    if (m_search && !m_search->text().isEmpty()) {
        const QString &needle = m_search->text();
        const QString shown = layout.text();
        for (qsizetype at = shown.indexOf(needle, 0, Qt::CaseInsensitive); at >= 0;
             at = shown.indexOf(needle, at + needle.size(), Qt::CaseInsensitive)) {
            QTextCharFormat format;
            format.setBackground(theme.color(ColorRole::Hit));
            format.setForeground(theme.color(ColorRole::HitText));
            formats.append({int(at), int(needle.size()), format});
        }
    }
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine text = layout.createLine();
    if (text.isValid())
        text.setLineWidth(std::numeric_limits<int>::max());
    layout.endLayout();
    painter.setPen(ink);
    layout.draw(&painter, QPointF(x, top + linePadding / 2.0));
    if (text.isValid())
        m_longest = std::max(m_longest, x + shift + int(text.naturalTextWidth()) + spacing::Medium);

    // The numbers are painted last: text scrolled to the left goes under them.
    const QRect gutterRect(0, top, gutter - spacing::Small, row.height());
    painter.fillRect(gutterRect, theme.color(ColorRole::CodeBackground));
    painter.setPen(line.kind == LineKind::Error ? theme.color(Tone::Danger)
                                                : theme.color(ColorRole::Faint));
    painter.drawText(gutterRect, Qt::AlignVCenter | Qt::AlignRight, QString::number(number + 1));
}

/// The sixteen terminal colours as the theme has them: legible on both grounds.
QColor LogView::ansiColor(int index) const
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

qint64 LogView::lineAt(int y) const
{
    if (!m_store)
        return -1;
    return qBound<qint64>(0, firstVisibleLine() + y / lineHeight(), m_store->lineCount() - 1);
}

QString LogView::selectedText() const
{
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (!m_store || low < 0)
        return {};
    QStringList lines;
    for (qint64 number = low; number <= high; ++number) {
        const LogLine line = readLine(m_store->line(number));
        lines << (line.at.isValid() ? line.at.toLocalTime().toString(QLatin1String(timeFormat))
                                          + QLatin1Char(' ') + line.text
                                    : line.text);
    }
    return lines.join(QLatin1Char('\n'));
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(selectedText());
        return;
    }
    QScrollBar *bar = verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_End:
        setFollowing(true);
        return;
    case Qt::Key_Home:
        bar->triggerAction(QScrollBar::SliderToMinimum);
        return;
    case Qt::Key_Up:
        bar->triggerAction(QScrollBar::SliderSingleStepSub);
        return;
    case Qt::Key_Down:
        bar->triggerAction(QScrollBar::SliderSingleStepAdd);
        return;
    case Qt::Key_PageUp:
        bar->triggerAction(QScrollBar::SliderPageStepSub);
        return;
    case Qt::Key_PageDown:
        bar->triggerAction(QScrollBar::SliderPageStepAdd);
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    m_current = lineAt(event->pos().y());
    if (!(event->modifiers() & Qt::ShiftModifier) || m_anchor < 0)
        m_anchor = m_current;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton) {
        m_current = lineAt(event->pos().y());
        viewport()->update();
    }
}

void LogView::wheelEvent(QWheelEvent *event)
{
    QAbstractScrollArea::wheelEvent(event);
    userScrolled();
}

void LogView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
    if (m_following)
        scrollToEnd();
}

} // namespace pilothouse
