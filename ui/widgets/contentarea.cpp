#include "ui/widgets/contentarea.h"

#include "ui/widgets/spacing.h"

#include <QEvent>
#include <QLayout>
#include <QResizeEvent>
#include <QScrollBar>

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
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this,
            [this](int, int most) { setFocusPolicy(most > 0 ? Qt::TabFocus : Qt::NoFocus); });
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
    return QScrollArea::eventFilter(watched, event);
}

} // namespace pilothouse
