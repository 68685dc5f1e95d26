#include "connectors/kubernetes/login/kubeconfigfiles.h"

#include "base/words.h"
#include "document/yamlparser.h"

#include <QDir>
#include <QFile>

namespace pilothouse {
namespace {

QString quotedPaths(const QStringList &paths)
{
    QStringList all;
    for (const QString &path : paths)
        all << QStringLiteral("“%1”").arg(path);
    return all.join(QStringLiteral(", "));
}

Result<YamlNode> rootOf(QFile &file)
{
    const QString path = file.fileName();
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::BadInput,
                    Words::tr("The kubeconfig “%1” cannot be read. Check its rights, and where "
                              "“kubeconfig” in pilothouse.yaml or KUBECONFIG leads.")
                        .arg(path),
                    file.errorString());
    const QByteArray content = file.readAll();
    if (content.trimmed().isEmpty())
        return YamlNode();
    Problems problems(path);
    const YamlNode root = parseYaml(content, problems, Strictness::Lenient);
    if (problems.hasErrors())
        return fail(problems.toError());
    if (!root.isMap() && !root.isNull())
        return fail(ErrorKind::BadInput,
                    Words::tr("The kubeconfig “%1” is not a YAML map. Write it anew with its tool.")
                        .arg(path));
    return root;
}

} // namespace

Result<KubeconfigFiles> KubeconfigFiles::one(const QString &path)
{
    QFile file(path);
    const auto root = rootOf(file);
    if (!root)
        return fail(root.error());
    if (!root->isMap())
        return fail(
            ErrorKind::BadInput,
            Words::tr("The kubeconfig “%1” is empty. Write it anew with its tool.").arg(path));
    KubeconfigFiles all;
    all.m_files.append({path, *root});
    return all;
}

Result<KubeconfigFiles> KubeconfigFiles::present(const QStringList &paths)
{
    KubeconfigFiles all;
    for (const QString &path : paths) {
        QFile file(path);
        if (!file.exists())
            continue;
        const auto root = rootOf(file);
        if (!root)
            return fail(root.error());
        all.m_files.append({path, *root});
    }
    if (all.m_files.isEmpty())
        return fail(ErrorKind::BadInput,
                    Words::tr("There is no kubeconfig at %1. Write “kubeconfig” in "
                              "pilothouse.yaml, or set KUBECONFIG to where it is.")
                        .arg(quotedPaths(paths)));
    return all;
}

KubeconfigValue KubeconfigFiles::find(QStringView list, const QString &name,
                                      QStringView inner) const
{
    for (const File &file : m_files) {
        const YamlNode items = file.root.value(list);
        for (const YamlNode &item : items.items()) {
            if (item.value(u"name").text() == name)
                return {item.value(inner), file.path};
        }
    }
    return {};
}

QString KubeconfigFiles::currentContext() const
{
    for (const File &file : m_files) {
        QString name = file.root.value(u"current-context").text();
        if (!name.isEmpty())
            return name;
    }
    return {};
}

QStringList KubeconfigFiles::names(QStringView list) const
{
    QStringList all;
    for (const File &file : m_files) {
        const YamlNode items = file.root.value(list);
        for (const YamlNode &item : items.items())
            all << item.value(u"name").text();
    }
    all.removeDuplicates();
    return all;
}

QString KubeconfigFiles::quoted() const
{
    QStringList paths;
    for (const File &file : m_files)
        paths << file.path;
    return quotedPaths(paths);
}

QStringList usualKubeconfigs()
{
    QStringList paths
        = qEnvironmentVariable("KUBECONFIG").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    paths.removeDuplicates();
    if (paths.isEmpty())
        paths << QDir::homePath() + QStringLiteral("/.kube/config");
    return paths;
}

} // namespace pilothouse
