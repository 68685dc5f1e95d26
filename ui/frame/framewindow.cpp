#include "ui/frame/framewindow.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QCloseEvent>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int bandHeight = 32;
constexpr int barHeight = 12;
constexpr int rowHeight = 32;
constexpr int tabWidth = 88;
constexpr int tabs = 5;
constexpr double radius = 3;

/// The bars of one list: each row a little shorter or longer than the one before.
void drawRows(QPainter &painter, QRect area, int rows)
{
    for (int row = 0; row < rows; ++row) {
        const int top = area.top() + row * rowHeight + (rowHeight - barHeight) / 2;
        painter.drawRoundedRect(area.left(), top, area.width() / 9, barHeight, radius, radius);
        const int width = area.width() * (7 + row * 3 % 4) / 16;
        painter.drawRoundedRect(area.left() + area.width() / 6, top, width, barHeight, radius,
                                radius);
    }
}

/// Where things will be: the band, the release, the tabs, NEXT, LIVE and the rest of page one.
void drawBars(QPainter &painter, const QRect &window)
{
    const Theme &theme = Theme::instance();
    painter.fillRect(window, theme.color(ColorRole::Window));
    painter.fillRect(QRect(window.topLeft(), QSize(window.width(), bandHeight)),
                     theme.color(ColorRole::Raised));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(ColorRole::Border));
    const int left = window.left() + spacing::Medium;
    const int width = window.width() - 2 * spacing::Medium;
    int top = bandHeight + spacing::Medium;
    painter.drawRoundedRect(left, top, width / 3, barHeight, radius, radius);
    top += rowHeight;
    for (int tab = 0; tab < tabs; ++tab)
        painter.drawRoundedRect(left + tab * (tabWidth + spacing::Medium), top, tabWidth, barHeight,
                                radius, radius);
    top += rowHeight;
    for (const int rows : {3, 5, 4}) {
        const QRect panel(left, top, width, rows * rowHeight + spacing::Medium);
        painter.setBrush(theme.color(ColorRole::Surface));
        painter.drawRoundedRect(panel, 2 * radius, 2 * radius);
        painter.setBrush(theme.color(ColorRole::Border));
        drawRows(painter, panel.adjusted(spacing::Medium, spacing::Small, -spacing::Medium, 0),
                 rows);
        top += panel.height() + spacing::Medium;
    }
}

} // namespace

FrameWindow::FrameWindow(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("frameWindow"));
    setAccessibleName(tr("Pilothouse"));
    resize(startSize);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&QWidget::update));
}

void FrameWindow::fill(QWidget &content)
{
    Q_ASSERT(!m_content);
    m_content = &content;
    setWindowTitle(content.windowTitle());
    connect(&content, &QWidget::windowTitleChanged, this, &QWidget::setWindowTitle);
    layout()->addWidget(&content);
    content.show();
}

void FrameWindow::paintEvent(QPaintEvent *)
{
    if (m_content)
        return;
    QPainter painter(this);
    drawBars(painter, rect());
    if (!m_painted) {
        m_painted = true;
        QTimer::singleShot(0, this, &FrameWindow::barsPainted);
    }
}

void FrameWindow::closeEvent(QCloseEvent *event)
{
    event->setAccepted(!m_content || m_content->close());
}

} // namespace pilothouse
