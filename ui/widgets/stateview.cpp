#include "ui/widgets/stateview.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace pilothouse {

StateView::StateView(QWidget *parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_headline(new QLabel(this)),
      m_sentence(new QLabel(this)), m_button(new QPushButton(this)), m_patience(new QTimer(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::Large, spacing::Large, spacing::Large, spacing::Large);
    column->setSpacing(spacing::Small);
    column->addStretch(1);
    for (QLabel *label : {m_icon, m_headline, m_sentence}) {
        label->setAlignment(Qt::AlignHCenter);
        column->addWidget(label);
    }
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(1);
    m_button->setObjectName(QStringLiteral("retryButton"));
    m_patience->setSingleShot(true);
    m_patience->setInterval(5000);
    connect(m_patience, &QTimer::timeout, this,
            [this] { m_sentence->setText(tr("Waiting for %1.").arg(m_whom)); });
    connect(m_button, &QPushButton::clicked, this, &StateView::retryRequested);
}

void StateView::showLoading(const QString &whom)
{
    if (m_mode == Mode::Loading && m_whom == whom)
        return;
    m_mode = Mode::Loading;
    m_whom = whom;
    m_icon->hide();
    m_headline->setText({});
    m_sentence->setText({});
    m_button->hide();
    m_patience->start();
    setAccessibleName(tr("Loading"));
    update();
}

void StateView::showEmpty(const QString &headline, const QString &sentence)
{
    display(Tone::Neutral, QStringLiteral("circle-dashed"), headline, sentence, {});
}

void StateView::showError(const Error &error, const QString &stillWorks, const QString &button)
{
    QString icon = QStringLiteral("triangle-alert");
    QString headline = tr("This could not be read");
    Tone tone = Tone::Danger;
    if (error.kind == ErrorKind::NotAllowed) {
        icon = QStringLiteral("lock");
        headline = tr("Not allowed");
        tone = Tone::Warning;
    } else if (error.kind == ErrorKind::SignedOut) {
        icon = QStringLiteral("lock");
        headline = tr("Signed out");
        tone = Tone::Warning;
    } else if (error.kind == ErrorKind::NotFound) {
        headline = tr("Not there");
        tone = Tone::Warning;
    }
    const QString sentence
        = stillWorks.isEmpty() ? error.message : error.message + QLatin1Char('\n') + stillWorks;
    display(tone, icon, headline, sentence, button);
}

void StateView::display(Tone tone, const QString &icon, const QString &headline,
                        const QString &sentence, const QString &button)
{
    m_mode = Mode::Text;
    m_patience->stop();
    const Theme &theme = Theme::instance();
    m_icon->setPixmap(themedPixmap(icon, theme.color(tone), 32, devicePixelRatioF()));
    m_icon->show();
    m_headline->setFont(theme.titleFont());
    m_headline->setText(headline);
    m_sentence->setText(sentence);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(headline + QLatin1String(": ") + sentence);
    update();
}

QString StateView::headline() const
{
    return m_headline->text();
}

void StateView::paintEvent(QPaintEvent *)
{
    if (m_mode != Mode::Loading)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().color(ColorRole::Raised));
    const int step = spacing::Large;
    int index = 0;
    for (int y = spacing::Large; y + spacing::Medium < height() && index < 8; y += step, ++index) {
        const int width = (rect().width() - 2 * spacing::Large) * (9 - index % 4) / 10;
        painter.drawRoundedRect(spacing::Large, y, std::max(width, 0),
                                spacing::Small + spacing::Hair, spacing::Hair, spacing::Hair);
    }
}

} // namespace pilothouse
