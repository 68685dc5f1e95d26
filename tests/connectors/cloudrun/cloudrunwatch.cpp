#include "cloudrunsetup.h"
#include "rollout/trafficannotations.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class TestCloudRunWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void watchingPollsQuicklyWhileItReconciles();
    void aFailedOperationIsShown();
    void aBrokenPollSaysSoAndGoesOn();
    void aLimitIsObeyed();
    void aPollFromBeforeAWriteIsNotTold();
    void whatWasSeenWithAllTheTrafficIsTheStable();
    void destroyedWhileWaiting();
};

void TestCloudRunWatch::watchingPollsQuicklyWhileItReconciles()
{
    Setup s;
    QSignalSpy changed(&s.control, &TrafficControl::changed);
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.control.watch();
    s.control.watch(); // once is enough
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(s.http.requests.size(), 2);

    ServiceJson busy = shared(50, QStringLiteral("\"e2\""));
    busy.reconciling = true;
    s.http.answer(200, busy.bytes());
    s.clock.advance(4999ms);
    QCOMPARE(s.http.requests.size(), 2);
    s.clock.advance(1ms);
    QTRY_COMPARE(changed.size(), 2);

    s.http.answer(200, shared(50, QStringLiteral("\"e3\"")).bytes());
    s.clock.advance(1s);
    QTRY_COMPARE(changed.size(), 3);
    const auto told = changed.last().first().value<Reading<TrafficState>>();
    QCOMPARE(told.value.accepted.value_or(Weight{}).percent, 50);
    QCOMPARE(told.receivedSinceBoot, s.clock.sinceBoot());

    s.clock.advance(4999ms); // calm again
    QCOMPARE(s.http.requests.size(), 4);
}

void TestCloudRunWatch::whatWasSeenWithAllTheTrafficIsTheStable()
{
    Setup s;
    const auto reads = [&s](const ServiceJson &service) {
        s.http.answer(200, service.bytes());
        return await(s.control.read())->value;
    };
    s.http.answer(200, shared(100).bytes());
    s.http.answer(200, allRevisions());
    QCOMPARE(await(s.control.read())->value.stable->name.value, candidate);
    // gcloud gives some of it to an older one.
    ServiceJson service;
    service.traffic = {{candidate, 50}, {oldest, 50}};
    TrafficState state = reads(service);
    QCOMPARE(state.stable->name.value, candidate);
    QCOMPARE(state.candidate->name.value, oldest);
    QVERIFY(state.stableDoubt.isEmpty());
    // A console tried the newest one since: what was seen before that tells nothing any more.
    service.traffic = {{candidate, 75}, {stable, 25}};
    service.annotations = {{QLatin1String(changesAnnotation),
                            QString::fromUtf8(encodeChanges({{s.clock.now(),
                                                              QStringLiteral("A. Muster"),
                                                              Weight{10},
                                                              Weight{50},
                                                              {},
                                                              {},
                                                              CommitId(sha(QLatin1Char('c')))}}))},
                           {QLatin1String(previousStableAnnotation), stable}};
    state = reads(service);
    QCOMPARE(state.stable->name.value, stable);
    QCOMPARE(state.candidate->name.value, candidate);
}

void TestCloudRunWatch::aFailedOperationIsShown()
{
    Setup s;
    QSignalSpy changed(&s.control, &TrafficControl::changed);
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.control.watch();
    QTRY_COMPARE(changed.size(), 1);
    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    QVERIFY(await(s.control.setWeight(s.request(50))));
    s.http.requests.clear();

    s.http.answer(200, accepted); // still running
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    s.clock.advance(1s);
    QCOMPARE(s.http.log().first(),
             QStringLiteral("GET /v2/projects/acme/locations/us-central1/operations/op1"));
    s.http.answer(200, R"({"name":"operations/op1","done":true,
                           "error":{"code":9,"message":"revision failed to start"}})");
    s.http.answer(200, shared(10, QStringLiteral("\"e3\"")).bytes());
    s.clock.advance(1s);
    QTRY_VERIFY(changed.last().first().value<Reading<TrafficState>>().value.problem
                == QStringLiteral("Cloud Run could not make the change: revision failed to start"));
    s.http.requests.clear();
    s.http.answer(200, shared(10, QStringLiteral("\"e3\"")).bytes());
    s.clock.advance(5s);
    QCOMPARE(s.http.log(),
             QStringList{QStringLiteral("GET ") + servicePath}); // followed to its end
}

void TestCloudRunWatch::aBrokenPollSaysSoAndGoesOn()
{
    Setup s;
    QSignalSpy changed(&s.control, &TrafficControl::changed);
    QSignalSpy lost(&s.control, &TrafficControl::lost);
    s.http.answer(503, {});
    s.control.watch();
    QTRY_COMPARE(lost.size(), 1);
    QCOMPARE(lost.first().first().value<Error>().kind, ErrorKind::Unavailable);
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.clock.advance(5s);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(lost.size(), 1);
}

void TestCloudRunWatch::aLimitIsObeyed()
{
    Setup s;
    QSignalSpy lost(&s.control, &TrafficControl::lost);
    s.http.answer(429, {}, {{"retry-after", "40"}});
    s.control.watch();
    QTRY_COMPARE(lost.size(), 1);
    s.clock.advance(39s);
    QCOMPARE(s.http.requests.size(), 1);
    s.clock.advance(1s);
    QCOMPARE(s.http.requests.size(), 2);
}

void TestCloudRunWatch::aPollFromBeforeAWriteIsNotTold()
{
    Setup s;
    QSignalSpy changed(&s.control, &TrafficControl::changed);
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.control.watch();
    QTRY_COMPARE(changed.size(), 1);

    const auto slowPoll = s.http.hold();
    s.clock.advance(5s);
    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    QVERIFY(await(s.control.setWeight(s.request(50))));
    QCOMPARE(changed.size(), 2);
    ScriptedHttp::settle(slowPoll, 200, shared(10).bytes());
    QCoreApplication::processEvents();
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed.last().first().value<Reading<TrafficState>>().value.asked.percent, 50);

    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    s.clock.advance(1s); // and the watch goes on
    QTRY_COMPARE(changed.size(), 3);
}

void TestCloudRunWatch::destroyedWhileWaiting()
{
    ScriptedHttp http;
    FakeClock clock;
    auto control = std::make_unique<CloudRunControl>(http, clock, CloudRunControl::Settings{});
    const auto held = http.hold();
    control->watch();
    const auto otherHeld = http.hold();
    const auto future = control->read();
    control.reset();
    ScriptedHttp::settle(held, 200, shared(10).bytes());
    ScriptedHttp::settle(otherHeld, 200, shared(10).bytes());
    QCOMPARE(await(future).error().kind, ErrorKind::Cancelled);
    clock.advance(10s);
    QCOMPARE(http.requests.size(), 2);
}

QTEST_GUILESS_MAIN(TestCloudRunWatch)
#include "cloudrunwatch.moc"
