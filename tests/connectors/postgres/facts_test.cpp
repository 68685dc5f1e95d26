#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "migration/facts.h"
#include "migration/recipe/sqltext.h"
#include "migration/recipe/stepsql.h"
#include "support/await.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace pilothouse;

/// What is read from a real PostgreSQL about one change.
class FactsTest : public QObject
{
    Q_OBJECT

private:
    PostgresWorld m_world;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;

    void run(const QString &statement)
    {
        const QString answer = m_world.server().sql(m_name, statement);
        QVERIFY2(answer.isEmpty(), qPrintable(answer));
    }

    Facts read(const Change &change = PostgresWorld::change(),
               Database::Nulls nulls = Database::Nulls::Count)
    {
        const Result<Reading<Facts>> facts = await(m_database->facts(change, nulls));
        if (!facts) {
            QTest::qFail(qPrintable(facts.error().message + facts.error().detail), __FILE__,
                         __LINE__);
            return {};
        }
        return facts->value;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (m_world.start())
            return;
        if (PostgresWorld::mustHaveServer())
            QFAIL(qPrintable(m_world.why()));
        QSKIP(qPrintable(m_world.why()));
    }

    void init()
    {
        m_name = m_world.makeDatabase(500);
        QVERIFY(!m_name.isEmpty());
        m_database = std::make_unique<PostgresDatabase>(m_world.settings(m_name), m_clock);
    }

    void cleanup() { m_database.reset(); }

    void anUntouchedTableIsPlanned()
    {
        const Facts facts = read();
        QVERIFY(facts.server.version >= 150000);
        QCOMPARE(facts.server.database, m_name);
        QVERIFY(facts.server.seesOthers);
        QVERIFY(!facts.server.standby);
        QVERIFY(facts.table);
        QCOMPARE(facts.table->rowEstimate, 500);
        QCOMPARE(facts.table->key, (KeyColumn{QStringLiteral("id"), QStringLiteral("bigint")}));
        QVERIFY(facts.table->isOwner);
        QVERIFY(facts.sourceTable);
        QVERIFY(!facts.column);
        QVERIFY(!facts.nulls);
        QVERIFY(!facts.recordKept);
        QCOMPARE(stateOf(PostgresWorld::change(), facts), ChangeState::Planned);
    }

    void anAbsentTableIsSaidToBeMissing()
    {
        Change change = PostgresWorld::change();
        change.table.name = QStringLiteral("no_such_table");
        const Facts facts = read(change);
        QVERIFY(!facts.table);
        QVERIFY(!facts.column);
        QCOMPARE(stateOf(change, facts), ChangeState::TableMissing);
    }

    void anUnrelatedTableKeepsItsOwnFacts()
    {
        Change change = PostgresWorld::change();
        change.table.name = QStringLiteral("users");
        change.column = QStringLiteral("tenant");
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN tenant uuid"));
        const Facts facts = read(change);
        QVERIFY(facts.table);
        QVERIFY(!facts.column);
        QCOMPARE(facts.table->rowEstimate, -1); // never analyzed: unknown, not zero
    }

