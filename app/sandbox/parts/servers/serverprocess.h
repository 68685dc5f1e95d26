#pragma once

#include "base/commandrunner.h"
#include "base/result.h"

#include <QObject>
#include <QProcess>
#include <QString>

#include <chrono>

namespace pilothouse::sandbox {

/// A server's process: its output goes to a file, and it is ended with the signal that its makers
/// want for a quick end.
class ServerProcess : public QObject
{
    Q_OBJECT

public:
    /// `name` as people know the server; `logFile` takes stdout and stderr.
    ServerProcess(QString name, QString logFile, QObject *parent = nullptr);
    /// Ends it; see end().
    ~ServerProcess() override;

    void start(const Command &command);
    [[nodiscard]] bool isRunning() const;
    /// Sends a signal to the process; nothing if it does not run.
    void signal(int number);
    /// Sends `number` and blocks until it has ended, at most `limit`; then kills it.
    void end(int number, std::chrono::milliseconds limit);
    /// The end of the log file.
    [[nodiscard]] QString lastWords() const;

Q_SIGNALS:
    /// It ended, though nobody asked, or could not be started.
    void lost(const pilothouse::Error &error);
    /// It ended after signal() or by itself with exit code 0.
    void ended();

private:
    QProcess m_process;
    QString m_name;
    QString m_logFile;
    bool m_ending = false;
};

} // namespace pilothouse::sandbox
