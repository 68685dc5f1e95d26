#include "journal/journalwriter.h"
#include "journal/sqlitejournal.h"
#include "support/fakeclock.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

using namespace pilothouse;

namespace {

std::atomic<int> logsOnDisk = 0;

/// SQLite's log that stands beside the journal; the file itself is written at a checkpoint.
bool isLog(int file)
{
    return QFile::symLinkTarget(QStringLiteral("/proc/self/fd/%1").arg(file))
        .endsWith(QLatin1String("-wal"));
}

int onDisk(long call, int file)
{
    const int done = int(::syscall(call, file));
    if (done == 0 && isLog(file))
        ++logsOnDisk;
    return done;
}

} // namespace

// These stand before the C library's: SQLite asks with the one or the other.
extern "C" int fsync(int file)
{
    return onDisk(SYS_fsync, file);
}

extern "C" int fdatasync(int file)
{
    return onDisk(SYS_fdatasync, file);
}

/// What was decided is on the disk before anything is done about it, also when the power goes.
class DurableTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;

    [[nodiscard]] QString path() const { return m_dir->filePath(QStringLiteral("journal.sqlite")); }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void theWritersOwnConnectionIsSynchronousToTheFull()
    {
        JournalWriter writer(path());
        QVERIFY(writer.open());
        const QStringList names = QSqlDatabase::connectionNames();
        QCOMPARE(names.size(), 1);
        QSqlQuery query(QSqlDatabase::database(names.constFirst(), false));
        QVERIFY(query.exec(QStringLiteral("PRAGMA synchronous")) && query.next());
        QCOMPARE(query.value(0).toInt(), 2); // FULL; NORMAL would be 1
        QVERIFY(query.exec(QStringLiteral("PRAGMA journal_mode")) && query.next());
        QCOMPARE(query.value(0).toString(), QStringLiteral("wal"));
    }

    void whatIsWrittenIsOnTheDiskWhenItIsAnswered_data()
    {
        QTest::addColumn<RecordKind>("kind");
        QTest::newRow("an intent") << RecordKind::Intent;
        QTest::newRow("an outcome") << RecordKind::Outcome;
        QTest::newRow("a note") << RecordKind::Note;
    }
    void whatIsWrittenIsOnTheDiskWhenItIsAnswered()
    {
        QFETCH(RecordKind, kind);
        FakeClock clock;
        const auto journal = SqliteJournal::open(path(), clock);
        QVERIFY(journal);
        Record record;
        record.kind = kind;
        record.id = IntentId(QStringLiteral("i"));
        record.subject = QStringLiteral("standalone");
        record.actor = QStringLiteral("A. Muster");
        for (int i = 0; i < 3; ++i) { // the first makes the log
            const int before = logsOnDisk;
            QFuture<Result<Record>> written = (*journal)->append(record);
            written.waitForFinished();
            QVERIFY(written.result());
            QVERIFY2(logsOnDisk > before, "the record was answered and not yet on the disk");
        }
    }
};

QTEST_GUILESS_MAIN(DurableTest)
#include "durabletest.moc"
