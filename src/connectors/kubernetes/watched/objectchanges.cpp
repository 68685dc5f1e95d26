#include "connectors/kubernetes/watched/objectchanges.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype longestValue = 80;

QString valueText(const QJsonValue &value)
{
    if (value.isUndefined())
        return Words::tr("(nothing)");
    QString text = QString::fromUtf8(
        QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).chopped(1).mid(1));
    if (value.isString())
        text = value.toString();
    if (text.size() > longestValue)
        text = text.left(longestValue) + QStringLiteral("…");
    return text.isEmpty() ? Words::tr("(empty)") : text;
}

QString below(const QString &path, const QString &key)
{
    if (key.contains(QLatin1Char('.')) || key.contains(QLatin1Char('/')))
        return QStringLiteral("%1[%2]").arg(path, key);
    return path.isEmpty() ? key : path + QLatin1Char('.') + key;
}

QString ourNote()
{
    return Words::tr("our note of it");
}

/// The first and the last of them make and end the map: told one by one all the same.
QString annotationsPath()
{
    return QStringLiteral("metadata.annotations");
}

QString holdPath()
{
    return QStringLiteral("%1[%2]").arg(annotationsPath(), QLatin1String(holdAnnotation));
}

bool isItsOwnDoing(const QString &path)
{
    static const QSet<QString> own{QStringLiteral("metadata.managedFields"),
                                   QStringLiteral("metadata.resourceVersion"),
                                   QStringLiteral("metadata.generation")};
    return own.contains(path);
}

void compare(const QString &path, const QJsonValue &before, const QJsonValue &after,
             QStringList &changes)
{
    if (before == after || isItsOwnDoing(path))
        return;
    if (path == holdPath()) {
        changes << holdDifference(before.toString().toUtf8(), after.toString().toUtf8());
        return;
    }
    if (path.startsWith(QLatin1String("metadata.annotations[pilothouse.dev/"))) {
        changes << ourNote(); // who, when, why: the confirmation says it already
        return;
    }
    if ((before.isObject() && after.isObject()) || path == annotationsPath()) {
        const QJsonObject old = before.toObject();
        const QJsonObject fresh = after.toObject();
        QStringList keys = old.keys() + fresh.keys();
        keys.removeDuplicates();
        keys.sort();
        for (const QString &key : std::as_const(keys))
            compare(below(path, key), old.value(key), fresh.value(key), changes);
    } else if (before.isArray() && after.isArray()) {
        const QJsonArray old = before.toArray();
        const QJsonArray fresh = after.toArray();
        const auto at = [](const QJsonArray &array, qsizetype i) {
            return i < array.size() ? array.at(i) : QJsonValue(QJsonValue::Undefined);
        };
        for (qsizetype i = 0; i < std::max(old.size(), fresh.size()); ++i)
            compare(QStringLiteral("%1[%2]").arg(path).arg(i), at(old, i), at(fresh, i), changes);
    } else {
        changes << QStringLiteral("%1: %2 → %3").arg(path, valueText(before), valueText(after));
    }
}

} // namespace

QStringList objectChanges(const QJsonObject &before, const QJsonObject &after)
{
    QStringList changes;
    compare({}, before, after, changes);
    const QString note = ourNote();
    if (changes.removeAll(note) > 0)
        changes << note;
    return changes;
}

} // namespace pilothouse
