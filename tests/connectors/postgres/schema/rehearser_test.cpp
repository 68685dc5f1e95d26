#include "connectors/postgres/passage.h"
#include "connectors/postgres/schema/bothservers.h"
#include "connectors/postgres/schema/postgresrehearser.h"
#include "connectors/postgres/schema/schemacopy.h"
#include "support/await.h"

#include <QDateTime>
#include <QTest>

using namespace pilothouse;

namespace {

using End = Rehearsed::End;

const QStringList shop{
    QStringLiteral("CREATE SCHEMA app"),
    QStringLiteral("CREATE TABLE app.users (id bigint PRIMARY KEY)"),
    QStringLiteral("CREATE TABLE app.t (id bigint PRIMARY KEY, a int, user_id bigint)"),
    QStringLiteral("INSERT INTO app.t SELECT g, g, g FROM generate_series(1, 10) g"),
    QStringLiteral("CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    QStringLiteral("CREATE VIEW app.v AS SELECT a FROM app.t"),
};

} // namespace

/// A file is run on a copy of a real database's schema, made by the real pg_dump.
class RehearserTest final : public QObject
{
    Q_OBJECT

private:
    BothServers m_servers;
    ProcessRunner m_runner;

    [[nodiscard]] const BothServers::World &world() const { return *m_servers.worlds().front(); }
    [[nodiscard]] QString sql(const QString &statement)
    {
        return m_servers.worlds().front()->server.sql(world().database, statement);
    }
    /// The copy lies on the same server: what is nobody's there is the database.
    [[nodiscard]] PostgresRehearser::Settings settings() const
    {
        PostgresRehearser::Settings settings;
        settings.source = world().settings();
        settings.scratch = world().settings();
        settings.scratch.dbname = PostgresServer::user();
        settings.pgDump = PostgresServer::newest() + QStringLiteral("/pg_dump");
        return settings;
    }
    [[nodiscard]] Result<Rehearsal> rehearse(const QByteArray &file,
                                             const PostgresRehearser::Settings &settings)
    {
        PostgresRehearser rehearser(settings, nullptr, m_runner);
        return await(rehearser.rehearse(file, readSql(file)));
    }
    [[nodiscard]] Result<Rehearsal> rehearse(const QByteArray &file)
    {
        return rehearse(file, settings());
    }
    [[nodiscard]] QString copies()
    {
        return sql(QStringLiteral("SELECT string_agg(datname, ' ') FROM pg_database WHERE datname "
                                  "LIKE 'pilothouse%'"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!BothServers::areThere())
            QSKIP("PostgreSQL of Debian and 18 are asked for: packaging/setup --for-tests brings "
                  "them");
        QCOMPARE(m_servers.begin(shop), QString());
    }
    void cleanupTestCase() { m_servers.end(); }
    void cleanup() { QCOMPARE(copies(), QString()); }

    void eachStatementIsRunOnACopyAndNothingStays()
    {
        const auto rehearsal = rehearse("SET lock_timeout = '1s';\n"
                                        "ALTER TABLE app.t ADD COLUMN x int;\n"
                                        "CREATE INDEX CONCURRENTLY t_x ON app.t (x);\n"
                                        "UPDATE app.t SET x = a;\n"
                                        "DROP INDEX CONCURRENTLY app.t_x;\n");
        QVERIFY2(rehearsal, rehearsal ? "" : qPrintable(rehearsal.error().message));
        QVERIFY(rehearsal->server.startsWith(QString::number(world().version / 10'000)));
        QList<End> ends;
        QList<LockMode> locks;
        for (const Rehearsed &each : rehearsal->statements) {
            ends << each.end;
            locks << each.locks.value(QStringLiteral("app.t"));
        }
        QCOMPARE(ends, (QList<End>{End::NotRun, End::Ran, End::RanAlone, End::Ran, End::RanAlone}));
        QCOMPARE(locks, (QList<LockMode>{LockMode::None, LockMode::AccessExclusive,
                                         LockMode::ShareUpdateExclusive, LockMode::RowExclusive,
                                         LockMode::ShareUpdateExclusive}));
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_attribute WHERE attrelid = "
                                    "'app.t'::regclass AND attnum > 0")),
                 QStringLiteral("3"));
        QCOMPARE(sql(QStringLiteral("SELECT count(*), max(a) FROM app.t")),
                 QStringLiteral("10|10"));
    }
    void whatNoRuleCanReadIsSeen()
    {
        const auto rehearsal = rehearse("DO $$ BEGIN EXECUTE 'ALTER TABLE app.t ALTER COLUMN id "
                                        "TYPE int'; END $$;\n");
        QVERIFY(rehearsal);
        QCOMPARE(rehearsal->statements[0].end, End::Ran);
        QCOMPARE(rehearsal->statements[0].rewritten, QSet<QString>{QStringLiteral("app.t")});
    }
    void whatIsRefusedDoesNotStopTheOthers()
    {
        const auto rehearsal = rehearse("ALTER TABLE app.t DROP COLUMN none;\n"
                                        "ALTER TABLE app.t ADD COLUMN x int;\n");
        QVERIFY(rehearsal);
        QCOMPARE(rehearsal->statements[0].end, End::Refused);
        QVERIFY(rehearsal->statements[0].error.contains(QLatin1String("\"none\"")));
        QCOMPARE(rehearsal->statements[1].end, End::Ran);
    }
    void theFilesOwnTransactionDoesNotKeepItsLocksFromTheNext()
    {
        const auto rehearsal = rehearse("BEGIN;\nALTER TABLE app.t ADD COLUMN x int;\n"
                                        "CREATE INDEX t_x ON app.t (x);\nCOMMIT;\n");
        QVERIFY(rehearsal);
        QCOMPARE(rehearsal->statements[0].end, End::NotRun);
        QCOMPARE(rehearsal->statements[2].locks.value(QStringLiteral("app.t")), LockMode::Share);
        QCOMPARE(rehearsal->statements[3].end, End::NotRun);
    }

    void whatAnEarlierConsoleLeftBehindIsDropped()
    {
        const QString fresh = QStringLiteral("pilothouse_rehearsal_%1_fresh")
                                  .arg(QDateTime::currentSecsSinceEpoch());
        QCOMPARE(sql(QStringLiteral("CREATE DATABASE pilothouse_rehearsal_1000000000_old")),
                 QString());
        QCOMPARE(sql(QStringLiteral("CREATE DATABASE ") + fresh), QString());
        QVERIFY(rehearse("SELECT 1;\n"));
        QCOMPARE(copies(), fresh); // somebody's at work
        QCOMPARE(sql(QStringLiteral("DROP DATABASE ") + fresh), QString());
    }

    void aMissingPgDumpIsSaid()
    {
        PostgresRehearser::Settings without = settings();
        without.pgDump = QStringLiteral("/nowhere/pg_dump");
        const auto rehearsal = rehearse("SELECT 1;\n", without);
        QVERIFY(!rehearsal);
        QVERIFY(rehearsal.error().message.contains(QLatin1String("/nowhere/pg_dump")));
    }
    void aSourceThatCannotBeReadIsSaidInItsOwnWords()
    {
        PostgresRehearser::Settings wrong = settings();
        wrong.source.dbname = QStringLiteral("none");
        const auto rehearsal = rehearse("SELECT 1;\n", wrong);
        QVERIFY(!rehearsal);
        QVERIFY2(rehearsal.error().message.contains(QLatin1String("\"none\" does not exist")),
                 qPrintable(rehearsal.error().message));
    }
    void aLoginThatMayMakeNoDatabaseIsSaid()
    {
        QCOMPARE(sql(QStringLiteral("CREATE ROLE small LOGIN")), QString());
        PostgresRehearser::Settings small = settings();
        small.scratch.user = QStringLiteral("small");
        const auto rehearsal = rehearse("SELECT 1;\n", small);
        QVERIFY(!rehearsal);
        QVERIFY2(!rehearsal.error().message.isEmpty(), qPrintable(rehearsal.error().message));
        QCOMPARE(rehearsal.error().kind, ErrorKind::NotAllowed);
    }

    void aDumpNamesItsPlaceSafelyAndNoSecret()
    {
        PostgresSettings place;
        place.host = QStringLiteral("it's \\ here");
        place.dbname = QStringLiteral("d");
        const Command command = schemaDump(QStringLiteral("pg_dump"), place);
        QVERIFY(command.arguments.contains(QStringLiteral("--schema-only")));
        QCOMPARE(command.arguments.last(),
                 QStringLiteral("--dbname=host='it\\'s \\\\ here' dbname='d' "
                                "application_name='pilothouse/rehearsal'"));
    }
    void whatIsWrittenForPsqlAloneIsLeftOut()
    {
        QCOMPARE(forServer("\\restrict aBc\nSELECT 1;\n\\unrestrict aBc"),
                 QByteArray("SELECT 1;\n"));
    }
};

QTEST_GUILESS_MAIN(RehearserTest)
#include "rehearser_test.moc"
