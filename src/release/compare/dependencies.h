#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse {

/// One package that is not the same.
struct DependencyDifference
{
    QString name;
    QString before; ///< version, several with a comma; empty = was not there
    QString after;  ///< empty = is gone

    bool operator==(const DependencyDifference &) const = default;
};

struct DependencyFile
{
    QString path;
    QList<DependencyDifference> differences; ///< by name
    QString problem;                         ///< why its packages are not told; empty = they are

    bool operator==(const DependencyFile &) const = default;
};

/// What differs between two versions of a file that names packages; an empty one is a file that is
/// not there. Read package by package: poetry.lock, uv.lock and Cargo.lock, package-lock.json,
/// requirements*.txt, go.mod. Of others (a manifest beside its lock file) only that they differ is
/// told. Pure.
[[nodiscard]] DependencyFile dependencyDifference(const QString &path, const QByteArray &before,
                                                  const QByteArray &after);

/// How many packages came, went and changed, each counted once whatever the number of files.
struct DependencyCount
{
    int added = 0;
    int removed = 0;
    int changed = 0;

    bool operator==(const DependencyCount &) const = default;
};

[[nodiscard]] DependencyCount countDependencies(const QList<DependencyFile> &files);

} // namespace pilothouse
