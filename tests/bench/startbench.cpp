#include "bench/measure.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <csignal>

using namespace pilothouse;

namespace {

constexpr int rounds = 5;
constexpr int patienceMilliseconds = 60'000;

/// Runs a program until it prints `words`, then ends it. The time is that until the words.
double secondsUntil(const QString &program, const QStringList &arguments, const QByteArray &words)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // packaging/run opens the console where it finds a display; offscreen needs none.
    environment.insert(QStringLiteral("DISPLAY"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("pilothouse.start=true"));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    QByteArray said;
    while (!said.contains(words)) {
        if (!process.waitForReadyRead(patienceMilliseconds))
            qFatal("%s did not say \"%s\":\n%s", qPrintable(program), words.constData(),
                   said.constData());
        said += process.readAll();
    }
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    ::kill(pid_t(process.processId()), SIGTERM);
    if (!process.waitForFinished(patienceMilliseconds))
        qFatal("%s did not end", qPrintable(program));
    return seconds;
}

} // namespace

// The window of the second start: packaging/run with nothing to install and nothing to build, until
// the console has painted on the running rehearsal; beside it the rehearsal's own start.
int main(int argc, char **argv)
{
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
            secondsUntil(sandbox,
                         {QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                          QStringLiteral("--dir"), world.path()},
                         "\"workspace\""));
        toWindow.push_back(secondsUntil(run, {}, "the window is painted"));
    }
    bench::print("start", "packaging/run until the window is painted",
                 "pilothouse-sandbox until it tells its workspace",
                 {{QStringLiteral("rounds"), rounds}},
                 {bench::medianOf(std::move(toWindow)), bench::medianOf(std::move(toSandbox))});
    return 0;
}
