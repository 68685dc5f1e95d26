#include "ui/widgets/panel.h"

#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace pilothouse {

Panel::Panel(const QString &title, QWidget *parent)
    : QFrame(parent), m_title(new QLabel(title, this)), m_remark(new QLabel(this)),
      m_heading(new QHBoxLayout), m_body(new QVBoxLayout)
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(spacing::Medium, spacing::Small, spacing::Medium, spacing::Medium);
    outer->setSpacing(spacing::Small);
    m_heading->setSpacing(spacing::Small);
    m_heading->addWidget(m_title);
    m_heading->addWidget(m_remark);
    m_heading->addStretch(1);
    m_body->setSpacing(spacing::Small);
    outer->addLayout(m_heading);
    outer->addLayout(m_body, 1);
    m_remark->hide();
    m_remark->setTextFormat(Qt::PlainText);
    connect(&Theme::instance(), &Theme::changed, this, &Panel::restyle);
    setInk(m_title, ColorRole::Muted);
    setInk(m_remark, ColorRole::Muted);
    restyle();
}

void Panel::restyle()
{
    const Theme &theme = Theme::instance();
    QFont font = theme.smallFont();
    font.setWeight(QFont::DemiBold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
    font.setCapitalization(QFont::AllUppercase);
    m_title->setFont(font);
    m_remark->setFont(theme.smallFont());
    update();
}

void Panel::setTitle(const QString &title)
{
    m_title->setText(title);
}

void Panel::setRemark(const QString &remark)
{
    m_remark->setText(remark);
    m_remark->setVisible(!remark.isEmpty());
}

void Panel::addAction(QWidget *widget)
{
    m_heading->addWidget(widget);
}

void Panel::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.color(ColorRole::Border));
    painter.setBrush(theme.color(ColorRole::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace pilothouse
