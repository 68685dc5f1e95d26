#include "connectors/kubernetes/helm/helmdifference.h"

#include "base/tokenforms.h"
#include "base/words.h"
#include "connectors/kubernetes/deploys/manifestobjects.h"

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

struct FlatManifest
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

FlatManifest flattened(const QString &manifest)
{
    FlatManifest objects;
    for (const YamlNode &object : manifestObjects(manifest)) {
        if (object.value(u"kind").text() == QLatin1String("Secret")) {
            objects.hasSecrets = true;
            continue;
        }
        const QString name = objectName(object);
        if (!objects.flat.contains(name))
            objects.order.append(name);
        flatten(object, {}, objects.flat[name]);
    }
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
    const FlatManifest old = flattened(before);
    const FlatManifest fresh = flattened(after);
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
