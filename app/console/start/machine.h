#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

// What a workspace could be made of, as it stands on this machine. Only files are looked at; no
// program runs and nothing is asked over a network. Any thread.

struct FoundClone
{
    QString folder; ///< absolute
    QStringList workflows;
    bool hasWorkspace = false; ///< a pilothouse.yaml

    bool operator==(const FoundClone &) const = default;
};

/// The clone that a folder is, or the nearest above it.
[[nodiscard]] std::optional<FoundClone> cloneAround(const QString &folder);

/// The workflow files of a clone, from its top, sorted.
[[nodiscard]] QStringList workflowFiles(const QString &clone);

struct FoundKubeconfig
{
    enum class Origin { Usual, Chosen } origin = Origin::Usual; ///< where kubectl looks, or not

    QStringList paths;    ///< where was looked
    bool isThere = false; ///< a file at one of them
    QStringList contexts;
    QString current;            ///< as the files say; need not be one of `contexts`
    std::optional<Error> error; ///< what keeps them from being read
};

/// The kubeconfig that these files are together, as kubectl merges them. A pipe counts as not
/// there: who reads it takes it away from whoever it was meant for.
[[nodiscard]] FoundKubeconfig kubeconfigAmong(const QStringList &paths);

/// A text as a YAML scalar, which may hold anything.
[[nodiscard]] QString yamlScalar(QString text);

} // namespace pilothouse
