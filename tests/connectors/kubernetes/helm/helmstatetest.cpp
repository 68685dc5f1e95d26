#include "connectors/kubernetes/helm/helmstate.h"

#include <QTest>

using namespace pilothouse;

namespace {

const Error lost{ErrorKind::Unavailable, QStringLiteral("It was ended."), {}, {}};
const QString value = QStringLiteral("canary.weight");

HelmRevision revision(int number, const char *word)
{
    HelmRevision revision;
    revision.number = number;
    revision.word = QString::fromLatin1(word);
    revision.status = statusFrom(revision.word);
    revision.at
        = QDateTime(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC).addSecs(qint64(60) * number);
    return revision;
}

HelmBody body(int percent, const QString &description)
{
    HelmBody body;
    body.weight = HelmValue{percent, HelmValue::Form::Number};
    body.description = description;
    return body;
}

HelmSight sight(int onRoute)
{
    HelmHistory history;
    history.revisions
        = {revision(3, "deployed"), revision(2, "superseded"), revision(1, "superseded")};
    history.bodies = {{3, body(50, QStringLiteral("Upgrade complete"))},
                      {2, body(10, QStringLiteral("canary.weight 0 -> 10 by mara: all well "
                                                  "(pilothouse i7 9f3c2a1)"))},
                      {1, body(0, QStringLiteral("Install complete"))}};
    return {history, {}, Weight{onRoute}};
}

TrafficState route(int percent)
{
    TrafficState state;
    state.asked = Weight{percent};
    state.accepted = state.asked;
    state.version = QStringLiteral("81723");
    return state;
}

} // namespace

class HelmStateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHelmThatFailedThoughItsRevisionStandsHasDoneIt()
    {
        const HelmSight now = sight(10);
        QVERIFY(!afterFailure(lost, now, {IntentId(QStringLiteral("i7")), Weight{10}, 1}));
        QVERIFY(afterFailure(lost, now, {IntentId(QStringLiteral("i8")), Weight{10}, 1}) == lost);
        // Without a name no revision is ours, whoever made it.
        QVERIFY(afterFailure(lost, now, {IntentId(), Weight{50}, 1}) == lost);
        const HelmSight unseen{fail(lost), {}, Weight{10}};
        QVERIFY(afterFailure(lost, unseen, {IntentId(QStringLiteral("i7")), Weight{10}, 1})
                == lost);
    }

    void aLockThatMovedNothingIsAFailureForCertain()
    {
        const HelmWrite write{IntentId(QStringLiteral("i8")), Weight{100}, 3};
        HelmSight now = sight(50);
        now.history->revisions.prepend(revision(4, "pending-upgrade"));
        now.history->bodies.insert(4, body(100, QStringLiteral("Preparing upgrade")));
        const auto failed = afterFailure(lost, now, write);
        QVERIFY(failed);
        QCOMPARE(failed->kind, ErrorKind::BadInput);
        QCOMPARE(failed->message, QStringLiteral("It was ended. It left revision 4 behind, "
                                                 "pending-upgrade, which holds the release."));
        // What helm itself answered stands.
        const Error answered{ErrorKind::Conflict, QStringLiteral("helm says: no"), {}, {}};
        QVERIFY(afterFailure(answered, now, write) == answered);
        // Of more than a weight the route tells too little.
        QVERIFY(afterFailure(lost, now, {IntentId(), std::nullopt, 3}) == lost);
        // The lock was there before, or the route has it.
        QVERIFY(afterFailure(lost, now, {write.intent, write.weight, 4}) == lost);
        now.onRoute = Weight{100};
        QVERIFY(afterFailure(lost, now, write) == lost);
    }

    void whatAConsoleGaveTheRouteItselfSinceIsAsked()
    {
        const HelmSight now = sight(0);
        WeightChange ours;
        ours.from = Weight{50};
        ours.to = Weight{0};
        ours.at = now.history->newest()->at;
        TrafficState moved = route(0);
        moved.changes = {ours};
        const TrafficState state = helmState(moved, now, value);
        QCOMPARE(state.asked, Weight{0});
        QVERIFY2(
            state.problem.contains(QStringLiteral("Helm was asked for 50 % and the route has 0 %")),
            qPrintable(state.problem));
        // Helm was asked later, or somebody moved the route again.
        moved.changes.first().at = ours.at.addSecs(-1);
        QCOMPARE(helmState(moved, now, value).asked, Weight{50});
        moved.changes = {ours};
        moved.asked = Weight{30};
        QCOMPARE(helmState(moved, now, value).asked, Weight{50});
    }

    void aLockHasChangedNothingYet()
    {
        HelmSight now = sight(50);
        const auto before = changesIn(*now.history);
        now.history->revisions.prepend(revision(4, "pending-upgrade"));
        now.history->bodies.insert(4, body(100, QStringLiteral("Preparing upgrade")));
        QCOMPARE(changesIn(*now.history), before);
    }

    void aVersionHasBothItsParts()
    {
        const HelmVersion version{43, QStringLiteral("81723")};
        QCOMPARE(version.text(), QStringLiteral("43/81723"));
        QCOMPARE(HelmVersion::from(version.text()).value(), version);
        QCOMPARE(HelmVersion::from(QStringLiteral("0/a/b"))->route, QStringLiteral("a/b"));
        for (const char *wrong : {"", "81723", "x/1", "/1"})
            QCOMPARE(HelmVersion::from(QString::fromLatin1(wrong)).error().kind,
                     ErrorKind::BadInput);
    }

    void askedIsHelmsAndAcceptedTheRoutes()
    {
        const TrafficState state = helmState(route(50), sight(50), value);
        QCOMPARE(state.asked, Weight{50});
        QCOMPARE(state.accepted, std::optional(Weight{50}));
        QCOMPARE(state.problem, QString());
        QCOMPARE(state.promoteOff, QString());
        QCOMPARE(state.lastWriter, QStringLiteral("Helm revision 3"));
    }

    void theNextDeployBringsTheWeightOfItsOwnValues()
    {
        const auto next = helmState(route(50), sight(50), value).nextDeploy;
        QVERIFY(next);
        QCOMPARE(next->kind, NextDeploy::Kind::Overwrites);
        QCOMPARE(next->words,
                 QStringLiteral("the next helm upgrade with values of its own overwrites this "
                                "weight by theirs or the chart's; with --reuse-values, or without "
                                "any, it stays"));
    }

    void whatTheNextDeployDoesIsNotKnown_data()
    {
        QTest::addColumn<HelmSight>("seen");
        QTest::addColumn<QString>("why");
        HelmSight locked = sight(50);
        locked.lock.kind = HelmLock::Kind::Deploying;
        locked.lock.sentence = QStringLiteral("somebody is deploying now");
        HelmSight weightless = sight(50);
        weightless.history->bodies.clear();
        QTest::newRow("while somebody deploys")
            << locked << QStringLiteral("somebody is deploying now");
        QTest::newRow("after the route was moved besides Helm")
            << sight(0) << QStringLiteral("Helm was asked for 50 % and the route has 0 %");
        QTest::newRow("without a value")
            << weightless << QStringLiteral("no revision of the release says a weight");
        QTest::newRow("without a history")
            << HelmSight{fail(ErrorKind::NotAllowed, QStringLiteral("you lack list.")),
                         {},
                         Weight{50}}
            << QStringLiteral("you lack list");
    }

    void whatTheNextDeployDoesIsNotKnown()
    {
        QFETCH(HelmSight, seen);
        QFETCH(QString, why);
        const auto next = helmState(route(50), seen, value).nextDeploy;
        QVERIFY(next);
        QCOMPARE(next->kind, NextDeploy::Kind::CannotTell);
        QVERIFY2(next->words.endsWith(QStringLiteral("not known: ") + why),
                 qPrintable(next->words));
    }

    void aRouteThatSaysAnotherWeightIsSaid()
    {
        const TrafficState state = helmState(route(30), sight(30), value);
        QCOMPARE(state.asked, Weight{50});
        QCOMPARE(state.accepted, std::optional(Weight{30}));
        QVERIFY2(state.problem.contains(
                     QStringLiteral("Helm was asked for 50 % and the route has 30 %")),
                 qPrintable(state.problem));
    }

    void aFailedRevisionIsSaidAndNotAskedFor()
    {
        HelmSight failed = sight(50);
        failed.history->revisions.prepend(revision(4, "failed"));
        failed.history->bodies.insert(4, body(100, QStringLiteral("Upgrade \"web\" failed: no")));
        const TrafficState state = helmState(route(50), failed, value);
        QCOMPARE(state.asked, Weight{50});
        QVERIFY2(state.problem.contains(QStringLiteral("Helm revision 4 failed and may be applied "
                                                       "in part: Upgrade \"web\" failed: no")),
                 qPrintable(state.problem));
        QCOMPARE(state.version, QStringLiteral("4/81723"));
    }

    void aLockIsSaidAndExcusesTheDifference()
    {
        HelmSight locked = sight(50);
        locked.history->revisions.prepend(revision(4, "pending-upgrade"));
        locked.history->bodies.insert(4, body(100, QStringLiteral("Preparing upgrade")));
        locked.lock.kind = HelmLock::Kind::Deploying;
        locked.lock.sentence = QStringLiteral("somebody is deploying now");
        const TrafficState state = helmState(route(50), locked, value);
        QCOMPARE(state.asked, Weight{100});
        QCOMPARE(state.problem, locked.lock.sentence);
        QCOMPARE(state.promoteOff, locked.lock.sentence);
        QCOMPARE(state.atWork, QStringLiteral("pending-upgrade"));
        QVERIFY(helmState(route(50), sight(50), value).atWork.isEmpty());
    }

    void valuesWithoutAWeightLeaveTheRoutes()
    {
        HelmSight none = sight(20);
        none.history->bodies[3].weight.reset();
        none.history->bodies[3].weightProblem = QStringLiteral("no value canary.weight");
        const TrafficState state = helmState(route(20), none, value);
        QCOMPARE(state.asked, Weight{20});
        QVERIFY(state.problem.contains(QStringLiteral("Helm revision 3: no value canary.weight")));
    }

    void aHistoryThatCannotBeSeenIsSaidBesideTheRoutesProblem()
    {
        TrafficState plain = route(20);
        plain.problem = QStringLiteral("no Pod stands behind it");
        const HelmSight blind{
            fail(ErrorKind::NotAllowed, QStringLiteral("you lack list")), {}, Weight{20}};
        const TrafficState state = helmState(plain, blind, value);
        QCOMPARE(state.problem, QStringLiteral("no Pod stands behind it; you lack list"));
        QCOMPARE(state.promoteOff, QStringLiteral("you lack list"));
        QCOMPARE(state.version, QStringLiteral("0/81723"));
        QCOMPARE(state.asked, Weight{20});
    }

    void changesComeFromTheHistoryWithWhoeverMadeThem()
    {
        const QList<WeightChange> changes = changesIn(*sight(50).history);
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes[0].actor, QStringLiteral("Helm revision 3"));
        QCOMPARE(changes[0].from, Weight{10});
        QCOMPARE(changes[0].to, Weight{50});
        QCOMPARE(changes[0].intent.value, QString());
        const WeightChange ours{revision(2, "superseded").at,
                                QStringLiteral("mara"),
                                Weight{0},
                                Weight{10},
                                QStringLiteral("all well"),
                                IntentId(QStringLiteral("i7")),
                                CommitId(QStringLiteral("9f3c2a1"))};
        QCOMPARE(changes[1], ours);
    }

    void aRollbackByHelmMayBeAnybodysAndAnUpgradeWithoutAMarkIsNot()
    {
        HelmHistory history = *sight(50).history;
        QCOMPARE(changesIn(history).first().through, QString());
        history.revisions.prepend(revision(4, "deployed"));
        history.bodies.insert(4, body(10, QStringLiteral("Rollback to 2")));
        const WeightChange change = changesIn(history).first();
        QCOMPARE(change.through, QStringLiteral("helm 4"));
        QCOMPARE(change.actor, QStringLiteral("Helm revision 4"));
        QVERIFY(change.intent.value.isEmpty());
        // Somebody's words are no record of helm's.
        history.bodies[4].description = QStringLiteral("Rollback to 2 for the demo");
        QCOMPARE(changesIn(history).first().through, QString());
    }

    void theRoutesOwnChangesAreSortedIn()
    {
        TrafficState noted = route(50);
        WeightChange between;
        between.at = revision(2, "").at.addSecs(5);
        between.actor = QStringLiteral("kubectl");
        noted.changes = {between};
        const TrafficState state = helmState(noted, sight(50), value);
        QCOMPARE(state.changes.size(), 3);
        QCOMPARE(state.changes[1].actor, QStringLiteral("kubectl"));
    }

    void whatWeDescribeWeReadAgain_data()
    {
        QTest::addColumn<QString>("actor");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("intent");
        QTest::addColumn<QString>("commit");
        const QString commit(40, QLatin1Char('c'));
        QTest::newRow("all") << QStringLiteral("mara") << QStringLiteral("all well")
                             << QStringLiteral("i7") << commit;
        QTest::newRow("no reason")
            << QStringLiteral("mara@desk") << QString() << QStringLiteral("i7") << commit;
        QTest::newRow("no intent")
            << QStringLiteral("M. Muster") << QStringLiteral("a: b (c)") << QString() << commit;
        QTest::newRow("no commit")
            << QStringLiteral("mara") << QStringLiteral("x")
            << QStringLiteral("5f2c8a0e-1111-4222-8333-944455556666") << QString();
    }
    void whatWeDescribeWeReadAgain()
    {
        QFETCH(const QString, actor);
        QFETCH(const QString, reason);
        QFETCH(const QString, intent);
        QFETCH(const QString, commit);
        WeightRequest request;
        request.candidate = Weight{50};
        request.actor = actor;
        request.reason = reason;
        request.intent = IntentId(intent);
        request.candidateCommit = CommitId(commit);
        HelmHistory history;
        history.revisions = {revision(2, "deployed")};
        history.bodies.insert(
            2, body(50, shownDescription(describedChange(value, Weight{10}, request))));
        const QList<WeightChange> changes = changesIn(history);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0].actor, actor);
        QCOMPARE(changes[0].reason, reason);
        QCOMPARE(changes[0].intent.value, intent);
        QCOMPARE(changes[0].candidate.value, commit);
    }

    void aLongReasonDoesNotPushTheMarkOut()
    {
        WeightRequest request;
        request.candidate = Weight{50};
        request.actor = QString(100, QLatin1Char('m'));
        request.reason = QString(1'000, QLatin1Char('x'));
        request.intent = IntentId(QStringLiteral("5f2c8a0e-1111-4222-8333-944455556666"));
        request.candidateCommit = CommitId(QString(40, QLatin1Char('c')));
        const QString text = describedChange(value, Weight{10}, request);
        QCOMPARE(shownDescription(text), text);
    }
};

QTEST_GUILESS_MAIN(HelmStateTest)
#include "helmstatetest.moc"
