#include "bench/measure.h"
#include "bench/program.h"
#include "support/places.h"

#include <QApplication>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QMainWindow>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

using namespace pilothouse;

namespace {

constexpr int rounds = 5;
constexpr int consoleRounds = 11;
constexpr auto emptyWindow = "--empty-window";
constexpr auto framePainted = "the frame is painted";
constexpr auto painted = "the window is painted";

/// Tells its first paint as the console does.
class FirstPaint final : public QObject
{
    bool eventFilter(QObject *window, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            window->removeEventFilter(this);
            QTimer::singleShot(0, this, [] {
                std::printf("%s\n", painted);
                std::fflush(stdout);
            });
        }
        return false;
    }
};

/// The anchor: nothing but a main window of the console's size.
int showEmptyWindow(int argc, char **argv)
{
    QApplication application(argc, argv);
    FirstPaint paint;
    QMainWindow window;
    window.installEventFilter(&paint);
    window.resize(1360, 880);
    window.show();
    return QApplication::exec();
}

void write(const QString &file, const QByteArray &text)
{
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
        qFatal("%s cannot be written", qPrintable(file));
}

/// Settings, journal and cache of its own for every console that is started from now on.
void keepTo(const QTemporaryDir &folder)
{
    for (const char *place : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
        qputenv(place, folder.path().toUtf8());
}

/// The console on this workspace beside an empty main window; by turns, from the start of the
/// process until its window has painted, and until that window shows the workspace.
void measureConsole(const QString &workspace, const QString &name, double mostRatio)
{
    const QString program = QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse");
    std::vector<double> frame;
    std::vector<double> console;
    std::vector<double> window;
    for (int round = 0; round < consoleRounds; ++round) {
        window.push_back(bench::secondsUntil(QCoreApplication::applicationFilePath(),
                                             {QLatin1String(emptyWindow)}, painted));
        frame.push_back(bench::secondsUntil(program, {workspace}, framePainted));
        console.push_back(bench::secondsUntil(program, {workspace}, painted));
    }
    const double anchor = bench::medianOf(std::move(window));
    QJsonObject facts{{QStringLiteral("workspace"), name},
                      {QStringLiteral("rounds"), consoleRounds}};
    constexpr auto anchorWords = "an empty QMainWindow until it is painted";
    bench::print("start", "pilothouse until the window shows the workspace", anchorWords, facts,
                 {bench::medianOf(std::move(console)), anchor});
    if (mostRatio > 0)
        facts.insert(QStringLiteral("most_ratio"), mostRatio);
    bench::print("start", "pilothouse until its window is painted", anchorWords, facts,
                 {bench::medianOf(std::move(frame)), anchor});
}

/// A workspace with a repository and nothing else.
void measureEmpty(const QTemporaryDir &folder)
{
    const QString workspace = folder.filePath(QStringLiteral("pilothouse.yaml"));
    write(workspace, "pilothouse: 1\nname: empty\nrepository: {path: clone}\n");
    if (QProcess::execute(QStringLiteral("git"), {QStringLiteral("init"), QStringLiteral("--quiet"),
                                                  folder.filePath(QStringLiteral("clone"))})
        != 0)
        qFatal("git cannot make a repository");
    measureConsole(workspace, QStringLiteral("empty"), 2);
}

/// The rehearsal's, which runs already.
void measureRehearsal()
{
    const QTemporaryDir world;
    QFile::setPermissions(world.path(), QFile::permissions(world.path()) | QFile::ExeOther);
    bench::Program sandbox(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-sandbox"),
                           {QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                            QStringLiteral("--dir"), world.path()});
    (void)sandbox.secondsUntil("\"workspace\"");
    const QByteArray line = sandbox.said().mid(sandbox.said().indexOf('{'));
    const auto told = QJsonDocument::fromJson(line.left(line.indexOf('\n'))).object();
    const QString workspace = told[QStringLiteral("workspace")].toString();
    if (workspace.isEmpty())
        qFatal("the sandbox told no workspace: %s", sandbox.said().constData());
    measureConsole(workspace, QStringLiteral("rehearsal"), 0);
}

} // namespace

// The window of the second start: packaging/run with nothing to install and nothing to build, until
// the console has painted on the rehearsal; beside it the rehearsal's own start. Then the console
// alone, on a rehearsal that runs already and on an empty workspace. `most_seconds` and
// `most_ratio` are what is promised of a row.
int main(int argc, char **argv)
{
    if (argc > 1 && qstrcmp(argv[1], emptyWindow) == 0)
        return showEmptyWindow(argc, argv);
    const QCoreApplication app(argc, argv);
    const QString run = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/packaging/run");
    const QString sandbox = QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-sandbox");
    std::vector<double> toWindow;
    std::vector<double> toSandbox;
    for (int round = 0; round < rounds; ++round) {
        const QTemporaryDir world;
        // Root's servers run as nobody, who must be able to pass.
        QFile::setPermissions(world.path(), QFile::permissions(world.path()) | QFile::ExeOther);
        toSandbox.push_back(
            bench::secondsUntil(sandbox,
                                {QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                                 QStringLiteral("--dir"), world.path()},
                                "\"workspace\""));
        toWindow.push_back(bench::secondsUntil(run, {}, painted));
    }
    bench::print("start", "packaging/run until the window is painted",
                 "pilothouse-sandbox until it tells its workspace",
                 {{QStringLiteral("workspace"), QStringLiteral("rehearsal")},
                  {QStringLiteral("rounds"), rounds},
                  {QStringLiteral("most_seconds"), 3}},
                 {bench::medianOf(std::move(toWindow)), bench::medianOf(std::move(toSandbox))});
    const QTemporaryDir places;
    keepTo(places);
    measureRehearsal();
    measureEmpty(places);
    return 0;
}
