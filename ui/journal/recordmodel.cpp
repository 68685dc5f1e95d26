#include "ui/journal/recordmodel.h"

#include "ui/widgets/icon.h"

#include <QJsonDocument>
#include <QLocale>

namespace pilothouse {
namespace {

QString kindWord(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Intent:
        return RecordModel::tr("intent");
    case RecordKind::Outcome:
        return RecordModel::tr("outcome");
    case RecordKind::Note:
        return RecordModel::tr("note");
    }
    return {};
}

QIcon kindIcon(const Record &record)
{
    switch (record.kind) {
    case RecordKind::Intent:
        return themedIcon(QStringLiteral("arrow-right"), Tone::Info);
    case RecordKind::Outcome:
        return record.body.value(QLatin1String("outcome")).toString() == QLatin1String("done")
                   ? themedIcon(QStringLiteral("circle-check"), Tone::Success)
                   : themedIcon(QStringLiteral("triangle-alert"), Tone::Warning);
    case RecordKind::Note:
        return themedIcon(QStringLiteral("info"), Tone::Neutral);
    }
    return {};
}

} // namespace

int RecordModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhenColumn:
        return tr("When");
    case WhoColumn:
        return tr("Who");
    case KindColumn:
        return tr("Kind");
    case SubjectColumn:
        return tr("About");
    case WhatColumn:
        return tr("What");
    default:
        return {};
    }
}

QString RecordModel::keyOf(const Record &row) const
{
    return QString::number(row.seq);
}

QString RecordModel::sentence(const Record &record)
{
    QStringList parts;
    const auto take = [&](const char *key) {
        const QJsonValue value = record.body.value(QLatin1String(key));
        const QString text = value.isString()   ? value.toString()
                             : value.isDouble() ? QString::number(value.toDouble())
                                                : QString();
        if (!text.isEmpty())
            parts << text;
    };
    take("verb");
    if (record.body.contains(QLatin1String("from")) && record.body.contains(QLatin1String("to"))) {
        const QJsonValue from = record.body.value(QLatin1String("from"));
        const QJsonValue to = record.body.value(QLatin1String("to"));
        const auto shown = [](const QJsonValue &value) {
            return value.isDouble() ? tr("%1 %").arg(value.toDouble()) : value.toString();
        };
        // A hold moves nothing.
        if (from != to && !shown(from).isEmpty() && !shown(to).isEmpty())
            parts << tr("%1 → %2").arg(shown(from), shown(to));
    }
    take("text");
    const QString reason = record.body.value(QLatin1String("reason")).toString();
    if (!reason.isEmpty())
        parts << tr("“%1”").arg(reason);
    return parts.join(QStringLiteral(" · "));
}

QVariant RecordModel::cell(const Record &row, int column, int role) const
{
    if (role == Qt::DecorationRole && column == KindColumn)
        return kindIcon(row);
    if (role == Qt::ToolTipRole)
        return QString::fromUtf8(QJsonDocument(row.body).toJson());
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case WhenColumn:
        return QLocale(QLocale::English)
            .toString(row.at.toLocalTime(), QStringLiteral("d MMM HH:mm:ss.zzz"));
    case WhoColumn:
        return row.actor;
    case KindColumn:
        return kindWord(row.kind);
    case SubjectColumn:
        return row.subject;
    case WhatColumn:
        return sentence(row);
    default:
        return {};
    }
}

} // namespace pilothouse
