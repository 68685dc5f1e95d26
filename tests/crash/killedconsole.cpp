#include "crash/killedconsole.h"

#include "journal/sqlitejournal.h"
#include "support/await.h"
#include "support/places.h"

#include <QDirIterator>
#include <QEventLoop>

#include <csignal>

namespace pilothouse {
namespace {

constexpr int longestRun = 60'000; // ms

QByteArray workspaceWith(const QByteArray &control)
{
    return "pilothouse: 1\n"
           "name: crash\n"
           "environment: {name: rehearsal, kind: rehearsal}\n"
           "repository: {path: .}\n"
           "tracks:\n"
           "  standalone:\n"
           "    control: "
           + control
           + "\n"
             "    commit_from: image-tag\n"
             "    plan: [{weight: 10}, {weight: 50}, {weight: 100}]\n";
}

} // namespace

KilledConsole::KilledConsole(Ground &ground, QString program)
    : m_ground(ground), m_program(std::move(program)), m_relay(ground.url(), ground.tls())
{}

QString KilledConsole::prepare()
{
    m_workspace = m_home.filePath(QStringLiteral("pilothouse.yaml"));
    const QByteArray control = m_ground.control(m_home.path(), m_relay.url());
    if (control.isEmpty())
        return QStringLiteral("no control");
    QFile file(m_workspace);
    return file.open(QIODevice::WriteOnly) && file.write(workspaceWith(control)) > 0
               ? QString()
               : file.errorString();
}

QString KilledConsole::Point::words() const
{
    if (growth > 0)
        return QStringLiteral("growth %1 of the journal").arg(growth);
    return QStringLiteral("%1 %2, moment %3 + %4 ms")
        .arg(patch > 0 ? QStringLiteral("PATCH") : QStringLiteral("request"))
        .arg(patch > 0 ? patch : request)
        .arg(int(moment))
        .arg(delay);
}

KilledConsole::Run KilledConsole::run(const QStringList &arguments, const Point &point)
{
    Run run;
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *each : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
        environment.insert(QLatin1String(each), m_home.path());
    environment.insert(QStringLiteral("CI"), QStringLiteral("true"));
    process.setProcessEnvironment(environment);

    const auto kill = [&] {
        if (process.processId() > 0 && !std::exchange(run.killed, true))
            ::kill(pid_t(process.processId()), SIGKILL);
    };
    QHash<int, int> patches; // by request
    m_relay.restart();
    m_relay.setJudge([&](const RequestRelay::Request &request, RequestRelay::Moment moment) {
        const bool isPatch = isWrite(request);
        if (moment == RequestRelay::Moment::Arrived) {
            run.requests.append(request);
            if (isPatch)
                patches.insert(request.number, int(patches.size()) + 1);
        }
        const bool meant = request.number == point.request
                           || (isPatch && patches.value(request.number) == point.patch);
        if (meant && moment == point.moment) {
            if (point.delay == 0)
                kill();
            else
                QTimer::singleShot(point.delay, Qt::PreciseTimer, &process, kill);
        }
        return run.killed ? RequestRelay::Verdict::Stop : RequestRelay::Verdict::GoOn;
    });
    QTimer watcher;
    qint64 size = -1;
    int grown = 0;
    connect(&watcher, &QTimer::timeout, this, [&] {
        const qint64 now = QFileInfo(journalFile() + QStringLiteral("-wal")).size();
        if (now > size && size >= 0 && ++grown == point.growth)
            kill();
        size = now;
    });
    if (point.growth > 0)
        watcher.start(0);

    QEventLoop loop;
    connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(longestRun, &loop, &QEventLoop::quit);
    process.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/") + m_program,
                  arguments
                      + QStringList{QStringLiteral("--workspace"), m_workspace,
                                    QStringLiteral("--track"), QStringLiteral("standalone")});
    loop.exec();
    m_relay.setJudge([](const RequestRelay::Request &, RequestRelay::Moment) {
        return RequestRelay::Verdict::GoOn;
    });
    m_relay.cut(); // what was under way with it
    if (m_server == Server::There)
        m_relay.mend();
    if (process.state() == QProcess::NotRunning && process.exitStatus() == QProcess::NormalExit)
        run.exitCode = process.exitCode();
    run.printed = process.readAllStandardOutput();
    run.complained = process.readAllStandardError();
    return run;
}

void KilledConsole::loseServer()
{
    m_server = Server::Lost;
    m_relay.cut();
}

void KilledConsole::reachServer()
{
    m_server = Server::There;
    m_relay.mend();
}

QString KilledConsole::journalFile() const
{
    QDirIterator files(m_home.path(), {QStringLiteral("journal.sqlite")}, QDir::Files,
                       QDirIterator::Subdirectories);
    return files.hasNext() ? files.next() : QString();
}

template <typename T>
Result<T> KilledConsole::inJournal(const std::function<QFuture<Result<T>>(Journal &)> &look) const
{
    SystemClock clock;
    const auto journal = SqliteJournal::open(journalFile(), clock);
    if (!journal)
        return fail(journal.error());
    return await(look(**journal));
}

Result<QList<Record>> KilledConsole::records() const
{
    if (journalFile().isEmpty())
        return QList<Record>();
    auto all = inJournal<QList<Record>>([](Journal &journal) { return journal.newest(100'000); });
    if (all)
        std::reverse(all->begin(), all->end());
    return all;
}

Result<ChainState> KilledConsole::verify() const
{
    return inJournal<ChainState>([](Journal &journal) { return journal.verify(); });
}

} // namespace pilothouse
