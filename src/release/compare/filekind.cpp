#include "release/compare/filekind.h"

#include "base/words.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

bool isYaml(const QString &name)
{
    return name.endsWith(QLatin1String(".yaml")) || name.endsWith(QLatin1String(".yml"));
}

bool isWorkflow(const QString &path, const QString &name, const KnownPaths &known)
{
    return path.startsWith(QLatin1String(".github/workflows/"))
           || path.startsWith(QLatin1String(".github/actions/"))
           || (name.startsWith(QLatin1String("cloudbuild")) && isYaml(name))
           || known.workflows.contains(path);
}

bool isChart(const QString &path, const QString &name)
{
    static const QRegularExpression inChart(
        QStringLiteral("(^|/)(helm|charts?|deploy)/(.*/)?(templates|crds)/"));
    return name == QLatin1String("Chart.yaml") || name == QLatin1String("Chart.lock")
           || inChart.match(path).hasMatch();
}

bool namesDependencies(const QString &name)
{
    static const QStringList names{
        QStringLiteral("poetry.lock"),    QStringLiteral("pyproject.toml"),
        QStringLiteral("uv.lock"),        QStringLiteral("Pipfile"),
        QStringLiteral("Pipfile.lock"),   QStringLiteral("package.json"),
        QStringLiteral("yarn.lock"),      QStringLiteral("package-lock.json"),
        QStringLiteral("pnpm-lock.yaml"), QStringLiteral("go.mod"),
        QStringLiteral("go.sum"),         QStringLiteral("Cargo.toml"),
        QStringLiteral("Cargo.lock"),
    };
    static const QRegularExpression requirements(QStringLiteral("^requirements[^/]*\\.(txt|in)$"));
    return names.contains(name) || requirements.match(name).hasMatch();
}

} // namespace

FileKind fileKind(const QString &path, const KnownPaths &known)
{
    const QString name = path.section(QLatin1Char('/'), -1);
    const bool inChanges = std::any_of(
        known.changeFolders.cbegin(), known.changeFolders.cend(), [&](const QString &folder) {
            return path == folder + QLatin1Char('/') + name && isYaml(name);
        });
    if (inChanges)
        return FileKind::Change;
    if (isWorkflow(path, name, known))
        return FileKind::Workflow;
    if (name.startsWith(QLatin1String("values")) && isYaml(name))
        return FileKind::Values;
    if (isChart(path, name))
        return FileKind::Chart;
    return namesDependencies(name) ? FileKind::Dependencies : FileKind::Code;
}

QString kindWord(FileKind kind)
{
    switch (kind) {
    case FileKind::Change:
        return Words::tr("changes");
    case FileKind::Values:
        return Words::tr("chart values");
    case FileKind::Chart:
        return Words::tr("chart");
    case FileKind::Workflow:
        return Words::tr("workflows");
    case FileKind::Dependencies:
        return Words::tr("dependencies");
    case FileKind::Code:
        return Words::tr("code");
    }
    return {};
}

} // namespace pilothouse
