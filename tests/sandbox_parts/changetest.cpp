#include "app/sandbox/parts/gitmaker.h"
#include "app/sandbox/parts/postgresserver.h"
#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "migration/steps.h"
#include "sandbox_parts/serverfixture.h"

#include <QFile>
#include <QTemporaryDir>

namespace pilothouse::sandbox {

/// Whether the console, asked about the sandbox's databases, finds the change where the sandbox
/// means it to be: the names of its objects are written down on both sides.
class ChangeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theConsoleFindsTheStage_data();
    void theConsoleFindsTheStage();

private:
    QTemporaryDir m_dir;
    Change m_change;
};

void ChangeTest::initTestCase()
{
    REQUIRE_PROGRAMS(PostgresServer::binaryFolder());
    const auto made = makeRepository(m_dir.path());
    QVERIFY(made);
    QVERIFY(pushRelease(*made, QStringLiteral("9f3c2a1")));
    const QString path = QStringLiteral("migrations/changes/conversations-organization-id.yaml");
    QFile file(made->path + QLatin1Char('/') + path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto change = readChange(file.readAll(), path,
                                   CommitId(made->commits.value(QStringLiteral("9f3c2a1"))));
    QVERIFY2(change, change ? "" : qPrintable(change.error().detail));
    QVERIFY(change->contractReady);
    QCOMPARE(change->soak, std::chrono::seconds(0));
    m_change = *change;
}

void ChangeTest::theConsoleFindsTheStage_data()
{
    QTest::addColumn<ChangeStage>("stage");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("done");
    QTest::addColumn<QString>("next");
    QTest::newRow("production before the rehearsal") << ChangeStage::Untouched << "production"
                                                     << ""
                                                     << "E1";
    QTest::newRow("staging since yesterday") << ChangeStage::Untouched << "staging"
                                             << "E1 E2"
                                             << "M2";
    QTest::newRow("production expanded") << ChangeStage::Expanded << "production"
                                         << "E1 E2"
                                         << "M2";
    QTest::newRow("production filled") << ChangeStage::Backfilled << "production"
                                       << "E1 E2 M2 M3 M4 M5"
                                       << "C1";
    QTest::newRow("production contracted") << ChangeStage::Contracted << "production"
                                           << "E1 E2 M2 M3 M4 M5 C1 C2 C3 C4 C5"
                                           << "";
}

void ChangeTest::theConsoleFindsTheStage()
{
    QFETCH(ChangeStage, stage);
    QFETCH(QString, database);
    QFETCH(QString, done);
    QFETCH(QString, next);
    QTemporaryDir dir;
    PostgresServer server({dir.path(), freePort(), stage});
    const auto failure = started(server);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");

    SystemClock clock;
    PostgresSettings settings;
    settings.host = QStringLiteral("127.0.0.1");
    settings.port = server.port();
    settings.dbname = database;
    settings.user = QStringLiteral("migrator");
    PostgresDatabase live(settings, clock);
    const auto answer = live.facts(m_change, Database::Nulls::Count);
    QVERIFY(QTest::qWaitFor([&] { return answer.isFinished(); }, 20'000));
    const auto facts = answer.result();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().message + facts.error().detail));
    QVERIFY(facts->value.server.seesOthers);
    QVERIFY(facts->value.server.bypassesRowSecurity);
    QVERIFY(facts->value.table && facts->value.table->isOwner);
    QCOMPARE(driftOf(m_change, facts->value), QStringList());

    QStringList found;
    const QList<ChangeStep> steps = planSteps(m_change, facts->value, {});
    for (const ChangeStep &step : steps)
        if (step.state == ChangeStep::State::Done)
            found << stepWord(step.id);
    QCOMPARE(found.join(QLatin1Char(' ')), done);
    const auto following = nextStep(steps);
    // E3 is proved by releases, of which this test has none.
    const QString word = following && *following != StepId::E3 ? stepWord(*following) : QString();
    QCOMPARE(word, next);
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::ChangeTest)
#include "changetest.moc"
