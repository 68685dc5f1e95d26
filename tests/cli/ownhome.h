#pragma once

#include "support/places.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

/// What a program ended with.
struct Ended
{
    int code = -1; ///< -1 = it did not end
    QByteArray out;
    QByteArray err;
};

/// A home folder of its own, with programs of its own on the PATH, in which pilothouse-cli is run.
class OwnHome
{
public:
    OwnHome()
    {
        set("HOME", m_dir.path());
        set("SHELL", QStringLiteral("/bin/sh"));
        set("XDG_CONFIG_HOME", path("config"));
        set("KUBECONFIG", path("kubeconfig"));
        set("PATH", m_dir.path() + QStringLiteral(":/usr/bin:/bin"));
        set("DBUS_SESSION_BUS_ADDRESS", QStringLiteral("unix:path=/nowhere"));
        environment.remove(QStringLiteral("XDG_RUNTIME_DIR"));
    }

    [[nodiscard]] QString path(const char *name) const
    {
        return m_dir.filePath(QString::fromLatin1(name));
    }
    void set(const char *variable, const QString &value)
    {
        environment.insert(QString::fromLatin1(variable), value);
    }
    /// A file that may be run.
    void write(const char *name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()
            || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
            qFatal("the test cannot write its file");
    }
    /// Runs pilothouse-cli; `launcher` stands before it.
    [[nodiscard]] Ended run(const QStringList &arguments, const QByteArray &input = {},
                            const QStringList &launcher = {}) const
    {
        QStringList words = launcher;
        words << QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli") << arguments;
        QProcess program;
        program.setProcessEnvironment(environment);
        program.setWorkingDirectory(m_dir.path());
        program.start(words.takeFirst(), words);
        program.write(input);
        program.closeWriteChannel();
        if (!program.waitForFinished() || program.exitStatus() != QProcess::NormalExit)
            return {};
        return {program.exitCode(), program.readAllStandardOutput(),
                program.readAllStandardError()};
    }

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

private:
    QTemporaryDir m_dir;
};
