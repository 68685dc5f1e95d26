#include "pipeline/expression/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <cmath>

namespace pilothouse {

namespace {

QString quoted(const QString &text)
{
    const QByteArray list
        = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact); // ["text"]
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

QString block(QChar open, QChar close, const QStringList &lines, const QString &indent)
{
    if (lines.isEmpty())
        return QString(open) + close;
    const QString inner = QLatin1Char('\n') + indent + QStringLiteral("  ");
    return open + inner + lines.join(QLatin1Char(',') + inner) + QLatin1Char('\n') + indent + close;
}

QString written(const ExpressionValue &value, const QString &indent)
{
    const QString deeper = indent + QStringLiteral("  ");
    QStringList lines;
    if (const auto *list = std::get_if<ExpressionValue::List>(&value.is)) {
        for (const ExpressionValue &item : list->items)
            lines.append(written(item, deeper));
        return block(QLatin1Char('['), QLatin1Char(']'), lines, indent);
    }
    if (const auto *map = std::get_if<ExpressionValue::Map>(&value.is)) {
        for (const auto &[name, member] : map->entries)
            lines.append(quoted(name) + QStringLiteral(": ") + written(member, deeper));
        return block(QLatin1Char('{'), QLatin1Char('}'), lines, indent);
    }
    if (std::holds_alternative<QString>(value.is))
        return quoted(value.text());
    if (const double *number = std::get_if<double>(&value.is); number && !std::isfinite(*number))
        return QStringLiteral("null");
    return std::holds_alternative<ExpressionValue::Null>(value.is) ? QStringLiteral("null")
                                                                   : value.text();
}

ExpressionValue fromJsonValue(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::Bool:
        return {json.toBool()};
    case QJsonValue::Double:
        return {json.toDouble()};
    case QJsonValue::String:
        return {json.toString()};
    case QJsonValue::Array: {
        ExpressionValue::List list;
        for (const auto &item : json.toArray())
            list.items.append(fromJsonValue(item));
        return {list};
    }
    case QJsonValue::Object: {
        ExpressionValue::Map map;
        const QJsonObject object = json.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            map.entries.append({it.key(), fromJsonValue(it.value())});
        if (map.entries.size() > 1)
            map.order = ExpressionValue::Map::Order::Lost;
        return {map};
    }
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return {ExpressionValue::Null{}};
}

} // namespace

std::optional<QString> toJson(const ExpressionValue &value)
{
    if (!value.isKnown())
        return std::nullopt;
    return written(value, {});
}

ExpressionValue fromJson(const QString &text)
{
    if (text.trimmed().isEmpty())
        return {};
    // A document of Qt's is a list or an object; the host takes a number or a text as well.
    const QJsonDocument document = QJsonDocument::fromJson('[' + text.toUtf8() + ']');
    const QJsonArray list = document.array();
    return list.size() == 1 ? fromJsonValue(list.first()) : ExpressionValue();
}

} // namespace pilothouse
