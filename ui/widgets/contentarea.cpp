#include "ui/widgets/contentarea.h"

#include "ui/widgets/spacing.h"

#include <QEvent>
#include <QLayout>
#include <QResizeEvent>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int leastSeen = 6 * spacing::Medium;

} // namespace

ContentArea::ContentArea(QWidget *content, QWidget *parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setFocusPolicy(Qt::NoFocus);
    setWidget(content);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
        setFocusPolicy(most > 0 ? Qt::TabFocus : Qt::NoFocus);
        // Rows that are made anew are gone for a moment, and their height with them.
        if (m_scrolledTo > verticalScrollBar()->value())
            verticalScrollBar()->setValue(std::min(m_scrolledTo, most));
    });
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        m_kept.clear();
        m_scrolledTo = verticalScrollBar()->sliderPosition();
    });
}

void ContentArea::keepInView(QWidget &inside)
{
    m_kept = &inside;
    m_scrolledTo = 0;
    inside.installEventFilter(this);
    showKept();
}

/// Once everything has its place: layouts in one another take several turns.
void ContentArea::showKept()
{
    QTimer::singleShot(0, this, [this] {
        if (m_kept)
            ensureWidgetVisible(m_kept);
    });
}

int ContentArea::contentHeight() const
{
    const int high = widget()->heightForWidth(width());
    return high >= 0 ? high : widget()->sizeHint().height();
}

QSize ContentArea::sizeHint() const
{
    return {widget()->sizeHint().width(), contentHeight()};
}

QSize ContentArea::minimumSizeHint() const
{
    return {widget()->minimumSizeHint().width(), std::min(leastSeen, contentHeight())};
}

int ContentArea::leastHeight(const QWidget &page, int width)
{
    return page.layout()->totalMinimumHeightForWidth(width);
}

void ContentArea::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        updateGeometry(); // texts wrap elsewhere
}

bool ContentArea::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    const bool resized = event->type() == QEvent::Resize;
    if (m_kept && (watched == m_kept ? resized || event->type() == QEvent::Move : resized))
        showKept();
    return QScrollArea::eventFilter(watched, event);
}

} // namespace pilothouse
