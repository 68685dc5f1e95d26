#include "ownhome.h"

#include "app/wiring/places.h"
#include "journal/sqlitejournal.h"
#include "release/incident/incident.h"
#include "support/await.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace pilothouse;

/// The program itself, over a journal that the test writes.
class CliJournalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<OwnHome>();
        qputenv("XDG_DATA_HOME", m_home->path("data").toUtf8());
        m_home->set("XDG_DATA_HOME", m_home->path("data"));
        m_home->write("pilothouse.yaml", "pilothouse: 1\nname: it\nrepository: {path: .}\n");
        m_file = journalFile(m_home->path("pilothouse.yaml"));
    }

    void withoutAJournalItSaysThatNothingWasWritten()
    {
        const Ended told = run({});
        QCOMPARE(told.code, 3);
        QVERIFY2(told.err.contains("Nothing was ever written down"), told.err.constData());
        QVERIFY(!QFile::exists(m_file));
    }

    void anIncidentIsToldWithItsTimes()
    {
        writeDrill();
        const Ended told = run({QStringLiteral("--incidents")});
        QCOMPARE(told.code, 0);
        for (const char *words : {"standalone  c41d77e → 9f3c2a1  by A. Muster",
                                  "95 requests failed", "alert → screen"})
            QVERIFY2(told.out.contains(words), told.out.constData());
    }

    void programsReadItAsJson()
    {
        writeDrill();
        const Ended told = run({QStringLiteral("--incidents"), QStringLiteral("--json")});
        const QJsonObject incident = QJsonDocument::fromJson(told.out).object();
        QCOMPARE(incident[QLatin1String("failedRequests")].toDouble(), 95.0);
        QVERIFY(incident[QLatin1String("confirmToAcceptedMs")].isDouble());
    }

    void theReportIsMarkdown()
    {
        writeDrill();
        const Ended told = run({QStringLiteral("--report")});
        QVERIFY2(told.out.startsWith("# standalone: c41d77e rolled back to 9f3c2a1"),
                 told.out.constData());
    }

    void everyRecordIsExportedWithItsHash()
    {
        writeDrill();
        const QList<QByteArray> lines = run({QStringLiteral("--export")}).out.trimmed().split('\n');
        QCOMPARE(lines.size(), 4);
        QByteArray previous(64, '0');
        for (const QByteArray &line : lines) {
            const QJsonObject record = QJsonDocument::fromJson(line).object();
            QCOMPARE(record[QLatin1String("previous")].toString().toLatin1(), previous);
            previous = record[QLatin1String("hash")].toString().toLatin1();
            QCOMPARE(previous.size(), 64);
        }
    }

    void aJournalThatSomebodyTouchedIsFound()
    {
        writeDrill();
        QCOMPARE(run({QStringLiteral("--verify")}).code, 0);
        {
            QSqlDatabase database
                = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("touch"));
            database.setDatabaseName(m_file);
            QVERIFY(database.open());
            QSqlQuery query(database);
            QStringList triggers;
            QVERIFY(
                query.exec(QStringLiteral("SELECT name FROM sqlite_master WHERE type='trigger'")));
            while (query.next())
                triggers << query.value(0).toString();
            for (const QString &trigger : triggers)
                QVERIFY(query.exec(QStringLiteral("DROP TRIGGER \"%1\"").arg(trigger)));
            QVERIFY(query.exec(QStringLiteral("UPDATE record SET actor='nobody' WHERE seq=2")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("touch"));
        const Ended told = run({QStringLiteral("--verify")});
        QCOMPARE(told.code, 1);
        QVERIFY2(told.out.contains("broken at record 2"), told.out.constData());
    }

    void mistakesAreSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("two at once")
            << QStringList{QStringLiteral("--report"), QStringLiteral("--verify")}
            << QByteArray("give one");
        QTest::newRow("no count") << QStringList{QStringLiteral("--limit"), QStringLiteral("many")}
                                  << QByteArray("no count of records");
        QTest::newRow("a word") << QStringList{QStringLiteral("everything")}
                                << QByteArray("everything is not known here");
    }

    void mistakesAreSaid()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        const Ended told = run(arguments);
        QCOMPARE(told.code, 2);
        QVERIFY2(told.err.contains(words), told.err.constData());
    }

private:
    [[nodiscard]] Ended run(const QStringList &arguments) const
    {
        return m_home->run(QStringList{QStringLiteral("journal")} + arguments);
    }

    void writeDrill() const
    {
        SystemClock clock;
        auto journal = SqliteJournal::open(m_file, clock);
        QVERIFY(journal.has_value());
        const TrackName track(QStringLiteral("standalone"));
        const QString actor = QStringLiteral("A. Muster");
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(QStringLiteral("r1"));
        intent.subject = track.value;
        intent.actor = actor;
        intent.body = {{QStringLiteral("verb"), QStringLiteral("roll back")},
                       {QStringLiteral("leaving"), QStringLiteral("c41d77e0")},
                       {QStringLiteral("targetCommit"), QStringLiteral("9f3c2a10")}};
        Record outcome = intent;
        outcome.kind = RecordKind::Outcome;
        outcome.body = {{QStringLiteral("outcome"), QStringLiteral("done")},
                        {QStringLiteral("text"), QStringLiteral("accepted 0 %")}};
        for (const Record &record :
             {alertSeenNote(track, actor, QStringLiteral("HighErrorRatio"),
                            clock.now().addSecs(-30)),
              intent, outcome, damageNote(track, actor, intent.id, {95, {}})})
            QVERIFY(await((*journal)->append(record)).has_value());
    }

    std::unique_ptr<OwnHome> m_home;
    QString m_file;
};

QTEST_GUILESS_MAIN(CliJournalTest)
#include "journaltest.moc"
