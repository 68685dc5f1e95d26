#include "app/sandbox/parts/servers/serverprocess.h"

#include <QFile>

#include <csignal>

namespace pilothouse::sandbox {

ServerProcess::ServerProcess(QString name, QString logFile, QObject *parent)
    : QObject(parent), m_name(std::move(name)), m_logFile(std::move(logFile))
{
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_logFile, QIODevice::Append);
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        if (m_ending || (status == QProcess::NormalExit && code == 0)) {
            Q_EMIT ended();
            return;
        }
        Q_EMIT lost({ErrorKind::Unavailable,
                     tr("%1 ended by itself: see the detail for its last words.").arg(m_name),
                     lastWords(),
                     {}});
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT lost(
                {ErrorKind::NotFound,
                 tr("%1 could not be started: is “%2” installed?").arg(m_name, m_process.program()),
                 m_process.errorString(),
                 {}});
    });
}

ServerProcess::~ServerProcess()
{
    end(SIGTERM, std::chrono::seconds(2));
}

void ServerProcess::start(const Command &command)
{
    m_process.setProcessEnvironment(command.environment);
    m_process.setWorkingDirectory(command.workingDirectory);
    m_process.start(command.program, command.arguments);
}

bool ServerProcess::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

void ServerProcess::signal(int number)
{
    if (m_process.state() != QProcess::Running)
        return;
    m_ending = m_ending || number == SIGINT || number == SIGTERM || number == SIGQUIT;
    ::kill(pid_t(m_process.processId()), number);
}

void ServerProcess::end(int number, std::chrono::milliseconds limit)
{
    if (!isRunning())
        return;
    m_process.blockSignals(true);
    signal(SIGCONT); // one that was stopped would not hear the rest
    signal(number);
    if (!m_process.waitForFinished(int(limit.count()))) {
        m_process.kill();
        m_process.waitForFinished(1000);
    }
    m_process.blockSignals(false);
}

QString ServerProcess::lastWords() const
{
    QFile file(m_logFile);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 2000));
    return QString::fromUtf8(file.readAll());
}

} // namespace pilothouse::sandbox
