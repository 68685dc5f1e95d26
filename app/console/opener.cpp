#include "app/console/opener.h"

#include "app/console/instance.h"
#include "app/console/startwindow.h"
#include "app/console/termination.h"
#include "app/console/workspacewindow.h"
#include "app/wiring/places.h"
#include "ui/frame/firstpaint.h"
#include "ui/frame/framewindow.h"
#include "ui/shell/closing/closing.h"
#include "workspace/workspacefile.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSettings>
#include <QStatusBar>
#include <QTimer>

namespace pilothouse {
namespace {

constexpr int mostRecent = 8;
/// A disk that does not take a note keeps nobody from ending the program.
constexpr auto longestNote = std::chrono::seconds(2);

QStringList recentFiles()
{
    return QSettings().value(QStringLiteral("recent")).toStringList();
}

void remember(const QString &file)
{
    QStringList files = recentFiles();
    files.removeAll(file);
    files.prepend(file);
    QSettings().setValue(QStringLiteral("recent"), QStringList(files.mid(0, mostRecent)));
}

} // namespace

Opener::Opener(Console::Options options, std::unique_ptr<FrameWindow> frame)
    : m_options(std::move(options)), m_termination(std::make_unique<Termination>()),
      m_frame(std::move(frame))
{
    connect(m_termination.get(), &Termination::requested, this, &Opener::end);
}

Opener::~Opener() = default;

StartWindow &Opener::startWindow()
{
    if (!m_start) {
        m_start = std::make_unique<StartWindow>();
        connect(m_start.get(), &StartWindow::openRequested, this, &Opener::open);
    }
    return *m_start;
}

/// Nobody is asked: a quit() would close the windows, and they ask.
void Opener::end()
{
    const auto exit = [] {
        QCoreApplication::exit(0);
    };
    QTimer::singleShot(longestNote, this, exit);
    if (m_window)
        m_window->window().closing().noteLeft(exit);
    else
        exit();
}

void Opener::showStart()
{
    startWindow().showRecent(recentFiles());
    startWindow().show();
}

void Opener::open(const QString &workspaceFile)
{
    const QString file = QFileInfo(workspaceFile).absoluteFilePath();
    const Result<Workspace> workspace = loadWorkspace(file);
    if (!workspace) {
        startWindow().showMistakes(file, workspace.error());
        tellFirstPaint(startWindow(), QStringLiteral("the mistakes are painted"));
        // Shown first: an application without a window ends.
        startWindow().show();
        m_frame.reset();
        return;
    }
    m_instance = std::make_unique<Instance>(instanceName(file));
    const Instance::HandOver handOver = m_instance->handOver(QCoreApplication::arguments());
    if (handOver == Instance::HandOver::Taken) {
        QCoreApplication::quit();
        return;
    }
    m_window = std::make_unique<WorkspaceWindow>(*workspace, m_options, std::move(m_frame));
    m_window->window().showPage(m_first);
    m_window->open();
    // The window first: settings wait for the disk.
    QTimer::singleShot(0, this, [file] { remember(file); });
    if (m_start)
        m_start->hide();
    if (handOver == Instance::HandOver::Silent)
        m_window->window().statusBar()->showMessage(
            tr("Another console has this workspace open and does not answer: this one runs by "
               "itself."));
    else
        m_instance->listen();
    connect(m_instance.get(), &Instance::handedOver, this, [this](const QStringList &arguments) {
        if (arguments.contains(QLatin1String("--oncall")))
            m_window->window().showPage(Pages::Night);
        m_window->raise();
    });
}

} // namespace pilothouse
