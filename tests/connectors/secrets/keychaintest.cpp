#include "connectors/secrets/keychaintoken.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakekeychain.h"

#include <QTest>

#include <qt6keychain/keychain.h>

using namespace pilothouse;

namespace {

const KeychainAccount github{QStringLiteral("github"), QStringLiteral("git.example"),
                             QStringLiteral("GitHub (git.example)")};
const QString putIn = QStringLiteral("pilothouse-cli login github");

} // namespace

class KeychainTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTokenIsReadOnceUntilForgotten()
    {
        FakeKeychain keychain;
        FakeClock clock;
        keychain.entries = {{QStringLiteral("github git.example"), "first\n"},
                            {QStringLiteral("github github.com"), "of somebody else"}};
        KeychainToken source(keychain, clock, github, putIn);
        QCOMPARE(await(source.token())->expose(), QByteArray("first"));
        keychain.entries[github.key()] = "second";
        QCOMPARE(await(source.token())->expose(), QByteArray("first"));
        source.forget();
        QCOMPARE(await(source.token())->expose(), QByteArray("second"));
        QCOMPARE(keychain.reads, 2);
    }

    void withoutATokenTheCommandIsSaid_data()
    {
        QTest::addColumn<bool>("empty");
        QTest::newRow("no entry") << false;
        QTest::newRow("an empty one") << true;
    }
    void withoutATokenTheCommandIsSaid()
    {
        QFETCH(bool, empty);
        FakeKeychain keychain;
        FakeClock clock;
        if (empty)
            keychain.entries.insert(github.key(), " \n");
        KeychainToken source(keychain, clock, github, putIn);
        const auto token = await(source.token());
        QVERIFY(!token);
        QCOMPARE(token.error().kind, ErrorKind::SignedOut);
        QCOMPARE(token.error().message,
                 QStringLiteral("The keychain has no token for GitHub (git.example). Put one in: "
                                "pilothouse-cli login github"));
        // Put in meanwhile, it is found.
        keychain.entries.insert(github.key(), "t");
        QVERIFY(await(source.token()));
    }

    void aFailureIsSignedOutAndSaysWhatToDo_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        const auto row
            = [](const char *name, QKeychain::Error code, ErrorKind kind, const char *said) {
                  QTest::newRow(name) << int(code) << int(kind) << QString::fromUtf8(said);
              };
        row("locked", QKeychain::AccessDenied, ErrorKind::SignedOut, "Unlock it and try again");
        row("declined", QKeychain::AccessDeniedByUser, ErrorKind::SignedOut, "Unlock it");
        row("no keychain", QKeychain::NoBackendAvailable, ErrorKind::Unavailable,
            "credential: env NAME");
        row("not on this system", QKeychain::NotImplemented, ErrorKind::Unavailable,
            "No keychain answers");
        row("anything else", QKeychain::OtherError, ErrorKind::Unavailable, "No keychain answers");
    }
    void aFailureIsSignedOutAndSaysWhatToDo()
    {
        QFETCH(int, code);
        QFETCH(int, kind);
        QFETCH(QString, said);
        FakeKeychain keychain;
        FakeClock clock;
        keychain.error = keychainError(code, QStringLiteral("raw text"));
        QCOMPARE(int(keychain.error->kind), kind);
        KeychainToken source(keychain, clock, github, putIn);
        const auto token = await(source.token());
        QVERIFY(!token);
        QCOMPARE(token.error().kind, ErrorKind::SignedOut);
        QVERIFY2(token.error().message.contains(said), qPrintable(token.error().message));
        QVERIFY(token.error().message.contains(github.title));
        QCOMPARE(token.error().detail, QStringLiteral("raw text"));
    }

    void aMissingEntryIsNotFound()
    {
        QCOMPARE(keychainError(QKeychain::EntryNotFound, {}).kind, ErrorKind::NotFound);
        QCOMPARE(keychainError(QKeychain::CouldNotDeleteEntry, {}).kind, ErrorKind::NotFound);
    }

    void aMachineWithoutAKeychainIsSaidAtOnce()
    {
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        qputenv("XDG_RUNTIME_DIR", "/nowhere");
        DesktopKeychain keychain;
        const auto read = await(keychain.read(github.key()));
        QVERIFY(!read);
        QVERIFY2(read.error().kind == ErrorKind::Unavailable
                     || read.error().kind == ErrorKind::SignedOut,
                 qPrintable(read.error().message + read.error().detail));
        const auto written = await(keychain.write(github.key(), Secret("s3cret")));
        QVERIFY(!written);
        QVERIFY(
            !(written.error().message + written.error().detail).contains(QStringLiteral("s3cret")));
    }
};

QTEST_GUILESS_MAIN(KeychainTest)
#include "keychaintest.moc"
