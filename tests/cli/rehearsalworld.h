#pragma once

#include "support/places.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace pilothouse {

inline constexpr int patience = 90'000;

inline QString program(const char *name)
{
    return QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/") + QLatin1String(name);
}

/// A rehearsal world five times as fast as life, with its real metrics server.
class World
{
public:
    World(int beat, const QString &fault)
    {
        // Root's servers run as nobody, who must be able to pass.
        QFile::setPermissions(m_dir.path(), QFile::permissions(m_dir.path()) | QFile::ExeOther);
        QStringList arguments{QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                              QStringLiteral("--dir"),      m_dir.filePath(QStringLiteral("world")),
                              QStringLiteral("--speed"),    QStringLiteral("5"),
                              QStringLiteral("--start-at"), QString::number(beat)};
        if (!fault.isEmpty())
            arguments << QStringLiteral("--fault") << fault;
        m_sandbox.start(program("pilothouse-sandbox"), arguments);
        QByteArray line;
        while (!line.endsWith('\n') && m_sandbox.waitForReadyRead(patience))
            line += m_sandbox.readLine();
        const QJsonObject ready = QJsonDocument::fromJson(line).object();
        workspace = ready[QLatin1String("workspace")].toString();
        kubeconfig = ready[QLatin1String("kubeconfig")].toString();
        kubernetes = ready[QLatin1String("kubernetes")].toString();
        control = ready[QLatin1String("control")].toString();
    }
    ~World()
    {
        m_sandbox.terminate();
        m_sandbox.waitForFinished(20'000);
    }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    QString workspace; ///< empty if the world did not come
    QString kubeconfig;
    QString kubernetes; ///< address of its API
    QString control;    ///< address of what tells how it does

    /// A home of its own: journal and settings.
    [[nodiscard]] QString home() const { return m_dir.path(); }

private:
    QTemporaryDir m_dir;
    QProcess m_sandbox;
};

struct Outcome
{
    int code = -1;
    QList<QJsonObject> lines;
    QString complaint;
};

/// As a workflow runs it, with a home of its own.
inline QProcessEnvironment environmentOf(const QString &home)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_DATA_HOME"), home);
    environment.insert(QStringLiteral("XDG_CACHE_HOME"), home);
    environment.insert(QStringLiteral("CI"), QStringLiteral("true"));
    return environment;
}

/// Runs `pilothouse-cli` as a workflow would.
inline Outcome runCli(const QStringList &arguments, const QString &home)
{
    QProcess process;
    process.setProcessEnvironment(environmentOf(home));
    process.start(program("pilothouse-cli"), arguments);
    if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit)
        return {};
    Outcome outcome{process.exitCode(), {}, QString::fromUtf8(process.readAllStandardError())};
    for (const QByteArray &line : process.readAllStandardOutput().split('\n')) {
        if (!line.isEmpty())
            outcome.lines.append(QJsonDocument::fromJson(line).object());
    }
    return outcome;
}

} // namespace pilothouse
