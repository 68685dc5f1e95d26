#include "ui/oncall/wayrow.h"

#include "release/oncall/waysout.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int nameWidth = 152;
constexpr int buttonWidth = 248;
constexpr int iconSize = 16;

struct RiskLook
{
    QString icon;
    Tone tone;
};

RiskLook lookOf(Reason::Kind kind)
{
    switch (kind) {
    case Reason::Kind::For:
        return {QStringLiteral("circle-check"), Tone::Success};
    case Reason::Kind::Against:
    case Reason::Kind::Blocks:
        return {QStringLiteral("triangle-alert"), Tone::Warning};
    case Reason::Kind::Unknown:
        break;
    }
    return {QStringLiteral("circle-question-mark"), Tone::Neutral};
}

/// A way that is off shows why, in place of what it would break.
RiskLook lookOf(const WayLine &line)
{
    if (line.offBecause.isEmpty())
        return lookOf(line.risk.kind);
    switch (line.off) {
    case WayLine::Off::Refused:
        return lookOf(Reason::Kind::Blocks);
    case WayLine::Off::Needless:
        return lookOf(Reason::Kind::For);
    case WayLine::Off::Reading:
        break;
    }
    return {QStringLiteral("circle-dashed"), Tone::Neutral};
}

QString riskText(const WayLine &line)
{
    if (line.offBecause.isEmpty())
        return line.risk.text;
    return line.off == WayLine::Off::Refused
               ? WayRow::tr("off: %1").arg(firstSentence(line.offBecause))
               : line.offBecause;
}

QString nowText(const WayLine &line)
{
    if (line.now.isEmpty() || line.old.isEmpty())
        return line.now.isEmpty() ? line.old : line.now;
    return QStringLiteral("%1 (%2)").arg(line.now, line.old);
}

/// "since 14:27 · A. Muster"
QString sinceText(const WayLine &line)
{
    if (!line.since.isValid())
        return line.by;
    const QString since
        = WayRow::tr("since %1").arg(whenText(line.since, QDateTime::currentDateTimeUtc()));
    return line.by.isEmpty() ? since : QStringLiteral("%1 · %2").arg(since, line.by);
}

} // namespace

WayRow::WayRow(int number, QWidget *parent)
    : QWidget(parent), m_key(number > mostKeys ? QString() : QString::number(number)),
      m_name(new QLabel), m_now(new QLabel), m_since(new QLabel), m_to(new QLabel),
      m_riskIcon(new QLabel), m_risk(new QLabel), m_button(new QPushButton)
{
    setObjectName(QStringLiteral("wayRow-%1").arg(number));
    m_button->setObjectName(QStringLiteral("wayButton-%1").arg(number));
    m_button->setShortcut(QKeySequence(m_key));
    m_button->setFixedWidth(buttonWidth);
    QFont bold = Theme::instance().textFont();
    bold.setWeight(QFont::DemiBold);
    m_name->setFont(bold);
    m_name->setFixedWidth(nameWidth);
    m_riskIcon->setFixedWidth(iconSize);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, spacing::Hair, 0, spacing::Hair);
    grid->setHorizontalSpacing(spacing::Small);
    grid->setVerticalSpacing(spacing::Hair);
    for (QLabel *label : {m_name, m_now, m_since, m_to, m_risk}) {
        label->setTextFormat(Qt::PlainText);
        // Rows stand apart, columns must not: no text may widen its own.
        label->setWordWrap(label != m_name);
    }
    auto *now = new QVBoxLayout;
    now->setSpacing(0);
    now->addWidget(m_now);
    now->addWidget(m_since);
    grid->addWidget(m_name, 0, 0);
    grid->addLayout(now, 0, 1);
    grid->addWidget(m_to, 0, 2);
    grid->addWidget(m_riskIcon, 0, 3);
    grid->addWidget(m_risk, 0, 4);
    grid->addWidget(m_button, 0, 5);
    setInk(m_since, ColorRole::Muted);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(2, 3);
    grid->setColumnStretch(4, 4);
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT activated(m_line); });
    connect(&Theme::instance(), &Theme::changed, this, &WayRow::showRiskIcon);
}

void WayRow::showRiskIcon()
{
    const RiskLook look = lookOf(m_line);
    m_riskIcon->setPixmap(m_risk->text().isEmpty()
                              ? QPixmap()
                              : themedPixmap(look.icon, Theme::instance().color(look.tone),
                                             iconSize, devicePixelRatioF()));
}

void WayRow::setLine(const WayLine &line)
{
    m_line = line;
    m_name->setText(line.name);
    m_now->setText(nowText(line));
    setInk(m_now, line.old.isEmpty() ? ColorRole::Text : ColorRole::Faint);
    m_since->setText(sinceText(line));
    m_since->setVisible(!m_since->text().isEmpty());
    m_to->setText(line.to);
    const RiskLook look = lookOf(line);
    const QString risk = riskText(line);
    m_risk->setText(risk);
    m_risk->setToolTip(line.offBecause);
    setInk(m_risk, look.tone == Tone::Success ? Tone::Neutral : look.tone);
    showRiskIcon();
    const QKeySequence shortcut = m_button->shortcut();
    m_button->setText(m_key.isEmpty() ? line.verb
                                      : QStringLiteral("%1   %2").arg(m_key, line.verb));
    m_button->setShortcut(shortcut); // a new text takes it away
    m_button->setEnabled(line.offBecause.isEmpty());
    m_button->setToolTip(line.offBecause);
    m_button->setAccessibleName(m_key.isEmpty() ? line.verb
                                                : tr("%1, key %2").arg(line.verb, m_key));
}

} // namespace pilothouse
