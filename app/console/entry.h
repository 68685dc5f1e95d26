#pragma once

#include <QString>

class QObject;

namespace pilothouse {

class FrameWindow;

/// What the program was asked for. The program itself is small: it shows its window, then loads the
/// console, with all that a console needs, as a module from beside it.
struct ConsoleCall
{
    enum class Mode { MayAct, ReadOnly };

    QString workspace; ///< a workspace file; empty = the start page
    Mode mode = Mode::MayAct;
    /// The page that is shown first.
    enum class First { Release, OnCall } first = First::Release;
    FrameWindow *frame = nullptr; ///< already on screen; becomes the console's. nullptr = none yet
};

/// Opens the console. It ends when the answer is deleted, before the QApplication is.
using OpenConsole = QObject *(*)(const ConsoleCall &call);

/// The function's name in the module.
inline constexpr auto openConsoleName = "pilothouse_open_console";

} // namespace pilothouse
