#include "ui/journal/recordmodel.h"

#include "ui/widgets/icon.h"

#include <QJsonDocument>
#include <QLocale>

#include <algorithm>

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

QString whenOf(const QDateTime &utc)
{
    return QLocale(QLocale::English)
        .toString(utc.toLocalTime(), QStringLiteral("d MMM HH:mm:ss.zzz"));
}

/// A system tells to the second.
QVariant seenCell(const LatelyLine &line, int column)
{
    switch (column) {
    case RecordModel::WhenColumn:
        return QLocale(QLocale::English)
            .toString(line.at.toLocalTime(), QStringLiteral("d MMM HH:mm:ss"));
    case RecordModel::WhoColumn:
        return line.who;
    case RecordModel::KindColumn:
        return RecordModel::tr("seen");
    case RecordModel::SubjectColumn:
        return line.seenIn;
    case RecordModel::WhatColumn:
        return line.what;
    default:
        return {};
    }
}

} // namespace

std::vector<HistoryRow> historyRows(const QList<Record> &records, const QList<LatelyLine> &seen)
{
    std::vector<HistoryRow> rows;
    rows.reserve(size_t(records.size() + seen.size()));
    for (const Record &record : records)
        rows.push_back({record, {}});
    for (const LatelyLine &line : seen)
        rows.push_back({{}, line});
    // Records of one moment keep the order of the journal.
    std::stable_sort(rows.begin(), rows.end(),
                     [](const HistoryRow &a, const HistoryRow &b) { return a.at() > b.at(); });
    return rows;
}

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

QString RecordModel::keyOf(const HistoryRow &row) const
{
    return row.seen ? QStringLiteral("%1 %2 %3")
                          .arg(row.seen->at.toMSecsSinceEpoch())
                          .arg(row.seen->seenIn, row.seen->what)
                    : QString::number(row.record.seq);
}

QByteArray RecordModel::whole(const HistoryRow &row)
{
    if (!row.seen)
        return QJsonDocument(row.record.body).toJson();
    return QJsonDocument(QJsonObject{{QStringLiteral("at"), row.seen->at.toString(Qt::ISODate)},
                                     {QStringLiteral("who"), row.seen->who},
                                     {QStringLiteral("what"), row.seen->what},
                                     {QStringLiteral("seenIn"), row.seen->seenIn}})
        .toJson();
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

QVariant RecordModel::cell(const HistoryRow &row, int column, int role) const
{
    if (role == Qt::DecorationRole && column == KindColumn)
        return row.seen ? themedIcon(QStringLiteral("activity"), ColorRole::Muted)
                        : kindIcon(row.record);
    if (role == Qt::ToolTipRole)
        return QString::fromUtf8(whole(row));
    if (role != Qt::DisplayRole)
        return {};
    if (row.seen)
        return seenCell(*row.seen, column);
    switch (column) {
    case WhenColumn:
        return whenOf(row.record.at);
    case WhoColumn:
        return row.record.actor;
    case KindColumn:
        return kindWord(row.record.kind);
    case SubjectColumn:
        return row.record.subject;
    case WhatColumn:
        return sentence(row.record);
    default:
        return {};
    }
}

} // namespace pilothouse
