#include "connectors/postgres/servererror.h"

#include <QTest>

using namespace pilothouse;

class ServerErrorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatToDo_data()
    {
        QTest::addColumn<QString>("sqlState");
        QTest::addColumn<QString>("text");
        QTest::addColumn<ErrorKind>("kind");
        const auto row = [](const char *name, const char *state, const char *text, ErrorKind kind) {
            QTest::newRow(name) << QString::fromLatin1(state) << QString::fromLatin1(text) << kind;
        };
        row("nobody listens", "",
            "connection to server at \"127.0.0.1\", port 1 failed: Connection "
            "refused",
            ErrorKind::Unavailable);
        row("a wrong password", "", "FATAL:  password authentication failed for user \"m\"",
            ErrorKind::SignedOut);
        row("no password anywhere", "", "fe_sendauth: no password supplied", ErrorKind::SignedOut);
        row("an unknown role", "", "FATAL:  role \"nobody\" does not exist", ErrorKind::SignedOut);
        row("an unknown database", "", "FATAL:  database \"nothing\" does not exist",
            ErrorKind::NotFound);
        row("a database that is closed", "",
            "FATAL:  database \"context\" is not currently accepting "
            "connections",
            ErrorKind::Unavailable);
        row("an unknown service", "", "definition of service \"x\" not found", ErrorKind::BadInput);
        row("a server that starts", "", "FATAL:  the database system is starting up",
            ErrorKind::Unavailable);
        row("a missing right", "42501", "ERROR:  must be owner of table conversations",
            ErrorKind::NotAllowed);
        row("an ended session", "57P01",
            "FATAL:  terminating connection due to administrator "
            "command",
            ErrorKind::Unavailable);
        row("a cut socket", "08006", "server closed the connection unexpectedly",
            ErrorKind::Unavailable);
        row("a lock timeout", "55P03", "ERROR:  canceling statement due to lock timeout",
            ErrorKind::TimedOut);
        row("a NULL that C2 finds", "23514",
            "ERROR:  check constraint \"c\" is violated by some row", ErrorKind::Conflict);
        row("a column that is there", "42701", "ERROR:  column \"c\" already exists",
            ErrorKind::Conflict);
        row("a full disk", "53100", "ERROR:  could not extend file", ErrorKind::Unavailable);
        row("a mistake of ours", "42601", "ERROR:  syntax error", ErrorKind::Internal);
    }

    void tellsWhatToDo()
    {
        QFETCH(QString, sqlState);
        QFETCH(QString, text);
        QFETCH(ErrorKind, kind);
        const Error error = serverError(sqlState, text, QStringLiteral("context-production"));
        QCOMPARE(error.kind, kind);
        QVERIFY(!error.message.isEmpty());
        QCOMPARE(error.detail, text);
    }

    void knowsWhatMayBeTriedAgain_data()
    {
        QTest::addColumn<QString>("sqlState");
        QTest::addColumn<bool>("again");
        QTest::newRow("lock timeout") << QStringLiteral("55P03") << true;
        QTest::newRow("deadlock") << QStringLiteral("40P01") << true;
        QTest::newRow("serialization failure") << QStringLiteral("40001") << true;
        QTest::newRow("a violated check") << QStringLiteral("23514") << false;
        QTest::newRow("a cancelled statement") << QStringLiteral("57014") << false;
    }

    void knowsWhatMayBeTriedAgain()
    {
        QFETCH(QString, sqlState);
        QFETCH(bool, again);
        QCOMPARE(isLockTrouble(sqlState), again);
    }
};

QTEST_GUILESS_MAIN(ServerErrorTest)
#include "servererror_test.moc"
