#include "connectors/kubernetes/wayback/releasedtrack.h"
#include "crash/helm/killedhome.h"
#include "rollout/trafficannotations.h"

#include <QFileInfo>
#include <QTest>

#include <csignal>

using namespace pilothouse;

namespace {

constexpr int longestRun = 60'000; // ms
constexpr int lookEvery = 5;       // ms
constexpr int startsToSettle = 3;

/// What has come of a rollback by helm, in the order in which it comes.
enum class Seen { Nothing, Decided, Begun, Deployed, Noted, Held };

QByteArray controlOf(const ReleasedTrack &track)
{
    return QStringLiteral("{kind: http-route, kubeconfig: '%1', context: admin, "
                          "namespace: production, name: %2, stable: %2, candidate: %2-canary, "
                          "program: '%3'}")
        .arg(track.kubeconfig(), track.name(), track.program())
        .toUtf8();
}

} // namespace

/// A console that goes back by an earlier deploy, killed (SIGKILL) when each thing has come that it
/// brings about. helm is a program of its own and goes on. Whatever is left, the next start must
/// tell what came of it, and do nothing again.
class WayBackKillTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;
    QString m_kubeconfig;
    int m_releases = 0;

    [[nodiscard]] static Seen seenOf(const ReleasedTrack &track, const KilledHome &home,
                                     qint64 written)
    {
        const QJsonObject route = track.route();
        if (!CanaryWorld::annotationOf(route, holdAnnotation).isEmpty())
            return Seen::Held;
        if (!CanaryWorld::annotationOf(route, deedsAnnotation).isEmpty())
            return Seen::Noted;
        const QStringList states = track.states().split(QLatin1Char(' '));
        if (states.size() > 2)
            return states.last() == QLatin1String("deployed") ? Seen::Deployed : Seen::Begun;
        return home.written() > written ? Seen::Decided : Seen::Nothing;
    }

    /// As the controller of Deployments: the Pods are what the Deployment wants.
    static void follow(ReleasedTrack &track, bool &isBack)
    {
        if (!isBack && track.image() == ReleasedTrack::imageOf(ReleasedTrack::first))
            isBack = track.pods(track.name(), ReleasedTrack::first).isEmpty();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFileInfo(ReleasedTrack::helmOf(QStringLiteral("3"))).isExecutable()) {
            QVERIFY2(qgetenv("CI") != "true", "there is no helm");
            QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        START_OR_SKIP(m_server);
        // A copy: the server's is written again for each kubectl.
        const QString known = m_server.kubeconfig(KubeServer::User::Admin);
        m_kubeconfig = known + QStringLiteral(".copy");
        QVERIFY(QFile::copy(known, m_kubeconfig));
    }

    void whatIsKilledIsToldAtTheNextStart_data()
    {
        QTest::addColumn<QString>("generation");
        QTest::addColumn<int>("killedAt");
        for (const char *generation : {"3", "4"}) {
            const std::pair<const char *, Seen> moments[] = {{"decided", Seen::Decided},
                                                             {"begun", Seen::Begun},
                                                             {"deployed", Seen::Deployed},
                                                             {"noted", Seen::Noted},
                                                             {"held", Seen::Held}};
            for (const auto &[name, seen] : moments)
                QTest::addRow("helm %s, %s", generation, name)
                    << QString::fromLatin1(generation) << int(seen);
        }
    }
    void whatIsKilledIsToldAtTheNextStart()
    {
        QFETCH(QString, generation);
        QFETCH(int, killedAt);
        ReleasedTrack track(m_server, generation, QStringLiteral("k%1").arg(++m_releases),
                            m_kubeconfig);
        QCOMPARE(track.make(), QString());
        QCOMPARE(track.deploy(QStringLiteral("stable.commit=") + ReleasedTrack::second), QString());
        QCOMPARE(track.pods(track.name(), ReleasedTrack::second), QString());
        track.accept();
        const KilledHome home(controlOf(track));
        const KilledHome::Said shown = home.run(
            {QStringLiteral("rollback"), QStringLiteral("--wait"), QStringLiteral("20s")});
        const QString token = shown.token();
        QVERIFY2(ReleasedTrack::first.startsWith(token) && !token.isEmpty(),
                 shown.complained.constData());

        const qint64 written = home.written();
        QProcess console;
        home.start(console, {QStringLiteral("rollback"), QStringLiteral("--wait"),
                             QStringLiteral("20s"), QStringLiteral("--reason"),
                             QStringLiteral("killed"), QStringLiteral("--confirm"), token});
        bool isBack = false;
        QDeadlineTimer patience(longestRun);
        while (int(seenOf(track, home, written)) < killedAt && !patience.hasExpired()
               && console.state() != QProcess::NotRunning) {
            follow(track, isBack);
            QTest::qWait(lookEvery);
        }
        // The last of it and the console's end are too close for a sure hit.
        const bool isOver = console.state() == QProcess::NotRunning;
        if (!isOver)
            ::kill(pid_t(console.processId()), SIGKILL);
        QVERIFY(isOver || console.waitForFinished(longestRun));
        QVERIFY2(!isOver || (console.exitCode() == 0 && Seen(killedAt) == Seen::Held),
                 console.readAllStandardOutput() + console.readAllStandardError());

        ChainState chain;
        QList<Record> records;
        for (int start = 0; start < startsToSettle; ++start) {
            follow(track, isBack);
            home.run({QStringLiteral("hold"), QStringLiteral("--wait"), QStringLiteral("10s")});
            records = home.records(chain);
            if (KilledHome::openIntents(records).isEmpty())
                break;
        }
        QVERIFY(chain.intact);
        QCOMPARE(chain.count, records.size());
        const qsizetype revisions = track.states().split(QLatin1Char(' ')).size();
        QVERIFY2(revisions <= 3, "done twice");
        int told = 0;
        for (const Record &record : std::as_const(records)) {
            if (record.kind != RecordKind::Outcome)
                continue;
            ++told;
            const QString outcome = record.body[QLatin1String("outcome")].toString();
            QVERIFY2(revisions < 3 || outcome == QLatin1String("done"),
                     qPrintable(record.body[QLatin1String("text")].toString()));
        }
        if (revisions == 3)
            QVERIFY2(KilledHome::openIntents(records).isEmpty() && told > 0,
                     "what helm did is not told");
        else // It was killed before helm had begun: nobody says yet that it will not.
            QCOMPARE(told, 0);
    }
};

QTEST_GUILESS_MAIN(WayBackKillTest)
#include "waybackkilltest.moc"
