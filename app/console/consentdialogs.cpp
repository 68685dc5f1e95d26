#include "app/console/consentdialogs.h"

#include "app/wiring/signin/consentpreview.h"
#include "ui/action/confirmationdialog.h"

#include <QAction>

namespace pilothouse {

ConsentDialogs::ConsentDialogs(ConsentDesk &desk, const EnvironmentMark &environment,
                               QWidget &window)
    : QObject(&window), m_desk(&desk), m_environment(environment), m_window(window)
{
    connect(&desk, &ConsentDesk::asked, this, [this](const ProgramUse &use, const Consent &known) {
        m_waiting.append({use, known});
        showNext();
    });
    desk.setAttended(true);
}

ConsentDialogs::~ConsentDialogs()
{
    if (m_desk)
        m_desk->setAttended(false);
}

void ConsentDialogs::showNext()
{
    if (m_dialog || m_waiting.isEmpty())
        return;
    const Question question = m_waiting.takeFirst();
    m_dialog = new ConfirmationDialog(consentPreview(question.use, question.known, m_environment),
                                      &m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ConfirmationDialog::confirmed, this,
            [this, use = question.use] { allow(use); });
    connect(m_dialog, &QDialog::rejected, this, [this, use = question.use] {
        if (m_desk)
            m_desk->decline(use);
        offerAgain();
    });
    connect(m_dialog, &QDialog::finished, this, [this] {
        m_dialog = nullptr;
        showNext();
    });
    m_dialog->open();
}

void ConsentDialogs::offerAgain()
{
    if (m_again)
        return;
    m_again = new QAction(tr("Ask Again about Sign-In Programs"), this);
    m_again->setObjectName(QStringLiteral("askAgainAction"));
    m_window.addAction(m_again);
    connect(m_again, &QAction::triggered, this, [this] {
        if (m_desk)
            m_desk->reconsider();
        m_again->deleteLater();
    });
}

void ConsentDialogs::allow(const ProgramUse &use)
{
    if (!m_desk || !m_dialog)
        return;
    if (const auto remembered = m_desk->allow(use))
        m_dialog->accept();
    else
        m_dialog->setNotice(Tone::Danger, remembered.error().message);
}

} // namespace pilothouse
