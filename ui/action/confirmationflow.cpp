#include "ui/action/confirmationflow.h"

#include "base/whendone.h"
#include "ui/action/confirmationdialog.h"

#include <QWidget>

namespace pilothouse {

ConfirmationFlow *ConfirmationFlow::open(QWidget *window, PreviewSource preview, Act act,
                                         Close close)
{
    const std::optional<Preview> first = preview();
    if (!first)
        return nullptr;
    return new ConfirmationFlow(window, *first, std::move(preview), std::move(act), close);
}

ConfirmationFlow::ConfirmationFlow(QWidget *window, const Preview &first, PreviewSource preview,
                                   Act act, Close close)
    : QObject(window), m_preview(std::move(preview)), m_act(std::move(act)),
      m_dialog(new ConfirmationDialog(first, window)), m_close(close)
{
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ConfirmationDialog::confirmed, this, &ConfirmationFlow::confirm);
    connect(m_dialog, &QObject::destroyed, this, [this] {
        // An effect under way goes on; its outcome is in the journal and on the page.
        if (!m_underWay)
            deleteLater();
    });
    m_dialog->open();
}

void ConfirmationFlow::refresh()
{
    if (!m_dialog || m_underWay)
        return;
    if (const std::optional<Preview> now = m_preview())
        m_dialog->setPreview(*now);
    else
        m_dialog->setNotice(Tone::Warning,
                            tr("This can no longer be done: the world has moved on."));
}

void ConfirmationFlow::markBegun()
{
    if (m_close == Close::WhenBegun && m_underWay && m_dialog)
        m_dialog->accept();
}

void ConfirmationFlow::confirm(const Confirmation &confirmation)
{
    m_underWay = true;
    m_dialog->setUnderWay(true);
    m_dialog->setNotice(Tone::Info, tr("Reading everything again, then acting…"));
    whenDone(
        m_act(confirmation), this, [this](const Outcome &outcome) { settle(outcome); },
        [this] {
            settle({Outcome::Kind::Unknown,
                    tr("No answer came. Look at the page: it shows the world as it is."),
                    {}});
        });
}

void ConfirmationFlow::settle(const Outcome &outcome)
{
    m_underWay = false;
    Q_EMIT ended(outcome);
    if (!m_dialog) {
        deleteLater();
        return;
    }
    if (outcome.kind == Outcome::Kind::Done) {
        m_dialog->accept();
        return;
    }
    m_dialog->setUnderWay(false);
    if (outcome.kind == Outcome::Kind::Conflict)
        refresh();
    m_dialog->setNotice(outcome.kind == Outcome::Kind::Conflict ? Tone::Warning : Tone::Danger,
                        outcome.text);
}

} // namespace pilothouse
