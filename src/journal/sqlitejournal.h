#pragma once

#include "base/clock.h"
#include "journal/journal.h"

#include <QThread>

#include <memory>

namespace pilothouse {

class JournalReader;
class JournalWriter;

/// The journal as one SQLite file (WAL, synchronous FULL). Several processes may write to the same
/// file: each append is one BEGIN IMMEDIATE transaction that reads the last hash and inserts.
///
/// An intent's body gets "process": host, pid and start of this process, whose lock file beside the
/// database is held until the journal is destroyed. `orphans()` takes the free lock of a process
/// that is gone, so that of several consoles only one settles its intents.
///
/// Calls come from one thread (the GUI's), answers end in the journal's own. `verify()` reads the
/// whole file in a thread of its own: no append waits for it, and it need not see one that was
/// asked for before it and is not answered. Destroying the journal first finishes what was asked
/// for.
class SqliteJournal final : public Journal
{
    Q_OBJECT

public:
    /// Opens or makes the file and its folder. Blocks for the opening alone. Unavailable if the
    /// file cannot be written; Malformed if it is something else than a journal. The clock gives
    /// `Record::at` and outlives the journal.
    [[nodiscard]] static Result<std::unique_ptr<SqliteJournal>> open(const QString &path,
                                                                     Clock &clock);
    ~SqliteJournal() override;

    [[nodiscard]] QFuture<Result<Record>> append(const Record &record) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> newest(int limit) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> orphans() override;
    [[nodiscard]] QFuture<Result<ChainState>> verify() override;

private:
    explicit SqliteJournal(Clock &clock);

    template <typename T, typename Place, typename Work>
    QFuture<Result<T>> inThread(Place *place, Work work);

    Clock &m_clock;
    QThread m_thread;
    JournalWriter *m_writer; ///< lives in m_thread, deleted there
    QThread m_readThread;
    JournalReader *m_reader; ///< lives in m_readThread, deleted there
};

} // namespace pilothouse
