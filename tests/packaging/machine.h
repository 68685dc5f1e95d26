#pragma once

#include "packaging/checkout.h"

#include <QStandardPaths>
#include <QTest>

#include <unistd.h>

/// A program that notes its arguments, a line a call, in the machine's folder "logs" before it does
/// `rest`.
inline QByteArray keeping(const QByteArray &rest)
{
    return "#!/bin/bash\nprintf '%s\\n' \"$*\" >>\"$LOGS/${0##*/}\"\n" + rest;
}

/// A machine on which nothing but the scripts' own tools is there: all else that they find are
/// stubs. It is used as somebody who is not root.
class Machine : public Checkout
{
public:
    explicit Machine(const QStringList &more = {})
    {
        const QStringList tools
            = QStringLiteral("awk bash cat cut df dirname env flock getent grep id mkdir mktemp rm "
                             "tail touch")
                  .split(QLatin1Char(' '))
              + more;
        QDir().mkpath(path("bin"));
        for (const QString &tool : tools)
            QFile::link(QStandardPaths::findExecutable(tool), path("bin/") + tool);
        set("PATH", path("bin"));
        openFolder("logs");
        openFolder("tmp");
        set("LOGS", path("logs"));
        distribution("ID=debian\nVERSION_CODENAME=bookworm\n");
    }

    /// A folder in which anybody may write.
    void openFolder(const char *folder) const
    {
        QDir().mkpath(path(folder));
        QFile::setPermissions(path(folder), QFileDevice::Permissions(0x7777));
    }
    void distribution(const QByteArray &release) const
    {
        write("os-release", release);
        replace("packaging/lib/places.sh", "/etc/os-release", path("os-release").toUtf8());
    }
    /// In one of the checkout's scripts.
    void replace(const char *script, const QByteArray &words, const QByteArray &others) const
    {
        QByteArray text = read(script);
        if (!text.contains(words) && !text.contains(others))
            qFatal("%s has changed", script);
        write(script, text.replace(words, others));
    }
    /// As a person who is not root, as most are; root itself asks nobody.
    [[nodiscard]] Ended asAnybody(const QStringList &words) const
    {
        if (::geteuid() != 0)
            return run(words.first(), words.mid(1));
        const QStringList nobody{QStringLiteral("--reuid=nobody"),
                                 QStringLiteral("--regid=nogroup"),
                                 QStringLiteral("--clear-groups")};
        return run(QStandardPaths::findExecutable(QStringLiteral("setpriv")), nobody + words);
    }
    /// Calls what stands in these parts of packaging/lib.
    [[nodiscard]] Ended call(const QByteArray &parts, const QByteArray &command) const
    {
        return asAnybody({path("bin/bash"), QStringLiteral("-c"),
                          QString::fromUtf8("set -euo pipefail\nfor part in " + parts
                                            + "; do . packaging/lib/$part.sh; done\n" + command)});
    }
    /// What a stub was called with, a line a call.
    [[nodiscard]] QStringList calls(const char *program) const
    {
        return lines((QByteArray("logs/") + program).constData());
    }
    [[nodiscard]] QStringList in(const char *folder) const
    {
        return QDir(path(folder)).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    }
};

/// The sentence is the last of what was said, and the code that of a machine that is not as it must
/// be.
inline void refused(const Ended &ended, const QByteArray &sentence)
{
    QVERIFY2(ended.err.endsWith("pilothouse: " + sentence + "\n"), ended.err.constData());
    QCOMPARE(ended.code, 2);
    QCOMPARE(ended.out, QByteArray());
}
