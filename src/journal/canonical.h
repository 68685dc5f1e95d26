#pragma once

#include "journal/journal.h"

namespace pilothouse {

/// A record as the file spells it: what is hashed is exactly what is stored.
struct RecordRow
{
    qint64 seq = 0;
    QString at;   ///< ISO 8601, UTC, milliseconds
    QString kind; ///< "intent", "outcome", "note"
    QString id;
    QString subject;
    QString actor;
    QString body; ///< compact JSON with sorted keys
    QByteArray previous;
    QByteArray hash;
};

/// The hash before the first record: 32 zero bytes.
[[nodiscard]] QByteArray noHash();

/// `previous` and `hash` stay empty.
[[nodiscard]] RecordRow rowOf(const Record &record);
/// Malformed, with the field in the message, for a row that no journal of ours writes.
[[nodiscard]] Result<Record> recordOf(const RecordRow &row);

/// SHA-256 over `previous`, then seq, at, kind, id, subject, actor and body, each in UTF-8 after
/// its length in bytes and a colon: no two rows give the same bytes.
[[nodiscard]] QByteArray hashOf(const RecordRow &row);

} // namespace pilothouse
