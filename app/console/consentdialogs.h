#pragma once

#include "action/preview.h"
#include "app/wiring/signin/consentdesk.h"

#include <QObject>
#include <QPointer>

class QAction;
class QWidget;

namespace pilothouse {

class ConfirmationDialog;

/// Asks the person at a window about sign-in programs, one dialog after another.
class ConsentDialogs final : public QObject
{
    Q_OBJECT

public:
    /// Lives in `window`; the desk outlives it.
    ConsentDialogs(ConsentDesk &desk, const EnvironmentMark &environment, QWidget &window);
    ~ConsentDialogs() override;

private:
    struct Question
    {
        ProgramUse use;
        Consent known;
    };

    void showNext();
    void allow(const ProgramUse &use);
    void offerAgain();

    QPointer<ConsentDesk> m_desk;
    EnvironmentMark m_environment;
    QWidget &m_window;
    QPointer<ConfirmationDialog> m_dialog;
    QList<Question> m_waiting;
    QPointer<QAction> m_again; ///< in the window as long as something is declined
};

} // namespace pilothouse
