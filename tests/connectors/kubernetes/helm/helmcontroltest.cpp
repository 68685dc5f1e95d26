#include "helmfixture.h"

#include "rollout/step.h"
#include "rollout/trafficannotations.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class HelmControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStateJoinsTheRouteAndTheHistory()
    {
        HelmFixture f;
        const TrafficState state = f.read();
        QCOMPARE(state.asked, Weight{50});
        QCOMPARE(state.accepted, std::optional(Weight{50}));
        QCOMPARE(state.candidate->commit.value, newCommit());
        QCOMPARE(state.version, QStringLiteral("43/1"));
        QCOMPARE(state.problem, QString());
    }

    void aChartOnDiskIsComparedWithTheDeployedOne_data()
    {
        QTest::addColumn<QByteArray>("printed");
        QTest::addColumn<QString>("problem");
        QTest::newRow("the same") << QByteArray("apiVersion: v2\nname: web\nversion: 1.4.0\n")
                                  << QString();
        QTest::newRow("the same, in quotes")
            << QByteArray("name: \"web\"\nversion: '1.4.0'\n") << QString();
        QTest::newRow("a newer one")
            << QByteArray("name: web\nversion: 1.5.0\n")
            << QStringLiteral("deployed is web-1.4.0, and the chart on this disk is web-1.5.0: a "
                              "promotion would upgrade to it");
        QTest::newRow("another one")
            << QByteArray("dependencies:\n- name: web\n  version: 1.4.0\nname: shop\n"
                          "version: 1.4.0\n")
            << QStringLiteral("deployed is web-1.4.0, and the chart on this disk is shop-1.4.0: a "
                              "promotion would upgrade to it");
        QTest::newRow("none") << QByteArray()
                              << QStringLiteral("the chart /charts/web cannot be read: helm says: "
                                                "no such file or directory");
    }
    void aChartOnDiskIsComparedWithTheDeployedOne()
    {
        QFETCH(QByteArray, printed);
        QFETCH(QString, problem);
        HelmFixture f(QStringLiteral("/charts/web"));
        f.helm.chart = printed;
        QSignalSpy changed(&f.control, &HelmControl::changed);
        (void)f.read();
        QTRY_COMPARE(f.helm.chartsShown, 1);
        QTRY_COMPARE(f.read().problem, problem);
        QCOMPARE(f.helm.chartsShown, 1); // it was not written since
        QVERIFY(f.read().promoteOff.isEmpty());
    }

    void aChartOnDiskIsLookedAtAgainWhenItWasWritten()
    {
        const QTemporaryDir charts;
        QFile file(charts.filePath(QStringLiteral("Chart.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        HelmFixture f(charts.path());
        f.helm.chart = "name: web\nversion: 1.4.0\n";
        (void)f.read();
        QTRY_COMPARE(f.helm.chartsShown, 1);
        f.helm.chart = "name: web\nversion: 1.5.0\n";
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(60),
                                 QFileDevice::FileModificationTime));
        QSignalSpy changed(&f.control, &HelmControl::changed);
        (void)f.read();
        QTRY_VERIFY(!changed.isEmpty());
        QVERIFY(changed.last().first().value<Reading<TrafficState>>().value.problem.contains(
            QLatin1String("web-1.5.0")));
    }

    void aChartOnDiskIsLookedAtOnceHelmIsThere()
    {
        HelmFixture f(QStringLiteral("/charts/web"));
        f.helm.chart = "name: web\nversion: 1.5.0\n";
        f.helm.missing = Error{ErrorKind::NotFound, QStringLiteral("helm is not there."), {}, {}};
        (void)f.read();
        QTRY_COMPARE(f.read().problem, QStringLiteral("helm is not there."));
        f.helm.missing.reset();
        QTRY_VERIFY2(f.read().problem.contains(QLatin1String("web-1.5.0")),
                     qPrintable(f.read().problem));
    }

    void aChartOfARepositoryIsAskedForInItsVersion()
    {
        HelmFixture f;
        f.helm.chart = "name: web\nversion: 1.5.0\n";
        (void)f.read();
        QCoreApplication::processEvents();
        QCOMPARE(f.read().problem, QString());
        QCOMPARE(f.helm.chartsShown, 0);
    }

    void labelsAreReadEachTimeAndBodiesOnce()
    {
        HelmFixture f;
        (void)f.read();
        QCOMPARE(f.cluster.log, (QStringList{QStringLiteral("LIST"), QStringLiteral("GET 43"),
                                             QStringLiteral("GET 42"), QStringLiteral("GET 41"),
                                             QStringLiteral("GET 40")}));
        f.cluster.log.clear();
        (void)f.read();
        QCOMPARE(f.cluster.log, QStringList{QStringLiteral("LIST")});
        f.cluster.find(43).resourceVersion = "777"; // its status changed
        (void)f.read();
        QCOMPARE(f.cluster.log.last(), QStringLiteral("GET 43"));
    }

    void ofALongHistoryOnlyTheNewestGoodOnesAreLookedInto()
    {
        HelmFixture f;
        f.cluster.revisions.clear();
        for (int number = 30; number < 40; ++number)
            f.add(number, "superseded", 0);
        f.add(40, "deployed", 10);
        f.add(41, "failed", 50);
        (void)f.read();
        QCOMPARE(f.cluster.log.mid(1),
                 (QStringList{QStringLiteral("GET 41"), QStringLiteral("GET 40"),
                              QStringLiteral("GET 39"), QStringLiteral("GET 38"),
                              QStringLiteral("GET 37"), QStringLiteral("GET 36")}));
    }

    void aRevisionThatIsPrunedWhileItIsReadIsLeftOut()
    {
        HelmFixture f;
        f.cluster.pruned = {40, 41};
        QCOMPARE(f.read().version, QStringLiteral("43/1"));
        QVERIFY(await(f.control.setWeight(f.request(0))));
        QVERIFY(f.helm.last().startsWith(QStringLiteral("upgrade"))); // 41 was the way back
    }

    void withoutTheRightToListSecretsTheRouteIsStillTold()
    {
        HelmFixture f;
        f.cluster.forbidden << QStringLiteral("list");
        const TrafficState state = f.read();
        QCOMPARE(state.asked, Weight{50});
        QCOMPARE(state.problem, QStringLiteral("Helm's history cannot be seen: you lack list on "
                                               "secrets in production."));
        const auto promote = await(f.control.setWeight(f.request(100, state.version)));
        QCOMPARE(promote.error().kind, ErrorKind::NotAllowed);
        QVERIFY(f.route->writes.isEmpty());
        // A rollback is never refused.
        const auto rollback = await(f.control.setWeight(f.request(0, state.version)));
        QVERIFY(rollback);
        QCOMPARE(f.route->world.asked, Weight{0});
        QVERIFY(f.helm.commands.isEmpty());
    }

    void aReleaseThatIsNotThereSaysWhereItMayBe()
    {
        HelmFixture f;
        f.cluster.revisions.clear();
        QVERIFY(f.read().problem.contains(QStringLiteral("HELM_DRIVER")));
    }

    void aRouteThatCannotBeReadIsAFailure()
    {
        HelmFixture f;
        f.route->readError = Error{ErrorKind::Unavailable, QStringLiteral("no cluster"), {}, {}};
        QCOMPARE(await(f.control.read()).error(), *f.route->readError);
    }

    void aPromoteIsAnUpgradeThatUndoesItself()
    {
        HelmFixture f;
        (void)f.read();
        const auto state = await(f.control.setWeight(f.request(100)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.helm.commands.size(), 1);
        const QString call = f.helm.last();
        QVERIFY2(call.startsWith(
                     QStringLiteral("upgrade web shop/web --reuse-values --version 1.4.0 --set "
                                    "canary.weight=100 --description canary.weight 50 -> 100 by "
                                    "mara: all well (pilothouse i7 ")),
                 qPrintable(call));
        QVERIFY(call.contains(QStringLiteral(" --atomic ")));
        QCOMPARE(state->value.asked, Weight{100});
        QCOMPARE(state->value.version, QStringLiteral("44/2"));
        const WeightChange change = state->value.changes.first();
        QCOMPARE(change.actor, QStringLiteral("mara"));
        QCOMPARE(change.intent.value, QStringLiteral("i7"));
        QCOMPARE(change.candidate.value, newCommit());
        QVERIFY(f.route->writes.isEmpty());
    }

    void helm4IsRunWithItsOwnFlags()
    {
        HelmFixture f;
        f.helm.version = "v4.1.4";
        (void)f.read();
        QVERIFY(await(f.control.setWeight(f.request(100))));
        QVERIFY(f.helm.last().contains(QStringLiteral("--rollback-on-failure")));
    }

    void whatHelmPrintsIsToldMasked()
    {
        HelmFixture f;
        (void)f.read();
        QVERIFY(await(f.control.setWeight(f.request(100))));
        QVERIFY(f.output.takeFirst().startsWith(QStringLiteral("$ helm upgrade web shop/web ")));
        QCOMPARE(f.output, (QStringList{QStringLiteral("Release \"web\" has been upgraded."),
                                        QStringLiteral("export password=***")}));
    }

    void anotherRevisionThanWasSeenIsAConflictAndNothingIsRun()
    {
        HelmFixture f;
        (void)f.read();
        f.cluster.find(43).status = "superseded";
        f.add(44, "deployed", 50);
        const auto state = await(f.control.setWeight(f.request(100)));
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QVERIFY2(state.error().message.contains(QStringLiteral("revision 44")),
                 qPrintable(state.error().message));
        QVERIFY(f.helm.commands.isEmpty());
        QVERIFY(f.route->writes.isEmpty());
    }

    void anotherRouteThanWasSeenIsAConflictAndNothingIsRun()
    {
        HelmFixture f;
        (void)f.read();
        f.route->change([](TrafficState &state) {
            state.asked = Weight{30};
            state.lastWriter = QStringLiteral("kubectl-edit");
        });
        const auto state = await(f.control.setWeight(f.request(100)));
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QVERIFY(state.error().message.contains(QStringLiteral("kubectl-edit")));
        QVERIFY(f.helm.commands.isEmpty());
    }

    void aRollbackRunsHelmRollbackWithItsRevision()
    {
        HelmFixture f;
        (void)f.read();
        const auto state = await(f.control.setWeight(f.request(0)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.helm.last(), QStringLiteral("rollback web 41 --namespace production "
                                               "--kube-context prod --kubeconfig /kubeconfig"));
        QCOMPARE(state->value.asked, Weight{0});
        QCOMPARE(state->value.version, QStringLiteral("44/3"));
    }

    void aRollbackThatHelmCannotDoIsDoneOnTheRoute_data()
    {
        QTest::addColumn<bool>("started");
        QTest::newRow("helm failed") << true;
        QTest::newRow("there is no helm") << false;
    }
    void aRollbackThatHelmCannotDoIsDoneOnTheRoute()
    {
        QFETCH(const bool, started);
        HelmFixture f;
        if (started)
            f.helm.failure = CommandOutput{1, {}, "Error: release: no such chart"};
        else
            f.helm.missing = Error{ErrorKind::NotFound, QStringLiteral("no helm"), {}, {}};
        (void)f.read();
        const auto promote = await(f.control.setWeight(f.request(100)));
        QVERIFY(!promote);
        QVERIFY(f.route->writes.isEmpty());
        const auto state = await(f.control.setWeight(f.request(0)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.route->writes.size(), 1);
        QCOMPARE(f.route->world.asked, Weight{0});
        // Helm's record still says 50, and that is said.
        QVERIFY2(state->value.problem.contains(
                     QStringLiteral("Helm was asked for 50 % and the route has 0 %")),
                 qPrintable(state->value.problem));
    }

    void withoutHelmAPromoteIsOffAndSaysWhy()
    {
        HelmFixture f;
        f.helm.missing = Error{ErrorKind::NotFound, QStringLiteral("no helm"), {}, {}};
        (void)f.read();
        QCOMPARE(f.read().promoteOff, QStringLiteral("no helm"));
        f.helm.missing.reset(); // somebody installed it
        QSignalSpy told(&f.control, &TrafficControl::changed);
        f.clock.advance(5s);
        f.control.watch();
        f.route->tell();
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(told.first().first().value<Reading<TrafficState>>().value.promoteOff, QString());
    }

    void aRollbackWithoutAnEffectIsDoneOnTheRoute()
    {
        HelmFixture f;
        f.helm.movesTheRoute = false;
        (void)f.read();
        const auto state = await(f.control.setWeight(f.request(0)));
        QVERIFY(state);
        QCOMPARE(f.helm.commands.size(), 1);
        QCOMPARE(f.route->writes.size(), 1);
        QCOMPARE(state->value.accepted, std::optional(Weight{0}));
    }

    void aRollbackNotesItsIntentOnTheRoute()
    {
        HelmFixture f;
        (void)f.read();
        // The route's controller is faster once.
        f.route->noteErrors = {{ErrorKind::Conflict, QStringLiteral("modified"), {}, {}}};
        const auto state = await(f.control.setWeight(f.request(0)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QVERIFY(f.route->writes.isEmpty());
        QCOMPARE(state->value.problem, QString());
        const WeightChange change = f.read().changes.first();
        QCOMPARE(change.through, QStringLiteral("helm 44"));
        QCOMPARE(change.actor, QStringLiteral("mara"));
        QCOMPARE(change.reason, QStringLiteral("all well"));
        QCOMPARE(change.intent.value, QStringLiteral("i7"));
    }

    void aRollbackWhoseAnswerAloneIsLostIsDoneAndNamesNobody()
    {
        HelmFixture f;
        (void)f.read();
        f.helm.afterAll = fail(ErrorKind::TimedOut, QStringLiteral("helm was killed"));
        QVERIFY(await(f.control.setWeight(f.request(0))));
        QVERIFY(f.route->writes.isEmpty());
        // Another one may have been faster: it is not claimed.
        QCOMPARE(isNoted(f.read(), IntentId(QStringLiteral("i7"))), Noted::Nameless);
    }

    void aRollbackWithoutAnAnswerIsFoundAgainInTheHistory()
    {
        HelmFixture f;
        (void)f.read();
        f.helm.afterAll = fail(ErrorKind::TimedOut, QStringLiteral("helm was killed"));
        QObject::connect(&f.control, &HelmControl::output, [&f](const QString &) {
            f.route->readError = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        });
        QCOMPARE(await(f.control.setWeight(f.request(0))).error().kind, ErrorKind::TimedOut);
        f.route->readError.reset();
        const TrafficState state = f.read();
        QCOMPARE(state.asked, Weight{0});
        QCOMPARE(state.changes.first().reason, QStringLiteral("Rollback to 41"));
        // It may be this intent's: nobody can say that another one did it.
        QCOMPARE(isNoted(state, IntentId(QStringLiteral("i7"))), Noted::Nameless);
    }

    void aConflictInHelmIsNotGoneRound()
    {
        HelmFixture f;
        f.helm.failure = CommandOutput{1,
                                       {},
                                       "Error: another operation (install/upgrade/rollback) "
                                       "is in progress"};
        (void)f.read();
        QCOMPARE(await(f.control.setWeight(f.request(0))).error().kind, ErrorKind::Conflict);
        QVERIFY(f.route->writes.isEmpty());
    }

    void aHelmThatFailsThoughItDidItHasDoneIt()
    {
        const QList<Result<CommandOutput>> ends{
            CommandOutput{1, {}, "Error: the connection broke"},
            fail(ErrorKind::Unavailable, QStringLiteral("ended by a signal"))};
        for (const auto &end : ends) {
            HelmFixture f;
            f.helm.afterAll = end;
            (void)f.read();
            const auto state = await(f.control.setWeight(f.request(100)));
            QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
            QCOMPARE(state->value.asked, Weight{100});
            QCOMPARE(state->value.version, QStringLiteral("44/2"));
        }
    }

    void aHelmThatIsWellAndMadeNoRevisionIsNotBelieved()
    {
        HelmFixture f;
        f.helm.doesNothing = true;
        (void)f.read();
        const auto state = await(f.control.setWeight(f.request(100)));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Malformed);
        QVERIFY(state.error().message.contains(QLatin1String("made no revision")));
        // A rollback has a way without it.
        QVERIFY(await(f.control.setWeight(f.request(0))));
        QCOMPARE(f.route->world.asked, Weight{0});
    }

    void aRollbackWaitsForHelmNoLongerThanThereIsTimeForTheRoute()
    {
        HelmFixture f;
        (void)f.read();
        (void)await(f.control.setWeight(f.request(0)));
        const Command rollback = f.helm.commands.last();
        QVERIFY(rollback.timeout + rollback.grace < StepRules{}.acceptWithin);
        const QString version = f.read().version;
        QVERIFY(await(f.control.setWeight(f.request(50, version))));
        QVERIFY(f.helm.commands.last().timeout >= std::chrono::seconds(2 * helmWaits));
    }

    void whatWasRunIsNoFailureBecauseItCouldNotBeReadBack()
    {
        HelmFixture f;
        (void)f.read();
        QObject::connect(&f.control, &HelmControl::output, [&f](const QString &) {
            f.route->readError = Error{ErrorKind::TimedOut, QStringLiteral("no answer"), {}, {}};
        });
        const auto state = await(f.control.setWeight(f.request(100)));
        QVERIFY(state);
        QVERIFY(state->value.problem.contains(QStringLiteral("written, but it could not be read")));
        QCOMPARE(state->value.accepted, std::optional<Weight>());
    }

    void aHoldIsTheRoutes()
    {
        HelmFixture f;
        (void)f.read();
        const auto state = await(
            f.control.setHold(Hold{QStringLiteral("mara"), {}, {}, {}}, QStringLiteral("43/1")));
        QVERIFY(state);
        QVERIFY(f.route->world.hold.has_value());
        QVERIFY(f.control.planHold({}, state->value)
                    .summary.contains(QStringLiteral("no hold if version is still 2")));
        QCOMPARE(state->value.version, QStringLiteral("43/2"));
        QCOMPARE(await(f.control.setHold({}, QStringLiteral("81723"))).error().kind,
                 ErrorKind::BadInput);
    }

    void theHistoryIsReadAgainWhenTheRouteTells()
    {
        HelmFixture f;
        QSignalSpy told(&f.control, &TrafficControl::changed);
        f.control.watch();
        QVERIFY(f.route->watched());
        f.route->tell();
        QTRY_COMPARE(told.size(), 1);
        f.cluster.find(43).status = "superseded";
        f.add(44, "deployed", 100);
        f.clock.advance(5s);
        f.route->tell();
        QTRY_COMPARE(told.size(), 2);
        const auto state = told.last().first().value<Reading<TrafficState>>();
        QCOMPARE(state.value.version, QStringLiteral("44/1"));
        QCOMPARE(state.value.asked, Weight{100});
    }

    void manyChangesOfTheRouteAreNotManyReadsOfTheHistory()
    {
        HelmFixture f;
        (void)f.read();
        f.clock.advance(2s);
        f.cluster.log.clear();
        QSignalSpy told(&f.control, &TrafficControl::changed);
        f.control.watch();
        for (int i = 0; i < 20; ++i)
            f.route->tell();
        QTRY_COMPARE(told.size(), 20);
        QCOMPARE(f.cluster.log.count(QStringLiteral("LIST")), 1);
    }

    void whoeverMayPatchTheRouteMayRollBack()
    {
        HelmFixture f;
        auto access = await(f.control.access());
        QVERIFY(access->mayWrite);
        QCOMPARE(access->why, QString());
        f.cluster.forbidden << QStringLiteral("create");
        access = await(f.control.access());
        QVERIFY(access->mayWrite);
        QVERIFY(access->why.contains(QStringLiteral("you lack create on secrets in production")));
        f.route->mayWrite = {false, QStringLiteral("you lack patch on httproutes")};
        access = await(f.control.access());
        QVERIFY(!access->mayWrite);
        QCOMPARE(access->why, f.route->mayWrite.why);
    }
};

QTEST_GUILESS_MAIN(HelmControlTest)
#include "helmcontroltest.moc"
