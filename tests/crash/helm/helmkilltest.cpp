#include "crash/helm/killedhome.h"
#include "crash/weather/helm/helmworld.h"
#include "rollout/trafficannotations.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

#include <csignal>

using namespace pilothouse;

namespace {

constexpr int longestRun = 60'000; // ms
constexpr int lookEvery = 5;       // ms
constexpr int startsToSettle = 3;
/// Of helm that has not begun nobody says for a minute that it will not.
constexpr int tellsAfter = 90'000; // ms
constexpr int startAgain = 5'000;  // ms
constexpr int revisionsBefore = 2; ///< at weight 0, then at 10

/// What has come of a weight that helm moves, in the order in which it comes.
enum class Seen { Nothing, Decided, Begun, Deployed, Moved };

/// What is done to the traffic, which is at 10 %.
struct Act
{
    const char *name;
    const char *verb; ///< in the journal
    int to;
};
constexpr Act promotion{"promote", "promote", 50};
constexpr Act rollback{"rollback", "roll back", 0};

QString realHelm()
{
    return qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/helm/3/helm");
}

} // namespace

/// A console that moves a weight through helm, killed (SIGKILL) when each thing has come that it
/// brings about. helm is a program of its own and goes on. Whatever is left, the next start must
/// tell what came of it, and do nothing again.
class HelmKillTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;
    std::unique_ptr<HelmWorld> m_world;
    int m_kills = 0;
    int m_orphans = 0;

    [[nodiscard]] QByteArray control() const
    {
        const HelmTarget target = m_world->target(realHelm());
        return QStringLiteral("{kind: helm-value, kubeconfig: '%1', context: admin, "
                              "namespace: production, release: %2, chart: '%3', value: %4, "
                              "program: '%5', route: {kind: http-route, name: %2, stable: %2, "
                              "candidate: %2-canary}}")
            .arg(target.kubeconfig, target.release, target.chart, target.value, target.program)
            .toUtf8();
    }
    /// Of all revisions, oldest first, as Helm's own labels tell.
    [[nodiscard]] QStringList states() const
    {
        const QJsonObject secrets
            = m_server.admin()
                  .ask("GET", QStringLiteral("/api/v1/namespaces/production/secrets"
                                             "?labelSelector=owner%3Dhelm,name%3D")
                                  + CanaryWorld::name())
                  .object;
        QMap<int, QString> states; // by revision
        for (const QJsonValue secret : secrets[QLatin1String("items")].toArray()) {
            const QJsonValue labels = secret[QLatin1String("metadata")][QLatin1String("labels")];
            states.insert(labels[QLatin1String("version")].toString().toInt(),
                          labels[QLatin1String("status")].toString());
        }
        return states.values();
    }
    [[nodiscard]] Seen seenOf(const Act &act, const KilledHome &home, qint64 written) const
    {
        if (m_world->weights().last() == act.to)
            return Seen::Moved;
        const QStringList all = states();
        if (all.size() > revisionsBefore)
            return all.last() == QLatin1String("deployed") ? Seen::Deployed : Seen::Begun;
        return home.written() > written ? Seen::Decided : Seen::Nothing;
    }
    /// helm goes on when its console is gone, as far as it had come.
    [[nodiscard]] bool hasHelmEnded() const
    {
        const QStringList all = states();
        return std::none_of(all.cbegin(), all.cend(), [](const QString &state) {
            return state.startsWith(QLatin1String("pending"));
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFileInfo(realHelm()).isExecutable()) {
            QVERIFY2(qgetenv("CI") != "true", "there is no helm");
            QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        START_OR_SKIP(m_server);
        m_world = std::make_unique<HelmWorld>(m_server);
    }
    void cleanupTestCase()
    {
        m_world.reset();
        qInfo("%d kills left %d orphaned intents", m_kills, m_orphans);
    }

    void whatIsKilledIsToldAtTheNextStart_data()
    {
        QTest::addColumn<bool>("forward");
        QTest::addColumn<int>("killedAt");
        QTest::addColumn<int>("later"); // ms after that moment
        for (const bool forward : {true, false}) {
            const std::pair<const char *, Seen> moments[] = {{"decided", Seen::Decided},
                                                             {"begun", Seen::Begun},
                                                             {"deployed", Seen::Deployed},
                                                             {"moved", Seen::Moved}};
            for (const auto &[name, seen] : moments) {
                for (const int later : {0, 30})
                    QTest::addRow("%s, %s + %d ms", forward ? promotion.name : rollback.name, name,
                                  later)
                        << forward << int(seen) << later;
            }
        }
    }
    void whatIsKilledIsToldAtTheNextStart()
    {
        QFETCH(bool, forward);
        QFETCH(int, killedAt);
        QFETCH(int, later);
        const Act act = forward ? promotion : rollback;
        const QString name = QLatin1String(act.name);
        QCOMPARE(m_world->begin(realHelm(), {}), QString());
        QTRY_VERIFY_WITH_TIMEOUT(CanaryWorld::isAccepted(m_world->route()), longestRun);
        const KilledHome home(control());
        const QStringList wait{QStringLiteral("--wait"), QStringLiteral("20s")};
        const KilledHome::Said shown = home.run(QStringList{name} + wait);
        QVERIFY2(!shown.token().isEmpty(), shown.complained.constData());

        const qint64 written = home.written();
        QProcess console;
        home.start(console, QStringList{name} + wait
                                + QStringList{QStringLiteral("--reason"), QStringLiteral("killed"),
                                              QStringLiteral("--confirm"), shown.token()});
        QDeadlineTimer patience(longestRun);
        while (int(seenOf(act, home, written)) < killedAt && !patience.hasExpired()
               && console.state() != QProcess::NotRunning)
            QTest::qWait(lookEvery);
        if (later > 0)
            QTest::qWait(later);
        // The last of it and the console's end are too close for a sure hit.
        const bool isOver = console.state() == QProcess::NotRunning;
        if (!isOver) {
            ::kill(pid_t(console.processId()), SIGKILL);
            ++m_kills;
        }
        QVERIFY(isOver || console.waitForFinished(longestRun));
        QVERIFY2(!isOver || (console.exitCode() == 0 && Seen(killedAt) >= Seen::Deployed),
                 console.readAllStandardOutput() + console.readAllStandardError());
        ChainState chain;
        m_orphans += int(KilledHome::openIntents(home.records(chain)).size());

        QTRY_VERIFY_WITH_TIMEOUT(hasHelmEnded(), longestRun);
        QList<Record> records;
        const QDeadlineTimer told(tellsAfter);
        for (int start = 1;; ++start) {
            const KilledHome::Said next = home.run(
                {QStringLiteral("rollback"), QStringLiteral("--wait"), QStringLiteral("10s")});
            QVERIFY2(next.exitCode == 0 || next.exitCode == 4, next.complained.constData());
            records = home.records(chain);
            const bool hasBegun = states().size() > revisionsBefore;
            if (KilledHome::openIntents(records).isEmpty() || told.hasExpired()
                || (hasBegun && start >= startsToSettle))
                break;
            if (start >= startsToSettle)
                QTest::qWait(startAgain);
        }
        QVERIFY(chain.intact);
        QCOMPARE(chain.count, records.size());
        QVERIFY2(KilledHome::openIntents(records).isEmpty(), "an orphaned intent is not settled");
        compare(act, records);
    }

private:
    /// The journal tells, once each, what the world has.
    void compare(const Act &act, const QList<Record> &records)
    {
        QTRY_VERIFY_WITH_TIMEOUT(hasHelmEnded(), longestRun);
        const QStringList history = m_world->history(realHelm());
        const QString all = history.join(QLatin1Char('\n'));
        QVERIFY2(history.size() <= revisionsBefore + 1,
                 qPrintable(QStringLiteral("done twice:\n") + all));
        const int weight = CanaryWorld::weightOf(m_world->route());
        for (const Record &intent : records) {
            const QString verb = intent.body[QLatin1String("verb")].toString();
            if (intent.kind != RecordKind::Intent || verb != QLatin1String(act.verb))
                continue;
            QList<Record> outcomes = records;
            outcomes.removeIf([&](const Record &each) {
                return each.kind != RecordKind::Outcome || each.id != intent.id;
            });
            const bool isDone = history.size() > revisionsBefore;
            QVERIFY(weight == (isDone ? act.to : 10));
            QCOMPARE(outcomes.size(), 1);
            const QString told = outcomes.first().body[QLatin1String("outcome")].toString();
            const QByteArray what
                = "told as " + told.toUtf8() + ": "
                  + outcomes.first().body[QLatin1String("text")].toString().toUtf8() + '\n'
                  + all.toUtf8() + "\nweight " + QByteArray::number(weight);
            if (verb == QLatin1String(promotion.verb))
                QCOMPARE(all.contains(intent.id.value), isDone);
            QVERIFY2(told == (isDone ? QLatin1String("done") : QLatin1String("failed")),
                     what.constData());
        }
    }
};

QTEST_GUILESS_MAIN(HelmKillTest)
#include "helmkilltest.moc"
