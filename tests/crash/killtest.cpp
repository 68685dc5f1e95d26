#include "crash/arena.h"
#include "crash/cloud/cloudarena.h"
#include "crash/killedconsole.h"
#include "rollout/trafficannotations.h"

#include <QSet>
#include <QTest>

using namespace pilothouse;

namespace {

using Moment = RequestRelay::Moment;
using Point = KilledConsole::Point;

constexpr int startsToSettle = 3;
/// A window asks more than a command does, before anything is pressed: of its requests every so
/// manieth is a point.
constexpr int everySoManieth = KILLED_EVERY;
constexpr int fewestKills = KILLED_TIMES;

/// What is done to the traffic, and what it does if nobody interferes.
struct Act
{
    const char *name;
    int from;
    int to;
};
constexpr Act promotion{"promote", 10, 50};
constexpr Act rollback{"rollback", 50, 0};

bool isWeightVerb(const Record &intent)
{
    const QString verb = intent.body[QLatin1String("verb")].toString();
    return verb == QLatin1String("promote") || verb == QLatin1String("roll back");
}

} // namespace

/// A console that promotes or rolls back, `pilothouse-cli` or the window, killed (SIGKILL) at the
/// requests that it makes, before the server has one, when the server has done it and when the
/// answer is there, and whenever the journal grows. Whatever is left, the next start must tell what
/// came of it.
class KillTest final : public QObject
{
    Q_OBJECT

private:
    KILLED_IN m_arena;
    std::unique_ptr<KilledConsole> m_console;
    QSet<QString> m_seen; ///< intents that earlier rounds were about
    int m_kills = 0;
    int m_orphans = 0;
    int m_starts = 0;

    [[nodiscard]] static QStringList shown(const char *name, const char *wait)
    {
        return {QLatin1String(name), QStringLiteral("--json"), QStringLiteral("--wait"),
                QLatin1String(wait)};
    }
    /// With what the dialog asks to type.
    [[nodiscard]] static QStringList confirmed(KilledConsole &console, const Act &act)
    {
        const KilledConsole::Run preview = console.run(shown(act.name, "10s"), {});
        return shown(act.name, "10s")
               + QStringList{QStringLiteral("--reason"), QStringLiteral("killed"),
                             QStringLiteral("--confirm"),
                             QJsonDocument::fromJson(preview.printed)
                                 .object()
                                 .value(QLatin1String("confirm"))
                                 .toString()};
    }
    [[nodiscard]] static QList<Record> open(const QList<Record> &records)
    {
        QHash<QString, Record> intents;
        for (const Record &record : records) {
            if (record.kind == RecordKind::Intent)
                intents.insert(record.id.value, record);
            else if (record.kind == RecordKind::Outcome)
                intents.remove(record.id.value);
        }
        return intents.values();
    }

    /// The journal tells, once each, what the world has.
    void compare(const QList<Record> &records, const Ground::Traffic &now, const Act &act,
                 const KilledConsole::Run &run)
    {
        const auto changes = decodeChanges(now.changes);
        QVERIFY(changes);
        QMap<QString, int> outcomes;
        QHash<QString, QString> told;
        for (const Record &record : records) {
            if (record.kind != RecordKind::Outcome)
                continue;
            ++outcomes[record.id.value];
            told.insert(record.id.value, record.body[QLatin1String("outcome")].toString());
        }
        QSet<QString> known;
        for (const Record &record : records) {
            if (record.kind != RecordKind::Intent)
                continue;
            const QString id = record.id.value;
            known.insert(id);
            QCOMPARE(outcomes.value(id), 1);
            if (!m_seen.contains(id) && isWeightVerb(record)) {
                const auto done = std::count_if(
                    changes->cbegin(), changes->cend(),
                    [&](const WeightChange &change) { return change.intent.value == id; });
                QVERIFY2(done <= 1, "done twice");
                QCOMPARE(told.value(id),
                         done == 1 ? QStringLiteral("done") : QStringLiteral("failed"));
                QCOMPARE(now.weight, done == 1 ? act.to : act.from);
            } else if (!m_seen.contains(id)) {
                const bool held = !now.hold.isEmpty();
                QCOMPARE(told.value(id), held ? QStringLiteral("done") : QStringLiteral("failed"));
            }
        }
        // Nothing was done that is not written down.
        for (const WeightChange &change : *changes)
            QVERIFY2(known.contains(change.intent.value), "done without an intent");
        if (changes->isEmpty())
            QCOMPARE(now.weight, act.from);
        QVERIFY(
            std::count_if(run.requests.cbegin(), run.requests.cend(), KilledConsole::movesTraffic)
            <= 1);
        m_seen += known;
    }

