#include "app/console/instance.h"
#include "app/console/startwindow.h"
#include "app/console/termination.h"
#include "app/console/workspacewindow.h"
#include "app/wiring/places.h"
#include "ui/widgets/theme.h"
#include "workspace/workspacefile.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSettings>
#include <QStatusBar>
#include <QTimer>

using namespace pilothouse;

namespace {

constexpr int mostRecent = 8;

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

/// Opens one workspace, or shows what is wrong with its file.
class Opener final : public QObject
{
public:
    explicit Opener(Console::Options options) : m_options(std::move(options)) {}

    void showStart()
    {
        startWindow().showRecent(recentFiles());
        startWindow().show();
    }

    void open(const QString &name)
    {
        const QString file = QFileInfo(name).absoluteFilePath();
        const Result<Workspace> workspace = loadWorkspace(file);
        if (!workspace) {
            startWindow().showMistakes(file, workspace.error());
            startWindow().show();
            return;
        }
        m_instance = std::make_unique<Instance>(instanceName(file));
        const Instance::HandOver handOver = m_instance->handOver(QCoreApplication::arguments());
        if (handOver == Instance::HandOver::Taken) {
            QCoreApplication::quit();
            return;
        }
        m_window = std::make_unique<WorkspaceWindow>(*workspace, m_options);
        m_window->open();
        // The window first: settings wait for the disk.
        QTimer::singleShot(0, this, [file] { remember(file); });
        if (m_start)
            m_start->hide();
        if (handOver == Instance::HandOver::Silent)
            m_window->window().statusBar()->showMessage(
                QObject::tr("Another console has this workspace open and does not answer: this one "
                            "runs by itself."));
        else
            m_instance->listen();
        connect(m_instance.get(), &Instance::handedOver, this, [this] {
            m_window->window().showNormal();
            m_window->window().raise();
            m_window->window().activateWindow();
        });
    }

private:
    StartWindow &startWindow()
    {
        if (!m_start) {
            m_start = std::make_unique<StartWindow>();
            connect(m_start.get(), &StartWindow::openRequested, this,
                    [this](const QString &file) { open(file); });
        }
        return *m_start;
    }

    Console::Options m_options;
    std::unique_ptr<StartWindow> m_start; ///< made when it is first needed
    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<WorkspaceWindow> m_window;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("pilothouse"));
    QApplication::setApplicationVersion(QStringLiteral(PILOTHOUSE_VERSION));
    QApplication::setOrganizationName(QStringLiteral("pilothouse"));
    Theme::instance().apply(application);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QObject::tr("Release console: pipelines, traffic and schema in one window."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("workspace"),
                                 QObject::tr("a pilothouse.yaml; without it the start page opens"),
                                 QStringLiteral("[WORKSPACE]"));
    const QCommandLineOption readOnly(QStringLiteral("read-only"),
                                      QObject::tr("Look, but never act."));
    parser.addOption(readOnly);
    parser.process(application);

    const Termination termination;
    Console::Options options;
    options.mode = parser.isSet(readOnly) ? Console::Options::Mode::ReadOnly
                                          : Console::Options::Mode::MayAct;
    Opener opener(options);
    const QStringList files = parser.positionalArguments();
    if (files.isEmpty())
        opener.showStart();
    else
        opener.open(files.first());
    return QApplication::exec();
}
