#pragma once

#include <QString>

class QObject;

namespace pilothouse {

class FrameWindow;

/// Whether an argument is meant as a link, and not as a file.
[[nodiscard]] inline bool isLink(const QString &argument)
{
    return argument.startsWith(QLatin1String("pilothouse:"), Qt::CaseInsensitive);
}

/// What the program was asked for. The program itself is small: it shows its window, then loads the
/// console, with all that a console needs, as a module from beside it.
struct ConsoleCall
{
    enum class Mode { MayAct, ReadOnly };

    QString workspace; ///< a workspace file; empty = that of the link, else the start page
    QString link;      ///< pilothouse://…, to be shown; may be empty
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
