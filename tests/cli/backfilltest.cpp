#include "changeworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace pilothouse;

namespace {

constexpr int patience = 60'000;
constexpr int rows = 12'000;

QString change()
{
    return QStringLiteral("conversations-organization-id");
}

} // namespace

/// `pilothouse-cli backfill`, with a real PostgreSQL and a real repository.
class CliBackfillTest final : public QObject
{
    Q_OBJECT

private:
    PostgresServer m_server;
    std::unique_ptr<ChangeWorld> m_world;

    [[nodiscard]] Ended backfill(const QStringList &more = {}) const
    {
        return m_world->home.run(QStringList{QStringLiteral("backfill"), change()} + more);
    }
    /// Begins one and leaves it running; it has told how far it is once.
    std::unique_ptr<QProcess> begun() const
    {
        auto program = std::make_unique<QProcess>();
        program->setProcessEnvironment(m_world->home.environment);
        program->setWorkingDirectory(QFileInfo(m_world->home.path("pilothouse.yaml")).path());
        program->start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"),
                       {QStringLiteral("backfill"), change(), QStringLiteral("--confirm"),
                        QStringLiteral("backfill"), QStringLiteral("--json")});
        QByteArray told;
        while (!told.contains('\n') && program->waitForReadyRead(patience))
            told += program->readAllStandardOutput();
        return program;
    }
    [[nodiscard]] QString empty() const
    {
        return m_world->ask(
            QStringLiteral("SELECT count(*) FROM conversations WHERE organization_id IS NULL"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (PostgresServer::newest().isEmpty() && qgetenv("CI") != "true")
            QSKIP("there is no PostgreSQL: packaging/setup brings it");
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    }
    void init()
    {
        m_world = std::make_unique<ChangeWorld>(m_server);
        m_world->commitChange();
        m_world->run({QStringLiteral("INSERT INTO users SELECT i, gen_random_uuid() FROM "
                                     "generate_series(1, 100) i"),
                      QStringLiteral("INSERT INTO conversations SELECT i, 1 + i % 100 FROM "
                                     "generate_series(1, %1) i")
                          .arg(rows)});
        m_world->expand(sampleChange());
        m_world->writeWorkspace(m_server.port(), "rows_per_second: 4000, ");
    }

    void unconfirmedItShowsWhatItWouldSendAndSendsNothing()
    {
        const Ended ended = backfill();
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.contains("organization_id IS NULL"), ended.out.constData());
        QCOMPARE(ended.err, QByteArray("Nothing was sent. To do it: --confirm backfill\n"));
        QCOMPARE(empty(), QString::number(rows));
    }
    void confirmedItFillsInEveryRowAndSaysSo()
    {
        const Ended ended = backfill(
            {QStringLiteral("--confirm"), QStringLiteral("backfill"), QStringLiteral("--json")});
        QVERIFY2(ended.err.isEmpty(), ended.err.constData());
        QCOMPARE(ended.code, 0);
        QCOMPARE(empty(), QStringLiteral("0"));
        const QList<QByteArray> lines = ended.out.trimmed().split('\n');
        QVERIFY2(lines.size() > 1, ended.out.constData()); // it told how far it was
        const QJsonObject progress = QJsonDocument::fromJson(lines.constFirst()).object();
        QVERIFY(progress[QLatin1String("rows")].toInteger() > 0);
        QCOMPARE(progress[QLatin1String("of")].toInteger(), qint64(rows));
        QVERIFY(
            QJsonDocument::fromJson(lines.constLast()).object()[QLatin1String("done")].toBool());
        QCOMPARE(m_world->ask(QStringLiteral("SELECT count(*) FROM conversations c JOIN users u ON "
                                             "u.id = c.user_id WHERE c.organization_id IS DISTINCT "
                                             "FROM u.organization_id")),
                 QStringLiteral("0"));
        // What is done is not done again.
        const Ended again = backfill({QStringLiteral("--confirm"), QStringLiteral("backfill")});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.out, QByteArray("Every row of public.conversations has its value.\n"));
    }
    void killedItGoesOnWhereItsCursorStands()
    {
        const auto program = begun();
        program->kill();
        QVERIFY(program->waitForFinished(patience));
        const QString cursor = QStringLiteral("SELECT cursor_pk FROM pilothouse.backfill");
        const QString reached = m_world->ask(cursor);
        QVERIFY2(reached.toInt() > 0 && reached.toInt() < rows, qPrintable(reached));
        QCOMPARE(empty(), QString::number(rows - reached.toInt()));
        const Ended again = backfill({QStringLiteral("--confirm"), QStringLiteral("backfill")});
        QVERIFY2(again.err.isEmpty(), again.err.constData());
        QCOMPARE(again.code, 0);
        QCOMPARE(empty(), QStringLiteral("0"));
        // Each row was scanned once by the first pass: nothing was done twice.
        QCOMPARE(m_world->ask(QStringLiteral("SELECT rows_written FROM pilothouse.backfill")),
                 QString::number(rows));
    }
    void ofTwoAtOnceOneIsRefusedAndTheOtherNamed()
    {
        const auto program = begun();
        const Ended second = backfill({QStringLiteral("--confirm"), QStringLiteral("backfill")});
        QCOMPARE(second.code, 4);
        QVERIFY2(second.out.contains("the backfill runs in another console (pid"),
                 second.out.constData());
        QVERIFY(program->waitForFinished(patience));
        QCOMPARE(program->exitCode(), 0);
        QCOMPARE(empty(), QStringLiteral("0"));
    }
    void pausedFromElsewhereItStopsSaysByWhomAndIsNotCalledDone()
    {
        const auto program = begun();
        m_world->run({QStringLiteral("UPDATE pilothouse.backfill SET state = 'paused', "
                                     "paused_reason = 'paused by B. Novak from on call'")});
        QVERIFY(program->waitForFinished(patience));
        QCOMPARE(program->exitCode(), 4);
        const QByteArray told = program->readAllStandardOutput() + program->readAllStandardError();
        QVERIFY2(told.contains("The backfill was paused by B. Novak from on call."),
                 told.constData());
        QVERIFY(empty() != QStringLiteral("0"));
    }
    void aChangeThatIsNotThereIsAnsweredWithThoseThatAre()
    {
        const Ended ended
            = m_world->home.run({QStringLiteral("backfill"), QStringLiteral("conversations")});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.startsWith("There is no change conversations; there is: "
                                      "conversations-organization-id."),
                 ended.err.constData());
    }
    void aWrongTokenSendsNothing()
    {
        const Ended ended = backfill({QStringLiteral("--confirm"), QStringLiteral("yes")});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.startsWith("--confirm yes is not what is asked for: backfill."),
                 ended.err.constData());
        QCOMPARE(empty(), QString::number(rows));
    }
    void aServerThatIsNotThereIsSaid()
    {
        m_world->writeWorkspace(1);
        const Ended ended = backfill({QStringLiteral("--wait"), QStringLiteral("3s")});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.err.contains("127.0.0.1:1"), ended.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliBackfillTest)
#include "backfilltest.moc"
