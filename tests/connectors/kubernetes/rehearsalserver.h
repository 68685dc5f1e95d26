#pragma once

#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/kubeconfig.h"
#include "support/places.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace pilothouse {

/// The rehearsal world as a program of its own, without its database and its metrics. Ends with
/// this object.
class RehearsalServer
{
public:
    /// The line with its addresses; empty if it did not come, with why in `complaint`.
    QJsonObject ready;
    QString complaint;

    explicit RehearsalServer(int beat, const QStringList &more = {})
    {
        m_process.setProgram(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-sandbox"));
        m_process.setArguments(
            QStringList{QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                        QStringLiteral("--dir"), m_dir.filePath(QStringLiteral("world")),
                        QStringLiteral("--start-at"), QString::number(beat),
                        QStringLiteral("--fault"), QStringLiteral("postgres=lost,prometheus=lost")}
            + more);
        m_process.start(QIODevice::ReadOnly);
        QByteArray line;
        while (!line.endsWith('\n') && m_process.waitForReadyRead(60'000))
            line += m_process.readLine();
        ready = QJsonDocument::fromJson(line).object();
        if (ready.isEmpty())
            complaint = m_process.errorString() + QLatin1Char(' ')
                        + QString::fromUtf8(m_process.readAllStandardError());
    }
    ~RehearsalServer()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000))
            m_process.kill();
        m_process.waitForFinished(5'000);
    }

    [[nodiscard]] Result<KubeContext> context() const
    {
        return readKubeconfig(ready.value(QLatin1String("kubeconfig")).toString(), {});
    }
    [[nodiscard]] QUrl control(const QString &path) const
    {
        return QUrl(ready.value(QLatin1String("control")).toString() + path);
    }

private:
    QTemporaryDir m_dir;
    QProcess m_process;
};

} // namespace pilothouse
