#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "support/await.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// How a login reaches a real PostgreSQL that asks for a password: by libpq's own files alone.
class LoginTest : public QObject
{
    Q_OBJECT

private:
    PostgresServer m_server;
    SystemClock m_clock;
    QTemporaryDir m_dir;
    QString m_name;

    [[nodiscard]] QString path(const char *name) const
    {
        return m_dir.filePath(QString::fromLatin1(name));
    }
    void write(const char *name, const QString &text,
               QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0);
        QVERIFY(file.setPermissions(permissions));
    }
    /// An entry for the role that the server asks for its password.
    void keepPassword(const QString &password,
                      QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner) const
    {
        write("pgpass",
              QStringLiteral("127.0.0.1:%1:%2:releaser:%3\n")
                  .arg(m_server.port())
                  .arg(m_name, password),
              permissions);
    }
    void defineService(const QString &user, const QString &more = {}) const
    {
        write("services", QStringLiteral("[production]\nhost=127.0.0.1\nport=%1\ndbname=%2\n"
                                         "user=%3\n%4")
                              .arg(m_server.port())
                              .arg(m_name, user, more));
    }
    [[nodiscard]] static PostgresSettings service(const QString &name, const QString &user = {})
    {
        return {name, {}, 0, {}, user};
    }
    [[nodiscard]] PostgresSettings direct() const
    {
        return {
            {}, QStringLiteral("127.0.0.1"), m_server.port(), m_name, QStringLiteral("releaser")};
    }
    /// Who is logged in, in which database; or what was said.
    [[nodiscard]] QString login(const PostgresSettings &settings)
    {
        PostgresDatabase database(settings, m_clock);
        const auto facts = await(database.facts(PostgresWorld::change(), Database::Nulls::Leave));
        if (!facts)
            return facts.error().message;
        return m_server.sql(PostgresServer::user(),
                            QStringLiteral("SELECT DISTINCT usename, datname FROM pg_stat_activity "
                                           "WHERE application_name LIKE 'pilothouse/%'"));
    }
    [[nodiscard]] Error refusal(const PostgresSettings &settings)
    {
        PostgresDatabase database(settings, m_clock);
        const auto facts = await(database.facts(PostgresWorld::change(), Database::Nulls::Leave));
        return facts ? Error{} : facts.error();
    }
    [[nodiscard]] QString releaser() const { return QStringLiteral("releaser|") + m_name; }