    void killAt(const Act &act, const QStringList &command, const Point &point)
    {
        m_arena.begin(act.from);
        const KilledConsole::Run run = m_console->run(command, point);
        if (!run.killed)
            QVERIFY2(run.exitCode == 0, run.complained.constData());
        m_kills += run.killed ? 1 : 0;
        auto records = m_console->records();
        QVERIFY(records);
        m_orphans += int(open(*records).size());
        for (int start = 0; start == 0 || !open(*records).isEmpty(); ++start) {
            QVERIFY2(start < startsToSettle, "an orphaned intent is not settled");
            const KilledConsole::Run again = m_console->run(shown("rollback", "1s"), {});
            QVERIFY2(again.exitCode == 0 || again.exitCode == 4, again.complained.constData());
            records = m_console->records();
            QVERIFY(records);
            ++m_starts;
        }
        compare(*records, m_arena.traffic(), act, run);
        const auto chain = m_console->verify();
        QVERIFY(chain && (chain->intact || chain->count == 0));
        QCOMPARE(chain->count, records->size());
    }

    /// Everywhere that the act, left alone, comes along.
    [[nodiscard]] static QList<Point> pointsOf(const KilledConsole::Run &whole)
    {
        QList<Point> points;
        int patches = 0;
        for (const RequestRelay::Request &request : whole.requests) {
            patches += KilledConsole::isWrite(request) ? 1 : 0;
            if (request.number % everySoManieth != 0)
                continue;
            for (const Moment moment : {Moment::Arrived, Moment::Done, Moment::Answered})
                points.append({request.number, 0, 0, moment, 0});
        }
        // Requests do not always come in the same order, so those that matter are counted apart.
        for (int patch = 1; patch <= patches; ++patch) {
            for (const Moment moment : {Moment::Arrived, Moment::Done, Moment::Answered})
                points.append({0, patch, 0, moment, 0});
            // While the weight is not accepted yet, while the outcome is written, and after it.
            for (const int delay : {1, 3, 6, 10, 20, 30, 40, 60})
                points.append({0, patch, 0, Moment::Answered, delay});
        }
        for (int growth = 1; growth <= 6; ++growth)
            points.append({0, 0, growth, Moment::Arrived, 0});
        return points;
    }
    void killEverywhere(const Act &act)
    {
        m_arena.begin(act.from);
        const QStringList command = confirmed(*m_console, act);
        const KilledConsole::Run whole = m_console->run(command, {});
        QVERIFY2(whole.exitCode == 0, whole.complained.constData());
        const auto records = m_console->records();
        QVERIFY(records);
        compare(*records, m_arena.traffic(), act, whole);
        for (const Point &point : pointsOf(whole)) {
            killAt(act, command, point);
            if (QTest::currentTestFailed()) {
                qInfo("%s killed at %s", act.name, qPrintable(point.words()));
                return;
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (m_arena.isMissing() && qgetenv("CI") != "true")
            QSKIP("there is no kube-apiserver: packaging/setup --for-tests builds it");
        QCOMPARE(m_arena.open(), QString());
        m_console = std::make_unique<KilledConsole>(m_arena, QStringLiteral(KILLED_PROGRAM));
        QCOMPARE(m_console->prepare(), QString());
    }

    void whatIsKilledIsToldAtTheNextStart()
    {
        for (const Act &act : {promotion, rollback}) {
            killEverywhere(act);
            if (QTest::currentTestFailed())
                return;
        }
        qInfo("%d kills left %d orphaned intents; %d starts settled them", m_kills, m_orphans,
              m_starts);
        QVERIFY(m_kills >= fewestKills);
        QVERIFY(m_orphans > 10);
    }

    /// A start that cannot see the world must not write down that nobody knows.
    void whatCannotBeSeenAtTheNextStartIsToldAtTheOneAfter()
    {
        m_arena.begin(promotion.from);
        const KilledConsole::Run run
            = m_console->run(confirmed(*m_console, promotion), {0, 1, 0, Moment::Done, 0});
        QVERIFY(run.killed);
        auto records = m_console->records();
        QVERIFY(records);
        QCOMPARE(open(*records).size(), 1);
        const qsizetype written = records->size();

        m_console->loseServer();
        const KilledConsole::Run blind = m_console->run(shown("promote", "2s"), {});
        QCOMPARE(blind.exitCode, 3);
        QVERIFY2(blind.complained.contains(m_arena.systemName().toUtf8()),
                 blind.complained.constData());
        records = m_console->records();
        QVERIFY(records);
        QCOMPARE(records->size(), written);

        m_console->reachServer();
        QCOMPARE(m_console->run(shown("promote", "10s"), {}).exitCode, 0);
        records = m_console->records();
        QVERIFY(records);
        QVERIFY(open(*records).isEmpty());
        compare(*records, m_arena.traffic(), promotion, run);
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "killtest.moc"
