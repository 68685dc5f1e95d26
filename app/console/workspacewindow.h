#pragma once

#include "app/wiring/console.h"
#include "ui/frame/framewindow.h"
#include "ui/shell/mainwindow.h"

#include <memory>

namespace pilothouse {

/// One workspace opened: the console with its window on top. Closing the window ends both.
class WorkspaceWindow final
{
public:
    /// `frame` may be on screen already; without one it gets its own.
    WorkspaceWindow(const Workspace &workspace, const Console::Options &options,
                    std::unique_ptr<FrameWindow> frame = nullptr);
    ~WorkspaceWindow();

    /// Shows the window, then begins to ask the world: the first paint waits for nobody.
    void open();
    /// Before all other windows, with the keyboard.
    void raise();
    [[nodiscard]] Console &console() { return *m_console; }
    [[nodiscard]] MainWindow &window() { return *m_window; }

private:
    // The window refers to the console's controllers and fills the frame: it is declared after and
    // destroyed before both.
    std::unique_ptr<FrameWindow> m_frame;
    std::unique_ptr<Console> m_console;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace pilothouse
