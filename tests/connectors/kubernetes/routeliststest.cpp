#include "clusterobjects.h"

#include "connectors/kubernetes/httproute/routeplaces.h"

#include <QTest>

using namespace pilothouse;

/// What a list that was read makes of the world that was known before.
class RouteListsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListWithoutAnObjectHasLostIt()
    {
        RouteWorld changed = world();
        takeList(intakeOf(changed, RoutePart::Pods, routeNames()),
                 {podObject("stable-1", "stable", oldCommit())});
        QCOMPARE(changed.pods.size(), 1);
        takeList(intakeOf(changed, RoutePart::Routes, routeNames()),
                 {with(routeObject(1, 1), "metadata.name", QStringLiteral("other"))});
        QVERIFY(!changed.route);
    }

    void aListChangesNothingBeforeItIsWhole()
    {
        RouteWorld changed = world();
        const qsizetype before = changed.pods.size();
        const ListIntake intake = intakeOf(changed, RoutePart::Pods, routeNames());
        intake.take({podObject("a", "stable", oldCommit())}, ListIntake::Page::First);
        intake.take({podObject("b", "stable", oldCommit())}, ListIntake::Page::Next);
        QCOMPARE(changed.pods.size(), before);
        intake.keep();
        QCOMPARE(changed.pods.size(), 2);
    }

    void aListThatIsReadAnewForgetsItsPages()
    {
        RouteWorld changed = world();
        const ListIntake intake = intakeOf(changed, RoutePart::Pods, routeNames());
        intake.take({podObject("a", "stable", oldCommit())}, ListIntake::Page::First);
        intake.take({podObject("b", "stable", oldCommit())}, ListIntake::Page::First);
        intake.keep();
        QCOMPARE(changed.pods.keys(), QStringList{QStringLiteral("b")});
    }

    void aRouteThatAListTellsButCannotBeReadStaysAsItWas()
    {
        RouteWorld changed = world();
        takeList(intakeOf(changed, RoutePart::Routes, routeNames()),
                 {with(routeObject(50, 50), "spec.rules.0.backendRefs.0.weight",
                       QStringLiteral("many"))});
        QVERIFY(changed.route);
        QCOMPARE(trafficState(changed, routeNames()).error().kind, ErrorKind::Malformed);
    }
};

QTEST_GUILESS_MAIN(RouteListsTest)
#include "routeliststest.moc"
