#include "releasedtrack.h"
#include "servers/routeclient.h"

#include "action/actionrunner.h"
#include "connectors/kubernetes/wayback/helmwayback.h"
#include "journal/sqlitejournal.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/trafficannotations.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

const QString production = ReleasedTrack::nameSpace;
const QString first = ReleasedTrack::first;
const QString second = ReleasedTrack::second;

} // namespace

/// The way back through both generations of helm, on a real kube-apiserver, as a person takes it:
/// preview, confirmation, journal, helm, and the world looked at afterwards. No controllers run
/// there, so that the test makes the Pods and says what the Gateway would say.
class WayBackServerTest : public QObject
{
    Q_OBJECT

private:
    /// A release of its own and a console on its track.
    struct Console : ReleasedTrack
    {
        Console(WayBackServerTest &test, const QString &generation)
            : ReleasedTrack(test.m_server, generation, QStringLiteral("w%1").arg(++test.m_releases),
                            test.m_kubeconfig),
              context(*readKubeconfig(kubeconfig(), {})), token(context),
              network(RouteClient::settings(context), token, clock),
              api(network, clock, context.server),
              journal(
                  *SqliteJournal::open(folder.filePath(QStringLiteral("journal.sqlite")), clock))
        {}

        void open(const QString &generation = {})
        {
            HttpRouteControl::Settings route;
            route.nameSpace = production;
            route.names = {name(), name(), name() + QStringLiteral("-canary"), {}};
            control = std::make_unique<HelmWayBack>(
                api, runner, clock,
                HelmWayBack::Settings{generation.isEmpty() ? program() : generation,
                                      kubeconfig(),
                                      {},
                                      production,
                                      {}},
                std::make_unique<HttpRouteControl>(api, clock, route));
            QObject::connect(control.get(), &HelmWayBack::output,
                             [this](const QString &line) { output << line; });
            RolloutSettings settings;
            settings.track = TrackName(QStringLiteral("standalone"));
            settings.plan.stages = {{Weight{10}, std::chrono::minutes(5)}, {Weight{100}, {}}};
            rollout
                = std::make_unique<RolloutController>(settings, *control, nullptr, actions, clock);
            rollout->start();
        }
        [[nodiscard]] QFuture<Outcome> rollBack()
        {
            const Preview preview = rollout->previewRollback();
            return rollout->rollBack(
                {QStringLiteral("a test"), preview.fingerprint, preview.target});
        }

        SystemClock clock;
        ProcessRunner runner;
        KubeContext context;
        KubeToken token;
        NetworkHttp network;
        KubernetesApi api;
        QTemporaryDir folder;
        std::unique_ptr<SqliteJournal> journal;
        ActionRunner actions{*journal, QStringLiteral("mara")};
        std::unique_ptr<HelmWayBack> control;
        std::unique_ptr<RolloutController> rollout;
        QStringList output;
    };

    KubeServer m_server;
    QString m_kubeconfig;
    int m_releases = 0;

    static void generations()
    {
        QTest::addColumn<int>("nothing");
        QTest::newRow("3") << 0;
        QTest::newRow("4") << 0;
    }
    /// `first` was deployed, then `second`; both Services have their Pods.
    std::unique_ptr<Console> deployedTwice()
    {
        auto console
            = std::make_unique<Console>(*this, QString::fromLatin1(QTest::currentDataTag()));
        const QStringList failures{console->make(),
                                   console->deploy(QStringLiteral("stable.commit=") + second),
                                   console->pods(console->name(), second)};
        const QString all = failures.join(QString());
        if (!all.isEmpty())
            QTest::qFail(qPrintable(all), __FILE__, __LINE__);
        console->accept();
        console->open();
        return console;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *generation : {"3", "4"}) {
            if (!QFileInfo(ReleasedTrack::helmOf(QString::fromLatin1(generation))).isExecutable())
                QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        START_OR_SKIP(m_server);
        // A copy: the server's is written again for each kubectl.
        const QString known = m_server.kubeconfig(KubeServer::User::Admin);
        m_kubeconfig = known + QStringLiteral(".copy");
        QVERIFY(QFile::copy(known, m_kubeconfig));
    }

