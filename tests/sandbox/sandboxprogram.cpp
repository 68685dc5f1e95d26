#include "sandboxprogram.h"

#include <QJsonDocument>
#include <QTest>
#include <QUrl>

namespace pilothouse::sandbox {

SandboxProgram::~SandboxProgram()
{
    if (m_process.state() != QProcess::NotRunning && !end())
        kill();
}

QString SandboxProgram::start(const QString &dir, const QStringList &options)
{
    m_process.start(QStringLiteral(SANDBOX_PROGRAM),
                    QStringList{QStringLiteral("--dir"), dir} + options);
    if (!m_process.waitForStarted())
        return m_process.errorString();
    if (!QTest::qWaitFor([this] { return m_process.canReadLine(); }, 20'000))
        return QString::fromUtf8(m_process.readAllStandardError());
    m_line = QJsonDocument::fromJson(m_process.readLine()).object();
    return m_line.value(QLatin1String("ready")).toBool() ? QString()
                                                         : QStringLiteral("it is not ready");
}

bool SandboxProgram::end()
{
    m_process.terminate();
    return m_process.waitForFinished(20'000) && m_process.exitStatus() == QProcess::NormalExit
           && m_process.exitCode() == 0;
}

void SandboxProgram::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

QString SandboxProgram::place(const char *name) const
{
    return m_line.value(QLatin1String(name)).toString();
}

HttpClient SandboxProgram::client(const char *name) const
{
    return HttpClient(static_cast<quint16>(QUrl(place(name)).port()));
}

QJsonObject SandboxProgram::state() const
{
    return client("control").get(QStringLiteral("/control/state")).json();
}

} // namespace pilothouse::sandbox
