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
constexpr int barHeight = spacing::Small + spacing::Hair;
constexpr int rowHeight = 32;
constexpr int tabs = 5;
constexpr int tabWidth = 64;
constexpr int pageBars = 8;

void drawBar(QPainter &painter, int left, int top, int width)
{
    painter.drawRoundedRect(left, top, width, barHeight, spacing::Hair, spacing::Hair);
}

/// Where things will be: the band, the release, the tabs and the page. Faint, as every page draws
/// what it waits for, so that what comes takes their places calmly.
void drawBars(QPainter &painter, const QRect &window)
{
    const Theme &theme = Theme::instance();
    painter.fillRect(window, theme.color(ColorRole::Window));
    painter.fillRect(QRect(window.topLeft(), QSize(window.width(), bandHeight)),
                     theme.color(ColorRole::Border));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(ColorRole::Raised));
    int top = bandHeight + spacing::Medium;
    drawBar(painter, spacing::Medium, top, window.width() / 3);
    top += rowHeight;
    for (int tab = 0; tab < tabs; ++tab)
        drawBar(painter, spacing::Medium + tab * (tabWidth + spacing::Medium), top, tabWidth);
    top += rowHeight + spacing::Large;
    const int page = window.width() - 2 * (spacing::Medium + spacing::Large);
    for (int bar = 0; bar < pageBars; ++bar)
        drawBar(painter, spacing::Medium + spacing::Large, top + bar * spacing::Large,
                page * (9 - bar % 4) / 10);
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
