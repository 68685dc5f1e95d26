#include "app/sandbox/parts/postgresserver.h"
#include "sandbox_parts/serverfixture.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTimer>

#include <csignal>

namespace pilothouse::sandbox {

/// A real server, one for all functions.
class PostgresTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFirstStartIsNotDisturbedByWhoWaitsForIt();
    void bothDatabasesHaveTheirRows_data();
    void bothDatabasesHaveTheirRows();
    void everyUserHasAnOrganization();
    void onlyStagingIsExpanded();
    void stagingWasExpandedYesterday();
    void theTriggerFillsWhatAnOldWriterLeavesOut();
    void theApplicationMayNotChangeTheTable();
    void theMigratorMayEndOtherSessions();
    void nobodyListensOnAnotherAddress();
    void aSecondStartTakesTheFilledDatabase();
    void nothingIsLeftBehind();
    void aServerThatEndsIsTold();

private:
    [[nodiscard]] PgSession::Place at(const QByteArray &database, const QByteArray &user) const
    {
        return {m_server->port(), database, user, "test/1234567"};
    }

    QTemporaryDir m_dir;
    std::unique_ptr<PostgresServer> m_server;
};

void PostgresTest::initTestCase()
{
    REQUIRE_PROGRAMS(PostgresServer::binaryFolder());
    m_server = std::make_unique<PostgresServer>(
        PostgresServer::Settings{m_dir.path(), freePort(), ChangeStage::Untouched});
    QElapsedTimer time;
    time.start();
    const auto failure = started(*m_server);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    qInfo("started in %lld ms", time.elapsed());
}

void PostgresTest::aFirstStartIsNotDisturbedByWhoWaitsForIt()
{
    QTemporaryDir fresh; // without a filled template
    QVERIFY(QFile::setPermissions(fresh.path(), QFileInfo(QDir::rootPath()).permissions()));
    const QByteArray earlierTemporary = qgetenv("TMPDIR");
    const QByteArray earlierCache = qgetenv("XDG_CACHE_HOME");
    qputenv("TMPDIR", QFile::encodeName(fresh.path()));
    qputenv("XDG_CACHE_HOME", QFile::encodeName(fresh.path()));
    PostgresServer first({fresh.path(), freePort(), ChangeStage::Untouched});
    // As the console does: it connects as soon as anybody answers, and keeps the session.
    PgSession waits;
    const PgSession::Place place{first.port(), "production", "migrator", "test/1234567"};
    QTimer again;
    again.setSingleShot(true);
    again.setInterval(10);
    connect(&again, &QTimer::timeout, &waits, [&] { waits.open(place); });
    connect(&waits, &PgSession::lost, &again, [&] { again.start(); });
    waits.open(place);
    const auto failure = started(first);
    qputenv("TMPDIR", earlierTemporary);
    qputenv("XDG_CACHE_HOME", earlierCache);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    again.disconnect();
    QCOMPARE(value(place, "SELECT count(*) FROM conversations"), QByteArray("300000"));
}

void PostgresTest::bothDatabasesHaveTheirRows_data()
{
    QTest::addColumn<QByteArray>("database");
    QTest::newRow("production") << QByteArray("production");
    QTest::newRow("staging") << QByteArray("staging");
}

void PostgresTest::bothDatabasesHaveTheirRows()
{
    QFETCH(QByteArray, database);
    const auto place = at(database, "migrator");
    QCOMPARE(value(place, "SELECT count(*) FROM users"), QByteArray("2000"));
    QCOMPARE(value(place, "SELECT count(*) FROM conversations"), QByteArray("300000"));
    QCOMPARE(
        value(place, "SELECT title FROM conversations WHERE id = 4711"),
        value(at("production", "migrator"), "SELECT title FROM conversations WHERE id = 4711"));
    QCOMPARE(
        value(place, "SELECT reltuples > 290000 FROM pg_class WHERE relname = 'conversations'"),
        QByteArray("t"));
}

void PostgresTest::everyUserHasAnOrganization()
{
    const auto place = at("production", "migrator");
    QCOMPARE(value(place, "SELECT count(DISTINCT organization_id) FROM users"), QByteArray("120"));
    QCOMPARE(value(place, "SELECT count(*) FROM conversations c LEFT JOIN users u ON u.id = "
                          "c.user_id WHERE u.organization_id IS NULL"),
             QByteArray("0"));
}

