#pragma once

#include <QString>
#include <QStringList>

namespace pilothouse {

/// What a file is to a release. The order is that in which a person wants to see them.
enum class FileKind {
    Change,       ///< a schema change's file
    Values,       ///< values of a chart
    Chart,        ///< the rest of a chart: templates, Chart.yaml
    Workflow,     ///< workflows, their actions, Cloud Build's file
    Dependencies, ///< what names packages, or locks their versions
    Code,
};

/// Where the workspace says its files lie, from the root of the repository.
struct KnownPaths
{
    QStringList changeFolders;
    QStringList workflows; ///< those outside .github/workflows

    bool operator==(const KnownPaths &) const = default;
};

/// By the path alone: what a file is does not depend on the commit.
[[nodiscard]] FileKind fileKind(const QString &path, const KnownPaths &known);
/// "chart values", as a heading.
[[nodiscard]] QString kindWord(FileKind kind);

} // namespace pilothouse
