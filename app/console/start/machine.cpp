#include "app/console/start/machine.h"

#include "connectors/kubernetes/login/kubeconfigfiles.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace pilothouse {
namespace {

const QString workflowsPlace = QStringLiteral(".github/workflows");

} // namespace

std::optional<FoundClone> cloneAround(const QString &folder)
{
    QDir at(QDir(folder).absolutePath());
    while (!at.exists(QStringLiteral(".git"))) {
        if (!at.cdUp())
            return std::nullopt;
    }
    return FoundClone{at.path(), workflowFiles(at.path()),
                      at.exists(QStringLiteral("pilothouse.yaml"))};
}

QStringList workflowFiles(const QString &clone)
{
    QStringList files = QDir(QDir(clone).filePath(workflowsPlace))
                            .entryList({QStringLiteral("*.yml"), QStringLiteral("*.yaml")},
                                       QDir::Files, QDir::Name);
    for (QString &file : files)
        file.prepend(workflowsPlace + QLatin1Char('/'));
    return files;
}

FoundKubeconfig kubeconfigAmong(const QStringList &paths)
{
    FoundKubeconfig found;
    found.paths = paths;
    QStringList files;
    std::copy_if(paths.begin(), paths.end(), std::back_inserter(files),
                 [](const QString &path) { return QFileInfo(path).isFile(); });
    found.isThere = !files.isEmpty();
    if (!found.isThere)
        return found;
    const Result<KubeconfigFiles> read = KubeconfigFiles::present(files);
    if (!read) {
        found.error = read.error();
        return found;
    }
    found.contexts = read->names(u"contexts");
    found.contexts.removeAll(QString());
    found.current = read->currentContext();
    return found;
}

QString yamlScalar(QString text)
{
    return QLatin1Char('\'') + text.replace(QLatin1String("'"), QLatin1String("''"))
           + QLatin1Char('\'');
}

} // namespace pilothouse
