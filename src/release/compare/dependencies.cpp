#include "release/compare/dependencies.h"

#include "base/words.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QSet>

#include <optional>

namespace pilothouse {

namespace {

/// Versions by name. A package may be there in several.
using Packages = QMap<QString, QStringList>;
using PackageReader = std::optional<Packages> (*)(const QByteArray &content);

void addPackage(Packages &packages, const QString &name, const QString &version)
{
    QStringList &versions = packages[name];
    if (!versions.contains(version))
        versions.append(version);
    versions.sort();
}

/// The lock files in TOML: tables [[package]] with name and version, which the programs that write
/// them always put on lines of their own.
std::optional<Packages> tomlLock(const QByteArray &content)
{
    static const QRegularExpression value(QStringLiteral("^(name|version)\\s*=\\s*\"([^\"]*)\""));
    Packages packages;
    bool inPackage = false;
    QString name;
    for (const QString &raw : QString::fromUtf8(content).split(QLatin1Char('\n'))) {
        const QString line = raw.trimmed();
        if (line.startsWith(QLatin1Char('['))) {
            inPackage = line == QLatin1String("[[package]]");
            name.clear();
            continue;
        }
        const auto match = value.match(line);
        if (!inPackage || !match.hasMatch())
            continue;
        if (match.captured(1) == QLatin1String("name"))
            name = match.captured(2);
        else if (!name.isEmpty())
            addPackage(packages, name, match.captured(2));
    }
    return packages;
}

std::optional<Packages> npmLock(const QByteArray &content)
{
    const QJsonDocument document = QJsonDocument::fromJson(content);
    if (!document.isObject())
        return std::nullopt;
    Packages packages;
    const QJsonObject listed = document.object().value(QLatin1String("packages")).toObject();
    for (auto it = listed.begin(); it != listed.end(); ++it) {
        // Nested ones stand under their path; the root is "".
        const QString name = it.key().section(QStringLiteral("node_modules/"), -1);
        const QString version = it->toObject().value(QLatin1String("version")).toString();
        if (it.key().contains(QLatin1String("node_modules/")) && !version.isEmpty())
            addPackage(packages, name, version);
    }
    // Before version 7 npm wrote a tree instead.
    const QJsonObject tree = document.object().value(QLatin1String("dependencies")).toObject();
    for (auto it = tree.begin(); listed.isEmpty() && it != tree.end(); ++it)
        addPackage(packages, it.key(), it->toObject().value(QLatin1String("version")).toString());
    return packages;
}

std::optional<Packages> requirementsList(const QByteArray &content)
{
    static const QRegularExpression form(
        QStringLiteral("^([A-Za-z0-9][A-Za-z0-9._-]*)(\\[[^\\]]*\\])?\\s*([^;#]*)"));
    Packages packages;
    for (const QString &raw : QString::fromUtf8(content).split(QLatin1Char('\n'))) {
        const auto match = form.match(raw.trimmed());
        if (!match.hasMatch())
            continue;
        QString version = match.captured(3).section(QStringLiteral(" --"), 0, 0).trimmed();
        if (version.endsWith(QLatin1Char('\\')))
            version = version.chopped(1).trimmed();
        if (version.startsWith(QLatin1String("==")))
            version = version.mid(2).trimmed();
        // Case and the kind of dash make no difference to pip.
        QString name = match.captured(1).toLower();
        name.replace(QRegularExpression(QStringLiteral("[-_.]+")), QStringLiteral("-"));
        addPackage(packages, name, version.isEmpty() ? Words::tr("any") : version);
    }
    return packages;
}

std::optional<Packages> goModules(const QByteArray &content)
{
    static const QRegularExpression form(QStringLiteral("^(?:require\\s+)?(\\S+)\\s+(v\\S+)"));
    Packages packages;
    bool inBlock = false;
    for (const QString &raw : QString::fromUtf8(content).split(QLatin1Char('\n'))) {
        const QString line = raw.trimmed();
        const bool single = line.startsWith(QLatin1String("require "));
        if (line.startsWith(QLatin1String("require ("))) {
            inBlock = true;
            continue;
        }
        if (line == QLatin1String(")"))
            inBlock = false;
        const auto match = form.match(line);
        if ((inBlock || single) && match.hasMatch())
            addPackage(packages, match.captured(1), match.captured(2));
    }
    return packages;
}

PackageReader readerOf(const QString &name)
{
    if (name == QLatin1String("poetry.lock") || name == QLatin1String("uv.lock")
        || name == QLatin1String("Cargo.lock"))
        return tomlLock;
    if (name == QLatin1String("package-lock.json"))
        return npmLock;
    if (name.startsWith(QLatin1String("requirements")) && name.endsWith(QLatin1String(".txt")))
        return requirementsList;
    return name == QLatin1String("go.mod") ? goModules : nullptr;
}

} // namespace

DependencyFile dependencyDifference(const QString &path, const QByteArray &before,
                                    const QByteArray &after)
{
    DependencyFile file{path, {}, {}};
    const PackageReader read = readerOf(path.section(QLatin1Char('/'), -1));
    if (!read) {
        file.problem = Words::tr("differs; it is not read package by package");
        return file;
    }
    const auto packagesIn = [read](const QByteArray &content) {
        return content.trimmed().isEmpty() ? Packages() : read(content);
    };
    const std::optional<Packages> old = packagesIn(before);
    const std::optional<Packages> now = packagesIn(after);
    if (!old || !now) {
        file.problem = Words::tr("differs; its packages cannot be read");
        return file;
    }
    const auto listed = [](const QStringList &versions) {
        return versions.join(QStringLiteral(", "));
    };
    QMap<QString, DependencyDifference> byName;
    for (auto it = old->cbegin(); it != old->cend(); ++it) {
        if (it.value() != now->value(it.key()))
            byName[it.key()] = {it.key(), listed(it.value()), listed(now->value(it.key()))};
    }
    for (auto it = now->cbegin(); it != now->cend(); ++it) {
        if (!old->contains(it.key()))
            byName[it.key()] = {it.key(), {}, listed(it.value())};
    }
    file.differences = byName.values();
    return file;
}

DependencyCount countDependencies(const QList<DependencyFile> &files)
{
    DependencyCount count;
    QSet<QString> seen;
    for (const DependencyFile &file : files) {
        for (const DependencyDifference &each : file.differences) {
            if (seen.contains(each.name))
                continue;
            seen.insert(each.name);
            if (each.before.isEmpty())
                ++count.added;
            else if (each.after.isEmpty())
                ++count.removed;
            else
                ++count.changed;
        }
    }
    return count;
}

} // namespace pilothouse
