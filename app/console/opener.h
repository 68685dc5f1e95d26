#pragma once

#include "app/wiring/console.h"
#include "base/clock.h"
#include "base/commandrunner.h"
#include "base/programs/loginpath.h"
#include "ui/shell/pages.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class FirstStart;
class FrameWindow;
class Instance;
class Rehearsal;
class StartWindow;
class Termination;
class WorkspaceWindow;

/// Opens one workspace, or shows what is wrong with its file, or the page from which one is chosen.
class Opener final : public QObject
{
    Q_OBJECT

public:
    /// `frame` may be nullptr; else it is on screen already and is filled, or closed where another
    /// window takes its place.
    Opener(Console::Options options, std::unique_ptr<FrameWindow> frame);
    ~Opener() override;

    /// The workspace that is opened next shows the screen of a night first.
    void beginOnCall() { m_first = Pages::Night; }
    /// The workspace that is opened next shows what this link names.
    void follow(const QString &link) { m_link = link; }
    void showStart();
    void open(const QString &workspaceFile);
    /// The recent workspace that the link to follow names; the start page says if there is none.
    void openNamed();

private:
    StartWindow &startWindow();
    void rehearse();
    void takeOver(const QStringList &arguments);
    void end();

    Console::Options m_options;
    Pages::Page m_first = Pages::Release;
    QString m_link;
    std::unique_ptr<Termination> m_termination;
    std::unique_ptr<FrameWindow> m_frame;
    ProcessRunner m_processes;
    LoginPath m_loginPath{m_processes};
    SystemClock m_clock;
    std::unique_ptr<StartWindow> m_start;     ///< made when it is first needed
    std::unique_ptr<FirstStart> m_firstStart; ///< of that window
    std::unique_ptr<Rehearsal> m_rehearsal;   ///< outlives the window on it
    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<WorkspaceWindow> m_window;
};

} // namespace pilothouse
