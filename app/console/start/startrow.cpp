#include "app/console/start/startrow.h"

#include "app/console/start/shortenedlabel.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int rowIconSize = 16;
/// Buttons of one width stand calmer under each other.
constexpr int rowButtonWidth = 168;
constexpr int mostSentenceLines = 2;

} // namespace

StartRow::StartRow(const QString &name, QWidget *parent)
    : QWidget(parent), m_icon(new QLabel), m_headline(new ShortenedLabel(1)),
      m_sentence(new ShortenedLabel(mostSentenceLines)), m_button(new QPushButton)
{
    m_headline->setObjectName(name + QStringLiteral("Headline"));
    m_sentence->setObjectName(name + QStringLiteral("Sentence"));
    m_button->setObjectName(name + QStringLiteral("Button"));
    m_button->setFixedWidth(rowButtonWidth);
    setInk(m_sentence, ColorRole::Muted);
    QSizePolicy kept = m_button->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_button->setSizePolicy(kept);
    auto *words = new QVBoxLayout;
    words->setSpacing(spacing::Hair / 2);
    words->addWidget(m_headline);
    words->addWidget(m_sentence);
    auto *columns = new QHBoxLayout(this);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(spacing::Small);
    columns->addWidget(m_icon, 0, Qt::AlignTop);
    columns->addLayout(words, 1);
    columns->addSpacing(spacing::Small);
    columns->addWidget(m_button, 0, Qt::AlignVCenter);
    connect(m_button, &QPushButton::clicked, this, &StartRow::press);
    connect(&Theme::instance(), &Theme::changed, this, &StartRow::showIcon);
}

void StartRow::setLine(const StartLine &line)
{
    m_line = line;
    m_headline->setText(line.headline);
    m_sentence->setText(line.sentence);
    m_button->setText(line.button);
    m_button->setAccessibleName(line.spoken);
    m_button->setVisible(line.act != StartLine::Act::None);
    showIcon();
}

void StartRow::showIcon()
{
    m_icon->setPixmap(themedPixmap(m_line.icon,
                                   m_line.tone == Tone::Neutral
                                       ? Theme::instance().color(ColorRole::Muted)
                                       : Theme::instance().color(m_line.tone),
                                   rowIconSize, devicePixelRatioF()));
}

void StartRow::press()
{
    const StartLine line = m_line;
    if (line.targets.size() < 2) {
        Q_EMIT pressed(line.act, line.targets.value(0));
        return;
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(objectName() + QStringLiteral("Menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString &target : line.targets) {
        QString shown = target;
        shown.replace(QLatin1Char('&'), QLatin1String("&&"));
        QAction *action
            = menu->addAction(target == line.current ? tr("%1 (current)").arg(shown) : shown, this,
                              [this, line, target] { Q_EMIT pressed(line.act, target); });
        if (target == line.current)
            menu->setActiveAction(action);
    }
    menu->popup(m_button->mapToGlobal(QPoint(0, m_button->height())));
}

} // namespace pilothouse
