#include "helmfixture.h"

#include "action/outcomewords.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class HelmActionsTest : public QObject
{
    Q_OBJECT

private:
    static QStringList ids(const HelmFixture &f)
    {
        QStringList all;
        for (const OwnAction &each : f.control.ownActions({}))
            all << each.id;
        return all;
    }
    static OwnRequest request(const char *action, const char *version = "43/1")
    {
        return {QString::fromLatin1(action), QString::fromLatin1(version), QStringLiteral("mara"),
                QString(), IntentId(QStringLiteral("i8"))};
    }

private Q_SLOTS:
    void thePlanOfAPromoteIsTheCommand()
    {
        HelmFixture f;
        const TrafficState now = f.read();
        const PlannedCall call = f.control.planWeight(f.request(100), now);
        QCOMPARE(call.language, PlannedCall::Language::Shell);
        QCOMPARE(call.summary, QStringLiteral("helm upgrade web   canary.weight 50 → 100   if the "
                                              "newest revision is still 43"));
        QVERIFY(call.exact.startsWith(QStringLiteral("helm upgrade web shop/web --reuse-values")));
        QVERIFY(call.exact.contains(
            QStringLiteral("--description 'canary.weight 50 -> 100 by mara: all well")));
        QCOMPARE(call.copyable, call.exact);
    }

    void whatThePlanSaysIsWhatIsRun()
    {
        for (const int weight : {100, 0}) {
            HelmFixture f;
            const TrafficState now = f.read();
            const PlannedCall call = f.control.planWeight(f.request(weight), now);
            QVERIFY(await(f.control.setWeight(f.request(weight))));
            QCOMPARE(shellText(f.helm.commands.last().program, f.helm.commands.last().arguments),
                     call.copyable);
        }
    }

    void thePlanOfARollbackSaysWhatComesIfHelmCannot()
    {
        HelmFixture f;
        const TrafficState now = f.read();
        const PlannedCall call = f.control.planWeight(f.request(0), now);
        QVERIFY(call.summary.startsWith(QStringLiteral("helm rollback web 41   ")));
        QVERIFY(call.exact.contains(QStringLiteral("only if helm cannot")));
        QVERIFY(call.exact.contains(QStringLiteral("PUT weight 0 if version is still 1")));
    }

    void thePlanSaysWhyItIsNotHelm()
    {
        HelmFixture f;
        f.cluster.forbidden << QStringLiteral("list");
        const TrafficState now = f.read();
        const PlannedCall call = f.control.planWeight(f.request(0, now.version), now);
        QVERIFY2(
            call.summary.contains(QStringLiteral("not by helm: Helm's history cannot be seen")),
            qPrintable(call.summary));
        QVERIFY(f.control.planWeight(f.request(100, now.version), now)
                    .summary.contains(QStringLiteral("you lack list")));
    }

    void beforeAnythingWasReadThePlanIsABareSummary()
    {
        HelmFixture f;
        const PlannedCall call = f.control.planWeight(f.request(100), {});
        QVERIFY(!call.summary.isEmpty());
        QVERIFY(call.exact.isEmpty());
    }

    void theHistoryCanBeShownByACommand()
    {
        HelmFixture f;
        QCOMPARE(f.control.showCommand(),
                 QStringLiteral("helm history web --namespace production --kube-context prod "
                                "--kubeconfig /kubeconfig"));
    }

    void aDryRunComparesTheTrialWithTheDeployedManifest()
    {
        HelmFixture f;
        (void)f.read();
        f.helm.trial = "{\"manifest\": \"kind: HTTPRoute\\nmetadata: {name: web}\\n"
                       "spec: {weight: 100}\\n\", \"config\": {\"password\": \"hunter2\"}}";
        const auto run = await(f.control.dryRun(f.request(100)));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how, QStringLiteral("helm upgrade --dry-run=server"));
        QCOMPARE(run->changes, QStringList{QStringLiteral("HTTPRoute/web spec.weight: 50 → 100")});
        QVERIFY(f.helm.last().contains(QStringLiteral("--hide-secret")));
        // It prints the values: not for the log.
        QVERIFY(!f.helm.commands.last().onLine);
        QVERIFY(f.output.isEmpty());
    }

    void aDryRunOfARollbackComparesTwoRevisionsWithoutHelm()
    {
        HelmFixture f;
        (void)f.read();
        const auto run = await(f.control.dryRun(f.request(0)));
        QVERIFY(run);
        QCOMPARE(run->how, QStringLiteral("manifests of revisions 43 and 41"));
        QCOMPARE(run->changes, QStringList{QStringLiteral("HTTPRoute/web spec.weight: 50 → 0")});
        QVERIFY(f.helm.commands.isEmpty());
    }

    void aDryRunThatFailsSaysWhy()
    {
        HelmFixture f;
        (void)f.read();
        QCOMPARE(await(f.control.dryRun(f.request(100))).error().kind, ErrorKind::Malformed);
        f.addLock(20s);
        QCOMPARE(await(f.control.dryRun(f.request(100, QStringLiteral("44/1")))).error().kind,
                 ErrorKind::Conflict);
        QCOMPARE(await(f.control.dryRun(f.request(100))).error().kind, ErrorKind::Conflict);
    }

    void aDryRunOfAnOwnRollbackAsksHelmAndComparesTheManifests_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QString>("flag");
        QTest::newRow("3") << QByteArray("v3.17.2") << QStringLiteral("--dry-run");
        QTest::newRow("4") << QByteArray("v4.1.4") << QStringLiteral("--dry-run=server");
    }
    void aDryRunOfAnOwnRollbackAsksHelmAndComparesTheManifests()
    {
        QFETCH(QByteArray, version);
        QFETCH(QString, flag);
        HelmFixture f;
        f.helm.version = version;
        (void)f.read();
        const auto run = await(f.control.dryRunOwn(request("helm.rollback:42")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how,
                 QStringLiteral("helm rollback --dry-run, manifests of revisions 43 and 42"));
        QCOMPARE(run->changes, QStringList{QStringLiteral("HTTPRoute/web spec.weight: 50 → 10")});
        QCOMPARE(f.helm.commands.size(), 1);
        QVERIFY2(f.helm.last().startsWith(QStringLiteral("rollback web 42 ")),
                 qPrintable(f.helm.last()));
        QCOMPARE(f.helm.commands.last().arguments.last(), flag);
        // The same command in earnest, but for that flag.
        const QStringList tried
            = f.helm.commands.last().arguments.mid(0, f.helm.commands.last().arguments.size() - 1);
        QVERIFY(f.runOwn("helm.rollback:42", QStringLiteral("43/1")));
        QCOMPARE(f.helm.commands.last().arguments, tried);
    }

    void aDryRunOfAnUnlockGoesToTheRevisionThatItWouldGoTo()
    {
        HelmFixture f;
        f.addLock(20min);
        (void)f.read();
        const auto run = await(f.control.dryRunOwn(request("helm.unlock", "44/1")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QVERIFY(f.helm.last().startsWith(QStringLiteral("rollback web 43 ")));
        QVERIFY(f.helm.last().contains(QStringLiteral("--dry-run")));
        QCOMPARE(run->changes, QStringList()); // the same manifest again
    }

    void aDryRunThatHelmRefusesIsTold()
    {
        HelmFixture f;
        (void)f.read();
        f.helm.failure = CommandOutput{1, {}, "Error: secrets is forbidden\n"};
        const auto run = await(f.control.dryRunOwn(request("helm.rollback:42")));
        QCOMPARE(run.error().kind, ErrorKind::NotAllowed);
        QCOMPARE(await(f.control.dryRunOwn(request("helm.unlock"))).error().kind,
                 ErrorKind::Refused);
        QCOMPARE(await(f.control.dryRunOwn(request("helm.rollback:42", "42/1"))).error().kind,
                 ErrorKind::Conflict);
        QCOMPARE(f.helm.commands.size(), 1);
    }

    void whatFailedBeforeHelmWasRunIsFailedAndNeverUnknown_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("isRoute"); ///< it is the route's, else that of helm's version
        for (const bool isRoute : {true, false}) {
            const auto row = [isRoute](const char *name, ErrorKind kind) {
                QTest::addRow("%s: %s", isRoute ? "route" : "helm", name) << int(kind) << isRoute;
            };
            row("hangs", ErrorKind::TimedOut);
            row("is away", ErrorKind::Unavailable);
            row("talks nonsense", ErrorKind::Malformed);
        }
    }
    void whatFailedBeforeHelmWasRunIsFailedAndNeverUnknown()
    {
        QFETCH(int, kind);
        QFETCH(bool, isRoute);
        HelmFixture f;
        const Error error{ErrorKind(kind), QStringLiteral("it is out"), {}, {}};
        if (!isRoute)
            f.helm.noVersion = error;
        (void)f.read();
        if (isRoute)
            f.route->readError = error;
        const auto done = f.runOwn("helm.rollback:42", QStringLiteral("43/1"));
        QVERIFY(!done);
        QVERIFY2(!mayBeDone(done.error()), qPrintable(done.error().message));
        QCOMPARE(outcomeOf(done.error()).kind, Outcome::Kind::Failed);
        QVERIFY2(done.error().message.startsWith(QLatin1String("Nothing was begun, helm was not ")),
                 qPrintable(done.error().message));
        QVERIFY(f.helm.commands.isEmpty());
    }

    void aHoldIsTriedOnTheRouteWithTheRoutesOwnVersion()
    {
        HelmFixture f;
        (void)f.read();
        Hold hold;
        hold.by = QStringLiteral("mara");
        f.route->dryRuns = {DryRun{QStringLiteral("dryRun=All"), {QStringLiteral("a hold")}}};
        const auto run = await(f.control.dryRunHold(hold, QStringLiteral("43/1")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->changes, QStringList{QStringLiteral("a hold")});
        QCOMPARE(f.route->holdTrials.value(0).second, QStringLiteral("1"));
        QVERIFY(f.helm.commands.isEmpty());
        QCOMPARE(await(f.control.dryRunHold(hold, QStringLiteral("nonsense"))).error().kind,
                 await(f.control.setHold(hold, QStringLiteral("nonsense"))).error().kind);
    }

    void eachGoodRevisionCanBeGoneBackTo()
    {
        HelmFixture f;
        f.add(44, "failed", 100);
        (void)f.read();
        QCOMPARE(ids(f), (QStringList{
                             QStringLiteral("helm.unlock"), QStringLiteral("helm.rollback:43"),
                             QStringLiteral("helm.rollback:42"), QStringLiteral("helm.rollback:41"),
                             QStringLiteral("helm.rollback:40")}));
        const OwnAction action = f.action(QStringLiteral("helm.rollback:40"));
        QCOMPARE(action.title, QStringLiteral("Helm: roll back to revision 40"));
        QCOMPARE(action.typed, QStringLiteral("40"));
        QCOMPARE(action.from, QStringLiteral("revision 44, failed, web 1.4.0, 100 %"));
        QCOMPARE(action.to, QStringLiteral("revision 40, superseded, web 1.4.0, 0 %"));
        QVERIFY(action.leaves.join(QLatin1Char(' ')).contains(QStringLiteral("database")));
        QCOMPARE(action.calls.first().copyable,
                 QStringLiteral("helm rollback web 40 --namespace production --kube-context prod "
                                "--kubeconfig /kubeconfig"));
        QVERIFY(action.calls.first().exact.startsWith(action.calls.first().copyable));
        QVERIFY2(action.calls.first().exact.endsWith(QStringLiteral(
                     "NOTE helm 45 by (you) if version is still (the version that helm leaves)")),
                 qPrintable(action.calls.first().exact));
        QCOMPARE(action.offBecause, QString());
    }

    void theDeployedRevisionIsNoWayBackToItself()
    {
        HelmFixture f;
        (void)f.read();
        QVERIFY(!ids(f).contains(QStringLiteral("helm.rollback:43")));
    }

    void atMostFiveAreOffered()
    {
        HelmFixture f;
        f.cluster.revisions.clear();
        for (int number = 30; number < 40; ++number)
            f.add(number, "superseded", 0);
        f.add(40, "deployed", 10);
        (void)f.read();
        QCOMPARE(ids(f).size(), 6);
        QCOMPARE(ids(f).last(), QStringLiteral("helm.rollback:35"));
    }

    void anOwnRollbackRunsWhatItSaid()
    {
        HelmFixture f;
        (void)f.read();
        const auto state = f.runOwn("helm.rollback:40", QStringLiteral("43/1"));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QVERIFY(f.helm.last().startsWith(QStringLiteral("rollback web 40 ")));
        QCOMPARE(state->value.version, QStringLiteral("44/3")); // moved, then noted
        QCOMPARE(f.route->world.deeds.first(),
                 (Deed{f.clock.now(), QStringLiteral("mara"), QStringLiteral("helm 44"), QString(),
                       IntentId(QStringLiteral("i8"))}));
        QCOMPARE(isNoted(f.read(), IntentId(QStringLiteral("i8"))), Noted::Yes);
    }

    void anOwnRollbackWhoseNoteFailsIsDoneAndSaysSo()
    {
        HelmFixture f;
        (void)f.read();
        f.route->noteErrors = {{ErrorKind::NotAllowed, QStringLiteral("you lack patch"), {}, {}}};
        const auto state = f.runOwn("helm.rollback:40", QStringLiteral("43/1"));
        QVERIFY(state);
        QVERIFY2(state->value.problem.contains(QStringLiteral(
                     "done, but who did it is not noted on the route: you lack patch")),
                 qPrintable(state->value.problem));
        QCOMPARE(isNoted(f.read(), IntentId(QStringLiteral("i8"))), Noted::Nameless);
    }

    void anOwnActionMeetsTheVersionThatWasSeen()
    {
        HelmFixture f;
        (void)f.read();
        QCOMPARE(f.runOwn("helm.rollback:40", QStringLiteral("42/1")).error().kind,
                 ErrorKind::Conflict);
        QVERIFY(f.helm.commands.isEmpty());
    }

    void whatIsOffOrNotThereIsRefused_data()
    {
        QTest::addColumn<QString>("says");
        QTest::newRow("helm.unlock") << QStringLiteral("there is no lock: revision 43 is deployed");
        QTest::newRow("helm.rollback:7") << QStringLiteral("no action helm.rollback:7");
        QTest::newRow("helm.uninstall") << QStringLiteral("no action helm.uninstall");
    }
    void whatIsOffOrNotThereIsRefused()
    {
        QFETCH(const QString, says);
        HelmFixture f;
        (void)f.read();
        const auto state = f.runOwn(QTest::currentDataTag(), QStringLiteral("43/1"));
        QCOMPARE(state.error().kind, ErrorKind::Refused);
        QVERIFY2(state.error().message.contains(says), qPrintable(state.error().message));
        QVERIFY(f.helm.commands.isEmpty());
    }

    void aLockThatWasLeftBehindIsExplainedAndCleared()
    {
        HelmFixture f;
        f.addLock(3h);
        const TrafficState now = f.read();
        QVERIFY(now.problem.contains(QStringLiteral("left this lock behind")));
        const OwnAction action = f.action(QStringLiteral("helm.unlock"));
        QCOMPARE(action.offBecause, QString());
        QCOMPARE(action.typed, QStringLiteral("unlock"));
        QCOMPARE(action.to, QStringLiteral("revision 43, deployed, web 1.4.0, 50 %"));
        const QString leaves = action.leaves.join(QLatin1Char(' '));
        QVERIFY2(leaves.contains(QStringLiteral("for 3 h")), qPrintable(leaves));
        QVERIFY2(leaves.contains(
                     QStringLiteral("Skipped: revision 44 is pending-upgrade: it never came")),
                 qPrintable(leaves));
        const auto state = f.runOwn("helm.unlock", now.version);
        QVERIFY(state);
        QVERIFY(f.helm.last().startsWith(QStringLiteral("rollback web 43 ")));
        QCOMPARE(state->value.problem, QString());
        QCOMPARE(f.route->world.deeds.first().intent.value, QStringLiteral("i8"));
    }

    void aLockOfSomebodyAtWorkIsNotCleared()
    {
        HelmFixture f;
        f.addLock(20s);
        const TrafficState now = f.read();
        for (const char *id : {"helm.unlock", "helm.rollback:41"}) {
            QVERIFY(f.action(QString::fromLatin1(id))
                        .offBecause.contains(QStringLiteral("somebody is deploying now")));
            QCOMPARE(f.runOwn(id, now.version).error().kind, ErrorKind::Refused);
        }
        QVERIFY(f.helm.commands.isEmpty());
    }

    void withNothingGoodALockCannotBeCleared()
    {
        HelmFixture f;
        f.cluster.revisions.clear();
        f.add(43, "failed", 0);
        f.addLock(3h);
        (void)f.read();
        QVERIFY(f.action(QStringLiteral("helm.unlock"))
                    .offBecause.contains(QStringLiteral("no good revision")));
    }

    void withoutAHistoryTheOnlyActionIsOffWithTheReason()
    {
        HelmFixture f;
        QVERIFY(f.action(QStringLiteral("helm.unlock"))
                    .offBecause.contains(QStringLiteral("not read yet")));
        f.cluster.forbidden << QStringLiteral("list");
        (void)f.read();
        QCOMPARE(ids(f), QStringList{QStringLiteral("helm.unlock")});
        QVERIFY(f.action(QStringLiteral("helm.unlock"))
                    .offBecause.contains(QStringLiteral("you lack list on secrets")));
    }

    void whatTheServerAppliesIsForcedBack()
    {
        HelmFixture f;
        f.helm.version = "v4.1.4";
        for (HelmSecret &each : f.cluster.revisions)
            each.applyMethod = "ssa";
        (void)f.read();
        QVERIFY(f.runOwn("helm.rollback:40", QStringLiteral("43/1")));
        QVERIFY(f.helm.last().contains(QStringLiteral("--force-conflicts")));
        // A promote respects what others own.
        QVERIFY(await(f.control.setWeight(f.request(50, QStringLiteral("44/3")))));
        QVERIFY(!f.helm.last().contains(QStringLiteral("--force-conflicts")));
    }

    void aSmallNoteIsKeptOnTheRoute()
    {
        HelmFixture f;
        (void)f.read();
        GuardMark mark;
        mark.since = f.clock.now();
        mark.commit = CommitId(QStringLiteral("c41d77e"));
        const QString key = QLatin1String(guardsAnnotation);
        const auto state
            = await(f.control.annotate(key, encodeGuards({mark}), QStringLiteral("43/1")));
        QVERIFY(state);
        QVERIFY(state->value.guards == QList<GuardMark>{mark});
        QCOMPARE(state->value.version, QStringLiteral("43/2"));
        QVERIFY(f.control.planAnnotation(key, {}, state->value)
                    .summary.contains(QStringLiteral("(none) if version is still 2")));
        QCOMPARE(await(f.control.annotate(key, {}, QStringLiteral("81723"))).error().kind,
                 ErrorKind::BadInput);
    }
};

QTEST_GUILESS_MAIN(HelmActionsTest)
#include "helmactionstest.moc"
