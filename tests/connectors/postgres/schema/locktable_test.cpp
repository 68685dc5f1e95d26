#include "connectors/postgres/schema/bothservers.h"
#include "connectors/postgres/schema/lintcatalogquery.h"
#include "connectors/postgres/schema/lockforms.h"
#include "connectors/postgres/schema/observation.h"
#include "migration/lint/sql/sqlreading.h"
#include "migration/rehearsal/claims.h"

#include <QTest>

using namespace pilothouse;

/// What the rules claim of locks, scans and rewrites, held against the servers themselves.
class LockTable final : public QObject
{
    Q_OBJECT

private:
    BothServers m_servers;

    static Result<Rehearsed> rehearse(const BothServers::World &world, const LockForm &form)
    {
        return form.runs == LockForm::Runs::Alone ? observeAlone(
                   *world.connection, world.settings(), form.statement, QStringLiteral("w.t"))
                                                  : observe(*world.connection, form.statement);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!BothServers::areThere())
            QSKIP("PostgreSQL of Debian and 18 are asked for: packaging/setup --for-tests brings "
                  "them");
        QCOMPARE(m_servers.begin(lockWorld()), QString());
    }
    void cleanupTestCase() { m_servers.end(); }

    void theServerDoesWhatTheTableAndTheRulesSay_data()
    {
        QTest::addColumn<int>("world");
        QTest::addColumn<int>("number");
        const QList<LockForm> forms = lockForms();
        int world = 0;
        for (const auto &each : m_servers.worlds()) {
            for (int number = 0; number < forms.size(); ++number) {
                if (each->version >= forms[number].since)
                    QTest::addRow("%d %s", each->version / 10'000, forms[number].name)
                        << world << number;
            }
            ++world;
        }
    }
    void theServerDoesWhatTheTableAndTheRulesSay()
    {
        QFETCH(const int, world);
        QFETCH(const int, number);
        const BothServers::World &server = *m_servers.worlds()[size_t(world)];
        const LockForm form = lockForms()[number];
        const QList<SqlStatement> statements = readSql(form.statement.toUtf8());
        const auto catalog = readLiveCatalog(*server.connection, tablesOf(statements));
        QVERIFY2(catalog, catalog ? "" : qPrintable(catalog.error().message));
        const LintFile file(statements, LintFile::Wrapped::No, &catalog->catalog);
        const auto seen = rehearse(server, form);
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().message));
        QCOMPARE(seen->error, QString());
        QCOMPARE(seen->locks, form.locks);
        QCOMPARE(seen->rewritten.contains(form.rewrites), !form.rewrites.isEmpty());
        QCOMPARE(seen->rewritten.isEmpty(), form.rewrites.isEmpty());
        if (form.scans)
            QCOMPARE(seen->scans, *form.scans);
        QCOMPARE(differences(claimOf(file, 0), *seen).join(QLatin1Char(' ')), QString());
    }

    void whatItDoesLeavesNoTrace()
    {
        for (const auto &world : m_servers.worlds()) {
            const auto seen
                = observe(*world->connection, QStringLiteral("ALTER TABLE w.t ADD COLUMN x int"));
            QVERIFY(seen && seen->end == Rehearsed::End::Ran);
            QCOMPARE(world->server.sql(world->database,
                                       QStringLiteral("SELECT count(*) FROM pg_attribute WHERE "
                                                      "attrelid = 'w.t'::regclass AND attname = "
                                                      "'x'")),
                     QStringLiteral("0"));
            QCOMPARE(world->server.sql(world->database,
                                       QStringLiteral("SELECT count(*) FROM pg_locks WHERE "
                                                      "relation = 'w.t'::regclass")),
                     QStringLiteral("0"));
        }
    }
    void whatIsRefusedIsToldAndTheConnectionLives()
    {
        for (const auto &world : m_servers.worlds()) {
            const auto refused
                = observe(*world->connection, QStringLiteral("ALTER TABLE w.t DROP COLUMN none"));
            QVERIFY(refused && refused->end == Rehearsed::End::Refused);
            QCOMPARE(refused->error,
                     QStringLiteral("ERROR:  column \"none\" of relation \"t\" does not exist"));
            const auto alone = observe(*world->connection,
                                       QStringLiteral("CREATE INDEX CONCURRENTLY i ON w.t (v)"));
            QVERIFY(alone && alone->end == Rehearsed::End::NeedsToBeAlone);
            QVERIFY(observe(*world->connection, QStringLiteral("ANALYZE w.t")));
        }
    }
};

QTEST_GUILESS_MAIN(LockTable)
#include "locktable_test.moc"
