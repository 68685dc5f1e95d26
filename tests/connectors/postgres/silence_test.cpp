#include "base/clock.h"
#include "connectors/postgres/connection.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "support/await.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QVariant>

#include <csignal>

using namespace pilothouse;
using namespace std::chrono_literals;

/// A real PostgreSQL that takes a question and says nothing: its backends stand still.
class SilenceTest : public QObject
{
    Q_OBJECT

private:
    static constexpr std::chrono::milliseconds patience = 300ms;

    PostgresWorld m_world;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;
    QList<pid_t> m_stopped;
    const Change m_change = PostgresWorld::change();

    QString sql(const QString &statement) { return m_world.server().sql(m_name, statement); }
    Result<Reading<Facts>> facts()
    {
        return await(m_database->facts(m_change, Database::Nulls::Leave));
    }
    /// The session of this role gets no time any more.
    void stop(const char *role)
    {
        const QString pid
            = sql(QStringLiteral("SELECT pid FROM pg_stat_activity WHERE application_name = "
                                 "'pilothouse/%1' AND datname = current_database()")
                      .arg(QLatin1String(role)));
        QVERIFY(pid.toInt() > 0);
        m_stopped.append(pid.toInt());
        QCOMPARE(::kill(m_stopped.last(), SIGSTOP), 0);
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
        m_name = m_world.makeDatabase(100);
        QVERIFY(!m_name.isEmpty());
        PostgresSettings settings = m_world.settings(m_name);
        settings.patience = patience;
        m_database = std::make_unique<PostgresDatabase>(settings, m_clock);
    }

    void cleanup()
    {
        for (const pid_t pid : std::as_const(m_stopped))
            ::kill(pid, SIGCONT);
        m_stopped.clear();
        m_database.reset();
    }

    void whoSaysNothingIsGivenUpAndAskedAnew()
    {
        QVERIFY(facts());
        stop("watcher");
        const auto silent = facts();
        QVERIFY(!silent);
        QCOMPARE(silent.error().kind, ErrorKind::TimedOut);
        QVERIFY2(silent.error().message.endsWith(QLatin1String("did not answer in time.")),
                 qPrintable(silent.error().message));
        QVERIFY(facts()); // over another session
    }

    void theOtherSessionGoesOn()
    {
        QVERIFY(facts());
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        stop("worker");
        const auto lock = m_database->takeRunnerLock(m_change.name);
        QVERIFY(facts());
        QCOMPARE(await(lock).error().kind, ErrorKind::TimedOut);
        // The lost session has its lock until the server has ended it.
        QVERIFY(!await(m_database->takeRunnerLock(m_change.name))->taken);
        ::kill(m_stopped.last(), SIGCONT);
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
    }

    void aStatementThatMayTakeHoursIsWaitedFor()
    {
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        sql(QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid"));
        PostgresClient other(m_world.server(), m_name, QStringLiteral("other"));
        other.sql(QStringLiteral("BEGIN"));
        other.sql(QStringLiteral("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE"));
        const auto count = m_database->countNulls(m_change);
        QTest::qWait(500); // longer than the patience, shorter than its wait for a lock
        QVERIFY(!count.isFinished());
        other.sql(QStringLiteral("COMMIT"));
        QCOMPARE(await(count)->rows, 100);
    }

    void anAnswerThatIsLostIsNotWaitedForWhateverTheLength()
    {
        // A relay that loses one statement.
        QTcpServer relay;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        int lost = 0;
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *client = relay.nextPendingConnection();
            auto *server = new QTcpSocket(client);
            server->connectToHost(QHostAddress(QHostAddress::LocalHost),
                                  quint16(m_world.server().port()));
            connect(client, &QTcpSocket::readyRead, server, [&lost, client, server] {
                const QByteArray said = client->readAll();
                if (lost > 0 || !said.contains("ANALYZE"))
                    server->write(said);
                else
                    ++lost;
            });
            connect(server, &QTcpSocket::readyRead, client,
                    [client, server] { client->write(server->readAll()); });
            connect(client, &QTcpSocket::disconnected, server, &QTcpSocket::disconnectFromHost);
        });
        PostgresSettings settings = m_world.settings(m_name);
        settings.port = relay.serverPort();
        settings.patience = patience;
        PostgresDatabase database(settings, m_clock);
        QVERIFY(await(database.facts(m_change, Database::Nulls::Leave)));
        QVERIFY(await(database.takeRunnerLock(m_change.name))->taken);
        StatementGroup group;
        group.lockClass = LockClass::Long;
        group.statements = {QStringLiteral("ANALYZE conversations")};
        const RunTag tag{m_change.name, QStringLiteral("M5"), QStringLiteral("A. Muster"),
                         IntentId()};
        const auto answer = await(database.run(group, tag));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::TimedOut);
        QCOMPARE(lost, 1);
        QCOMPARE(await(database.run(group, tag)).error().kind, ErrorKind::Unavailable);
        QTRY_VERIFY(await(database.takeRunnerLock(m_change.name))->taken);
        QVERIFY(await(database.run(group, tag)));
    }

    void theServerLooksForItsClientsToo()
    {
        Connection connection(m_world.settings(m_name), QStringLiteral("worker"));
        QVERIFY(connection.open());
        auto told
            = connection.query(QStringLiteral("SELECT current_setting('tcp_keepalives_idle')::int "
                                              "+ current_setting('tcp_keepalives_interval')::int * "
                                              "current_setting('tcp_keepalives_count')::int"));
        QVERIFY(told && told->next());
        QCOMPARE(told->value(0).toInt(), 50); // seconds until a runner lock is free again
    }

    void closingDoesNotWaitForIt()
    {
        QVERIFY(facts());
        stop("watcher");
        const auto silent = m_database->facts(m_change, Database::Nulls::Leave);
        m_database.reset();
        QVERIFY(silent.isFinished());
    }
};

QTEST_GUILESS_MAIN(SilenceTest)
#include "silence_test.moc"