void PostgresTest::onlyStagingIsExpanded()
{
    const QByteArray columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = "
                               "'conversations' AND column_name = 'organization_id'";
    QCOMPARE(value(at("production", "migrator"), columns), QByteArray("0"));
    QCOMPARE(value(at("staging", "migrator"), columns), QByteArray("1"));
    QCOMPARE(value(at("production", "migrator"), "SELECT to_regnamespace('pilothouse') IS NULL"),
             QByteArray("t"));
}

void PostgresTest::stagingWasExpandedYesterday()
{
    QCOMPARE(value(at("staging", "migrator"),
                   "SELECT string_agg(step, ' ' ORDER BY at) FROM pilothouse.step WHERE at "
                   "BETWEEN now() - interval '25 hours' AND now() - interval '23 hours'"),
             QByteArray("E1 E2"));
}

void PostgresTest::theTriggerFillsWhatAnOldWriterLeavesOut()
{
    QCOMPARE(value(at("staging", "context_app"),
                   "INSERT INTO conversations (user_id, title) VALUES (7, 'x') RETURNING "
                   "organization_id = (SELECT organization_id FROM users WHERE id = 7)"),
             QByteArray("t"));
    QCOMPARE(
        value(at("staging", "migrator"), "SELECT app || ' ' || op FROM pilothouse.writer_seen"),
        QByteArray("test/1234567 INSERT"));
}

void PostgresTest::theApplicationMayNotChangeTheTable()
{
    const auto answer = asked(at("production", "context_app"),
                              "ALTER TABLE conversations ADD COLUMN organization_id uuid");
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Refused);
    QCOMPARE(answer.error().detail, QStringLiteral("42501"));
}

void PostgresTest::theMigratorMayEndOtherSessions()
{
    PgSession other;
    bool open = false;
    bool lost = false;
    connect(&other, &PgSession::opened, this, [&] { open = true; });
    connect(&other, &PgSession::lost, this, [&] { lost = true; });
    other.open({m_server->port(), "production", "report", "report-nightly"});
    QTRY_VERIFY(open);
    QCOMPARE(value(at("production", "migrator"),
                   "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                   "application_name = 'report-nightly'"),
             QByteArray("t"));
    QTRY_VERIFY(lost);
    QVERIFY(!other.isOpen());
}

void PostgresTest::nobodyListensOnAnotherAddress()
{
    QCOMPARE(value(at("production", "postgres"), "SHOW listen_addresses"), QByteArray("127.0.0.1"));
    QCOMPARE(value(at("production", "postgres"), "SHOW unix_socket_directories"), QByteArray());
}

void PostgresTest::aSecondStartTakesTheFilledDatabase()
{
    QTemporaryDir dir;
    const quint16 port = freePort();
    PostgresServer second({dir.path(), port, ChangeStage::Untouched});
    const auto failure = started(second);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    // A copy has the identity of what it was made from; initdb gives a new one.
    const char *identity = "SELECT system_identifier FROM pg_control_system()";
    const QByteArray first = value(at("production", "postgres"), identity);
    QVERIFY(!first.isEmpty());
    QCOMPARE(value({port, "production", "postgres", "test"}, identity), first);
}

void PostgresTest::nothingIsLeftBehind()
{
    QTemporaryDir dir;
    const quint16 port = freePort();
    QString data;
    {
        PostgresServer server({dir.path(), port, ChangeStage::Untouched});
        const auto failure = started(server);
        QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
        data = QString::fromUtf8(
            value({port, "production", "postgres", "test"}, "SHOW data_directory"));
        QVERIFY2(QFileInfo::exists(data), qPrintable(data));
    }
    QVERIFY2(!QFileInfo::exists(QFileInfo(data).path()), qPrintable(data));
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    QTRY_COMPARE(socket.error(), QAbstractSocket::ConnectionRefusedError);
}

void PostgresTest::aServerThatEndsIsTold()
{
    QTemporaryDir dir;
    PostgresServer server({dir.path(), freePort(), ChangeStage::Untouched});
    const auto failure = started(server);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    std::optional<Error> told;
    connect(&server, &PostgresServer::failed, this, [&](const Error &error) { told = error; });
    const QByteArray pid = value({server.port(), "production", "postgres", "test"},
                                 "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)");
    QVERIFY2(pid.toInt() > 1, pid.constData());
    QCOMPARE(::kill(pid.toInt(), SIGKILL), 0);
    QTRY_VERIFY(told);
    QCOMPARE(told->kind, ErrorKind::Unavailable);
    QVERIFY(told->message.contains(QLatin1String("PostgreSQL")));
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::PostgresTest)
#include "postgrestest.moc"
