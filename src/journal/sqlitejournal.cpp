#include "journal/sqlitejournal.h"

#include "journal/journalwriter.h"

#include <QPromise>

namespace pilothouse {

SqliteJournal::SqliteJournal(Clock &clock) : m_clock(clock), m_writer(nullptr) {}

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const QString &path, Clock &clock)
{
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(clock));
    journal->m_writer = new JournalWriter(path);
    journal->m_writer->moveToThread(&journal->m_thread);
    connect(&journal->m_thread, &QThread::finished, journal->m_writer, &QObject::deleteLater);
    journal->m_thread.setObjectName(QStringLiteral("journal"));
    journal->m_thread.start();
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
        m_writer, [this] { m_thread.quit(); }, Qt::QueuedConnection);
    m_thread.wait();
}

template <typename T, typename Work>
QFuture<Result<T>> SqliteJournal::inThread(Work work)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QMetaObject::invokeMethod(
        m_writer,
        [promise, work, writer = m_writer] {
            promise->addResult(work(*writer));
            promise->finish();
        },
        Qt::QueuedConnection);
    return promise->future();
}

QFuture<Result<Record>> SqliteJournal::append(const Record &record)
{
    Record stamped = record;
    stamped.at = m_clock.now();
    return inThread<Record>([this, stamped](JournalWriter &writer) {
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
    return inThread<QList<Record>>([limit](JournalWriter &writer) { return writer.newest(limit); });
}

QFuture<Result<QList<Record>>> SqliteJournal::orphans()
{
    return inThread<QList<Record>>([](JournalWriter &writer) { return writer.orphans(); });
}

QFuture<Result<ChainState>> SqliteJournal::verify()
{
    return inThread<ChainState>([](JournalWriter &writer) { return writer.verify(); });
}

} // namespace pilothouse
