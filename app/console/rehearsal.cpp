#include "app/console/rehearsal.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <sys/prctl.h>

#include <csignal>

namespace pilothouse {
namespace {

constexpr auto longestBeginning = std::chrono::seconds(60);
constexpr int longestEndMilliseconds = 10'000;

} // namespace

Rehearsal::Rehearsal(const QString &program, QObject *parent) : QObject(parent), m_program(program)
{
    // A console that is killed leaves no servers behind.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &Rehearsal::readLine);
    connect(&m_process, &QProcess::errorOccurred, this,
            [this](QProcess::ProcessError) { fail(m_process.errorString()); });
    connect(&m_process, &QProcess::finished, this, [this](int code) {
        const QByteArray said = m_process.readAllStandardError().trimmed();
        const QByteArray last = said.mid(said.lastIndexOf('\n') + 1);
        fail(last.isEmpty() ? tr("it ended with the exit code %1").arg(code)
                            : QString::fromUtf8(last));
    });
}

Rehearsal::~Rehearsal()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(longestEndMilliseconds))
        m_process.kill();
    m_process.waitForFinished(longestEndMilliseconds);
}

void Rehearsal::start()
{
    if (!QFileInfo(m_program).isExecutable() || !m_folder.isValid()) {
        QTimer::singleShot(0, this, [this] {
            fail(m_folder.isValid() ? tr("%1 is not there; packaging/run builds it").arg(m_program)
                                    : m_folder.errorString());
        });
        return;
    }
    QTimer::singleShot(longestBeginning, this,
                       [this] { fail(tr("it did not tell its workspace within a minute")); });
    m_process.start(m_program,
                    {QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                     QStringLiteral("--dir"), m_folder.filePath(QStringLiteral("world"))});
}

void Rehearsal::readLine()
{
    if (m_settled || !m_process.canReadLine())
        return;
    const QString workspace = QJsonDocument::fromJson(m_process.readLine())
                                  .object()
                                  .value(QLatin1String("workspace"))
                                  .toString();
    if (workspace.isEmpty())
        return fail(tr("it did not tell its workspace"));
    m_settled = true;
    Q_EMIT ready(workspace);
}

void Rehearsal::fail(const QString &why)
{
    if (m_settled)
        return;
    m_settled = true;
    Q_EMIT failed(
        {ErrorKind::Unavailable, tr("The rehearsal could not begin: %1.").arg(why), {}, {}});
}

} // namespace pilothouse
