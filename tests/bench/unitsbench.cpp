#include "bench/measure.h"
#include "support/places.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

using namespace pilothouse;

namespace {

constexpr int barMilliseconds = 10'000;
constexpr int patienceMilliseconds = 60'000;

/// The names of the programs whose label is "unit", as CMake wrote them down.
QStringList units()
{
    QFile list(QStringLiteral(PILOTHOUSE_BINARY_DIR "/units.txt"));
    if (!list.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(list.fileName()));
    return QString::fromUtf8(list.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

double secondsOf(const QString &unit, const QStringList &arguments)
{
    return bench::secondsOf([&] {
        QProcess process;
        process.setStandardOutputFile(QProcess::nullDevice());
        process.setStandardErrorFile(QProcess::nullDevice());
        process.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/") + unit, arguments);
        if (!process.waitForFinished(patienceMilliseconds)
            || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
            qFatal("%s did not pass, so its time says nothing", qPrintable(unit));
    });
}

} // namespace

// All unit tests, one after another in the build without sanitizers; beside it the same programs
// when they only list their functions.
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir home;
    for (const char *place : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        qputenv(place, home.path().toUtf8());
    qputenv("LC_ALL", "C.UTF-8");
    bench::Pair all;
    QString slowest;
    double longest = 0;
    const QStringList programs = units();
    for (const QString &unit : programs) {
        all.anchor += secondsOf(unit, {QStringLiteral("-functions")});
        const double took = secondsOf(unit, {});
        all.seconds += took;
        if (took > longest) {
            longest = took;
            slowest = unit;
        }
    }
    bench::print("units", "all unit tests, one after another",
                 "the same programs that only list their functions",
                 {{QStringLiteral("programs"), int(programs.size())},
                  {QStringLiteral("slowest"), slowest},
                  {QStringLiteral("slowest_seconds"), longest},
                  {QStringLiteral("bar_ms"), barMilliseconds}},
                 all);
    return 0;
}
