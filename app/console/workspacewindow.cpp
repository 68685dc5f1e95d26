#include "app/console/workspacewindow.h"

#include <QStatusBar>
#include <QTimer>

namespace pilothouse {

WorkspaceWindow::WorkspaceWindow(const Workspace &workspace, const Console::Options &options)
    : m_console(std::make_unique<Console>(workspace, options)),
      m_window(std::make_unique<MainWindow>(m_console->parts()))
{
    if (m_console->journalError())
        m_window->statusBar()->showMessage(
            Console::tr("The journal cannot be written: promotions and schema steps are off, "
                        "rolling back is not. %1")
                .arg(m_console->journalError()->message));
}

WorkspaceWindow::~WorkspaceWindow() = default;

void WorkspaceWindow::open()
{
    m_window->show();
    QTimer::singleShot(0, m_console.get(), &Console::start);
}

} // namespace pilothouse
