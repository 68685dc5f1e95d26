#include "journal/canonical.h"

#include "base/words.h"

#include <QCryptographicHash>
#include <QJsonDocument>

#include <array>
#include <utility>

namespace pilothouse {

namespace {

const std::array<std::pair<RecordKind, QLatin1String>, 3> kinds{{
    {RecordKind::Intent, QLatin1String("intent")},
    {RecordKind::Outcome, QLatin1String("outcome")},
    {RecordKind::Note, QLatin1String("note")},
}};

} // namespace

QByteArray noHash()
{
    return QByteArray(32, '\0');
}

RecordRow rowOf(const Record &record)
{
    RecordRow row;
    row.seq = record.seq;
    row.at = record.at.toUTC().toString(Qt::ISODateWithMs);
    for (const auto &[kind, word] : kinds) {
        if (kind == record.kind)
            row.kind = word;
    }
    row.id = record.id.value;
    row.subject = record.subject;
    row.actor = record.actor;
    row.body = QString::fromUtf8(QJsonDocument(record.body).toJson(QJsonDocument::Compact));
    return row;
}

Result<Record> recordOf(const RecordRow &row)
{
    const auto malformed = [&row](const QString &field, const QString &value) {
        return fail(ErrorKind::Malformed,
                    Words::tr("The journal's record %1 cannot be read: its %2 is damaged. Keep the "
                              "file and look at it with sqlite3.")
                        .arg(row.seq)
                        .arg(field),
                    value);
    };
    Record record;
    record.seq = row.seq;
    record.at = QDateTime::fromString(row.at, Qt::ISODateWithMs);
    if (!record.at.isValid())
        return malformed(QStringLiteral("at"), row.at);
    const auto known = std::find_if(kinds.begin(), kinds.end(),
                                    [&row](const auto &kind) { return kind.second == row.kind; });
    if (known == kinds.end())
        return malformed(QStringLiteral("kind"), row.kind);
    record.kind = known->first;
    record.id = IntentId(row.id);
    record.subject = row.subject;
    record.actor = row.actor;
    const QJsonDocument body = QJsonDocument::fromJson(row.body.toUtf8());
    if (!body.isObject())
        return malformed(QStringLiteral("body"), row.body);
    record.body = body.object();
    record.previous = row.previous;
    record.hash = row.hash;
    return record;
}

QByteArray hashOf(const RecordRow &row)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(row.previous);
    for (const QString &field :
         {QString::number(row.seq), row.at, row.kind, row.id, row.subject, row.actor, row.body}) {
        const QByteArray bytes = field.toUtf8();
        hash.addData(QByteArray::number(bytes.size()) + ':' + bytes);
    }
    return hash.result();
}

} // namespace pilothouse
