#pragma once

#include "httpclient.h"

#include <QProcess>
#include <QStringList>

namespace pilothouse::sandbox {

/// The built program, from outside. Ended by SIGTERM with the object, if nobody ended it before.
class SandboxProgram final
{
public:
    ~SandboxProgram();

    /// Waits for its ready line; what it said instead, or nothing.
    [[nodiscard]] QString start(const QString &dir, const QStringList &options);
    /// SIGTERM; whether it ended well.
    bool end();
    /// SIGKILL: nothing of it runs any more.
    void kill();

    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    /// Of its ready line.
    [[nodiscard]] QString place(const char *name) const;
    [[nodiscard]] HttpClient client(const char *name) const;
    [[nodiscard]] QJsonObject state() const;

private:
    QProcess m_process;
    QJsonObject m_line;
};

} // namespace pilothouse::sandbox