private Q_SLOTS:
    void initTestCase()
    {
        // The server may run as nobody.
        QVERIFY(QFile::setPermissions(m_dir.path(),
                                      QFile::permissions(m_dir.path()) | QFile::ExeOther));
        write("hba",
              QStringLiteral("host all releaser 127.0.0.1/32 scram-sha-256\n"
                             "host all all 127.0.0.1/32 trust\n"),
              QFile::ReadOwner | QFile::ReadOther);
        if (!m_server.start({QStringLiteral("hba_file=") + path("hba"),
                             QStringLiteral("password_encryption=scram-sha-256")})) {
            if (PostgresWorld::mustHaveServer())
                QFAIL(qPrintable(m_server.why()));
            QSKIP(qPrintable(m_server.why()));
        }
        m_name = m_server.createDatabase(QStringLiteral("context"));
        QCOMPARE(m_server.sql(m_name, QStringLiteral("CREATE ROLE releaser LOGIN PASSWORD "
                                                     "'kept for 3 a.m.'")),
                 QString());
        QCOMPARE(m_server.sql(m_name, QStringLiteral("CREATE ROLE reader LOGIN")), QString());
        qputenv("PGSERVICEFILE", path("services").toUtf8());
        qputenv("PGSYSCONFDIR", m_dir.path().toUtf8()); // the machine's services are not ours
        qputenv("PGPASSFILE", path("pgpass").toUtf8());
        for (const char *other : {"PGSERVICE", "PGPASSWORD", "PGUSER", "PGHOST", "PGHOSTADDR"})
            qunsetenv(other);
    }

    void init()
    {
        keepPassword(QStringLiteral("kept for 3 a.m."));
        defineService(QStringLiteral("releaser"));
    }

    void aServiceTakesItsPasswordFromPgpass()
    {
        QCOMPARE(login(service(QStringLiteral("production"))), releaser());
    }

    void soDoesAServerThatIsNamed() { QCOMPARE(login(direct()), releaser()); }

    void aServiceMayBringItsPassword()
    {
        QVERIFY(QFile::remove(path("pgpass")));
        defineService(QStringLiteral("releaser"), QStringLiteral("password=kept for 3 a.m.\n"));
        QCOMPARE(login(service(QStringLiteral("production"))), releaser());
    }

    void theWorkspacesUserStandsBeforeTheServices()
    {
        defineService(QStringLiteral("reader"));
        QCOMPARE(login(service(QStringLiteral("production"), QStringLiteral("releaser"))),
                 releaser());
        QCOMPARE(login(service(QStringLiteral("production"))), QStringLiteral("reader|") + m_name);
    }

    void aRefusedLoginSaysWhereThePasswordIsKept_data()
    {
        QTest::addColumn<QString>("password"); // empty = no entry
        QTest::addColumn<bool>("open");
        QTest::newRow("a wrong password") << QStringLiteral("kept for 4 a.m.") << false;
        QTest::newRow("no password") << QString() << false;
        QTest::newRow("a file that others may read, which libpq leaves alone")
            << QStringLiteral("kept for 3 a.m.") << true;
    }
    void aRefusedLoginSaysWhereThePasswordIsKept()
    {
        QFETCH(QString, password);
        QFETCH(bool, open);
        if (password.isEmpty())
            QVERIFY(QFile::remove(path("pgpass")));
        else
            keepPassword(password, QFile::ReadOwner | QFile::WriteOwner
                                       | (open ? QFile::ReadOther : QFile::Permissions()));
        for (const PostgresSettings &settings : {service(QStringLiteral("production")), direct()}) {
            const Error error = refusal(settings);
            QCOMPARE(error.message,
                     settings.place()
                         + QStringLiteral(
                             " refused the login. Check the user and the entry in pgpass."));
            QCOMPARE(error.kind, ErrorKind::SignedOut);
            QVERIFY2(!error.detail.isEmpty() && !error.detail.contains(QLatin1String("a.m.")),
                     qPrintable(error.detail));
        }
    }

    void anUnknownServiceIsNamedWithTheFileToLookAt_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isThere");
        QTest::newRow("none of that name") << QStringLiteral("staging") << true;
        QTest::newRow("no file of services") << QStringLiteral("production") << false;
    }
    void anUnknownServiceIsNamedWithTheFileToLookAt()
    {
        QFETCH(QString, name);
        QFETCH(bool, isThere);
        if (!isThere)
            QVERIFY(QFile::remove(path("services")));
        const Error error = refusal(service(name));
        QCOMPARE(error.message,
                 QStringLiteral("libpq knows no service %1. Check pg_service.conf.").arg(name));
        QCOMPARE(error.kind, ErrorKind::BadInput);
        QVERIFY(!error.detail.isEmpty());
    }

    void whatIsMendedIsReadByTheSameConsole()
    {
        keepPassword(QStringLiteral("kept for 4 a.m."));
        PostgresDatabase database(service(QStringLiteral("production")), m_clock);
        const auto facts = [&database] {
            return await(database.facts(PostgresWorld::change(), Database::Nulls::Leave));
        };
        QVERIFY(!facts());
        keepPassword(QStringLiteral("kept for 3 a.m."));
        const auto read = facts();
        QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
        QCOMPARE(read->value.server.database, m_name);
    }
};

QTEST_GUILESS_MAIN(LoginTest)
#include "login_test.moc"