    void withNothingInFlightTheRevisionBeforeIsMadeLiveAgain_data() { generations(); }
    void withNothingInFlightTheRevisionBeforeIsMadeLiveAgain()
    {
        const auto c = deployedTwice();
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->wayBack().deploy, 10'000);
        // No controller told how long a deploy takes, and helm did not wait.
        QCOMPARE(c->rollout->wayBack().words, QStringLiteral("some minutes, Helm revision 1"));
        QCOMPARE(c->rollout->wayBack().target->commit.value, first);

        c->rollout->tryOut(WeightAttempt::Kind::RollBack);
        QTRY_VERIFY_WITH_TIMEOUT(!c->rollout->isTryingOut(), 20'000);
        const Preview preview = c->rollout->previewRollback();
        QCOMPARE(preview.typed, first.left(7));
        QStringList rows;
        for (const PreviewRow &row : preview.rows)
            rows << row.label + QStringLiteral(": ") + row.text;
        const QString all = rows.join(QLatin1Char('\n'));
        QVERIFY2(all.contains(QStringLiteral("Dry run: taken (helm rollback --dry-run")),
                 qPrintable(all));
        QVERIFY2(all.contains(QStringLiteral("registry.test/app:bbbb")), qPrintable(all));
        QVERIFY2(!all.contains(QStringLiteral("hunter2")), qPrintable(all));
        QVERIFY2(preview.calls.first().copyable.contains(
                     QStringLiteral("rollback %1 1 --").arg(c->name())),
                 qPrintable(preview.calls.first().copyable));
        QCOMPARE(c->states(), QStringLiteral("superseded deployed")); // nothing was done yet

        const auto done = c->rollBack();
        QTRY_COMPARE_WITH_TIMEOUT(c->image(), QStringLiteral("registry.test/app:") + first, 60'000);
        QCOMPARE(c->pods(c->name(), first), QString());
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), 30'000);
        QVERIFY2(done.result().kind == Outcome::Kind::Done, qPrintable(done.result().text));
        QCOMPARE(c->states(), QStringLiteral("superseded superseded deployed"));
        QCOMPARE(c->weights(), QStringLiteral("100 0"));
        QVERIFY2(c->output.first().startsWith(QLatin1String("$ ")), qPrintable(c->output.first()));
        QVERIFY2(
            c->output.join(QLatin1Char('\n')).contains(QStringLiteral("Rollback was a success")),
            qPrintable(c->output.join(QLatin1Char('\n'))));
        // Held, noted, and in the journal.
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->hold(), 10'000);
        QCOMPARE(c->rollout->hold()->commit.value, second);
        const auto records = await(c->journal->newest(20));
        QVERIFY(records);
        const auto intent = std::find_if(
            records->cbegin(), records->cend(), [](const Record &each) {
                return each.kind == RecordKind::Intent
                       && each.body[QLatin1String("verb")].toString() == QLatin1String("roll back");
            });
        QVERIFY(intent != records->cend());
        QCOMPARE(intent->body[QLatin1String("deployOf")].toString(),
                 production + QLatin1Char('/') + c->name());
        const TrafficState now = c->rollout->traffic()->value;
        QCOMPARE(isNoted(now, intent->id), Noted::Yes);
        const auto chain = await(c->journal->verify());
        QVERIFY(chain);
        QVERIFY(chain->intact);
        // What a later console makes of it.
        const auto settled = c->rollout->settle(*intent);
        QTRY_VERIFY_WITH_TIMEOUT(settled.isFinished(), 10'000);
        QCOMPARE(settled.result().kind, Outcome::Kind::Done);
        QCOMPARE(settled.result().text,
                 QStringLiteral("done: Helm revision 1 was made again (helm 3)"));
    }

    void whileFinishingTheTrafficGoesToTheStableBeforeHelm_data() { generations(); }
    void whileFinishingTheTrafficGoesToTheStableBeforeHelm()
    {
        auto c = std::make_unique<Console>(*this, QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(c->make(), QString());
        QCOMPARE(c->deploy(QStringLiteral("candidate.commit=") + second), QString());
        QCOMPARE(c->pods(c->name(), first), QString());
        QCOMPARE(c->pods(c->name() + QStringLiteral("-canary"), second), QString());
        QVERIFY(c->kubectl({QStringLiteral("patch"), QStringLiteral("httproute"), c->name(),
                            QStringLiteral("--type=json"), QStringLiteral("-p"),
                            QStringLiteral(
                                "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/"
                                "weight\",\"value\":0},{\"op\":\"replace\",\"path\":\"/spec/rules/"
                                "0/backendRefs/1/weight\",\"value\":100}]")})
                    .contains(QStringLiteral("patched")));
        c->accept();
        c->open();
        // The old stable is still there: the traffic alone leads back.
        QTRY_COMPARE_WITH_TIMEOUT(c->rollout->wayBack().speed, WayBack::Speed::Instant, 10'000);
        // The deploy job makes the candidate the stable.
        QCOMPARE(c->deploy(QStringLiteral("stable.commit=") + second), QString());
        QCOMPARE(c->pods(c->name(), second), QString());
        c->rollout->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->wayBack().deploy, 10'000);
        QCOMPARE(c->rollout->wayBack().deploy->number, 2); // with the candidate beside it
        QCOMPARE(c->rollout->wayBack().deploy->commit.value, first);

        const auto done = c->rollBack();
        QTRY_COMPARE_WITH_TIMEOUT(c->weights(), QStringLiteral("100 0"), 20'000);
        QCOMPARE(c->image(), QStringLiteral("registry.test/app:") + second); // not yet
        c->accept();
        QTRY_COMPARE_WITH_TIMEOUT(c->image(), QStringLiteral("registry.test/app:") + first, 60'000);
        QCOMPARE(c->pods(c->name(), first), QString());
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), 30'000);
        QVERIFY2(done.result().kind == Outcome::Kind::Done, qPrintable(done.result().text));
        QCOMPARE(c->weights(), QStringLiteral("100 0"));
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->hold(), 10'000);
        QCOMPARE(c->rollout->hold()->commit.value, second);
    }

    void aDeployMeanwhileIsAnotherTarget_data() { generations(); }
    void aDeployMeanwhileIsAnotherTarget()
    {
        const auto c = deployedTwice();
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->wayBack().deploy, 10'000);
        const Preview shown = c->rollout->previewRollback();
        QCOMPARE(c->deploy(QStringLiteral("stable.commit=") + QString(40, QLatin1Char('c'))),
                 QString());
        c->rollout->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(c->rollout->wayBack().deploy->number, 2, 10'000);
        const auto done = c->rollout->rollBack({{}, shown.fingerprint, shown.target});
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), 20'000);
        QCOMPARE(done.result().kind, Outcome::Kind::Conflict);
        QCOMPARE(c->states(), QStringLiteral("superseded superseded deployed"));
    }

    void theOnlyRevisionLeadsNowhere_data() { generations(); }
    void theOnlyRevisionLeadsNowhere()
    {
        auto c = std::make_unique<Console>(*this, QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(c->make(), QString());
        QCOMPARE(c->pods(c->name(), first), QString());
        c->accept();
        c->open();
        QTRY_COMPARE_WITH_TIMEOUT(
            c->rollout->wayBack().words,
            QStringLiteral("none: nothing is in flight; release %1: no revision but 1 is there "
                           "and good")
                .arg(c->name()),
            10'000);
        QVERIFY(!c->rollout->mayRollBack().allowed());
    }

    void withoutHelmTheReasonSaysSo()
    {
        auto c = std::make_unique<Console>(*this, QStringLiteral("3"));
        QCOMPARE(c->make(), QString());
        QCOMPARE(c->deploy(QStringLiteral("stable.commit=") + second), QString());
        QCOMPARE(c->pods(c->name(), second), QString());
        c->accept();
        c->open(QStringLiteral("/nowhere/helm"));
        QTRY_VERIFY_WITH_TIMEOUT(c->rollout->wayBack().words.contains(QStringLiteral("helm")),
                                 10'000);
        QVERIFY(!c->rollout->mayRollBack().allowed());
    }
};

QTEST_GUILESS_MAIN(WayBackServerTest)
#include "waybackservertest.moc"
