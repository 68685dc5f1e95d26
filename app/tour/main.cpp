#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/lostnight.h"
#include "app/tour/sandboxprocess.h"
#include "app/tour/story.h"
#include "ui/widgets/theme.h"
#include "workspace/workspacefile.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cstdio>

using namespace pilothouse;

namespace {

int complain(const QString &sentence)
{
    std::fprintf(stderr, "tour: %s\n", qPrintable(sentence));
    return 1;
}

/// Why a tour of this length is too long; empty = it is not.
QString tooLong(qint64 milliseconds, double seconds)
{
    const double took = double(milliseconds) / 1000;
    return took <= seconds ? QString()
                           : QStringLiteral("it took %1 s, and %2 s is all that it may take")
                                 .arg(took, 0, 'f', 1)
                                 .arg(seconds);
}

bool write(const QString &file, const QJsonObject &record)
{
    QFile out(file);
    return out.open(QIODevice::WriteOnly) && out.write(QJsonDocument(record).toJson()) > 0;
}

/// The offscreen platform says at each new window that it cannot tell a window manager sizes.
void report(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    if (!message.contains(QLatin1String("propagateSizeHints")))
        std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, message)));
}

} // namespace

int main(int argc, char *argv[])
{
    qInstallMessageHandler(report);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("pilothouse-tour"));
    QApplication::setCursorFlashTime(0);
    // Its own data and cache: the tour must not meet, or leave, anything of the user's.
    QStandardPaths::setTestModeEnabled(true);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Drives the real window through its main job on the rehearsal; writes "
                       "pictures and a record."));
    parser.addHelpOption();
    const QCommandLineOption dir(QStringLiteral("dir"),
                                 QStringLiteral("where pictures and tour.json go"),
                                 QStringLiteral("DIR"), QStringLiteral("tour"));
    const QCommandLineOption speed(QStringLiteral("speed"),
                                   QStringLiteral("how much shorter waiting is, 1 to 10"),
                                   QStringLiteral("N"), QStringLiteral("6"));
    const QCommandLineOption sandbox(
        QStringLiteral("sandbox"), QStringLiteral("the sandbox program"), QStringLiteral("FILE"),
        QCoreApplication::applicationDirPath() + QStringLiteral("/pilothouse-sandbox"));
    const QCommandLineOption within(QStringLiteral("within"),
                                    QStringLiteral("how many seconds the tour may take"),
                                    QStringLiteral("SECONDS"), QStringLiteral("180"));
    parser.addOptions({dir, speed, sandbox, within});
    parser.process(application);
    bool isNumber = false;
    const double longest = parser.value(within).toDouble(&isNumber);
    if (!isNumber || longest <= 0)
        return complain(
            QStringLiteral("--within takes a number of seconds, not %1").arg(parser.value(within)));

    const QString folder = QFileInfo(parser.value(dir)).absoluteFilePath();
    if (!QDir().mkpath(folder))
        return complain(QStringLiteral("the folder %1 cannot be made").arg(folder));
    QTemporaryDir world(QDir::tempPath() + QStringLiteral("/pilothouse-tour-XXXXXX"));
    // The rehearsal's database runs as another user when this is root.
    QFile::setPermissions(world.path(), QFile::permissions(world.path()) | QFileDevice::ExeOther
                                            | QFileDevice::ExeGroup);
    SandboxProcess rehearsal(parser.value(sandbox));
    if (!rehearsal.start({QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                          QStringLiteral("--dir"), world.path() + QStringLiteral("/world"),
                          QStringLiteral("--speed"), parser.value(speed)}))
        return complain(rehearsal.problem());
    const auto workspace = loadWorkspace(rehearsal.address(QStringLiteral("workspace")));
    if (!workspace)
        return complain(workspace.error().message + QLatin1Char('\n') + workspace.error().detail);

    Theme::instance().apply(application);
    Theme::instance().setScheme(Theme::Scheme::Light);
    Console::Options options;
    options.actor = QStringLiteral("A. Muster");
    WorkspaceWindow window(*workspace, options);
    window.open();
    Guide guide(window.window(), folder);
    QElapsedTimer clock;
    clock.start();
    QString lost;
    try {
        Story(guide, window, rehearsal).tell();
        tellLostNight(guide, parser.value(sandbox), world.path() + QStringLiteral("/night"));
    } catch (const Guide::Lost &what) {
        lost = what.what;
    }
    const qint64 took = clock.elapsed();
    const QString late = tooLong(took, longest);
    const QJsonObject record{{QStringLiteral("complete"), lost.isEmpty()},
                             {QStringLiteral("lost"), lost},
                             {QStringLiteral("milliseconds"), took},
                             {QStringLiteral("tooLong"), late},
                             {QStringLiteral("steps"), guide.record()},
                             {QStringLiteral("rehearsal"), rehearsal.state()}};
    if (!write(folder + QStringLiteral("/tour.json"), record))
        return complain(QStringLiteral("tour.json cannot be written in %1").arg(folder));
    if (!lost.isEmpty())
        complain(QStringLiteral("did not see: %1").arg(lost));
    if (!late.isEmpty())
        complain(late);
    if (!lost.isEmpty() || !late.isEmpty())
        return 1;
    std::printf("The tour is complete: %lld pictures in %.1f s, in %s\n",
                qlonglong(guide.record().size()), double(took) / 1000, qPrintable(folder));
    return 0;
}
