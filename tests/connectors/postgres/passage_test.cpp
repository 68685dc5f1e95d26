#include "base/clock.h"
#include "connectors/postgres/passage.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "support/await.h"
#include "support/fakeconsent.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace pilothouse;
using namespace std::chrono_literals;

/// A real PostgreSQL, reached through a real program that hands on.
class PassageTest : public QObject
{
    Q_OBJECT

private:
    PostgresWorld m_world;
    SystemClock m_clock;
    ProcessRunner m_runner;
    LoginPath m_path{m_runner, QStringLiteral("/bin/sh"), QStringLiteral("/usr/bin:/bin")};
    std::unique_ptr<FakeConsent> m_consent;
    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_name;
    const Change m_change = PostgresWorld::change();

    [[nodiscard]] PassageSetting setting() { return {m_runner, m_path, *m_consent}; }
    [[nodiscard]] PostgresSettings target() const
    {
        PostgresSettings settings = m_world.settings(m_name);
        settings.patience = 10s;
        return settings;
    }
    [[nodiscard]] static ProgramUse use(const QString &program, const QStringList &arguments)
    {
        ProgramUse wish;
        wish.program = program;
        wish.arguments = arguments;
        wish.purpose = ProgramUse::Purpose::Passage;
        return wish;
    }
    [[nodiscard]] static ProgramUse script(const char *text)
    {
        return use(QStringLiteral("sh"),
                   {QStringLiteral("-c"), QString::fromLatin1(text), Passage::portPlaceholder});
    }
    [[nodiscard]] ProgramUse handingOn() const
    {
        return use(QStringLiteral(PASSAGE_PROGRAM),
                   {Passage::portPlaceholder, QString::number(target().port), pidFile()});
    }
    [[nodiscard]] QString pidFile() const { return m_dir->filePath(QStringLiteral("pid")); }
    [[nodiscard]] pid_t pid() const
    {
        QFile file(pidFile());
        return file.open(QIODevice::ReadOnly) ? file.readAll().toInt() : 0;
    }
    [[nodiscard]] static bool isThere(pid_t pid) { return pid > 0 && ::kill(pid, 0) == 0; }
    [[nodiscard]] std::unique_ptr<PostgresDatabase> through(const ProgramUse &wish)
    {
        return std::make_unique<PostgresDatabase>(
            std::make_unique<Passage>(wish, setting(), target()), m_clock);
    }
    [[nodiscard]] Result<Reading<Facts>> facts(PostgresDatabase &database) const
    {
        return await(database.facts(m_change, Database::Nulls::Leave));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (m_world.start()) {
            m_name = m_world.makeDatabase(100);
            QVERIFY(!m_name.isEmpty());
            return;
        }
        if (PostgresWorld::mustHaveServer())
            QFAIL(qPrintable(m_world.why()));
        QSKIP(qPrintable(m_world.why()));
    }

    void init()
    {
        m_consent = std::make_unique<FakeConsent>();
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
    }

    void theDatabaseIsReadThroughIt()
    {
        const auto database = through(handingOn());
        QVERIFY(!isThere(pid())); // nobody needed it yet
        const auto answer = facts(*database);
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QVERIFY(isThere(pid()));
    }

    void aPersonIsAskedWhetherItMayRun()
    {
        const auto database = through(handingOn());
        QVERIFY(facts(*database));
        QCOMPARE(m_consent->asked.size(), 1);
        const ProgramUse &asked = m_consent->asked.constFirst();
        // Not with the port of today, which is another one tomorrow.
        QCOMPARE(asked.arguments.constFirst(), Passage::portPlaceholder);
        QCOMPARE(asked.sha256.size(), 64);
        QCOMPARE(asked.purpose, ProgramUse::Purpose::Passage);
    }

    void whatIsNotAllowedDoesNotRun()
    {
        m_consent->refusal = Error{ErrorKind::SignedOut, QStringLiteral("not allowed"), {}, {}};
        const auto database = through(handingOn());
        QCOMPARE(facts(*database).error().message, QStringLiteral("not allowed"));
        QVERIFY(!QFile::exists(pidFile()));
    }

    void bothSessionsUseOneWay()
    {
        const auto database = through(handingOn());
        const auto lock = database->takeRunnerLock(m_change.name);
        const auto read = database->facts(m_change, Database::Nulls::Leave);
        QVERIFY(await(lock)->taken);
        QVERIFY(await(read));
        QCOMPARE(m_consent->asked.size(), 1);
    }

    void aWayThatWasLostIsOpenedAgain()
    {
        const auto database = through(handingOn());
        QVERIFY(facts(*database));
        const pid_t first = pid();
        QCOMPARE(::kill(first, SIGKILL), 0);
        QTRY_VERIFY(!isThere(first));
        QTRY_VERIFY(facts(*database));
        QVERIFY(pid() != first);
    }

    void itEndsWithWhoNeededIt()
    {
        auto database = through(handingOn());
        QVERIFY(facts(*database));
        const pid_t program = pid();
        QVERIFY(isThere(program));
        database.reset();
        QTRY_VERIFY(!isThere(program));
    }

    void whatIsWaitingWhenItEndsIsGivenUp()
    {
        auto database = through(script("sleep 600"));
        const auto waiting = database->facts(m_change, Database::Nulls::Leave);
        database.reset();
        QCOMPARE(await(waiting).error().kind, ErrorKind::Cancelled);
    }

    void aProgramThatEndsSaysWhy()
    {
        const auto database = through(script("echo error: pods are gone >&2; exit 3"));
        const Error error = facts(*database).error();
        QCOMPARE(error.kind, ErrorKind::Unavailable);
        QVERIFY2(error.message.endsWith(QLatin1String("ended with code 3: error: pods are gone")),
                 qPrintable(error.message));
    }

    void aProgramThatIsNotThereIsNamed()
    {
        const auto database
            = through(use(QStringLiteral("no-such-proxy"), {Passage::portPlaceholder}));
        const Error error = facts(*database).error();
        QCOMPARE(error.kind, ErrorKind::NotFound);
        QVERIFY2(error.message.contains(QLatin1String("no-such-proxy")), qPrintable(error.message));
    }

    void aProgramThatOpensNothingIsEndedInTheEnd()
    {
        PostgresSettings settings = target();
        settings.patience = 500ms;
        const QString file = pidFile();
        ProgramUse wish = script("echo $$ > \"$1\"; exec sleep 600");
        wish.arguments << file;
        Passage passage(wish, setting(), settings);
        const auto opened = await(passage.open());
        QCOMPARE(opened.error().kind, ErrorKind::TimedOut);
        QVERIFY(pid() > 0);
        QTRY_VERIFY(!isThere(pid()));
    }

    void whatAnswersThereAlreadyIsNotTakenForIt()
    {
        // No placeholder, and the real server's own port: somebody else's tunnel, say.
        Passage passage(use(QStringLiteral("sleep"), {QStringLiteral("600")}), setting(), target());
        const auto opened = await(passage.open());
        QCOMPARE(opened.error().kind, ErrorKind::Refused);
        QVERIFY2(opened.error().message.contains(QLatin1String("{port}")),
                 qPrintable(opened.error().message));
        QVERIFY(m_consent->asked.isEmpty());
    }
};

QTEST_GUILESS_MAIN(PassageTest)
#include "passage_test.moc"
