#pragma once

#include "app/wiring/console.h"
#include "ui/shell/mainwindow.h"

#include <memory>

namespace pilothouse {

/// One workspace opened: the console with its window on top. Closing the window ends both.
class WorkspaceWindow final
{
public:
    WorkspaceWindow(const Workspace &workspace, const Console::Options &options);
    ~WorkspaceWindow();

    /// Shows the window, then begins to ask the world: the first paint waits for nobody.
    void open();
    [[nodiscard]] Console &console() { return *m_console; }
    [[nodiscard]] MainWindow &window() { return *m_window; }

private:
    // The window refers to the console's controllers: it is declared after and destroyed before it.
    std::unique_ptr<Console> m_console;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace pilothouse
