#pragma once

#include "base/result.h"
#include "document/yamlnode.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// A value of a kubeconfig, and the file that it stands in.
struct KubeconfigValue
{
    YamlNode node; ///< Missing if no file has it
    QString file;  ///< relative paths in the value are relative to its folder
};

/// Kubeconfig files read as one, as kubectl merges them: each entry of a list is taken whole from
/// the first file that names it, and so is current-context.
class KubeconfigFiles
{
public:
    /// One file, which must be there.
    [[nodiscard]] static Result<KubeconfigFiles> one(const QString &path);
    /// Those of a list that are there. BadInput if none is, or if one of them cannot be read.
    [[nodiscard]] static Result<KubeconfigFiles> present(const QStringList &paths);

    /// What `inner` is of the list's entry with this name.
    [[nodiscard]] KubeconfigValue find(QStringView list, const QString &name,
                                       QStringView inner) const;
    [[nodiscard]] QString currentContext() const;
    /// The names in a list, each once, in order.
    [[nodiscard]] QStringList names(QStringView list) const;
    /// The files that were read, as a sentence names them: “a”, “b”.
    [[nodiscard]] QString quoted() const;

private:
    struct File
    {
        QString path;
        YamlNode root;
    };
    QList<File> m_files;
};

/// The files that kubectl reads: those that the variable KUBECONFIG lists, else ~/.kube/config.
[[nodiscard]] QStringList usualKubeconfigs();

} // namespace pilothouse
