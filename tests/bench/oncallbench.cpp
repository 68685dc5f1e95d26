#include "bench/measure.h"
#include "bench/program.h"
#include "support/places.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace pilothouse;

namespace {

constexpr int rounds = 5;

/// Seconds until a program that ends by itself has ended.
double secondsOf(const QString &program, const QStringList &arguments)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(bench::patienceMilliseconds))
        qFatal("%s did not end", qPrintable(program));
    return double(timer.nsecsElapsed()) / 1e9;
}

} // namespace

// Woken at night: from the start of the process until the ways back of every track are on screen,
// on the running rehearsal; beside it the command line that reads the same without a window.
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir world;
    // Root's servers run as nobody, who must be able to pass.
    QFile::setPermissions(world.path(), QFile::permissions(world.path()) | QFile::ExeOther);
    for (const char *place : {"XDG_CONFIG_HOME", "XDG_DATA_HOME"})
        qputenv(place, world.path().toUtf8());
    bench::Program sandbox(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-sandbox"),
                           {QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                            QStringLiteral("--dir"), world.path() + QStringLiteral("/world")});
    sandbox.secondsUntil("\n");
    const QString workspace = QJsonDocument::fromJson(sandbox.said())
                                  .object()
                                  .value(QLatin1String("workspace"))
                                  .toString();
    if (workspace.isEmpty())
        qFatal("no workspace in: %s", sandbox.said().constData());
    std::vector<double> console;
    std::vector<double> plain;
    for (int round = 0; round < rounds; ++round) {
        console.push_back(bench::secondsUntil(
            QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse"),
            {workspace, QStringLiteral("--oncall")}, "the ways back are shown"));
        plain.push_back(secondsOf(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"),
                                  {QStringLiteral("status"), QStringLiteral("--workspace"),
                                   workspace, QStringLiteral("--json")}));
    }
    bench::print("oncall", "pilothouse --oncall until the ways back are on screen",
                 "pilothouse-cli status", {{QStringLiteral("rounds"), rounds}},
                 {bench::medianOf(std::move(console)), bench::medianOf(std::move(plain))});
    return 0;
}
