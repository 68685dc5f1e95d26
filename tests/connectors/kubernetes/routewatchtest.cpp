#include "routefixture.h"

#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Fixture = RouteFixture;

const Error down{ErrorKind::Unavailable, QStringLiteral("down"), {}, {}};

QString changed()
{
    return QStringLiteral("changed");
}
QString lost()
{
    return QStringLiteral("lost");
}

} // namespace

/// HttpRouteControl while it watches.
class RouteWatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itTellsOnceEverythingIsKnown()
    {
        Fixture f;
        f.watch();
        QCOMPARE(f.order,
                 QStringList({changed(), changed()})); // the pulse, then the lists together
        QCOMPARE(f.told.last().value.asked, Weight{10});
        QCOMPARE(f.told.last().value.candidate->readyReplicas, 2);
        f.control.watch();
        QCOMPARE(f.http.streams.size(), 4);
    }

    void nothingIsToldWhileAPartWasNeverSeen()
    {
        Fixture f;
        f.answer(listObject(objectsOf(RoutePart::Services)));
        f.answer(listObject(objectsOf(RoutePart::Deployments)));
        f.http.scripted.answer(403, "{\"message\": \"pods is forbidden\"}");
        f.answer(listObject(objectsOf(RoutePart::Routes)));
        f.http.scripted.answer(403,
                               "{\"message\": \"pods is forbidden\"}"); // the read that stands in
        f.control.watch();
        f.clock.advance(50ms);
        QVERIFY(f.told.isEmpty());
        QVERIFY(f.losses.size() >= 1);
        QCOMPARE(f.losses.first().kind, ErrorKind::NotAllowed);
    }

    void eachChangeIsToldAndThoseThatComeTogetherAreToldTogether()
    {
        Fixture f;
        f.watch();
        f.told.clear();
        f.tell(RoutePart::Routes, "MODIFIED",
               with(routeObject(50, 50, "81800"), "metadata.generation", 8));
        QCOMPARE(f.told.size(), 1);
        QCOMPARE(f.told.last().value.asked, Weight{50});
        QCOMPARE(f.told.last().value.accepted, std::optional<Weight>());
        QCOMPARE(f.told.last().value.version, QStringLiteral("81800"));

        const auto event = [](const QJsonObject &object) {
            return bytes({{QStringLiteral("type"), QStringLiteral("MODIFIED")},
                          {QStringLiteral("object"), object}})
                   + '\n';
        };
        f.stream(RoutePart::Pods)
            .arrive(event(podObject("stable-1", "stable", newCommit()))
                    + event(podObject("stable-2", "stable", newCommit())));
        f.stream(RoutePart::Deployments)
            .arrive(event(deploymentObject("stable", "stable", newCommit(), 3)));
        QCOMPARE(f.told.size(), 1);
        f.clock.advance(50ms);
        QCOMPARE(f.told.size(), 2);
        QVERIFY(f.told.last().value.stable->mixed);
        QVERIFY(f.losses.isEmpty());
    }

    void aPodThatGoesIsTold()
    {
        Fixture f;
        f.watch();
        f.tell(RoutePart::Pods, "DELETED", podObject("candidate-1", "candidate", newCommit()));
        QCOMPARE(f.told.last().value.candidate->readyReplicas, 1);
        QCOMPARE(f.told.last().value.candidate->wantedReplicas, 2);
    }

    void aRouteThatIsRemovedIsALossUntilItIsBack()
    {
        Fixture f;
        f.watch();
        f.order.clear();
        f.tell(RoutePart::Routes, "DELETED", routeObject(90, 10));
        QCOMPARE(f.order, QStringList{lost()});
        QCOMPARE(f.losses.last().kind, ErrorKind::NotFound);
        f.tell(RoutePart::Routes, "ADDED",
               with(with(routeObject(100, 0), "metadata.uid", QStringLiteral("u2")),
                    "metadata.generation", 1));
        QCOMPARE(f.order, QStringList({lost(), changed()}));
        QCOMPARE(f.told.last().value.asked, Weight{0});
    }

    void aRouteThatCannotBeReadIsTold()
    {
        Fixture f;
        f.watch();
        f.tell(RoutePart::Routes, "MODIFIED", with(routeObject(90, 10), "spec.rules", 3));
        QCOMPARE(f.losses.last().kind, ErrorKind::Malformed);
        QVERIFY(f.losses.last().message.contains(QStringLiteral("spec.rules")));
    }

    void theAgeIsThatOfTheRoute()
    {
        Fixture f;
        f.watch();
        f.clock.advance(3s);
        f.tell(RoutePart::Pods, "MODIFIED", podObject("stable-1", "stable", oldCommit()));
        // What a pod tells says nothing of the route.
        QCOMPARE(f.told.last().age(f.clock).count(), 3100);
        f.tell(RoutePart::Routes, "MODIFIED", routeObject(90, 10, "81724"));
        QCOMPARE(f.told.last().age(f.clock).count(), 50);
        // The server's clock went on as ours did.
        QCOMPARE(f.told.first().serverAt.msecsTo(f.told.last().serverAt), 3100);
    }

    void thePulseKeepsTheAgeYoung()
    {
        Fixture f;
        f.watch();
        for (int i = 0; i < 3; ++i) {
            f.told.clear();
            f.answer(routeObject(90, 10));
            f.clock.advance(5s);
            QCOMPARE(f.told.size(), 1);
            QVERIFY(f.told.last().age(f.clock) < 1s);
        }
        QVERIFY(f.losses.isEmpty());
        QCOMPARE(f.http.last(), QStringLiteral("GET /apis/gateway.networking.k8s.io/v1/namespaces/"
                                               "production/httproutes/web"));
    }

    void aPulseThatFailsIsToldAndTheNextOneHeals()
    {
        Fixture f;
        f.watch();
        f.order.clear();
        f.http.scripted.answer(down);
        f.clock.advance(5s);
        QCOMPARE(f.order, QStringList{lost()});
        f.answer(routeObject(90, 10));
        f.clock.advance(5s);
        QCOMPARE(f.order, QStringList({lost(), changed()}));
    }

    void aGlanceAsksForTheRouteAloneWhileTheWatchesLive()
    {
        Fixture f;
        f.watch();
        const qsizetype before = f.http.log().size();
        f.answer(Fixture::written(50));
        const auto state = await(f.control.glance());
        QVERIFY(state);
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.candidate->readyReplicas, 2); // as the watches keep it
        QCOMPARE(f.http.log().mid(before),
                 QStringList{QStringLiteral("GET /apis/gateway.networking.k8s.io/v1/namespaces/"
                                            "production/httproutes/")
                             + routeNames().route});
    }

    void aGlanceReadsEverythingWhereAWatchDoesNotLive_data()
    {
        QTest::addColumn<bool>("watched");
        QTest::newRow("nothing is watched") << false;
        QTest::newRow("one watch is lost") << true;
    }
    void aGlanceReadsEverythingWhereAWatchDoesNotLive()
    {
        QFETCH(bool, watched);
        Fixture f;
        if (watched) {
            f.watch();
            f.stream(RoutePart::Pods).end(fail(down));
        }
        const qsizetype before = f.http.log().size();
        f.answerRead();
        QVERIFY(await(f.control.glance()));
        QCOMPARE(f.http.log().size() - before, 4);
    }

    void aGlanceThatFailsSaysSo()
    {
        Fixture f;
        f.watch();
        f.http.scripted.answer(down);
        const auto state = await(f.control.glance());
        QVERIFY(!state);
        QCOMPARE(state.error(), down);
    }

    void whileAWatchIsLostEverythingIsReadAndTheErrorStaysInSight()
    {
        Fixture f;
        f.watch();
        f.order.clear();
        f.stream(RoutePart::Pods).end(fail(down));
        QCOMPARE(f.order, QStringList{lost()});
        f.clock.advance(800ms); // the next try is open, but has no answer yet
        // Meanwhile a pod has gone; only a read can know.
        f.answer(listObject(objectsOf(RoutePart::Services)));
        f.answer(listObject(objectsOf(RoutePart::Deployments)));
        f.answer(listObject({podObject("stable-1", "stable", oldCommit()),
                             podObject("candidate-1", "candidate", newCommit())}));
        f.answer(routeObject(90, 10));
        f.clock.advance(4'150ms);
        QCOMPARE(f.order, QStringList({lost(), changed(), lost()}));
        QCOMPARE(f.told.last().value.candidate->readyReplicas, 1);
        QVERIFY(f.told.last().age(f.clock) < 1s);
        QCOMPARE(f.losses.last(), down);

        // The watch goes again: live, without another word of the loss.
        f.order.clear();
        f.stream(RoutePart::Pods).start();
        f.clock.advance(50ms);
        QCOMPARE(f.order, QStringList{changed()});
        f.answer(routeObject(90, 10));
        f.clock.advance(5s);
        QCOMPARE(f.order, QStringList({changed(), changed()}));
    }

    void aWatchThatEndsInTimeIsNoLossAndThePulseGoesOn()
    {
        Fixture f;
        f.watch();
        f.order.clear();
        f.answer(routeObject(90, 10));
        f.clock.advance(4'900ms);
        f.stream(RoutePart::Routes).end();
        f.clock.advance(50ms);
        QVERIFY(!f.order.contains(lost()));
        f.clock.advance(50ms);
        QCOMPARE(f.order, QStringList{changed()});
    }

    void aForgottenVersionListsAnew()
    {
        Fixture f;
        f.watch();
        f.order.clear();
        f.stream(RoutePart::Pods)
            .arrive("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n");
        f.answer(listObject({podObject("stable-1", "stable", oldCommit())}));
        f.clock.advance(850ms);
        QCOMPARE(f.order, QStringList{changed()});
        QCOMPARE(f.told.last().value.stable->readyReplicas, 1);
        QCOMPARE(f.told.last().value.candidate->readyReplicas, 0);
    }

    void aWriteIsToldToThoseWhoWatch()
    {
        Fixture f;
        f.watch();
        f.told.clear();
        f.answer(Fixture::written(50));
        QVERIFY(await(f.control.setWeight(Fixture::request(50))));
        f.clock.advance(50ms);
        QCOMPARE(f.told.size(), 1);
        QCOMPARE(f.told.last().value.asked, Weight{50});
        // The event of the state before was still on its way.
        f.tell(RoutePart::Routes, "MODIFIED", routeObject(90, 10, "81750"));
        QCOMPARE(f.told.last().value.asked, Weight{50});
    }

    void aPulseThatAWriteOvertookBringsNothingBack()
    {
        Fixture f;
        f.watch();
        const auto pulse = f.http.scripted.hold();
        f.clock.advance(5s);
        Hold hold;
        hold.by = QStringLiteral("mara");
        QJsonObject annotations;
        annotations.insert(QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold)));
        f.answer(with(routeObject(90, 10, "81800"), "metadata.annotations", annotations));
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        ScriptedHttp::settle(pulse, 200, bytes(routeObject(90, 10)));
        QTRY_VERIFY(f.told.size() >= 3);
        QVERIFY(f.told.last().value.hold);
    }

    void aReadThatAnEventOvertookBringsNothingBack()
    {
        Fixture f;
        f.watch();
        f.answer(listObject(objectsOf(RoutePart::Services)));
        f.answer(listObject(objectsOf(RoutePart::Deployments)));
        f.answer(listObject(objectsOf(RoutePart::Pods)));
        const auto route = f.http.scripted.hold();
        const auto reading = f.control.read();
        f.tell(RoutePart::Pods, "DELETED", podObject("candidate-1", "candidate", newCommit()));
        ScriptedHttp::settle(route, 200, bytes(routeObject(90, 10)));
        const auto read = await(reading);
        QVERIFY(read);
        QCOMPARE(read->value.candidate->readyReplicas, 1);
        f.answer(routeObject(90, 10));
        f.clock.advance(5s);
        QCOMPARE(f.told.last().value.candidate->readyReplicas, 1);
    }

    void ofTwoReadsTheOneThatBeganLaterCounts_data()
    {
        QTest::addColumn<bool>("inOrder");
        QTest::newRow("whose answer comes later") << true;
        QTest::newRow("whose answer comes first") << false;
    }
    void ofTwoReadsTheOneThatBeganLaterCounts()
    {
        QFETCH(bool, inOrder);
        Fixture f;
        const auto begin = [&f](const QJsonArray &pods) {
            f.answer(listObject(objectsOf(RoutePart::Services)));
            f.answer(listObject(objectsOf(RoutePart::Deployments)));
            f.answer(listObject(pods));
            const auto route = f.http.scripted.hold();
            return std::pair(f.control.read(), route);
        };
        const auto [early, earlyRoute] = begin(objectsOf(RoutePart::Pods));
        const auto [late, lateRoute] = begin({podObject("stable-1", "stable", oldCommit()),
                                              podObject("candidate-1", "candidate", newCommit())});
        const QByteArray route = bytes(routeObject(90, 10));
        ScriptedHttp::settle(inOrder ? earlyRoute : lateRoute, 200, route);
        QVERIFY(await(inOrder ? early : late));
        ScriptedHttp::settle(inOrder ? lateRoute : earlyRoute, 200, route);
        const auto last = await(inOrder ? late : early);
        QVERIFY(last);
        QCOMPARE(last->value.candidate->readyReplicas, 1);
    }
};

QTEST_GUILESS_MAIN(RouteWatchTest)
#include "routewatchtest.moc"
