#include "app/wiring/signin/consentdesk.h"
#include "app/wiring/signin/consentpreview.h"

#include "support/await.h"
#include "support/fakeclock.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class ConsentDeskTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    FakeClock m_clock;

    QString path() const { return m_dir->filePath(QStringLiteral("consent.json")); }
    std::unique_ptr<ConsentDesk> desk()
    {
        return std::make_unique<ConsentDesk>(ConsentFile(path()), m_clock,
                                             QStringLiteral("/w/pilothouse.yaml"));
    }
    static ProgramUse use(const char *sha256 = "aa11")
    {
        return {QStringLiteral("/opt/login"),
                {QStringLiteral("--client=me")},
                sha256,
                {QStringLiteral("ZONE")},
                QStringLiteral("kubeconfig /k, context prod")};
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void withoutAWindowTheAnswerIsNoAndHowToAllowIt()
    {
        const auto answer = await(desk()->ask(use()));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::SignedOut);
        QCOMPARE(answer.error().message,
                 QStringLiteral("You have not allowed the program /opt/login to run. Look "
                                "at it and allow it: pilothouse-cli consent --workspace "
                                "/w/pilothouse.yaml"));
    }

    void theWindowIsAskedOnceForAllWhoWait()
    {
        const auto asking = desk();
        asking->setAttended(true);
        QSignalSpy asked(asking.get(), &ConsentDesk::asked);
        const auto one = asking->ask(use());
        const auto two = asking->ask(use());
        QCOMPARE(asked.size(), 1);
        QVERIFY(!one.isFinished() && !two.isFinished());
        QVERIFY(asking->allow(use()));
        QVERIFY(await(one) && await(two));
        QVERIFY(await(asking->ask(use())));
        QCOMPARE(asked.size(), 1);
    }

    void whatWasAllowedIsRememberedForTheNextStart()
    {
        {
            const auto asking = desk();
            asking->setAttended(true);
            (void)asking->ask(use());
            QVERIFY(asking->allow(use()));
        }
        QVERIFY(await(desk()->ask(use())));
    }

    void aChangedFileIsAskedAboutAgainWithTheDateOfTheOld()
    {
        const auto asking = desk();
        asking->setAttended(true);
        QVERIFY(asking->allow(use()));
        QSignalSpy asked(asking.get(), &ConsentDesk::asked);
        const auto changed = asking->ask(use("bb22"));
        QCOMPARE(asked.size(), 1);
        const auto known = asked[0][1].value<Consent>();
        QCOMPARE(known.standing, Consent::Standing::Changed);
        QCOMPARE(known.since, m_clock.now());
        asking->decline(use("bb22"));
        QVERIFY2(await(changed).error().message.contains(
                     QStringLiteral("is not the file that you allowed")),
                 qPrintable(await(changed).error().message));
        QVERIFY(await(asking->ask(use())));
    }

    void whatWasDeclinedIsNotAskedAgainButMayBeAllowedElsewhere()
    {
        const auto asking = desk();
        asking->setAttended(true);
        QSignalSpy asked(asking.get(), &ConsentDesk::asked);
        const auto first = asking->ask(use());
        asking->decline(use());
        QVERIFY(!await(first));
        QVERIFY(!await(asking->ask(use())));
        QCOMPARE(asked.size(), 1);
        QVERIFY(ConsentFile(path()).allow(use(), m_clock.now()));
        QVERIFY(await(asking->ask(use())));
    }

    void whatCannotBeRememberedDoesNotRun()
    {
        const auto asking = desk();
        asking->setAttended(true);
        const auto waiting = asking->ask(use());
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense") > 0);
        file.close();
        QVERIFY(!asking->allow(use()));
        QVERIFY(!waiting.isFinished());
        const auto next = await(asking->ask(use()));
        QVERIFY(!next);
        QCOMPARE(next.error().kind, ErrorKind::SignedOut);
    }

    void aClosedConsoleLeavesNobodyWaiting()
    {
        auto asking = desk();
        asking->setAttended(true);
        const auto waiting = asking->ask(use());
        asking.reset();
        QVERIFY(waiting.isFinished() && waiting.isCanceled());
    }

    void thePreviewTellsEverythingThatIsDecided()
    {
        ProgramUse shown = use();
        shown.arguments << QStringLiteral("--token=ghp_abcdefghijklmnopqrstuvwxyz0123456789");
        const Preview preview
            = consentPreview(shown, {Consent::Standing::Changed, m_clock.now()}, {});
        QString text;
        for (const PreviewRow &row : preview.rows)
            text += row.label + QLatin1Char(' ') + row.text + QLatin1Char('\n');
        for (const char *told : {"/opt/login", "aa11", "--client=me", "ZONE",
                                 "kubeconfig /k, context prod", "not the file that you allowed"})
            QVERIFY2(text.contains(QString::fromLatin1(told)), told);
        text += preview.calls[0].exact;
        QVERIFY2(!text.contains(QStringLiteral("abcdefghijkl")), qPrintable(text));
        QCOMPARE(preview.typed, QString());
        const Preview unchanged = consentPreview(shown, {}, {});
        QCOMPARE(unchanged.rows.size(), preview.rows.size() - 1);
    }

    void aKeyInPlaceOfAPersonIsWarnedOf()
    {
        QFile file(m_dir->filePath(QStringLiteral("adc.json")));
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.write(R"({"type":"service_account","private_key":"hush"})") > 0);
        file.close();
        qputenv("GOOGLE_APPLICATION_CREDENTIALS", file.fileName().toLocal8Bit());
        QCOMPARE(keyWarning(use()), QString());
        ProgramUse google = use();
        google.arguments = QStringList{QStringLiteral("--use_application_default_credentials")};
        QVERIFY(keyWarning(google).contains(file.fileName()));
        QVERIFY(!keyWarning(google).contains(QStringLiteral("hush")));
        const Preview preview = consentPreview(google, {}, {});
        QVERIFY(std::any_of(preview.rows.begin(), preview.rows.end(), [](const PreviewRow &row) {
            return row.kind == PreviewRow::Kind::Against && row.label == QLatin1String("Key");
        }));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(R"({"type":"authorized_user"})") > 0);
        file.close();
        QCOMPARE(keyWarning(google), QString());
        qunsetenv("GOOGLE_APPLICATION_CREDENTIALS");
    }
};

QTEST_GUILESS_MAIN(ConsentDeskTest)
#include "consentdesktest.moc"
