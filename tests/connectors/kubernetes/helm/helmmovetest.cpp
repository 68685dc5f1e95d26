#include "helmobjects.h"

#include "connectors/kubernetes/helm/helmmove.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// A revision with its body: "deployed", 10 %, and what it is made of besides.
struct Made
{
    int number;
    QByteArray status;
    int percent; ///< -1 = its body was not read
    QByteArray besides = "same";
};

HelmHistory historyOf(const QList<Made> &revisions)
{
    HelmHistory history;
    for (const Made &each : revisions) {
        HelmRevision revision;
        revision.number = each.number;
        revision.word = QString::fromLatin1(each.status);
        revision.status = statusFrom(revision.word);
        history.revisions.append(revision);
        if (each.percent < 0)
            continue;
        HelmBody body;
        body.weight = HelmValue{each.percent, HelmValue::Form::Number};
        body.besides = each.besides;
        body.chartVersion = QStringLiteral("1.%1.0").arg(each.number);
        history.bodies.insert(each.number, body);
    }
    return history;
}

HelmSight sightOf(const QList<Made> &revisions, int onRoute)
{
    return {historyOf(revisions), {}, Weight{onRoute}};
}

HelmLock lockOf(HelmLock::Kind kind)
{
    HelmLock lock;
    lock.kind = kind;
    lock.sentence = QStringLiteral("revision 44 is pending-upgrade");
    return lock;
}

const QList<Made> usual{{43, "deployed", 50},
                        {42, "superseded", 10},
                        {41, "superseded", 0},
                        {40, "superseded", 0, "the old image"}};

} // namespace

class HelmMoveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPromoteIsAnUpgradeOfTheDeployedChart()
    {
        const auto move = moveFor(sightOf(usual, 50), Weight{100});
        QVERIFY(move);
        QCOMPARE(move->means, HelmMove::Means::Upgrade);
        QCOMPARE(move->weight.percent, 100);
        QCOMPARE(move->chartVersion, QStringLiteral("1.43.0"));
    }

    void aWeightWrittenAsTextStaysText()
    {
        HelmSight sight = sightOf(usual, 50);
        sight.history->bodies[43].weight->form = HelmValue::Form::Text;
        QCOMPARE(moveFor(sight, Weight{100})->weight.form, HelmValue::Form::Text);
    }

    void aRollbackGoesToTheRevisionThatDiffersInTheWeightAlone()
    {
        const auto move = moveFor(sightOf(usual, 50), Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Rollback);
        QCOMPARE(move->revision, 41);
    }

    void aRollbackNeverGoesToWhatFailed()
    {
        QList<Made> revisions = usual;
        revisions[2].status = "failed";
        const auto move = moveFor(sightOf(revisions, 50), Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Upgrade);
        QCOMPARE(move->weight.percent, 0);
    }

    void aRevisionWithAnotherImageIsNoWayBackForTheTraffic()
    {
        QList<Made> revisions = usual;
        revisions.removeAt(2);
        QCOMPARE(moveFor(sightOf(revisions, 50), Weight{0})->means, HelmMove::Means::Upgrade);
        // Nor is one that nobody has looked into.
        revisions.last().percent = -1;
        QCOMPARE(moveFor(sightOf(revisions, 50), Weight{0})->means, HelmMove::Means::Upgrade);
    }

    void aFailedUpgradeOnTopDoesNotHideTheDeployedOne()
    {
        // 44 was to bring 50 and failed after it had moved the route; 43 is deployed at 0.
        const QList<Made> revisions{
            {44, "failed", 50}, {43, "deployed", 0}, {42, "superseded", 10}};
        const auto move = moveFor(sightOf(revisions, 50), Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Rollback);
        QCOMPARE(move->revision, 43);
        QCOMPARE(moveFor(sightOf(revisions, 0), Weight{10})->chartVersion,
                 QStringLiteral("1.43.0"));
    }

    void aLockStopsAPromote_data()
    {
        QTest::addColumn<int>("lock");
        QTest::addColumn<int>("kind");
        QTest::newRow("somebody deploys")
            << int(HelmLock::Kind::Deploying) << int(ErrorKind::Conflict);
        QTest::newRow("left behind") << int(HelmLock::Kind::LeftBehind) << int(ErrorKind::Refused);
    }
    void aLockStopsAPromote()
    {
        QFETCH(const int, lock);
        HelmSight sight = sightOf({{44, "pending-upgrade", 100}, {43, "deployed", 50}}, 50);
        sight.lock = lockOf(HelmLock::Kind(lock));
        const auto move = moveFor(sight, Weight{100});
        QVERIFY(!move);
        QTEST(int(move.error().kind), "kind");
        QCOMPARE(move.error().message, sight.lock.sentence);
    }

    void aLockDoesNotStopARollback()
    {
        QList<Made> revisions = usual;
        revisions.prepend({44, "pending-upgrade", 100});
        HelmSight sight = sightOf(revisions, 50);
        sight.lock = lockOf(HelmLock::Kind::LeftBehind);
        QCOMPARE(moveFor(sight, Weight{0})->revision, 41);
        // With nothing to go back to, helm would refuse: then without helm.
        sight.history->revisions.removeAt(3);
        const auto move = moveFor(sight, Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Route);
        QCOMPARE(move->because, sight.lock.sentence);
    }

    void whatHelmWouldNotSendGoesToTheRoute()
    {
        // Somebody moved the route with kubectl; Helm 3 sends only what changes in its own record.
        const QList<Made> revisions{{43, "deployed", 0}, {42, "superseded", 0}};
        const auto move = moveFor(sightOf(revisions, 30), Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Route);
        QVERIFY2(move->because.contains(QStringLiteral("revision 43 says 0 % already")),
                 qPrintable(move->because));
        // A value that differs is sent.
        QCOMPARE(moveFor(sightOf(revisions, 30), Weight{10})->means, HelmMove::Means::Upgrade);
    }

    void whatTheServerAppliesCanBeAppliedAgain()
    {
        HelmSight sight = sightOf({{43, "deployed", 0}, {42, "superseded", 10}}, 30);
        sight.history->bodies[43].applyMethod = QStringLiteral("ssa");
        const auto move = moveFor(sight, Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Rollback);
        QCOMPARE(move->revision, 43);
        QVERIFY(move->serverSide);
    }

    void withoutAHistoryOnlyARollbackHasAWay()
    {
        const Error why{ErrorKind::NotAllowed, QStringLiteral("you lack list on secrets"), {}, {}};
        const HelmSight blind{fail(why), {}, Weight{50}};
        QCOMPARE(moveFor(blind, Weight{100}).error(), why);
        const auto move = moveFor(blind, Weight{0});
        QCOMPARE(move->means, HelmMove::Means::Route);
        QCOMPARE(move->because, why.message);

        QCOMPARE(moveFor(sightOf({}, 50), Weight{100}).error().kind, ErrorKind::NotFound);
        QCOMPARE(moveFor(sightOf({}, 50), Weight{0})->means, HelmMove::Means::Route);
    }

    void askedIsTheNewestRevisionThatDidNotFail()
    {
        QCOMPARE(askedWeight(historyOf(usual)), std::optional(Weight{50}));
        QCOMPARE(askedWeight(historyOf({{44, "failed", 100}, {43, "deployed", 50}})),
                 std::optional(Weight{50}));
        QCOMPARE(askedWeight(historyOf({{44, "pending-upgrade", 100}, {43, "deployed", 50}})),
                 std::optional(Weight{100}));
        QCOMPARE(askedWeight(historyOf({{44, "deployed", -1}, {43, "superseded", 50}})),
                 std::optional<Weight>());
        QCOMPARE(askedWeight(historyOf({{1, "failed", 10}})), std::optional<Weight>());
    }
};

QTEST_GUILESS_MAIN(HelmMoveTest)
#include "helmmovetest.moc"
