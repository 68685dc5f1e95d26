#include "app/console/workspacewindow.h"

#include "app/console/consentdialogs.h"
#include "app/console/tokendialog.h"
#include "app/wiring/signin/accounts.h"
#include "ui/frame/firstpaint.h"

#include <QAction>
#include <QStatusBar>
#include <QTimer>

namespace pilothouse {

WorkspaceWindow::WorkspaceWindow(const Workspace &workspace, const Console::Options &options,
                                 std::unique_ptr<FrameWindow> frame)
    : m_frame(frame ? std::move(frame) : std::make_unique<FrameWindow>()),
      m_console(std::make_unique<Console>(workspace, options)),
      m_window(std::make_unique<MainWindow>(m_console->parts()))
{
    for (const KeychainAccount &account : keychainAccounts(workspace)) {
        auto *action
            = new QAction(Console::tr("Put the Token for %1 into the Keychain…").arg(account.title),
                          m_window.get());
        m_window->addAction(action);
        QObject::connect(action, &QAction::triggered, m_window.get(), [this, account] {
            (new TokenDialog(m_console->keychain(), account, m_window.get()))->open();
        });
    }
    new ConsentDialogs(m_console->consent(), workspace.environment, *m_window);
    if (m_console->journalError())
        m_window->statusBar()->showMessage(
            Console::tr("The journal cannot be written: promotions and schema steps are off, "
                        "rolling back is not. %1")
                .arg(m_console->journalError()->message));
}

WorkspaceWindow::~WorkspaceWindow() = default;

void WorkspaceWindow::open()
{
    tellFirstPaint(*m_window, QStringLiteral("the window is painted"));
    m_frame->fill(*m_window);
    m_frame->show();
    QTimer::singleShot(0, m_console.get(), &Console::start);
}

void WorkspaceWindow::raise()
{
    m_frame->showNormal();
    m_frame->raise();
    m_frame->activateWindow();
}

} // namespace pilothouse
