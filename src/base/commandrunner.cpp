#include "base/commandrunner.h"

#include "base/words.h"

#include <QCoreApplication>
#include <QFutureWatcher>
#include <QProcess>
#include <QPromise>
#include <QThread>
#include <QTimer>

#include <csignal>
#include <memory>
#include <optional>
#include <unistd.h>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace pilothouse {
namespace {

constexpr int othersLookEvery = 20; // ms

/// One program that runs. Whichever of end, failure and time-out comes first answers; the rest only
/// cleans up. Deletes itself when the program is gone.
class RunningProgram final : public QObject
{
public:
    RunningProgram(Command command, QObject *parent);
    ~RunningProgram() override;
    Q_DISABLE_COPY_MOVE(RunningProgram)

    [[nodiscard]] QFuture<Result<CommandOutput>> start();

private:
    /// One of the two outputs: all of it, and where the next line begins.
    struct Output
    {
        QByteArray all;
        qsizetype told = 0;
    };

    void take(Output &output, const QByteArray &bytes);
    void tellRest(Output &output);
    void ended(int exitCode, QProcess::ExitStatus how);
    void endFor(const Error &reason);
    void signalAll(int number);
    [[nodiscard]] bool leftOthers() const;
    void answer(Result<CommandOutput> result);
    [[nodiscard]] Error tooLate() const;
    [[nodiscard]] Error tooMuch() const;
    [[nodiscard]] Error nobodyWaits() const;

    Command m_command;
    QProcess m_process;
    QPromise<Result<CommandOutput>> m_promise;
    QFutureWatcher<Result<CommandOutput>> m_asked; ///< tells when nobody waits any more
    Output m_out;
    Output m_err;
    std::optional<Error> m_endedFor; ///< why it was asked to end
    pid_t m_group = 0;               ///< of it and what it started; 0 = it has none of its own
    QTimer m_othersLook;
    enum class State { Running, Answered } m_state = State::Running;
};

RunningProgram::RunningProgram(Command command, QObject *parent)
    : QObject(parent), m_command(std::move(command))
{
    m_promise.start();
    m_process.setProgram(m_command.program);
    m_process.setArguments(m_command.arguments);
    m_process.setProcessEnvironment(m_command.environment);
    if (!m_command.workingDirectory.isEmpty())
        m_process.setWorkingDirectory(m_command.workingDirectory);
    connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { take(m_out, m_process.readAllStandardOutput()); });
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { take(m_err, m_process.readAllStandardError()); });
    // A script that stands for the program is not the program: what is asked to end is both.
    m_process.setChildProcessModifier(
        [ownGroup = m_command.grace.count() > 0, endsWithUs = m_command.endsWithUs] {
            if (ownGroup)
                ::setpgid(0, 0);
#ifdef Q_OS_LINUX
            if (endsWithUs)
                ::prctl(PR_SET_PDEATHSIG, SIGTERM);
#else
            Q_UNUSED(endsWithUs)
#endif
        });
    connect(&m_process, &QProcess::finished, this, &RunningProgram::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        answer(fail(ErrorKind::NotFound,
                    Words::tr("The program “%1” could not be started. Install it or put it on the "
                              "PATH.")
                        .arg(m_command.program),
                    m_process.errorString()));
        deleteLater();
    });
}

RunningProgram::~RunningProgram()
{
    // A program that still runs is killed with its QProcess, which tells of the end while this
    // object is already half gone.
    m_process.disconnect(this);
    if (m_endedFor)
        signalAll(SIGKILL);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill(); // QProcess would do it too, with a warning on the terminal
    m_process.waitForFinished();
}

QFuture<Result<CommandOutput>> RunningProgram::start()
{
    QFuture<Result<CommandOutput>> future = m_promise.future();
    connect(&m_asked, &QFutureWatcherBase::canceled, this, [this] { endFor(nobodyWaits()); });
    m_asked.setFuture(future);
    if (m_command.timeout.count() > 0)
        QTimer::singleShot(m_command.timeout, this, [this] { endFor(tooLate()); });
    if (m_command.grace.count() > 0 && QCoreApplication::instance()) {
        connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, this, [this] {
            signalAll(SIGTERM);
            m_process.waitForFinished(static_cast<int>(m_command.grace.count()));
        });
    }
    m_process.start();
    if (m_command.grace.count() > 0)
        m_group = static_cast<pid_t>(m_process.processId());
    if (!m_command.input.isEmpty())
        m_process.write(m_command.input);
    m_process.closeWriteChannel();
    return future;
}

