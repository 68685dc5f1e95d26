#include "app/sandbox/rehearsal.h"
#include "base/words.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace {

using namespace pilothouse;
using namespace pilothouse::sandbox;

int stopPipe[2] = {-1, -1};

/// SIGTERM, SIGINT and SIGHUP end the event loop, so that everything is put away.
void quitOnSignals(QCoreApplication &application)
{
    if (pipe(stopPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(stopPipe[0], QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
    struct sigaction action
    {};
    action.sa_handler = [](int) {
        const char byte = 0;
        [[maybe_unused]] const ssize_t written = write(stopPipe[1], &byte, 1);
    };
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaction(signal, &action, nullptr);
}

int complain(const QString &sentence)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return 2;
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        Words::tr("Serves a scripted world for rehearsals on 127.0.0.1."));
    parser.addHelpOption();
    parser.addOptions({
        {QStringLiteral("scenario"), Words::tr("What is played."), QStringLiteral("NAME"),
         QStringLiteral("good-then-bad")},
        {QStringLiteral("dir"), Words::tr("An empty folder for its files."), QStringLiteral("DIR")},
        {QStringLiteral("port"), Words::tr("Port; Kubernetes gets the next one."),
         QStringLiteral("P"), QStringLiteral("0")},
        {QStringLiteral("speed"), Words::tr("Divides every duration, 1 to 10."),
         QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("seed"), Words::tr("Of the noise."), QStringLiteral("S"),
         QStringLiteral("1")},
        {QStringLiteral("start-at"), Words::tr("Beat that has just begun, 1 to 18."),
         QStringLiteral("BEAT"), QStringLiteral("1")},
        {QStringLiteral("fault"), Words::tr("What goes wrong: SERVER=KIND[:AMOUNT][*TIMES],…"),
         QStringLiteral("SPEC")},
    });
}

/// What was asked, or the sentence about the first value that cannot be used.
Result<RehearsalOptions> readOptions(const QCommandLineParser &parser)
{
    RehearsalOptions options;
    options.scenario = parser.value(QStringLiteral("scenario"));
    options.dir = parser.value(QStringLiteral("dir"));
    options.fault = parser.value(QStringLiteral("fault"));
    if (options.dir.isEmpty())
        return fail(ErrorKind::BadInput, Words::tr("Say where: --dir DIR, an empty folder."));
    bool ok = false;
    options.port = parser.value(QStringLiteral("port")).toUShort(&ok);
    if (!ok || options.port == 65535)
        return fail(ErrorKind::BadInput, Words::tr("--port takes a number below 65535."));
    options.world.speed = parser.value(QStringLiteral("speed")).toDouble(&ok);
    if (!ok || options.world.speed < 1 || options.world.speed > 10)
        return fail(ErrorKind::BadInput, Words::tr("--speed takes a number from 1 to 10."));
    options.world.seed = parser.value(QStringLiteral("seed")).toUInt(&ok);
    if (!ok)
        return fail(ErrorKind::BadInput, Words::tr("--seed takes a whole number."));
    options.world.startAt = parser.value(QStringLiteral("start-at")).toInt(&ok);
    if (!ok || options.world.startAt < 1 || options.world.startAt > 18)
        return fail(ErrorKind::BadInput, Words::tr("--start-at takes a beat from 1 to 18."));
    return options;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("pilothouse-sandbox"));
    QCommandLineParser parser;
    addOptions(parser);
    parser.process(application);
    const auto options = readOptions(parser);
    if (!options)
        return complain(options.error().message);
    quitOnSignals(application);
    auto rehearsal = Rehearsal::start(*options);
    if (!rehearsal)
        return complain(rehearsal.error().message);
    QObject::connect(rehearsal->get(), &Rehearsal::troubled, &application,
                     [](const QString &sentence) { complain(sentence); });
    std::printf("%s\n", (*rehearsal)->readyLine().constData());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
