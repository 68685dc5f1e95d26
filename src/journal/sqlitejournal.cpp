#include "journal/sqlitejournal.h"

#include "journal/journalreader.h"
#include "journal/journalwriter.h"

#include <QPromise>

namespace pilothouse {

SqliteJournal::SqliteJournal(Clock &clock) : m_clock(clock), m_writer(nullptr), m_reader(nullptr) {}

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const QString &path, Clock &clock)
{
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(clock));
    const auto live = [](QObject *object, QThread &thread, const QString &name) {
        object->moveToThread(&thread);
        connect(&thread, &QThread::finished, object, &QObject::deleteLater);
        thread.setObjectName(name);
        thread.start();
    };
    journal->m_writer = new JournalWriter(path);
    live(journal->m_writer, journal->m_thread, QStringLiteral("journal"));
    journal->m_reader = new JournalReader(path);
    live(journal->m_reader, journal->m_readThread, QStringLiteral("journal-read"));
    Result<void> opened;
    QMetaObject::invokeMethod(
        journal->m_writer, [&opened, writer = journal->m_writer] { opened = writer->open(); },
        Qt::BlockingQueuedConnection);
    if (!opened)
        return fail(opened.error());
    return journal;
}

SqliteJournal::~SqliteJournal()
{
    // Queued behind everything that was asked for, so that no append is lost.
    QMetaObject::invokeMethod(
        m_reader, [this] { m_readThread.quit(); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(
        m_writer, [this] { m_thread.quit(); }, Qt::QueuedConnection);
    m_readThread.wait();
    m_thread.wait();
}

template <typename T, typename Place, typename Work>
QFuture<Result<T>> SqliteJournal::inThread(Place *place, Work work)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QMetaObject::invokeMethod(
        place,
        [promise, work, place] {
            promise->addResult(work(*place));
            promise->finish();
        },
        Qt::QueuedConnection);
    return promise->future();
}

QFuture<Result<Record>> SqliteJournal::append(const Record &record)
{
    Record stamped = record;
    stamped.at = m_clock.now();
    return inThread<Record>(m_writer, [this, stamped](JournalWriter &writer) {
        auto written = writer.append(stamped);
        if (written) {
            QMetaObject::invokeMethod(
                this, [this, record = *written] { Q_EMIT appended(record); }, Qt::QueuedConnection);
        }
        return written;
    });
}

QFuture<Result<QList<Record>>> SqliteJournal::newest(int limit)
{
    return inThread<QList<Record>>(m_writer,
                                   [limit](JournalWriter &writer) { return writer.newest(limit); });
}

QFuture<Result<QList<Record>>> SqliteJournal::orphans()
{
    return inThread<QList<Record>>(m_writer,
                                   [](JournalWriter &writer) { return writer.orphans(); });
}

QFuture<Result<ChainState>> SqliteJournal::verify()
{
    return inThread<ChainState>(m_reader, [](JournalReader &reader) { return reader.verify(); });
}

} // namespace pilothouse
