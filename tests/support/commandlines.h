#pragma once

#include <QByteArrayList>
#include <QDir>
#include <QFile>

namespace pilothouse {

/// What every process of this machine was started with, each word ended by a zero.
[[nodiscard]] inline QByteArrayList commandLines()
{
    QByteArrayList lines;
    const QStringList all
        = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[1-9]*")}, QDir::Dirs);
    for (const QString &pid : all) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (file.open(QIODevice::ReadOnly))
            lines.append(file.readAll());
    }
    return lines;
}

} // namespace pilothouse
