#include "app/console/entry.h"
#include "app/wiring/places.h"
#include "ui/frame/firstpaint.h"
#include "ui/frame/framewindow.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QLibrary>
#include <QMessageBox>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <memory>

using namespace pilothouse;

namespace {

/// Of the link and the workspace, in whatever order they stand.
QString argumentThat(bool (*fits)(const QString &), const QStringList &arguments)
{
    const auto found = std::find_if(arguments.cbegin(), arguments.cend(), fits);
    return found == arguments.cend() ? QString() : *found;
}

/// A window that no screen shows never paints; loading does not wait for it for ever.
constexpr auto patience = std::chrono::milliseconds(100);

/// Whether a second console may have this workspace: its socket is there. That console is asked
/// before any window shows. (A crash leaves the socket behind; then the window comes a little
/// later.)
bool mayBeOpenElsewhere(const QString &workspaceFile)
{
    return QFileInfo::exists(QDir::tempPath() + QLatin1Char('/') + instanceName(workspaceFile));
}

/// The console's function, or nullptr after telling what is missing.
OpenConsole loadConsole()
{
    QLibrary module(QCoreApplication::applicationDirPath()
                    + QStringLiteral("/" PILOTHOUSE_MODULE_FROM_PROGRAM));
    const auto open = reinterpret_cast<OpenConsole>(module.resolve(openConsoleName));
    if (!open) {
        const QString sentence
            = QObject::tr("A part of Pilothouse cannot be loaded. Install it again.");
        // Also where no window can be seen.
        qCritical().noquote() << sentence << module.errorString();
        QMessageBox box(QMessageBox::Critical, QObject::tr("Pilothouse"), sentence);
        box.setDetailedText(module.errorString());
        box.exec();
    }
    return open;
}

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
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("workspace"),
                                 QObject::tr("a pilothouse.yaml; without it the start page opens"),
                                 QStringLiteral("[WORKSPACE]"));
    parser.addPositionalArgument(
        QStringLiteral("link"),
        QObject::tr("what to show; without a workspace, in the recent one of its name"),
        QStringLiteral("[pilothouse://…]"));
    const QCommandLineOption readOnly(QStringLiteral("read-only"),
                                      QObject::tr("Look, but never act."));
    const QCommandLineOption onCall(
        QStringLiteral("oncall"),
        QObject::tr("Open at what hurts, what changed before, and the ways back."));
    parser.addOptions({readOnly, onCall});
    // Not process(), which ends the program where it stands.
    const bool understood = parser.parse(QCoreApplication::arguments());
    if (!understood || parser.isSet(help) || parser.isSet(version)) {
        const QString words
            = !understood             ? parser.errorText() + QLatin1Char('\n')
              : parser.isSet(version) ? QStringLiteral("%1 %2\n").arg(
                    QCoreApplication::applicationName(), QCoreApplication::applicationVersion())
                                      : parser.helpText();
        std::fputs(qPrintable(words), understood ? stdout : stderr);
        return understood ? 0 : 1;
    }

    ConsoleCall call;
    const QStringList arguments = parser.positionalArguments();
    call.link = argumentThat(&isLink, arguments);
    call.workspace = argumentThat([](const QString &each) { return !isLink(each); }, arguments);
    if (parser.isSet(readOnly))
        call.mode = ConsoleCall::Mode::ReadOnly;
    if (parser.isSet(onCall))
        call.first = ConsoleCall::First::OnCall;

    // Owned by nobody else until the console takes it over.
    std::unique_ptr<FrameWindow> frame;
    std::unique_ptr<QObject> console;
    const auto open = [&frame, &console, &call] {
        if (console)
            return;
        const OpenConsole opened = loadConsole();
        if (!opened) {
            QCoreApplication::exit(1);
            return;
        }
        call.frame = frame.release();
        console.reset(opened(call));
    };
    if (QFileInfo(call.workspace).isFile() && !mayBeOpenElsewhere(call.workspace)) {
        frame = std::make_unique<FrameWindow>();
        tellFirstPaint(*frame, QStringLiteral("the frame is painted"));
        QObject::connect(frame.get(), &FrameWindow::barsPainted, &application, open);
        frame->show();
        QTimer::singleShot(patience, &application, open);
    } else {
        QTimer::singleShot(0, &application, open);
    }
    const int status = QApplication::exec();
    console.reset();
    return status;
}
