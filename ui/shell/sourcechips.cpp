#include "ui/shell/sourcechips.h"

#include "base/programs/signindesk.h"
#include "ui/shell/signin/sourcecard.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace pilothouse {
namespace {

constexpr int chipText = 12;
constexpr int chipIcon = 14;

struct HealthLook
{
    QString icon;
    Tone tone;
};

HealthLook lookOf(SourceState::Health health)
{
    switch (health) {
    case SourceState::Health::NotSetUp:
        return {QStringLiteral("circle-slash"), Tone::Neutral};
    case SourceState::Health::Loading:
        return {QStringLiteral("circle-dashed"), Tone::Neutral};
    case SourceState::Health::Live:
        return {QStringLiteral("circle-check"), Tone::Success};
    case SourceState::Health::Old:
        return {QStringLiteral("clock"), Tone::Warning};
    case SourceState::Health::Lost:
        return {QStringLiteral("circle-x"), Tone::Danger};
    case SourceState::Health::SignedOut:
    case SourceState::Health::NotAllowed:
        return {QStringLiteral("lock"), Tone::Warning};
    }
    return {};
}

constexpr std::chrono::seconds fresh{10};

using Telling = SourceChips::Telling;

// How a source is told, where there is ever less room; by the age of what was read last.
Telling everything(const SourceState &, std::chrono::milliseconds)
{
    return Telling::State;
}
Telling allButFresh(const SourceState &state, std::chrono::milliseconds age)
{
    const bool isFresh = state.streaming || age < fresh;
    return state.health == SourceState::Health::Live && isFresh ? Telling::Name : Telling::State;
}
bool isWell(const SourceState &state)
{
    return state.health == SourceState::Health::Live
           || state.health == SourceState::Health::Loading;
}
Telling troubles(const SourceState &state, std::chrono::milliseconds)
{
    return isWell(state) ? Telling::Name : Telling::State;
}
Telling troublesWithoutAge(const SourceState &state, std::chrono::milliseconds)
{
    return isWell(state) ? Telling::Name : Telling::Word;
}

} // namespace

SourceChips::SourceChips(const Clock &clock, SignInDesk *desk, QWidget *parent)
    : QWidget(parent), m_clock(clock), m_desk(desk), m_card(new SourceCard(clock, desk, this)),
      m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(spacing::Hair);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_row->addStretch(1);
    connect(&Theme::instance(), &Theme::changed, this, &SourceChips::refreshAges);
    connect(m_card, &SourceCard::pageRequested, this, &SourceChips::pageRequested);
    if (m_desk)
        connect(m_desk, &SignInDesk::changed, this, &SourceChips::refreshAges);
}

void SourceChips::setSource(const SourceState &state)
{
    for (Chip &chip : m_chips) {
        if (chip.state.name == state.name) {
            chip.state = state;
            m_card->setSource(state);
            draw();
            return;
        }
    }
    Chip chip{state, new QToolButton(this)};
    chip.button->setObjectName(QStringLiteral("chip-%1").arg(state.name));
    chip.button->setAutoRaise(true);
    // Six of them stand beside the tabs with their ages.
    QFont font = Theme::instance().textFont();
    font.setPixelSize(chipText);
    chip.button->setFont(font);
    chip.button->setIconSize({chipIcon, chipIcon});
    chip.button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(chip.button, &QToolButton::clicked, this,
            [this, name = state.name] { openCard(name); });
    m_row->addWidget(chip.button);
    m_chips.append(chip);
    draw();
}

void SourceChips::draw()
{
    const auto now = m_clock.sinceBoot();
    for (const auto telling : {everything, allButFresh, troubles, troublesWithoutAge}) {
        int wide = 0;
        for (const Chip &chip : std::as_const(m_chips)) {
            draw(chip, telling(chip.state, now - chip.state.lastGoodSinceBoot));
            wide += chip.button->sizeHint().width() + m_row->spacing();
        }
        if (wide <= width())
            return;
    }
}

void SourceChips::draw(const Chip &chip, Telling telling)
{
    const HealthLook look = lookOf(chip.state.health);
    chip.button->setIcon(themedIcon(look.icon, look.tone));
    const QString all = textOf(chip.state, Telling::State);
    chip.button->setText(textOf(chip.state, telling));
    chip.button->setAccessibleName(all);
    chip.button->setToolTip(chip.state.error ? chip.state.error->message : all);
}

QString SourceChips::textOf(const SourceState &state, Telling telling) const
{
    if (telling == Telling::Name)
        return state.name;
    SourceState told = state;
    if (telling == Telling::Word && state.health == SourceState::Health::Lost)
        told.lastGoodSinceBoot = {};
    return QStringLiteral("%1 %2").arg(state.name, stateText(told));
}

QSize SourceChips::minimumSizeHint() const
{
    return {0, QWidget::minimumSizeHint().height()};
}

void SourceChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    draw();
}

void SourceChips::refreshAges()
{
    draw();
}

QString SourceChips::wordOf(const QString &source) const
{
    for (const Chip &chip : m_chips) {
        if (chip.state.name == source)
            return healthText(chip.state, m_clock);
    }
    return {};
}

QString SourceChips::stateText(const SourceState &state) const
{
    if (m_desk && m_desk->progressOf(state.name).stage == SignInDesk::Stage::Running)
        return tr("signing in…");
    const QString text = healthText(state, m_clock);
    const bool offered
        = m_desk && state.health == SourceState::Health::SignedOut && m_desk->loginOf(state.name);
    return offered ? tr("%1: sign in…").arg(text) : text;
}

void SourceChips::openCard(const QString &source)
{
    for (const Chip &chip : std::as_const(m_chips)) {
        if (chip.state.name == source)
            m_card->open(chip.state, chip.button->mapToGlobal(chip.button->rect().bottomLeft()));
    }
}

} // namespace pilothouse