void RunningProgram::take(Output &output, const QByteArray &bytes)
{
    if (output.all.size() > m_command.mostBytes)
        return; // read on, so that the program can end
    output.all += bytes;
    qsizetype end = output.all.indexOf('\n', output.told);
    while (end >= 0) {
        QByteArray line = output.all.mid(output.told, end - output.told);
        if (line.endsWith('\r'))
            line.chop(1);
        output.told = end + 1;
        if (m_command.onLine)
            m_command.onLine(QString::fromUtf8(line));
        end = output.all.indexOf('\n', output.told);
    }
    if (output.all.size() > m_command.mostBytes)
        endFor(tooMuch());
}

void RunningProgram::tellRest(Output &output)
{
    if (m_command.onLine && output.told < output.all.size())
        m_command.onLine(QString::fromUtf8(output.all.mid(output.told)));
    output.told = output.all.size();
}

void RunningProgram::ended(int exitCode, QProcess::ExitStatus how)
{
    if (m_state != State::Answered) {
        take(m_out, m_process.readAllStandardOutput());
        take(m_err, m_process.readAllStandardError());
        tellRest(m_out);
        tellRest(m_err);
    }
    if (m_endedFor && leftOthers()) {
        // Until they have ended too, which they must when the grace is over.
        connect(&m_othersLook, &QTimer::timeout, this, [this, exitCode, how] {
            if (leftOthers())
                return;
            m_othersLook.disconnect(this);
            ended(exitCode, how);
        });
        m_othersLook.start(othersLookEvery);
        return;
    }
    m_group = 0; // its number may be another's soon
    if (m_endedFor)
        answer(fail(*m_endedFor));
    else if (how == QProcess::CrashExit)
        answer(fail(ErrorKind::Unavailable,
                    Words::tr("“%1” was ended by a signal before it was done: how far it came is "
                              "not known.")
                        .arg(m_command.program),
                    QStringLiteral("signal %1").arg(exitCode)));
    else
        answer(CommandOutput{exitCode, m_out.all, m_err.all});
    deleteLater();
}

void RunningProgram::endFor(const Error &reason)
{
    if (m_endedFor)
        return;
    m_endedFor = reason;
    if (m_command.grace.count() > 0) {
        signalAll(SIGTERM);
        QTimer::singleShot(m_command.grace, this, [this] {
            signalAll(SIGKILL);
            m_group = 0; // nobody is waited for any longer
        });
        return;
    }
    answer(fail(reason));
    m_process.kill();
}

void RunningProgram::signalAll(int number)
{
    if (m_group > 0)
        ::kill(-m_group, number);
    // Should it be too young to have a group.
    if (number == SIGKILL)
        m_process.kill();
    else
        m_process.terminate();
}

bool RunningProgram::leftOthers() const
{
    return m_group > 0 && ::kill(-m_group, 0) == 0;
}

Error RunningProgram::tooLate() const
{
    return {ErrorKind::TimedOut,
            Words::tr("“%1” gave no answer within %2 s and was ended.")
                .arg(m_command.program)
                .arg(m_command.timeout.count() / 1000),
            {},
            {}};
}

Error RunningProgram::nobodyWaits() const
{
    return {ErrorKind::Cancelled,
            Words::tr("“%1” was ended: nobody waits for it any more.").arg(m_command.program),
            {},
            {}};
}

Error RunningProgram::tooMuch() const
{
    return {ErrorKind::Malformed,
            Words::tr("“%1” printed more than %2 MB and was ended.")
                .arg(m_command.program)
                .arg(double(m_command.mostBytes) / (1 << 20), 0, 'g', 3),
            {},
            {}};
}

void RunningProgram::answer(Result<CommandOutput> result)
{
    if (m_state == State::Answered)
        return;
    m_state = State::Answered;
    m_promise.addResult(std::move(result));
    m_promise.finish();
}

} // namespace

QFuture<Result<CommandOutput>> ProcessRunner::run(const Command &command)
{
    // What still runs when the application ends is ended with it.
    QObject *owner = QCoreApplication::instance();
    const bool isOurs = owner && owner->thread() == QThread::currentThread();
    return (new RunningProgram(command, isOurs ? owner : nullptr))->start();
}

} // namespace pilothouse
