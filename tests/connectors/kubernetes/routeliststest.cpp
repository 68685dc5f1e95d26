#include "clusterobjects.h"

#include <QTest>

using namespace pilothouse;

/// What a list that was read makes of the world that was known before.
class RouteListsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListWithoutAnObjectHasLostIt()
    {
        ToldWorld changed;
        changed.replace(RoutePart::Pods, {podObject("stable-1", "stable", oldCommit())});
        QCOMPARE(changed.state()->stable->pods, QStringList{QStringLiteral("stable-1")});
        QVERIFY(changed.state()->candidate->pods.isEmpty());
        changed.replace(RoutePart::Routes,
                        {with(routeObject(1, 1), "metadata.name", QStringLiteral("other"))});
        QVERIFY(!changed.world.route());
    }

    void aListChangesNothingBeforeItIsWhole()
    {
        ToldWorld changed;
        const QStringList before = changed.state()->stable->pods;
        const ListIntake intake = changed.intake(RoutePart::Pods);
        intake.take({podObject("a", "stable", oldCommit())}, ListIntake::Page::First);
        intake.take({podObject("b", "stable", oldCommit())}, ListIntake::Page::Next);
        QCOMPARE(changed.state()->stable->pods, before);
        intake.keep();
        QCOMPARE(changed.state()->stable->pods,
                 (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    }

    void aListThatIsReadAnewForgetsItsPages()
    {
        ToldWorld changed;
        const ListIntake intake = changed.intake(RoutePart::Pods);
        intake.take({podObject("a", "stable", oldCommit())}, ListIntake::Page::First);
        intake.take({podObject("b", "stable", oldCommit())}, ListIntake::Page::First);
        intake.keep();
        QCOMPARE(changed.state()->stable->pods, QStringList{QStringLiteral("b")});
    }

    void aRouteThatAListTellsButCannotBeReadStaysAsItWas()
    {
        ToldWorld changed;
        changed.replace(RoutePart::Routes,
                        {with(routeObject(50, 50), "spec.rules.0.backendRefs.0.weight",
                              QStringLiteral("many"))});
        QVERIFY(changed.world.route());
        QCOMPARE(changed.state().error().kind, ErrorKind::Malformed);
    }
};

QTEST_GUILESS_MAIN(RouteListsTest)
#include "routeliststest.moc"
