// The console as the program loads it: everything behind one C function.

#include "app/console/entry.h"
#include "app/console/opener.h"
#include "ui/frame/framewindow.h"

using namespace pilothouse;

extern "C" Q_DECL_EXPORT QObject *pilothouse_open_console(const ConsoleCall &call)
{
    Console::Options options;
    options.mode = call.mode == ConsoleCall::Mode::ReadOnly ? Console::Options::Mode::ReadOnly
                                                            : Console::Options::Mode::MayAct;
    options.window = Console::Options::Window::Shown;
    auto *opener = new Opener(options, std::unique_ptr<FrameWindow>(call.frame));
    if (call.first == ConsoleCall::First::OnCall)
        opener->beginOnCall();
    opener->follow(call.link);
    if (!call.workspace.isEmpty())
        opener->open(call.workspace);
    else if (!call.link.isEmpty())
        opener->openNamed();
    else
        opener->showStart();
    return opener;
}
