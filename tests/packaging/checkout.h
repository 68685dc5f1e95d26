#pragma once

#include "support/places.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

/// What a script ended with.
struct Ended
{
    int code = -1; ///< -1 = it did not end by itself
    QByteArray out;
    QByteArray err;
};

/// A folder that has the scripts of packaging/ and nothing that they could build or install: its
/// own folder of programs comes first on the PATH.
class Checkout
{
public:
    Checkout()
    {
        // A stub may be run as nobody.
        QFile::setPermissions(m_dir.path(), QFile::permissions(m_dir.path()) | QFile::ExeOther
                                                | QFile::ReadOther);
        const QDir lib(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/packaging/lib"));
        for (const QString &name : lib.entryList({QStringLiteral("*.sh")}))
            write(QStringLiteral("packaging/lib/") + name, content(lib.filePath(name)));
        for (const char *script : {"packaging/run", "packaging/setup"})
            write(QLatin1String(script),
                  content(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/") + QLatin1String(script)));
        QDir(m_dir.path()).mkdir(QStringLiteral("tmp"));
        set("PATH", path("bin") + QStringLiteral(":/usr/bin:/bin"));
        set("HOME", m_dir.path());
        set("XDG_CACHE_HOME", path("cache"));
        set("TMPDIR", path("tmp"));
        set("LC_ALL", QStringLiteral("C.UTF-8"));
    }

    [[nodiscard]] QString path(const char *name) const
    {
        return m_dir.filePath(QString::fromLatin1(name));
    }
    void set(const char *variable, const QString &value)
    {
        environment.insert(QString::fromLatin1(variable), value);
    }
    /// A file that anybody may run.
    void write(const QString &name, const QByteArray &text) const
    {
        const QString file = m_dir.filePath(name);
        QFile out(file);
        if (!QDir().mkpath(QFileInfo(file).path()) || !out.open(QIODevice::WriteOnly)
            || out.write(text) != text.size()
            || !out.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner
                                   | QFile::ReadOther | QFile::ExeOther))
            qFatal("the test cannot write its file");
    }
    void write(const char *name, const QByteArray &text) const
    {
        write(QString::fromLatin1(name), text);
    }
    /// Empty = it is not there.
    [[nodiscard]] QByteArray read(const char *name) const { return content(path(name)); }
    [[nodiscard]] QStringList lines(const char *name) const
    {
        return QString::fromUtf8(read(name)).split(u'\n', Qt::SkipEmptyParts);
    }
    void remove(const char *name) const { QFile::remove(path(name)); }

    void start(QProcess &process, const QString &command, const QStringList &arguments) const
    {
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_dir.path());
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(command, arguments);
    }
    [[nodiscard]] Ended run(const QString &command, const QStringList &arguments) const
    {
        QProcess process;
        start(process, command, arguments);
        if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

private:
    static QByteArray content(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    QTemporaryDir m_dir;
};
