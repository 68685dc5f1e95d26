#include "routefixture.h"

#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Fixture = RouteFixture;

QString path(const char *rest)
{
    return QStringLiteral("GET ") + QLatin1String(rest);
}

/// What the last write, a merge patch bound to version 81723, makes of an annotation.
QJsonValue annotationSent(const Fixture &f, const char *annotation)
{
    const HttpRequest &sent = f.http.scripted.requests.last();
    const QJsonObject metadata
        = QJsonDocument::fromJson(sent.body).object().value(QLatin1String("metadata")).toObject();
    if (sent.method != "PATCH"
        || metadata.value(QLatin1String("resourceVersion")) != QLatin1String("81723"))
        return QJsonValue::Undefined;
    return metadata.value(QLatin1String("annotations")).toObject().value(QLatin1String(annotation));
}

} // namespace

class HttpRouteControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReadAsksForTheRouteLast()
    {
        Fixture f;
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(
            f.http.log(),
            QStringList(
                {path("/api/v1/namespaces/production/services?limit=500"),
                 path("/apis/apps/v1/namespaces/production/deployments?limit=500"),
                 path("/api/v1/namespaces/production/pods?limit=500"),
                 path("/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes/web")}));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QCOMPARE(state->value.version, QStringLiteral("81723"));
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(state->source, QStringLiteral("Kubernetes"));
        QCOMPARE(state->age(f.clock).count(), 0);
    }

    void aReadThatFailsSaysWhyAndAsksNoMore()
    {
        Fixture f;
        f.answer(listObject(objectsOf(RoutePart::Services)));
        f.http.scripted.answer(403, "{\"message\": \"deployments.apps is forbidden\"}");
        const auto state = await(f.control.read());
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::NotAllowed);
        QVERIFY(state.error().message.contains(QStringLiteral("forbidden")));
        QCOMPARE(f.http.log().size(), 2);
    }

    void aWeightIsWrittenAndToldAsItIsAfterTheWrite()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(Fixture::written(50));
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.accepted, std::optional<Weight>());
        QCOMPARE(state->value.version, QStringLiteral("81800"));
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        const HttpRequest &request = f.http.scripted.requests.last();
        QCOMPARE(request.method, QByteArray("PATCH"));
        const QJsonArray operations = QJsonDocument::fromJson(request.body).array();
        QCOMPARE(operations.first().toObject(),
                 parsed("{'op': 'test', 'path': '/metadata/resourceVersion', 'value': '81723'}"));
        const auto changes = decodeChanges(
            operations.last().toObject().value(QLatin1String("value")).toString().toUtf8());
        QVERIFY(changes);
        const WeightChange expected{
            f.clock.now(),        QStringLiteral("mara"),     Weight{10},
            Weight{50},           QStringLiteral("all well"), IntentId(QStringLiteral("i7")),
            CommitId(newCommit())};
        QCOMPARE(*changes, QList<WeightChange>{expected});
    }

    void aRefusedWriteIsAConflictAndIsNotSentAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("the object was modified (409)") << 409;
        QTest::newRow("a test failed (422)") << 422;
    }
    void aRefusedWriteIsAConflictAndIsNotSentAgain()
    {
        QFETCH(int, status);
        Fixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(status, "{\"kind\": \"Status\", \"details\": {}}");
        f.answer(with(routeObject(80, 20, "81900"), "metadata.generation", 8));
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QVERIFY(state.error().message.contains(QStringLiteral("changed by kubectl-edit")));
        QCOMPARE(f.sent("PATCH"), 1);
        QCOMPARE(f.http.scripted.left(), 0);
    }

    void aConflictStaysOneWhenTheSecondLookFails()
    {
        Fixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(409, "{\"kind\": \"Status\"}");
        f.http.scripted.answer(503, "{\"message\": \"etcd is slow\"}");
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QVERIFY(state.error().message.contains(QStringLiteral("Somebody else")));
        QCOMPARE(f.sent("PATCH"), 1);
    }

    void theConflictNamesWhoWasFaster_data()
    {
        QTest::addColumn<QJsonObject>("now");
        QTest::addColumn<QString>("who");
        const QJsonObject later = with(routeObject(50, 50, "81900"), "metadata.generation", 8);
        const auto annotated
            = [](const QJsonObject &route, const char *key, const QByteArray &text) {
                  return with(route, "metadata.annotations",
                              QJsonObject{{QLatin1String(key), QString::fromUtf8(text)}});
              };
        QTest::newRow("another tool") << later << QStringLiteral("kubectl-edit");
        const WeightChange theirs{FakeClock().now(),
                                  QStringLiteral("B. Novak"),
                                  Weight{10},
                                  Weight{50},
                                  {},
                                  IntentId(QStringLiteral("i8")),
                                  CommitId()};
        QTest::newRow("another console")
            << annotated(later, changesAnnotation, encodeChanges({theirs}))
            << QStringLiteral("B. Novak (10 → 50 %)");
        const Hold hold{QStringLiteral("B. Novak"), FakeClock().now(), QStringLiteral("wait"), {}};
        QTest::newRow("a hold") << annotated(routeObject(90, 10, "81900"), holdAnnotation,
                                             encodeHold(hold))
                                << QStringLiteral("B. Novak");
        QTest::newRow("a guard") << annotated(routeObject(90, 10, "81900"), guardsAnnotation,
                                              encodeGuards({{}}))
                                 << QStringLiteral(
                                        "a guard that says that it watches, or no longer does");
        QTest::newRow("only a status")
            << routeObject(90, 10, "81900") << QStringLiteral("somebody else");
    }
    void theConflictNamesWhoWasFaster()
    {
        QFETCH(QJsonObject, now);
        QFETCH(QString, who);
        Fixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(422, "{\"kind\": \"Status\", \"details\": {}}");
        f.answer(now);
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QCOMPARE(state.error().message,
                 QStringLiteral("The route was changed by %1 since it was read. Look at it again, "
                                "then decide.")
                     .arg(who));
    }

    void aWriteWithoutAnAnswerIsNotSentAgain()
    {
        Fixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(Error{ErrorKind::TimedOut, QStringLiteral("no answer"), {}, {}});
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QCOMPARE(state.error().kind, ErrorKind::TimedOut);
        QCOMPARE(f.sent("PATCH"), 1);
    }

    void aVersionThatIsNotTheRoutesAnyMoreSendsNothing()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(80, 20, "81900"));
        const auto state
            = await(f.control.setWeight(Fixture::request(50, QStringLiteral("81850"))));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QVERIFY(state.error().message.contains(QStringLiteral("kubectl-edit")));
        QCOMPARE(f.sent("PATCH"), 0);
    }

    void aVersionSeenElsewhereIsLookedUpFirst()
    {
        Fixture f; // nothing was read here
        f.answer(routeObject(90, 10));
        f.answer(Fixture::written(50));
        f.answerRead(Fixture::written(50));
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.candidate->commit.value, newCommit());
        QCOMPARE(f.sent("PATCH"), 1);
    }

    void whatWasWrittenIsNoFailureBecauseItCouldNotBeReadBack()
    {
        Fixture f;
        f.answer(routeObject(90, 10));
        f.answer(Fixture::written(50));
        f.http.scripted.answer(503, "{\"message\": \"etcd is slow\"}");
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QVERIFY(state);
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.version, QStringLiteral("81800"));
        QVERIFY(state->value.problem.contains(QStringLiteral("etcd is slow")));
    }

    void aRouteWithoutBothBackendsIsNotWritten()
    {
        Fixture f;
        f.answer(with(routeObject(90, 10), "spec.rules", QJsonArray()));
        const auto state = await(f.control.setWeight(Fixture::request(50)));
        QCOMPARE(state.error().kind, ErrorKind::NotFound);
        QCOMPARE(f.sent("PATCH"), 0);
    }

    void aHoldWithoutATimeBeginsNow()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(90, 10, "81801"));
        Hold hold;
        hold.by = QStringLiteral("mara");
        hold.intent = IntentId(QStringLiteral("i9"));
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        const auto written = decodeHold(annotationSent(f, holdAnnotation).toString().toUtf8());
        QVERIFY(written);
        QCOMPARE(written->by, QStringLiteral("mara"));
        QCOMPARE(written->since, f.clock.now());
        QCOMPARE(written->intent.value, QStringLiteral("i9"));
    }

    void thePlanOfAHoldIsWhatIsSent()
    {
        Fixture f;
        const auto state = f.read();
        const Hold hold{QStringLiteral("mara"), f.clock.now(), QStringLiteral("it's odd"), {}};
        const PlannedCall call = f.control.planHold(hold, state->value);
        QVERIFY2(call.summary.startsWith(QStringLiteral("PATCH httproute/web   hold   if version")),
                 qPrintable(call.summary));
        f.answer(routeObject(90, 10, "81801"));
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        const QByteArray shown = call.exact.section(QStringLiteral("\n\n"), 1).toUtf8();
        QCOMPARE(QJsonDocument::fromJson(shown),
                 QJsonDocument::fromJson(f.http.scripted.requests.last().body));
        QVERIFY2(call.copyable.contains(QStringLiteral("it'\\''s odd")), qPrintable(call.copyable));
        QVERIFY(f.control.planHold({}, state->value).summary.contains(QStringLiteral("lift")));
    }

    void aLiftedHoldIsRemoved()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(90, 10, "81801"));
        QVERIFY(await(f.control.setHold({}, QStringLiteral("81723"))));
        QVERIFY(annotationSent(f, holdAnnotation).isNull());
        QVERIFY(annotationSent(f, deedsAnnotation).isUndefined());
    }

    void aLiftNotesItsIntentInTheSamePatch()
    {
        Fixture f;
        const auto state = f.read();
        const Lift lift{QStringLiteral("mara"), QStringLiteral("all well"),
                        IntentId(QStringLiteral("i9"))};
        const PlannedCall call = f.control.planHold(lift, state->value);
        f.answer(routeObject(90, 10, "81801"));
        QVERIFY(await(f.control.setHold(lift, QStringLiteral("81723"))));
        QVERIFY(annotationSent(f, holdAnnotation).isNull());
        const auto deeds = decodeDeeds(annotationSent(f, deedsAnnotation).toString().toUtf8());
        QCOMPARE(deeds, (QList<Deed>{{f.clock.now(), lift.by, liftDeed, lift.why, lift.intent}}));
        QCOMPARE(QJsonDocument::fromJson(call.exact.section(QStringLiteral("\n\n"), 1).toUtf8()),
                 QJsonDocument::fromJson(f.http.scripted.requests.last().body));
        // Whoever copies it has no intent of ours.
        QVERIFY(!call.copyable.contains(QLatin1String(deedsAnnotation)));
        QVERIFY(call.copyable.contains(QLatin1String(holdAnnotation)));
    }

    void aLiftNotesSinceWhenItWasHeld()
    {
        Fixture f;
        const Hold hold{QStringLiteral("mara"), f.clock.now().addSecs(-600), {}, {}, {}};
        QVERIFY(f.read(with(
            routeObject(90, 10), "metadata.annotations",
            QJsonObject{{QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold))}})));
        f.answer(routeObject(90, 10, "81801"));
        const Lift lift{QStringLiteral("mara"), {}, IntentId(QStringLiteral("i9"))};
        QVERIFY(await(f.control.setHold(lift, QStringLiteral("81723"))));
        const auto deeds = decodeDeeds(annotationSent(f, deedsAnnotation).toString().toUtf8());
        QCOMPARE(deeds.value(0).since, hold.since);
    }

    void aNoteIsWhatItsPlanShows()
    {
        Fixture f;
        QVERIFY(f.read());
        const Deed deed{f.clock.now(), QStringLiteral("mara"), QStringLiteral("helm 44"),
                        QStringLiteral("all well"), IntentId(QStringLiteral("i7"))};
        const PlannedCall call = f.control.planNote(deed, QStringLiteral("81723"));
        f.answer(routeObject(90, 10, "81801"));
        QVERIFY(await(f.control.note(deed, QStringLiteral("81723"))));
        QCOMPARE(decodeDeeds(annotationSent(f, deedsAnnotation).toString().toUtf8()),
                 QList<Deed>{deed});
        QCOMPARE(QJsonDocument::fromJson(call.exact.section(QStringLiteral("\n\n"), 1).toUtf8()),
                 QJsonDocument::fromJson(f.http.scripted.requests.last().body));
    }

    void thePlanIsWhatWouldBeSent()
    {
        Fixture f;
        const auto state = f.read();
        QVERIFY(state);
        const qsizetype asked = f.http.log().size();
        const PlannedCall call = f.control.planWeight(Fixture::request(50), state->value);
        QCOMPARE(f.http.log().size(), asked);
        QVERIFY(call.language == PlannedCall::Language::Http);
        QCOMPARE(call.summary, QStringLiteral("PATCH httproutes/web   weights 90/10 → 50/50   if "
                                              "version is still 81723"));
        QVERIFY(call.exact.startsWith(
            QStringLiteral("PATCH /apis/gateway.networking.k8s.io/v1/namespaces/production/"
                           "httproutes/web\nContent-Type: application/json-patch+json\n\n")));
        QVERIFY(call.exact.contains(QStringLiteral("mara, 10 → 50 %")));
        QVERIFY(call.copyable.startsWith(QStringLiteral(
            "kubectl --context prod -n production patch httproute web --type=json -p '[{")));
        QVERIFY(!call.copyable.contains(QStringLiteral("annotations")));

        f.answer(Fixture::written(50));
        QVERIFY(await(f.control.setWeight(Fixture::request(50))));
        const QJsonArray sent
            = QJsonDocument::fromJson(f.http.scripted.requests.last().body).array();
        const QJsonArray shown
            = QJsonDocument::fromJson(call.exact.section(QStringLiteral("\n\n"), 1).toUtf8())
                  .array();
        QCOMPARE(shown.size(), sent.size());
        for (qsizetype i = 0; i + 1 < sent.size(); ++i)
            QCOMPARE(shown.at(i), sent.at(i));
    }

    void aDryRunIsTheSamePatchAndTellsWhatWouldChange()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(90, 10));
        QJsonObject would = routeObject(50, 50);
        QJsonObject metadata = would.value(QLatin1String("metadata")).toObject();
        metadata.insert(QStringLiteral("resourceVersion"), QStringLiteral("81724"));
        would.insert(QStringLiteral("metadata"), metadata);
        f.answer(would);
        const auto run = await(f.control.dryRun(Fixture::request(50)));
        QVERIFY2(run, run ? "" : qPrintable(run.error().message));
        QCOMPARE(run->how, QStringLiteral("dryRun=All"));
        QCOMPARE(run->changes,
                 (QStringList{QStringLiteral("spec.rules[0].backendRefs[0].weight: 90 → 50"),
                              QStringLiteral("spec.rules[0].backendRefs[1].weight: 10 → 50")}));
        const HttpRequest &sent = f.http.scripted.requests.last();
        QCOMPARE(sent.method, QByteArray("PATCH"));
        QVERIFY2(sent.url.query().contains(QLatin1String("dryRun=All")),
                 qPrintable(sent.url.toString()));
        // Nothing was written: the next write still stands on the version that was read.
        f.answer(Fixture::written(50));
        QVERIFY(await(f.control.setWeight(Fixture::request(50))));
        const QJsonArray real
            = QJsonDocument::fromJson(f.http.scripted.requests.last().body).array();
        QCOMPARE(real.first(), QJsonDocument::fromJson(sent.body).array().first());
    }

    void aDryRunOfAnotherVersionSaysWhoWasFaster()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(50, 50, "81999"));
        const auto run = await(f.control.dryRun(Fixture::request(50)));
        QCOMPARE(run.error().kind, ErrorKind::Conflict);
        QCOMPARE(f.sent("PATCH"), 0);
    }

    void thePlanByCurlHasNoSecret()
    {
        Fixture f;
        const auto state = f.read();
        const QString curl = f.control.planWeight(Fixture::request(50), state->value).curl;
        QVERIFY2(curl.startsWith(QLatin1String("curl --fail-with-body -X PATCH -H "
                                               "\"Authorization: Bearer $TOKEN\" -H "
                                               "'Content-Type: application/json-patch+json' ")),
                 qPrintable(curl));
        QVERIFY2(curl.endsWith(QLatin1String(" https://k8s.test/apis/gateway.networking.k8s.io/v1/"
                                             "namespaces/production/httproutes/web")),
                 qPrintable(curl));
    }

    void theCommandThatShowsItQuotesWhatAShellWouldNotTakeWhole()
    {
        Fixture f;
        QCOMPARE(f.control.showCommand(),
                 QStringLiteral("kubectl --context prod -n production get httproute web -o yaml"));
        HttpRouteControl other(
            f.api, f.clock,
            {QStringLiteral("production"), routeNames(), QStringLiteral("my cluster's")});
        QCOMPARE(other.showCommand(),
                 QStringLiteral("kubectl --context 'my cluster'\\''s' -n production get httproute "
                                "web -o yaml"));
        HttpRouteControl current(f.api, f.clock, {QStringLiteral("production"), routeNames(), {}});
        QCOMPARE(current.showCommand(),
                 QStringLiteral("kubectl -n production get httproute web -o yaml"));
    }

    void access_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("may");
        QTest::addColumn<QString>("why");
        QTest::newRow("allowed") << QByteArray("{\"status\": {\"allowed\": true}}") << true
                                 << QString();
        QTest::newRow("denied") << QByteArray("{\"status\": {\"allowed\": false}}") << false
                                << QStringLiteral("you lack patch on httproutes in production");
    }
    void access()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, may);
        QFETCH(QString, why);
        Fixture f;
        f.http.scripted.answer(201, body);
        const auto access = await(f.control.access());
        QVERIFY(access);
        QCOMPARE(access->mayWrite, may);
        QCOMPARE(access->why, why);
        const HttpRequest &request = f.http.scripted.requests.last();
        QCOMPARE(request.method, QByteArray("POST"));
        const QJsonObject attributes = QJsonDocument::fromJson(request.body)
                                           .object()
                                           .value(QLatin1String("spec"))
                                           .toObject()
                                           .value(QLatin1String("resourceAttributes"))
                                           .toObject();
        QCOMPARE(attributes, parsed("{'namespace': 'production', 'verb': 'patch', 'name': 'web',"
                                    " 'group': 'gateway.networking.k8s.io',"
                                    " 'resource': 'httproutes'}"));
    }

    void accessThatIsNotToldIsNoRefusal()
    {
        Fixture f;
        f.http.scripted.answer(201, "{\"status\": {}}");
        QCOMPARE(await(f.control.access()).error().kind, ErrorKind::Malformed);
    }

    void itsEndDropsWhatIsUnderWay()
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api(http, clock, QUrl(QStringLiteral("https://k8s.test")));
        QList<ScriptedHttp::Promise> held;
        QFuture<Result<Reading<TrafficState>>> reading;
        {
            HttpRouteControl control(api, clock, {QStringLiteral("production"), routeNames(), {}});
            for (int i = 0; i < 6; ++i)
                held.append(http.scripted.hold());
            control.watch();
            reading = control.read();
        }
        for (const auto &promise : held)
            ScriptedHttp::settle(promise, 200, "{}");
        QCOMPARE(await(reading).error().kind, ErrorKind::Cancelled);
        clock.advance(60s);
        QCOMPARE(http.log().size(), 6);
    }
};

QTEST_GUILESS_MAIN(HttpRouteControlTest)
#include "httproutecontroltest.moc"
