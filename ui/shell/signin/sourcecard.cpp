#include "ui/shell/signin/sourcecard.h"

#include "base/programs/signindesk.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int cardWidth = 440;
constexpr qsizetype mostDetail = 400;

} // namespace

SourceCard::SourceCard(const Clock &clock, SignInDesk *desk, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_clock(clock), m_desk(desk), m_headline(new QLabel),
      m_text(new QLabel), m_said(new QLabel), m_signIn(new QPushButton),
      m_page(new QPushButton(tr("Open Page"))), m_copy(new QPushButton(tr("Copy Command")))
{
    setObjectName(QStringLiteral("sourceCard"));
    setFrameShape(QFrame::StyledPanel);
    setFixedWidth(cardWidth);
    m_headline->setObjectName(QStringLiteral("sourceHeadline"));
    m_text->setObjectName(QStringLiteral("sourceText"));
    m_said->setObjectName(QStringLiteral("loginSaid"));
    m_signIn->setObjectName(QStringLiteral("signIn"));
    m_page->setObjectName(QStringLiteral("openLoginPage"));
    m_copy->setObjectName(QStringLiteral("copyLogin"));
    m_headline->setFont(Theme::instance().titleFont());
    m_said->setFont(Theme::instance().codeFont());
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel *label : {m_text, m_said}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    setInk(m_text, ColorRole::Muted);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::Small);
    buttons->addWidget(m_signIn);
    buttons->addWidget(m_page);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    column->setSpacing(spacing::Small);
    column->addWidget(m_headline);
    column->addWidget(m_text);
    column->addWidget(m_said);
    column->addLayout(buttons);
    connect(m_signIn, &QPushButton::clicked, this, &SourceCard::press);
    connect(m_page, &QPushButton::clicked, this, [this] {
        if (m_desk)
            Q_EMIT pageRequested(m_desk->progressOf(m_state.name).page);
    });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const VendorLogin *login = m_desk ? m_desk->loginOf(m_state.name) : nullptr)
            QGuiApplication::clipboard()->setText(login->text());
    });
    if (m_desk)
        connect(m_desk, &SignInDesk::changed, this, &SourceCard::refresh);
}

void SourceCard::setSource(const SourceState &state)
{
    if (state.name != m_state.name)
        return;
    m_state = state;
    if (isVisible())
        refresh();
}

void SourceCard::open(const SourceState &state, const QPoint &place)
{
    m_state = state;
    refresh();
    QPoint corner = place;
    if (const QScreen *screen = QGuiApplication::screenAt(place)) {
        const int rightmost = screen->availableGeometry().right() - cardWidth - spacing::Small;
        corner.setX(std::min(corner.x(), rightmost));
    }
    move(corner);
    show();
}

void SourceCard::refresh()
{
    m_headline->setText(QStringLiteral("%1 · %2").arg(m_state.name, healthText(m_state, m_clock)));
    QStringList text;
    if (m_state.error) {
        text.append(m_state.error->message);
        if (!m_state.error->detail.isEmpty())
            text.append(m_state.error->detail.left(mostDetail));
        text.append(tr("What was read before stays on screen in grey, with its age. Rolling back "
                       "never waits for it."));
    }
    if (m_state.nextTryIn.count() > 0)
        text.append(tr("Next try in %1.").arg(ageText(m_state.nextTryIn)));
    m_text->setText(text.join(QLatin1Char('\n')));
    m_text->setVisible(!text.isEmpty());

    const VendorLogin *login = m_desk ? m_desk->loginOf(m_state.name) : nullptr;
    const auto progress = login ? m_desk->progressOf(m_state.name) : SignInDesk::Progress();
    const bool runs = progress.stage == SignInDesk::Stage::Running;
    const bool offered = login && (runs || m_state.health == SourceState::Health::SignedOut);
    QStringList said = progress.said;
    if (runs)
        said.prepend(tr("%1 is running; it waits for you in the browser.").arg(login->text()));
    m_said->setText(said.join(QLatin1Char('\n')));
    m_said->setVisible(offered && !said.isEmpty());
    m_signIn->setText(runs      ? tr("Cancel")
                      : offered ? tr("Sign In with %1").arg(login->command.program)
                                : QString());
    m_signIn->setVisible(offered);
    m_page->setVisible(offered && runs && progress.page.isValid() && !progress.page.isEmpty());
    m_copy->setVisible(offered && !runs);
    adjustSize();
}

void SourceCard::press()
{
    if (!m_desk)
        return;
    if (m_desk->progressOf(m_state.name).stage == SignInDesk::Stage::Running)
        m_desk->cancel(m_state.name);
    else
        m_desk->start(m_state.name);
}

} // namespace pilothouse
