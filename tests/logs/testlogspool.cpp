#include "logs/logspool.h"
#include "logs/logstore.h"

#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

SpoolFile file(const char *name, qint64 bytes, int minute)
{
    return {QString::fromLatin1(name), bytes,
            QDateTime(QDate(2026, 11, 24), QTime(12, minute), Qt::UTC), false};
}

void leave(const QString &path, qint64 bytes)
{
    QFile left(path);
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.write(QByteArray(bytes, 'x'));
}

} // namespace

class TestLogSpool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theOldestGoFirstAndNoMoreThanNeeded_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<QStringList>("gone");
        const auto names = [](std::initializer_list<const char *> all) {
            QStringList list;
            for (const char *name : all)
                list << QString::fromLatin1(name);
            return list;
        };
        QTest::newRow("all fit") << qint64(60) << names({});
        QTest::newRow("one byte too many") << qint64(59) << names({"oldest"});
        QTest::newRow("two must go") << qint64(40) << names({"oldest", "middle"});
        QTest::newRow("nothing may stay") << qint64(0) << names({"oldest", "middle", "newest"});
    }
    void theOldestGoFirstAndNoMoreThanNeeded()
    {
        QFETCH(qint64, limit);
        QFETCH(QStringList, gone);
        QCOMPARE(
            filesToDelete({file("newest", 30, 30), file("oldest", 10, 10), file("middle", 20, 20)},
                          limit),
            gone);
    }

    void anOpenLogIsNeverDeleted()
    {
        SpoolFile open = file("open", 100, 1);
        open.open = true;
        QCOMPARE(filesToDelete({open, file("other", 10, 2)}, 50),
                 QStringList{QStringLiteral("other")});
        QCOMPARE(filesToDelete({open}, 0), QStringList());
    }

    void theFolderIsKeptWithinItsLimit()
    {
        QTemporaryDir dir;
        LogSpool spool(dir.path());
        QSignalSpy changed(&spool, &LogSpool::changed);
        leave(dir.filePath(QStringLiteral("log-left.txt")), 5000);
        leave(dir.filePath(QStringLiteral("notes.txt")), 7000);
        auto shown = LogStore::create(dir.path());
        QVERIFY(shown);
        QVERIFY((*shown)->append(QByteArray(3000, 'a') + '\n'));
        QCOMPARE(spool.bytes(), 8001);
        QVERIFY(spool.setLimit(10'000));
        QCOMPARE(spool.bytes(), 8001);
        QVERIFY(spool.setLimit(6000));
        QCOMPARE(spool.bytes(), 3001);
        QVERIFY(spool.clear());
        QCOMPARE(spool.bytes(), 3001);
        QCOMPARE((*shown)->lineCount(), 1);
        QVERIFY2(QFile::exists(dir.filePath(QStringLiteral("notes.txt"))),
                 "what is no log of ours must stay");
        QCOMPARE(changed.size(), 3);
        shown->reset();
        QCOMPARE(spool.bytes(), 0);
    }

    void whatIsOpenMayBeTooLargeForTheLimit()
    {
        QTemporaryDir dir;
        LogSpool spool(dir.path());
        auto open = LogStore::create(dir.path());
        QVERIFY(open && (*open)->append(QByteArray(3000, 'x') + '\n'));
        leave(dir.filePath(QStringLiteral("log-left.txt")), 2000);
        QVERIFY(spool.setLimit(6000));
        QVERIFY(spool.makeRoom());
        QVERIFY(QFile::exists(dir.filePath(QStringLiteral("log-left.txt"))));
        QVERIFY((*open)->append(QByteArray(2000, 'x') + '\n'));
        QVERIFY(spool.makeRoom());
        QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("log-left.txt"))));
        QVERIFY((*open)->append(QByteArray(2000, 'x') + '\n'));
        QVERIFY(!spool.makeRoom());
        QCOMPARE(spool.bytes(), 7003);
    }

    void theLimitIsKeptInTheSettings()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("settings.ini"));
        QSettings settings(path, QSettings::IniFormat);
        LogSpool jobs(dir.path());
        LogSpool pods(dir.path());
        jobs.keepLimitIn(settings);
        pods.keepLimitIn(settings);
        QCOMPARE(jobs.limit(), LogSpool::defaultLimit);
        leave(dir.filePath(QStringLiteral("log-left.txt")), 5000);
        QVERIFY(jobs.setLimit(4000));
        QVERIFY2(!QFile::exists(dir.filePath(QStringLiteral("log-left.txt"))),
                 "a lower limit holds at once");
        QCOMPARE(pods.limit(), 4000); // the same folder, the same limit
        QSettings next(path, QSettings::IniFormat);
        LogSpool afterAStart(dir.path());
        afterAStart.keepLimitIn(next);
        QCOMPARE(afterAStart.limit(), 4000);
    }

    void aLimitThatMeansNothingIsNone_data()
    {
        QTest::addColumn<QVariant>("kept");
        QTest::newRow("words") << QVariant(QStringLiteral("plenty"));
        QTest::newRow("less than nothing") << QVariant(-5);
    }
    void aLimitThatMeansNothingIsNone()
    {
        QFETCH(QVariant, kept);
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        settings.setValue(QStringLiteral("logs/spoolLimit"), kept);
        LogSpool spool(dir.path());
        spool.keepLimitIn(settings);
        QCOMPARE(spool.limit(), LogSpool::defaultLimit);
    }

    void aLimitThatCannotBeKeptIsRefused()
    {
        QTemporaryDir dir;
        const QString file = dir.filePath(QStringLiteral("file"));
        leave(file, 1);
        const QString path = file + QStringLiteral("/settings.ini"); // a file is no folder
        QSettings settings(path, QSettings::IniFormat);
        LogSpool spool(dir.path());
        spool.keepLimitIn(settings);
        leave(dir.filePath(QStringLiteral("log-left.txt")), 5000);
        for (int i = 0; i < 2; ++i) {
            const Result<void> set = spool.setLimit(4000);
            QVERIFY(!set);
            QCOMPARE(set.error().kind, ErrorKind::Unavailable);
            QVERIFY2(set.error().message.contains(path), qPrintable(set.error().message));
            QCOMPARE(spool.limit(), LogSpool::defaultLimit);
        }
        QVERIFY(QFile::exists(dir.filePath(QStringLiteral("log-left.txt"))));
        // Once it can be written, it is.
        QVERIFY(QFile::remove(file));
        QVERIFY(spool.setLimit(4000));
        QCOMPARE(spool.limit(), 4000);
    }

    void whatCannotBeDeletedIsSaid()
    {
        // A folder that looks like a log is none; deleting in a folder that is gone is no error.
        QTemporaryDir dir;
        QVERIFY(QDir(dir.path()).mkdir(QStringLiteral("log-folder.txt")));
        LogSpool spool(dir.path());
        QCOMPARE(spool.files(), QList<SpoolFile>());
        LogSpool nowhere(QStringLiteral("/nowhere/at/all"));
        QCOMPARE(nowhere.bytes(), 0);
        QVERIFY(nowhere.clear());
    }
};

QTEST_GUILESS_MAIN(TestLogSpool)
#include "testlogspool.moc"
