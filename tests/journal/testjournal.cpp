#include "journal/canonical.h"
#include "journal/processlock.h"
#include "journal/sqlitejournal.h"
#include "journal/stranger.h"
#include "journal/unwritablejournal.h"
#include "support/fakeclock.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <cstdio>
#include <memory>

using namespace pilothouse;

namespace {

Record note(const QString &text)
{
    Record record;
    record.kind = RecordKind::Note;
    record.subject = QStringLiteral("standalone");
    record.actor = QStringLiteral("A. Muster");
    record.body = {{QStringLiteral("text"), text}};
    return record;
}

Record intent(const QString &id)
{
    Record record = note(QStringLiteral("promote"));
    record.kind = RecordKind::Intent;
    record.id = IntentId(id);
    return record;
}

Record outcome(const QString &id)
{
    Record record = note(QStringLiteral("done"));
    record.kind = RecordKind::Outcome;
    record.id = IntentId(id);
    return record;
}

template <typename T>
Result<T> await(QFuture<Result<T>> future)
{
    future.waitForFinished();
    return future.result();
}

QStringList ids(const QList<Record> &records)
{
    QStringList list;
    for (const Record &record : records)
        list.append(record.id.value);
    return list;
}

/// What this program does when it is started as the writer that gets killed.
int writeUntilKilled(const QString &path, const QString &id)
{
    FakeClock clock;
    auto journal = SqliteJournal::open(path, clock);
    if (!journal || !await((*journal)->append(intent(id))))
        return 1;
    std::puts("written");
    std::fflush(stdout);
    for (;;)
        QThread::sleep(60); // until it is killed
}

int appendMany(const QString &path, const QString &who, int count)
{
    FakeClock clock;
    auto journal = SqliteJournal::open(path, clock);
    if (!journal)
        return 1;
    for (int i = 0; i < count; ++i) {
        if (!await((*journal)->append(note(who + QString::number(i)))))
            return 2;
    }
    return 0;
}

} // namespace

class TestJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("data/journal.db"));
    }
    void cleanup() { m_folder.reset(); }

    void aRecordIsChainedToTheOneBefore()
    {
        auto journal = open();
        const auto first = await(journal->append(note(QStringLiteral("one"))));
        const auto second = await(journal->append(note(QStringLiteral("two"))));
        QVERIFY(first && second);
        QCOMPARE(first->seq, 1);
        QCOMPARE(second->seq, 2);
        QCOMPARE(first->previous, noHash());
        QCOMPARE(second->previous, first->hash);
        QCOMPARE(first->hash.size(), 32);
        QVERIFY(first->hash != second->hash);
        QCOMPARE(first->at, m_clock.now());
    }

    void everyFieldIsInTheHash_data()
    {
        QTest::addColumn<QString>("field");
        for (const char *field :
             {"seq", "at", "kind", "id", "subject", "actor", "body", "previous"})
            QTest::newRow(field) << QString::fromLatin1(field);
    }
    void everyFieldIsInTheHash()
    {
        QFETCH(QString, field);
        RecordRow row{7,
                      QStringLiteral("a"),
                      QStringLiteral("b"),
                      QStringLiteral("c"),
                      QStringLiteral("d"),
                      QStringLiteral("e"),
                      QStringLiteral("f"),
                      "g",
                      {}};
        const QByteArray before = hashOf(row);
        const QHash<QString, std::function<void()>> changes{{QStringLiteral("seq"),
                                                             [&] {
                                                                 row.seq = 8;
                                                             }},
                                                            {QStringLiteral("at"),
                                                             [&] {
                                                                 row.at += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("kind"),
                                                             [&] {
                                                                 row.kind += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("id"),
                                                             [&] {
                                                                 row.id += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("subject"),
                                                             [&] {
                                                                 row.subject += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("actor"),
                                                             [&] {
                                                                 row.actor += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("body"),
                                                             [&] {
                                                                 row.body += QLatin1Char('x');
                                                             }},
                                                            {QStringLiteral("previous"), [&] {
                                                                 row.previous += 'x';
                                                             }}};
        changes[field]();
        QVERIFY(hashOf(row) != before);
    }

    void aByteThatMovesToTheNextFieldChangesTheHash()
    {
        RecordRow one{1, {}, {}, {}, QStringLiteral("ab"), QStringLiteral("c"), {}, {}, {}};
        RecordRow two{1, {}, {}, {}, QStringLiteral("a"), QStringLiteral("bc"), {}, {}, {}};
        QVERIFY(hashOf(one) != hashOf(two));
    }

    void itReadsWhatItWroteAfterReopening()
    {
        {
            auto journal = open();
            QVERIFY(await(journal->append(note(QStringLiteral("grüß")))));
            QVERIFY(await(journal->append(outcome(QStringLiteral("i1")))));
        }
        auto journal = open();
        const auto newest = await(journal->newest(10));
        QVERIFY(newest);
        QCOMPARE(newest->size(), 2);
        QCOMPARE((*newest)[0].id, IntentId(QStringLiteral("i1")));
        QCOMPARE((*newest)[1].body[QLatin1String("text")].toString(), QStringLiteral("grüß"));
        QCOMPARE((*newest)[1].actor, QStringLiteral("A. Muster"));
        QCOMPARE(await(journal->newest(1))->size(), 1);
        const auto chain = await(journal->verify());
        QVERIFY(chain && chain->intact);
        QCOMPARE(chain->count, 2);
    }

    void itIsInWalModeAndHasTheAgreedColumns()
    {
        auto journal = open();
        QVERIFY(await(journal->append(note(QStringLiteral("x")))));
        Stranger stranger(m_path);
        QCOMPARE(stranger.value(QStringLiteral("PRAGMA journal_mode")).toString(),
                 QStringLiteral("wal"));
        QCOMPARE(
            stranger
                .value(QStringLiteral("SELECT group_concat(name) FROM pragma_table_info('record')"))
                .toString(),
            QStringLiteral("seq,at,kind,id,subject,actor,body,previous,hash"));
    }

    void whatIsWrittenIsTold()
    {
        auto journal = open();
        QSignalSpy told(journal.get(), &Journal::appended);
        QVERIFY(await(journal->append(note(QStringLiteral("x")))));
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(told[0][0].value<Record>().seq, 1);
    }

    void nobodyMayUpdateOrDelete_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("update is refused") << QStringLiteral("UPDATE record SET actor = 'B'");
        QTest::newRow("delete is refused") << QStringLiteral("DELETE FROM record");
        QTest::newRow("replacing a record is refused")
            << QStringLiteral("UPDATE record SET seq = 9 WHERE seq = 1");
        QTest::newRow("another kind is refused")
            << QStringLiteral("INSERT INTO record(seq, kind) VALUES (99, 'rumour')");
    }
    void nobodyMayUpdateOrDelete()
    {
        QFETCH(QString, sql);
        auto journal = open();
        QVERIFY(await(journal->append(note(QStringLiteral("x")))));
        Stranger stranger(m_path);
        QVERIFY(!stranger.execute(sql).isEmpty());
        QCOMPARE(stranger.value(QStringLiteral("SELECT count(*) FROM record")).toInt(), 1);
        QVERIFY(await(journal->verify())->intact);
    }

    void tamperingIsFound_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<qint64>("broken");
        QTest::newRow("a changed text breaks the chain at its record")
            << QStringLiteral("UPDATE record SET body = '{\"text\":\"lie\"}' WHERE seq = 2")
            << qint64(2);
        QTest::newRow("a changed time breaks it")
            << QStringLiteral("UPDATE record SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 3")
            << qint64(3);
        QTest::newRow("a record taken out breaks it where it was")
            << QStringLiteral("DELETE FROM record WHERE seq = 2") << qint64(2);
        QTest::newRow("a forged hash breaks the record after it, at the latest")
            << QStringLiteral("UPDATE record SET hash = zeroblob(32) WHERE seq = 1") << qint64(1);
        QTest::newRow("a record put in between breaks it")
            << QStringLiteral("INSERT INTO record SELECT 5, at, kind, id, subject, actor, body, "
                              "previous, hash FROM record WHERE seq = 4")
            << qint64(5);
    }
    void tamperingIsFound()
    {
        QFETCH(QString, sql);
        QFETCH(qint64, broken);
        auto journal = open();
        for (int i = 0; i < 4; ++i)
            QVERIFY(await(journal->append(note(QString::number(i)))));
        QVERIFY(await(journal->verify())->intact);
        Stranger stranger(m_path);
        QCOMPARE(stranger.execute(QStringLiteral("DROP TRIGGER record_never_updated")), QString());
        QCOMPARE(stranger.execute(QStringLiteral("DROP TRIGGER record_never_deleted")), QString());
        QCOMPARE(stranger.execute(sql), QString());
        const auto chain = await(journal->verify());
        QVERIFY(chain);
        QVERIFY(!chain->intact);
        QCOMPARE(chain->firstBrokenSeq, broken);
    }

    void anAppendDoesNotWaitUntilTheChainIsVerified()
    {
        auto journal = open();
        Stranger stranger(m_path);
        QCOMPARE(stranger.execute(QStringLiteral(
                     "INSERT INTO record WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                     "FROM n WHERE i < 150000) SELECT i, '2026-11-24T13:00:00.000Z', 'note', '', "
                     "'standalone', 'me', '{}', zeroblob(32), zeroblob(32) FROM n")),
                 QString());
        const auto verified = journal->verify();
        QVERIFY(await(journal->append(note(QStringLiteral("back")))));
        QVERIFY(!verified.isFinished());
        const auto chain = await(verified);
        QVERIFY(chain);
        QVERIFY(chain->count >= 150000);
    }

    void twoProcessesAppendAtOnce()
    {
        {
            auto journal = open();
        }
        QProcess other;
        other.start(
            QCoreApplication::applicationFilePath(),
            {QStringLiteral("--append"), m_path, QStringLiteral("other"), QStringLiteral("40")});
        QVERIFY(other.waitForStarted());
        QCOMPARE(appendMany(m_path, QStringLiteral("own"), 40), 0);
        QVERIFY(other.waitForFinished());
        QCOMPARE(other.exitCode(), 0);
        auto journal = open();
        const auto chain = await(journal->verify());
        QVERIFY(chain && chain->intact);
        QCOMPARE(chain->count, 80);
    }

    void aKilledWriterLeavesAnOrphanThatOnlyOneTakes()
    {
        QProcess writer;
        writer.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--write"), m_path, QStringLiteral("i1")});
        QVERIFY(writer.waitForStarted());
        QVERIFY(writer.waitForReadyRead());
        auto journal = open();
        QCOMPARE(ids(*await(journal->orphans())), QStringList());

        ::kill(pid_t(writer.processId()), SIGKILL);
        QVERIFY(writer.waitForFinished());
        QCOMPARE(ids(*await(journal->orphans())), QStringList{QStringLiteral("i1")});
        // Another console that starts meanwhile leaves it to the first.
        auto second = open();
        QCOMPARE(ids(*await(second->orphans())), QStringList());
        QCOMPARE(ids(*await(journal->orphans())), QStringList{QStringLiteral("i1")});
        QVERIFY(await(journal->append(outcome(QStringLiteral("i1")))));
        QCOMPARE(ids(*await(journal->orphans())), QStringList());
    }

    void anOrphanOfASettlerThatEndedIsTakenByTheNext()
    {
        QProcess writer;
        writer.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--write"), m_path, QStringLiteral("i1")});
        QVERIFY(writer.waitForStarted());
        QVERIFY(writer.waitForReadyRead());
        ::kill(pid_t(writer.processId()), SIGKILL);
        QVERIFY(writer.waitForFinished());
        {
            auto journal = open();
            QCOMPARE(await(journal->orphans())->size(), 1);
        }
        auto next = open();
        QCOMPARE(ids(*await(next->orphans())), QStringList{QStringLiteral("i1")});
    }

    void intentsOfLivingJournalsAreNoOrphans()
    {
        auto journal = open();
        QVERIFY(await(journal->append(intent(QStringLiteral("mine")))));
        QCOMPARE(ids(*await(journal->orphans())), QStringList());
        auto other = open();
        QCOMPARE(ids(*await(other->orphans())), QStringList());
    }

    void anIntentNamesItsProcess()
    {
        auto journal = open();
        const auto written = await(journal->append(intent(QStringLiteral("mine"))));
        QVERIFY(written);
        const QJsonObject process = written->body[QLatin1String("process")].toObject();
        QCOMPARE(process[QLatin1String("pid")].toInteger(), QCoreApplication::applicationPid());
        QVERIFY(!process[QLatin1String("host")].toString().isEmpty());
        QVERIFY(!process[QLatin1String("started")].toString().isEmpty());
    }

    void aMarkFromAStrangerStaysInItsFolder()
    {
        ProcessMark mark;
        mark.host = QStringLiteral("../../etc/x");
        mark.started = QStringLiteral("/../..");
        QVERIFY(!mark.fileName().contains(QLatin1Char('/')));
        QVERIFY(!mark.fileName().contains(QLatin1Char('.')));
    }

    void whatIsNoJournalIsLeftAlone()
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_path).path()));
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto journal = SqliteJournal::open(m_path, m_clock);
        QVERIFY(!journal);
        QCOMPARE(journal.error().kind, ErrorKind::Malformed);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray(4096, 'x'));
    }

    void aFolderThatCannotBeMadeIsSaid()
    {
        QFile file(m_folder->filePath(QStringLiteral("data")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto journal = SqliteJournal::open(m_path, m_clock);
        QVERIFY(!journal);
        QCOMPARE(journal.error().kind, ErrorKind::Unavailable);
        QVERIFY(journal.error().message.contains(m_path));
    }

    void theStandInAnswersWithTheReason()
    {
        UnwritableJournal journal({ErrorKind::Unavailable, QStringLiteral("disk full"), {}, {}});
        QCOMPARE(await(journal.append(note(QStringLiteral("x")))).error().message,
                 QStringLiteral("disk full"));
        QCOMPARE(await(journal.newest(1)).error().message, QStringLiteral("disk full"));
        QCOMPARE(await(journal.orphans()).error().message, QStringLiteral("disk full"));
        QCOMPARE(await(journal.verify()).error().message, QStringLiteral("disk full"));
    }

private:
    std::unique_ptr<SqliteJournal> open()
    {
        auto journal = SqliteJournal::open(m_path, m_clock);
        if (!journal)
            qFatal("%s", qPrintable(journal.error().message + journal.error().detail));
        return std::move(*journal);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    FakeClock m_clock;
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--write"))
        return writeUntilKilled(arguments.value(2), arguments.value(3));
    if (arguments.value(1) == QLatin1String("--append"))
        return appendMany(arguments.value(2), arguments.value(3), arguments.value(4).toInt());
    TestJournal test;
    return QTest::qExec(&test, argc, argv);
}

#include "testjournal.moc"
