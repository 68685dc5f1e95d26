#include "app/console/opener.h"

#include "app/console/entry.h"
#include "app/console/instance.h"
#include "app/console/rehearsal.h"
#include "app/console/start/firststart.h"
#include "app/console/startwindow.h"
#include "app/console/workspacewindow.h"
#include "app/wiring/headless/termination.h"
#include "app/wiring/places.h"
#include "connectors/kubernetes/login/kubeconfigfiles.h"
#include "release/things/thinglink.h"
#include "ui/frame/firstpaint.h"
#include "ui/frame/framewindow.h"
#include "ui/shell/closing/closing.h"
#include "workspace/workspacefile.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStatusBar>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

constexpr int mostRecent = 8;
/// A disk that does not take a note keeps nobody from ending the program.
constexpr auto longestNote = std::chrono::seconds(2);

QStringList recentFiles()
{
    return QSettings().value(QStringLiteral("recent")).toStringList();
}

/// The newest one of this name; empty if there is none that can be read. Desktops may write the
/// name in small letters.
QString recentFileOf(const QString &workspaceName)
{
    for (const QString &file : recentFiles()) {
        const Result<Workspace> workspace = loadWorkspace(file);
        if (workspace && workspace->name.compare(workspaceName, Qt::CaseInsensitive) == 0)
            return file;
    }
    return {};
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
        connect(m_start.get(), &StartWindow::openRequested, this, [this](const QString &file) {
            m_rehearsal.reset(); // one that is still beginning would open a second window
            open(file);
        });
        connect(m_start.get(), &StartWindow::rehearsalRequested, this, &Opener::rehearse);
        m_firstStart = std::make_unique<FirstStart>(
            m_start->setUp(),
            FirstStart::Around{QDir::currentPath(), usualKubeconfigs(), &QDesktopServices::openUrl},
            m_processes, m_loginPath, m_clock);
        connect(m_start.get(), &StartWindow::lookRequested, m_firstStart.get(), &FirstStart::look);
        connect(m_firstStart.get(), &FirstStart::cloneWanted, m_start.get(),
                &StartWindow::openClone);
        connect(m_firstStart.get(), &FirstStart::cloneChoiceWanted, m_start.get(),
                &StartWindow::chooseClone);
    }
    return *m_start;
}

void Opener::rehearse()
{
    startWindow().setRehearsing(true);
    m_rehearsal = std::make_unique<Rehearsal>(QCoreApplication::applicationDirPath()
                                              + QStringLiteral("/pilothouse-sandbox"));
    connect(m_rehearsal.get(), &Rehearsal::ready, this, &Opener::open);
    connect(m_rehearsal.get(), &Rehearsal::failed, this, [this](const Error &error) {
        startWindow().setRehearsing(false);
        startWindow().say(error.message);
    });
    m_rehearsal->start();
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

void Opener::openNamed()
{
    const Result<ThingLink> link = parseLink(m_link);
    const QString file = link ? recentFileOf(link->workspace) : QString();
    if (!file.isEmpty())
        return open(file);
    startWindow().say(link ? tr("No recent workspace is called “%1”. Open its file here, and what "
                                "the link names is shown.")
                                 .arg(quotable(link->workspace))
                           : link.error().message);
    tellFirstPaint(startWindow(), QStringLiteral("the start page is painted"));
    showStart();
    if (!link)
        m_link.clear();
}

void Opener::takeOver(const QStringList &arguments)
{
    if (arguments.contains(QLatin1String("--oncall")))
        m_window->window().showPage(Pages::Night);
    const auto link = std::find_if(arguments.cbegin(), arguments.cend(), isLink);
    if (link != arguments.cend())
        m_window->window().follow(*link);
    m_window->raise();
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
    // The window first: settings wait for the disk. A rehearsal's file goes with it.
    if (!m_rehearsal)
        QTimer::singleShot(0, this, [file] { remember(file); });
    if (m_start)
        m_start->hide();
    if (handOver == Instance::HandOver::Silent)
        m_window->window().statusBar()->showMessage(
            tr("Another console has this workspace open and does not answer: this one runs by "
               "itself."));
    else
        m_instance->listen();
    connect(m_instance.get(), &Instance::handedOver, this, &Opener::takeOver);
    if (!m_link.isEmpty())
        m_window->window().follow(std::exchange(m_link, {}));
}

} // namespace pilothouse
