#include "ui/release/remindercard.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace pilothouse {
namespace {

constexpr int iconSize = 16;
constexpr qsizetype mostNamed = 3;

/// "conversations-organization-id on context, 9 days late"
QStringList namesOf(const QList<DatabaseStanding> &standings)
{
    QStringList names;
    for (const DatabaseStanding &standing : standings) {
        for (const OpenContract &contract : standing.contracts) {
            if (contract.isLate())
                names << ReminderCard::tr("%1 on %2, %3")
                             .arg(contract.change.value, standing.database,
                                  lateWords(contract.daysLeft));
        }
    }
    if (names.size() > mostNamed) {
        const qsizetype more = names.size() - mostNamed;
        names = names.mid(0, mostNamed);
        names << ReminderCard::tr("%n more", nullptr, int(more));
    }
    return names;
}

} // namespace

ReminderCard::ReminderCard(QWidget *parent)
    : QFrame(parent), m_icon(new QLabel), m_words(new QLabel), m_names(new QLabel),
      m_show(new QPushButton(tr("Show")))
{
    setObjectName(QStringLiteral("reminderCard"));
    m_words->setObjectName(QStringLiteral("reminderWords"));
    m_show->setObjectName(QStringLiteral("reminderShow"));
    m_show->setAccessibleName(tr("Show the changes that are late"));
    for (QLabel *label : {m_words, m_names})
        label->setTextFormat(Qt::PlainText);
    m_names->setWordWrap(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::Medium, spacing::Small, spacing::Medium, spacing::Small);
    row->setSpacing(spacing::Small);
    row->addWidget(m_icon);
    row->addWidget(m_words);
    row->addWidget(m_names, 1);
    row->addWidget(m_show);
    setInk(m_words, ColorRole::Warning);
    setInk(m_names, ColorRole::Text);
    connect(m_show, &QPushButton::clicked, this, &ReminderCard::showRequested);
    connect(&Theme::instance(), &Theme::changed, this, &ReminderCard::restyle);
    restyle();
    hide();
}

void ReminderCard::restyle()
{
    const Theme &theme = Theme::instance();
    QFont strong = theme.textFont();
    strong.setWeight(QFont::DemiBold);
    m_words->setFont(strong);
    m_icon->setPixmap(themedPixmap(QStringLiteral("triangle-alert"),
                                   theme.color(ColorRole::Warning), iconSize, devicePixelRatioF()));
    update();
}

void ReminderCard::setStandings(const QList<DatabaseStanding> &standings)
{
    const QString words = lateSentence(standings);
    m_words->setText(words);
    m_names->setText(namesOf(standings).join(QStringLiteral(" · ")));
    setVisible(!words.isEmpty());
}

void ReminderCard::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.color(ColorRole::Warning));
    painter.setBrush(theme.color(ColorRole::WarningSurface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace pilothouse
