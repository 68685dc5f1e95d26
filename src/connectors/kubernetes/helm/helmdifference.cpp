#include "connectors/kubernetes/helm/helmdifference.h"

#include "base/tokenforms.h"
#include "base/words.h"
#include "document/yamlparser.h"

#include <QMap>

namespace pilothouse {
namespace {

constexpr int longestShownValue = 60;
constexpr qsizetype mostLines = 40;

using Members = QMap<QString, QString>; ///< by path

/// The members of one object and the order in which its paths came.
struct Flat
{
    Members members;
    QStringList order;

    void add(const QString &path, const QString &value)
    {
        members.insert(path, value);
        order.append(path);
    }
};

struct ManifestObjects
{
    QMap<QString, Flat> flat; ///< by "HTTPRoute/web"
    QStringList order;
    bool hasSecrets = false;
};

void flatten(const YamlNode &node, const QString &path, Flat &flat)
{
    if (node.isMap()) {
        for (const YamlNode::Entry &entry : node.entries())
            flatten(entry.value, path.isEmpty() ? entry.key : path + QLatin1Char('.') + entry.key,
                    flat);
    } else if (node.isSequence()) {
        for (qsizetype i = 0; i < node.items().size(); ++i)
            flatten(node.items()[i], QStringLiteral("%1[%2]").arg(path).arg(i), flat);
    } else {
        flat.add(path, node.text());
    }
}

QString objectName(const YamlNode &object)
{
    const YamlNode metadata = object.value(u"metadata");
    const QString nameSpace = metadata.value(u"namespace").text();
    return object.value(u"kind").text() + QLatin1Char('/')
           + (nameSpace.isEmpty() ? QString() : nameSpace + QLatin1Char('/'))
           + metadata.value(u"name").text();
}

ManifestObjects objectsOf(const QString &manifest)
{
    ManifestObjects objects;
    QString text;
    const auto take = [&] {
        Problems problems(QStringLiteral("manifest"));
        const YamlNode object = parseYaml(text.toUtf8(), problems, Strictness::Lenient);
        text.clear();
        const QString kind = object.value(u"kind").text();
        objects.hasSecrets = objects.hasSecrets || kind == QLatin1String("Secret");
        if (kind.isEmpty() || kind == QLatin1String("Secret"))
            return;
        const QString name = objectName(object);
        if (!objects.flat.contains(name))
            objects.order.append(name);
        flatten(object, {}, objects.flat[name]);
    };
    for (const QString &line : manifest.split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("---")))
            take();
        else
            text += line + QLatin1Char('\n');
    }
    take();
    return objects;
}

QString shownValue(const QString &value)
{
    QString text = maskedText(value).simplified();
    if (text.size() > longestShownValue)
        text = text.left(longestShownValue - 1) + QChar(0x2026);
    return text.isEmpty() ? QStringLiteral("\"\"") : text;
}

/// A value is masked together with its name, which may be what gives it away ("password: …").
QString changeOf(const QString &name, const QString &path, const QString &before,
                 const QString &after)
{
    return maskedLine(
        QStringLiteral("%1 %2: %3 → %4").arg(name, path, shownValue(before), shownValue(after)));
}

void compareObjects(const QString &name, const Flat &before, const Flat &after, QStringList &lines)
{
    for (const QString &path : before.order) {
        const auto now = after.members.constFind(path);
        if (now == after.members.cend())
            lines << maskedLine(QStringLiteral("%1 − %2: %3")
                                    .arg(name, path, shownValue(before.members.value(path))));
        else if (*now != before.members.value(path))
            lines << changeOf(name, path, before.members.value(path), *now);
    }
    for (const QString &path : after.order) {
        if (!before.members.contains(path))
            lines << maskedLine(QStringLiteral("%1 + %2: %3")
                                    .arg(name, path, shownValue(after.members.value(path))));
    }
}

} // namespace

QStringList manifestChanges(const QString &before, const QString &after)
{
    const ManifestObjects old = objectsOf(before);
    const ManifestObjects fresh = objectsOf(after);
    QStringList lines;
    for (const QString &name : old.order) {
        if (fresh.flat.contains(name))
            compareObjects(name, old.flat.value(name), fresh.flat.value(name), lines);
        else
            lines << QStringLiteral("− ") + name;
    }
    for (const QString &name : fresh.order) {
        if (!old.flat.contains(name))
            lines << QStringLiteral("+ ") + name;
    }
    if (lines.size() > mostLines) {
        const qsizetype more = lines.size() - mostLines;
        lines = lines.mid(0, mostLines);
        lines << Words::tr("… and %1 more").arg(more);
    }
    if (old.hasSecrets || fresh.hasSecrets)
        lines << Words::tr("Secrets are not compared");
    return lines;
}

} // namespace pilothouse
