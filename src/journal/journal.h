#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QFuture>
#include <QJsonObject>
#include <QList>
#include <QObject>

namespace pilothouse {

enum class RecordKind {
    Intent,  ///< what someone decided, written before the first effect
    Outcome, ///< what came of it; `id` is the intent's
    Note,    ///< what else is worth keeping
};

struct Record
{
    qint64 seq = 0; ///< 0 = not yet written
    QDateTime at;   ///< UTC, milliseconds
    RecordKind kind = RecordKind::Note;
    IntentId id;
    QString subject; ///< "standalone", "change conversations-organization-id"
    QString actor;
    QJsonObject body;    ///< never a secret
    QByteArray previous; ///< hash of the record before; 32 zero bytes for the first
    QByteArray hash;     ///< SHA-256 over `previous` and the canonical fields
};

/// Whether the chain of hashes holds, and where it breaks first.
struct ChainState
{
    bool intact = true;
    qint64 firstBrokenSeq = 0;
    qint64 count = 0;
};

/// The append-only record of intents and outcomes of one workspace. Abstract so that controllers
/// are tested without a disk. Calls come from the GUI thread; the work is done in a thread of its
/// own, in the order of the calls, but for verify(), behind which nothing waits.
class Journal : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The record as written: durable (fsync) when the future ends. `seq`, `at`, `previous` and
    /// `hash` of the argument are ignored. Unavailable if the file cannot be written.
    [[nodiscard]] virtual QFuture<Result<Record>> append(const Record &record) = 0;
    /// Newest first.
    [[nodiscard]] virtual QFuture<Result<QList<Record>>> newest(int limit) = 0;
    /// Intents without an outcome whose process is gone (its lock file is free): to be settled by
    /// looking at the world. Oldest first.
    [[nodiscard]] virtual QFuture<Result<QList<Record>>> orphans() = 0;
    [[nodiscard]] virtual QFuture<Result<ChainState>> verify() = 0;

Q_SIGNALS:
    void appended(const pilothouse::Record &record);
};

} // namespace pilothouse
