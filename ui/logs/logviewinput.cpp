// What keys and mouse do in a LogView.
#include "logs/logstore.h"
#include "ui/logs/linepainter.h"
#include "ui/logs/logview.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

namespace pilothouse {

/// Marks the next group after the current line, or the one before it.
void LogView::toNeighbourGroup(int direction)
{
    if (!m_store)
        return;
    const std::vector<Fold> &folds = m_store->marks().folds();
    const qint64 from = m_current >= 0 ? m_current : firstVisibleLine() - 1;
    if (direction > 0) {
        const auto next = std::find_if(folds.begin(), folds.end(),
                                       [&](const Fold &fold) { return fold.first > from; });
        if (next != folds.end())
            showLine(next->first);
    } else {
        const auto before = std::find_if(folds.rbegin(), folds.rend(),
                                         [&](const Fold &fold) { return fold.first < from; });
        if (before != folds.rend())
            showLine(before->first);
    }
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(selectedText());
        return;
    }
    const bool alt = event->modifiers() & Qt::AltModifier;
    const qint64 line = m_current >= 0 ? m_current : firstVisibleLine();
    const auto fold = m_store ? m_store->marks().foldAround(line) : std::optional<Fold>();
    const bool isFolded = fold && m_folded.count(fold->first) > 0;
    QScrollBar *bar = verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_End:
        setFollowing(true);
        return;
    case Qt::Key_Home:
        bar->triggerAction(QScrollBar::SliderToMinimum);
        return;
    case Qt::Key_Up:
        if (alt)
            toNeighbourGroup(-1);
        else
            bar->triggerAction(QScrollBar::SliderSingleStepSub);
        return;
    case Qt::Key_Down:
        if (alt)
            toNeighbourGroup(1);
        else
            bar->triggerAction(QScrollBar::SliderSingleStepAdd);
        return;
    case Qt::Key_PageUp:
        bar->triggerAction(QScrollBar::SliderPageStepSub);
        return;
    case Qt::Key_PageDown:
        bar->triggerAction(QScrollBar::SliderPageStepAdd);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        toggleFold(line);
        return;
    case Qt::Key_Minus:
        foldAll();
        return;
    case Qt::Key_Plus:
        unfoldAll();
        return;
    case Qt::Key_Left:
        if (fold && !isFolded && horizontalScrollBar()->value() == 0) {
            toggleFold(line);
            return;
        }
        break;
    case Qt::Key_Right:
        if (isFolded) {
            toggleFold(line);
            return;
        }
        break;
    default:
        break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (!m_store || !m_store->isIndexed())
        return;
    const qint64 line = lineAt(event->pos().y());
    if (event->button() == Qt::RightButton && m_anchor >= 0) {
        const auto [low, high] = std::minmax(m_anchor, m_current);
        if (line >= low && line <= high)
            return; // the menu is about what is marked
    }
    m_current = line;
    if (!(event->modifiers() & Qt::ShiftModifier) || m_anchor < 0)
        m_anchor = m_current;
    if (event->button() == Qt::LeftButton && event->pos().x() < linePainter().gutterWidth()
        && m_store->marks().foldAt(line))
        toggleFold(line);
    viewport()->update();
    Q_EMIT refreshed();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    const qint64 line = lineAt(event->pos().y());
    if (line < 0)
        return;
    m_current = line;
    viewport()->update();
}

bool LogView::event(QEvent *event)
{
    // The frame of the current line is there only with the focus.
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        viewport()->update();
    return QAbstractScrollArea::event(event);
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
