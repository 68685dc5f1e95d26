#include "crash/weather/database/databasepass.h"
#include "crash/weather/lanes.h"

#include <QElapsedTimer>
#include <QMap>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr int rehearsals = 2;

/// What decides: it meets every fault.
bool decides(const QString &call)
{
    for (const char *words : {" connects", "WITH r AS", "WITH b AS", "COMMIT",
                              "INSERT INTO pilothouse.step", "UPDATE pilothouse"}) {
        if (call.contains(QLatin1String(words)))
            return true;
    }
    return false;
}

QList<DatabaseDisturbance> disturbances(const QStringList &calls)
{
    static const QRegularExpression number(QStringLiteral(" #\\d+$"));
    QMap<QString, QStringList> kinds;
    for (const QString &call : calls)
        kinds[QString(call).remove(number)].append(call);
    QList<DatabaseDisturbance> all;
    qsizetype turn = 0;
    for (const QStringList &kind : std::as_const(kinds)) {
        // What changes nothing that lasts shares the faults out with its like.
        if (!decides(kind.first())) {
            while (!suits(databaseFaults()[turn % databaseFaults().size()], kind.first()))
                ++turn;
            all.append({databaseFaults()[turn++ % databaseFaults().size()], kind.first()});
            continue;
        }
        qsizetype at = 0;
        for (const DatabaseFault &fault : databaseFaults()) {
            if (!suits(fault, kind.first()))
                continue;
            // What was committed may be told wrong at each commit in its own way.
            const bool each = kind.first().contains(QLatin1String("COMMIT"))
                              && fault.name.endsWith(QLatin1String("though done"));
            if (!each)
                all.append({fault, kind[at++ % kind.size()]});
            for (const QString &call : each ? kind : QStringList())
                all.append({fault, call});
        }
    }
    return all;
}

} // namespace

/// PostgreSQL and a migration, with statements and sessions going wrong in every way.
class DatabaseStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        // Whoever is asked for a password has a wrong one.
        qputenv("PGPASSWORD", "not-the-password");
        QVERIFY2(m_town.start(), qPrintable(m_town.why()));
    }

    void whatIsLostIsToldAsLostUntilItComesBack()
    {
        const QString third
            = QStringLiteral("watcher WITH r AS (SELECT to_regclass('public.conver #3");
        QList<DatabaseDisturbance> jobs;
        for (const DatabaseFault &fault : databaseFaults()) {
            if (fault.kind != DatabaseFault::Kind::Late)
                jobs.append({fault, third});
        }
        const QList<PassResult> results = runAll(jobs, Course::Looking);
        QCOMPARE(failuresIn(jobs, results), 0);
        QVERIFY(std::all_of(results.cbegin(), results.cend(),
                            [](const PassResult &result) { return result.struck; }));
    }

    void whateverGoesWrongThereIsAWayOn()
    {
        QElapsedTimer took;
        took.start();
        const QList<PassResult> rehearsed
            = runAll(QList<DatabaseDisturbance>(rehearsals), Course::Whole);
        for (const PassResult &each : rehearsed)
            QVERIFY2(each.failure.isEmpty(), qPrintable(each.failure));
        QStringList calls = rehearsed.first().calls;
        calls.removeIf([&](const QString &call) { return !rehearsed.last().calls.contains(call); });
        const QList<DatabaseDisturbance> jobs = disturbances(calls);
        const QList<PassResult> results = runAll(jobs, Course::Whole);
        const int failures = failuresIn(jobs, results);
        int struck = 0;
        int pressedAgain = 0;
        for (const PassResult &result : results) {
            struck += int(result.struck);
            pressedAgain += int(!result.outcomes.isEmpty());
        }
        const int missed = int(jobs.size()) - struck;
        qInfo("PostgreSQL: %d calls; %d faults injected (%d calls did not come), %d passes pressed "
              "again (%s); %d failures; %.1f s",
              int(calls.size()), struck, missed, pressedAgain, qPrintable(countedWords(results)),
              failures, double(took.elapsed()) / 1000);
        QCOMPARE(failures, 0);
        QVERIFY(struck >= 120);
        QVERIFY(missed * 10 <= struck);
    }

private:
    QList<PassResult> runAll(const QList<DatabaseDisturbance> &jobs, Course course)
    {
        QList<PassResult> results(jobs.size());
        PassResult *const filled = results.data();
        runSideBySide(size_t(jobs.size()), DatabaseTown::places, [&](size_t at) {
            DatabaseScene scene(m_town);
            filled[at] = runDatabasePass(scene, jobs[qsizetype(at)], course);
        });
        return results;
    }

    static int failuresIn(const QList<DatabaseDisturbance> &jobs, const QList<PassResult> &results)
    {
        int failures = 0;
        for (qsizetype at = 0; at < jobs.size(); ++at) {
            if (results[at].failure.isEmpty())
                continue;
            ++failures;
            qInfo("%s: %s", qPrintable(jobs[at].words()), qPrintable(results[at].failure));
        }
        return failures;
    }

    DatabaseTown m_town;
};

QTEST_GUILESS_MAIN(DatabaseStorm)
#include "databasestorm.moc"