    void aWrongTypeIsDriftAndNotDone_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("there");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char *name, const char *wanted, const char *there, bool matches) {
            QTest::newRow(name) << QString::fromLatin1(wanted) << QString::fromLatin1(there)
                                << matches;
        };
        row("the same word", "uuid", "uuid", true);
        row("another type", "uuid", "text", false);
        row("a short name of the same type", "int", "integer", true);
        row("a narrower type", "bigint", "integer", false);
        row("the same length", "varchar(20)", "character varying(20)", true);
        row("another length", "varchar(20)", "varchar(40)", false);
        row("a length that was not asked for", "varchar", "varchar(40)", false);
        row("the same precision", "numeric(10, 2)", "numeric(10,2)", true);
        row("an array", "text[]", "text[]", true);
        row("an unknown type", "no_such_type", "uuid", false);
        row("a type of two words", "timestamp with time zone", "timestamptz", true);
    }

    void aWrongTypeIsDriftAndNotDone()
    {
        QFETCH(QString, wanted);
        QFETCH(QString, there);
        QFETCH(bool, matches);
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id ") + there);
        Change change = PostgresWorld::change();
        change.type = wanted;
        const Facts facts = read(change);
        QVERIFY(facts.column);
        QCOMPARE(facts.column->typeMatches, matches);
        QCOMPARE(driftOf(change, facts).isEmpty(), matches);
        const QList<ChangeStep> steps = planSteps(change, facts, {});
        QCOMPARE(findStep(steps, StepId::E1)->state,
                 matches ? ChangeStep::State::Done : ChangeStep::State::Broken);
    }

    void nullsAreCountedAndNeverGuessed()
    {
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid"));
        run(QStringLiteral("UPDATE conversations SET organization_id = user_id WHERE id > 20"));
        const Facts counted = read();
        QVERIFY(counted.nulls);
        QCOMPARE(counted.nulls->kind, NullCount::Kind::Exact);
        QCOMPARE(counted.nulls->rows, 20);
        QVERIFY(counted.nulls->at.isValid());
        QVERIFY(!read(PostgresWorld::change(), Database::Nulls::Leave).nulls);
    }

    void aGuardOfAnotherMeaningIsNoProof()
    {
        const Change change = PostgresWorld::change();
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid"));
        run(QStringLiteral("ALTER TABLE conversations ADD CONSTRAINT %1 CHECK (organization_id IS "
                           "NOT NULL OR title = '') NOT VALID")
                .arg(stepsql::guardName(change)));
        Facts facts = read();
        QVERIFY(facts.guard);
        QVERIFY(!facts.guard->provesNotNull);
        QCOMPARE(driftOf(change, facts).size(), 1);

        run(QStringLiteral("ALTER TABLE conversations DROP CONSTRAINT %1, ADD CONSTRAINT %1 CHECK "
                           "(organization_id IS NOT NULL) NOT VALID")
                .arg(stepsql::guardName(change)));
        facts = read();
        QVERIFY(facts.guard->provesNotNull);
        QVERIFY(!facts.guard->validated);
    }

    void anIndexOnAnotherColumnDoesNotMatch_data()
    {
        QTest::addColumn<QString>("definition");
        QTest::addColumn<bool>("matches");
        QTest::newRow("on the column") << QStringLiteral("(organization_id)") << true;
        QTest::newRow("on another column") << QStringLiteral("(title)") << false;
        QTest::newRow("on two columns") << QStringLiteral("(organization_id, title)") << false;
        QTest::newRow("on a part of the rows")
            << QStringLiteral("(organization_id) WHERE title <> ''") << false;
        QTest::newRow("of another kind") << QStringLiteral("USING hash (organization_id)") << false;
    }

    void anIndexOnAnotherColumnDoesNotMatch()
    {
        QFETCH(QString, definition);
        QFETCH(bool, matches);
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid"));
        run(QStringLiteral("CREATE INDEX idx_conversations_org ON conversations ") + definition);
        const Facts facts = read();
        QVERIFY(facts.index);
        QVERIFY(facts.index->valid);
        QCOMPARE(facts.index->matches, matches);
    }

    void aDerivationThatCannotBeReadIsToldBefore()
    {
        Change change = PostgresWorld::change();
        change.derive.value = QStringLiteral("no_such_column");
        QVERIFY(!read(change).sourceTable);
        change = PostgresWorld::change();
        change.derive.join = {{QStringLiteral("id"), QStringLiteral("no_such_column")}};
        QVERIFY(!read(change).sourceTable);
    }

    void aTableWithoutASimpleKeyHasNone()
    {
        run(QStringLiteral("ALTER TABLE conversations DROP CONSTRAINT conversations_pkey, ADD "
                           "PRIMARY KEY (id, user_id)"));
        QVERIFY(!read().table->key);
    }

    void anotherLoginLearnsWhatItMayNotDo()
    {
        run(QStringLiteral("DROP ROLE IF EXISTS visitor"));
        run(QStringLiteral("CREATE ROLE visitor LOGIN"));
        run(QStringLiteral("ALTER TABLE conversations ENABLE ROW LEVEL SECURITY"));
        run(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid"));
        run(QStringLiteral("GRANT SELECT ON conversations, users TO visitor"));
        PostgresSettings settings = m_world.settings(m_name);
        settings.user = QStringLiteral("visitor");
        m_database = std::make_unique<PostgresDatabase>(settings, m_clock);
        const Facts facts = read();
        QCOMPARE(facts.server.user, QStringLiteral("visitor"));
        QVERIFY(!facts.server.seesOthers);
        QVERIFY(!facts.server.bypassesRowSecurity);
        QVERIFY(!facts.table->isOwner);
        QVERIFY(!facts.table->mayUpdate);
        QVERIFY(facts.table->rowSecurityActive);
        // With row_security off the server refuses instead of counting only what a policy shows.
        QCOMPARE(facts.nulls->kind, NullCount::Kind::Unknown);
        QVERIFY2(facts.nulls->why.contains(QLatin1String("row-level security")),
                 qPrintable(facts.nulls->why));
        m_database.reset();
        run(QStringLiteral("DROP OWNED BY visitor"));
        run(QStringLiteral("DROP ROLE visitor"));
    }

    void namesThatNeedQuotesStayNames()
    {
        run(QStringLiteral("CREATE TABLE \"Odd'Table\" (\"order\" int PRIMARY KEY, \"select\" "
                           "uuid, \"user\" uuid)"));
        Change change = PostgresWorld::change();
        change.table.name = QStringLiteral("Odd'Table");
        change.column = QStringLiteral("select");
        change.derive.join = {{QStringLiteral("id"), QStringLiteral("user")}};
        const Facts facts = read(change);
        QVERIFY(facts.table);
        QVERIFY(facts.column);
        QVERIFY(facts.column->typeMatches);
        QVERIFY(facts.sourceTable);
        QCOMPARE(facts.table->key, (KeyColumn{QStringLiteral("order"), QStringLiteral("integer")}));
    }

    void nobodyAtThePortIsUnavailable()
    {
        PostgresSettings settings = m_world.settings(m_name);
        settings.port = 1;
        PostgresDatabase nowhere(settings, m_clock);
        const auto facts = await(nowhere.facts(PostgresWorld::change(), Database::Nulls::Leave));
        QVERIFY(!facts);
        QCOMPARE(facts.error().kind, ErrorKind::Unavailable);
        QVERIFY(facts.error().message.contains(nowhere.place()));
    }

    void aDatabaseThatIsNotThereIsNotFound()
    {
        PostgresSettings settings = m_world.settings(QStringLiteral("nothing"));
        PostgresDatabase nothing(settings, m_clock);
        const auto facts = await(nothing.facts(PostgresWorld::change(), Database::Nulls::Leave));
        QVERIFY(!facts);
        QCOMPARE(facts.error().kind, ErrorKind::NotFound);
    }

    /// Everything that the record says, on the way as text in every form that could be spoilt.
    void whatIsRememberedComesWithTheCatalogInOneRoundTrip_data()
    {
        QTest::addColumn<bool>("hasXml");
        QTest::newRow("as it is packaged") << true;
        QTest::newRow("without XML") << false;
    }

    void whatIsRememberedComesWithTheCatalogInOneRoundTrip()
    {
        QFETCH(bool, hasXml);
        const Change change = PostgresWorld::change();
        const QString actor = QString::fromUtf8("A. <M\u00fcster> & \"Co\" </d> 'x' \\ ")
                              + QString(200, QLatin1Char('m'));
        QTcpServer relay;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        int asked = 0;
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *client = relay.nextPendingConnection();
            auto *server = new QTcpSocket(client);
            server->connectToHost(QHostAddress(QHostAddress::LocalHost),
                                  quint16(m_world.server().port()));
            connect(client, &QTcpSocket::readyRead, server, [&asked, client, server] {
                const QByteArray said = client->readAll();
                asked += said.startsWith('Q') ? 1 : 0;
                server->write(said);
            });
            connect(server, &QTcpSocket::readyRead, client,
                    [client, server] { client->write(server->readAll()); });
        });
        PostgresSettings settings = m_world.settings(m_name);
        settings.port = relay.serverPort();
        m_database = std::make_unique<PostgresDatabase>(settings, m_clock);
        const auto trips = [&] {
            asked = 0;
            (void)read(change, Database::Nulls::Leave);
            return asked;
        };
        if (!hasXml) {
            run(QStringLiteral("CREATE FUNCTION query_to_xml(text, boolean, boolean, text) RETURNS "
                               "xml LANGUAGE plpgsql AS $$BEGIN RAISE 'unsupported XML feature' "
                               "USING ERRCODE = '0A000'; END$$"));
            run(QStringLiteral("ALTER DATABASE \"%1\" SET search_path = public, pg_catalog")
                    .arg(m_name));
        }
        (void)trips(); // connects
        QCOMPARE(trips(), 1);
        QVERIFY(!read(change, Database::Nulls::Leave).recordKept);

        for (const QString &statement : stepsql::recordSchema())
            run(statement);
        run(QStringLiteral("INSERT INTO pilothouse.step (change_id, step, actor, intent) VALUES "
                           "('%1', 'E1', %2, 'i1'), ('%1', '-E1', 'B', 'i2'), ('other', 'E2', 'C', "
                           "'i3'), ('%1', 'E2', 'D', 'i4')")
                .arg(change.name.value, sqlText(actor)));
        QCOMPARE(trips(), hasXml ? 1 : 3);
        const Facts facts = read(change, Database::Nulls::Leave);
        QVERIFY(facts.recordKept);
        QCOMPARE(facts.steps.size(), 2);
        QCOMPARE(facts.steps.first().step, StepId::E1);
        QCOMPARE(facts.steps.first().actor, actor);
        QCOMPARE(facts.steps.first().intent.value, QStringLiteral("i1"));
        QVERIFY(std::abs(facts.steps.first().at.secsTo(facts.at)) < 60);
        QCOMPARE(facts.steps.last().step, StepId::E2);
        QVERIFY(!facts.backfill);
        QVERIFY(facts.recordedPlanHash.isEmpty());
    }

    void aLostConnectionIsMadeAgain()
    {
        (void)read();
        (void)m_world.server().sql(
            m_name, QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                   "application_name = 'pilothouse/watcher'"));
        const auto lost = await(m_database->facts(PostgresWorld::change(), Database::Nulls::Leave));
        QVERIFY(!lost);
        QCOMPARE(lost.error().kind, ErrorKind::Unavailable);
        QVERIFY(read().table.has_value());
    }
};

QTEST_GUILESS_MAIN(FactsTest)
#include "facts_test.moc"
