#include "cloudrunsetup.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class TestCloudRunControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readingAsksForRevisionsOnlyOnce();
    void revisionsAreSoughtPageByPage();
    void aRevisionThatWasNotReadyIsLookedAtAgain();
    void aRevisionThatIsNamedButNotListedIsNoReading();
    void failuresPassThrough_data();
    void failuresPassThrough();
    void aWeightIsOnePatch();
    void aWeightOnAnOtherVersionSendsNothing();
    void aVersionNotReadYetIsReadFirst();
    void aRefusedOperationIsAFailure();
    void aWriteThatCannotBeReadBackIsNoFailure();
    void aHoldIsOnePatch();
    void aSmallNoteIsWrittenAlone();
    void thePlanIsWhatIsSent();
    void aDryRunIsTheSameRequestAndChangesNothing();
    void aHoldAndItsEndAreTriedTheSame();
    void aDryRunThatIsRefusedSaysWhy();
    void thePlanOfAnotherVersionSaysSo();
    void access_data();
    void access();
    void words();
};

void TestCloudRunControl::readingAsksForRevisionsOnlyOnce()
{
    Setup s;
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.http.answer(200, shared(50).bytes());
    const auto first = await(s.control.read());
    QVERIFY(first);
    QCOMPARE(first->value.asked.percent, 10);
    QCOMPARE(first->source, QStringLiteral("Cloud Run"));
    QCOMPARE(first->receivedSinceBoot, s.clock.sinceBoot());
    QVERIFY(first->serverAt.isValid());
    const auto second = await(s.control.read());
    QVERIFY(second);
    QCOMPARE(second->value.asked.percent, 50);
    QCOMPARE(s.http.log(), QStringList({QStringLiteral("GET ") + servicePath,
                                        QStringLiteral("GET ") + servicePath
                                            + QStringLiteral("/revisions?pageSize=100"),
                                        QStringLiteral("GET ") + servicePath}));
}

void TestCloudRunControl::revisionsAreSoughtPageByPage()
{
    Setup s;
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, revisionsPage({revisionJson(candidate, sha(QLatin1Char('c')), 23)},
                                     QStringLiteral("a+b/=")));
    s.http.answer(200, revisionsPage({revisionJson(stable, sha(QLatin1Char('b')), 20)},
                                     QStringLiteral("more")));
    const auto result = await(s.control.read());
    QVERIFY(result);
    QCOMPARE(result->value.stable->commit, CommitId(sha(QLatin1Char('b'))));
    QCOMPARE(s.http.requests.size(), 3); // what was sought is found: no third page
    QVERIFY(s.http.requests.last().url.toEncoded().endsWith("pageToken=a%2Bb%2F%3D"));
}

void TestCloudRunControl::aRevisionThatWasNotReadyIsLookedAtAgain()
{
    Setup s;
    QJsonObject starting = revisionJson(candidate, sha(QLatin1Char('c')), 23);
    starting.remove(QStringLiteral("conditions"));
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, revisionsPage({starting, revisionJson(stable, sha(QLatin1Char('b')), 20)}));
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.http.answer(200, shared(10).bytes());
    for (int i = 0; i < 3; ++i)
        QVERIFY(await(s.control.read()));
    QCOMPARE(s.http.requests.size(), 5);
}

void TestCloudRunControl::aRevisionThatIsNamedButNotListedIsNoReading()
{
    Setup s;
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, "{}");
    const auto reading = await(s.control.read());
    QVERIFY(!reading);
    QCOMPARE(reading.error().kind, ErrorKind::Malformed);
    QVERIFY2(reading.error().message.contains(candidate), qPrintable(reading.error().message));
}

void TestCloudRunControl::failuresPassThrough_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::newRow("401") << 401 << int(ErrorKind::SignedOut);
    QTest::newRow("403") << 403 << int(ErrorKind::NotAllowed);
    QTest::newRow("404") << 404 << int(ErrorKind::NotFound);
    QTest::newRow("503") << 503 << int(ErrorKind::Unavailable);
}

void TestCloudRunControl::failuresPassThrough()
{
    QFETCH(int, status);
    QFETCH(int, kind);
    Setup s;
    const QByteArray body = R"({"error":{"code":1,"message":"Bad weather.","status":"X"}})";
    s.http.answer(status, body);
    const auto service = await(s.control.read());
    QVERIFY(!service);
    QCOMPARE(int(service.error().kind), kind);
    QVERIFY(service.error().message.contains(QStringLiteral("It says: Bad weather.")));
    s.http.answer(200, shared(10).bytes());
    s.http.answer(status, body); // the list of revisions
    QCOMPARE(int(await(s.control.read()).error().kind), kind);
    s.http.answer(200, "<html>");
    QCOMPARE(await(s.control.read()).error().kind, ErrorKind::Malformed);
}

void TestCloudRunControl::aWeightIsOnePatch()
{
    Setup s;
    s.readFirst();
    s.http.answer(200, accepted);
    ServiceJson after = shared(50, QStringLiteral("\"e2\""));
    after.statuses = {{stable, 90}, {candidate, 10}};
    after.reconciling = true;
    s.http.answer(200, after.bytes());

    const auto result = await(s.control.setWeight(s.request(50)));

    QVERIFY(result);
    QCOMPARE(result->value.asked.percent, 50);
    QVERIFY(!result->value.accepted);
    QCOMPARE(result->value.version, QStringLiteral("\"e2\""));
    QCOMPARE(s.http.log(), QStringList({QStringLiteral("PATCH ") + servicePath
                                            + QStringLiteral("?updateMask=traffic,annotations"),
                                        QStringLiteral("GET ") + servicePath}));
    const QJsonObject sent = QJsonDocument::fromJson(s.http.requests.first().body).object();
    QCOMPARE(sent.value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
    QCOMPARE(sent.value(QLatin1String("traffic")).toArray().size(), 2);
    QCOMPARE(s.http.requests.first().contentType, QByteArray("application/json"));
}

void TestCloudRunControl::aWeightOnAnOtherVersionSendsNothing()
{
    Setup s;
    s.readFirst();
    s.http.answer(200, shared(20, QStringLiteral("\"e7\"")).bytes());
    const auto result = await(s.control.setWeight(s.request(50, QStringLiteral("\"e0\""))));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Conflict);
    QCOMPARE(result.error().message, QStringLiteral("The service was changed by "
                                                    "b.novak@acme.example since it was read. Read "
                                                    "again."));
    QCOMPARE(s.http.log(), QStringList{QStringLiteral("GET ") + servicePath});
}

void TestCloudRunControl::aVersionNotReadYetIsReadFirst()
{
    Setup s;
    s.http.answer(200, shared(10).bytes());
    s.http.answer(200, allRevisions());
    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    const auto result = await(s.control.setWeight(s.request(50)));
    QVERIFY(result);
    QCOMPARE(s.http.requests.at(2).method, QByteArray("PATCH"));
    QCOMPARE(result->value.accepted.value_or(Weight{}).percent, 50);
}

void TestCloudRunControl::aRefusedOperationIsAFailure()
{
    Setup s;
    s.readFirst();
    s.http.answer(200, R"({"name":"operations/op1","done":true,
                           "error":{"code":7,"message":"iam.serviceaccounts.actAs is missing"}})");
    const auto result = await(s.control.setWeight(s.request(50)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::NotAllowed);
    QCOMPARE(result.error().message, QStringLiteral("Cloud Run could not make the change: "
                                                    "iam.serviceaccounts.actAs is missing"));
}

void TestCloudRunControl::aWriteThatCannotBeReadBackIsNoFailure()
{
    Setup s;
    s.readFirst();
    s.http.answer(200, accepted);
    s.http.answer(503, {});
    const auto result = await(s.control.setWeight(s.request(0)));
    QVERIFY(result);
    QCOMPARE(result->value.asked.percent, 0);
    QVERIFY(!result->value.accepted);
    QVERIFY(result->value.version.isEmpty()); // the next write has to read first
    QVERIFY(result->value.problem.startsWith(
        QStringLiteral("written, but it could not be read back: Cloud Run cannot answer now")));
    QCOMPARE(result->value.changes.size(), 1);
}

void TestCloudRunControl::aHoldIsOnePatch()
{
    Setup s;
    s.readFirst();
    s.http.answer(200, accepted);
    ServiceJson after = shared(10, QStringLiteral("\"e2\""));
    after.annotations.insert(QStringLiteral("pilothouse.dev/hold"),
                             QStringLiteral(R"({"by":"A. Muster","why":"errors"})"));
    s.http.answer(200, after.bytes());
    const Hold hold{QStringLiteral("A. Muster"), s.clock.now(), QStringLiteral("errors"), {}};
    const PlannedCall plan = s.control.planHold(hold, s.state);
    const auto result = await(s.control.setHold(hold, QStringLiteral("\"e1\"")));
    QVERIFY(result);
    QCOMPARE(plan.summary,
             QStringLiteral("PATCH services/backend   hold   if etag is still \"e1\""));
    QCOMPARE(QJsonDocument::fromJson(plan.exact.section(QStringLiteral("\n\n"), 1).toUtf8()),
             QJsonDocument::fromJson(s.http.requests.first().body));
    QVERIFY(plan.curl.contains(QStringLiteral("updateMask=annotations")));
    QVERIFY(plan.copyable.isEmpty()); // gcloud writes no annotations
    QCOMPARE(s.control.planHold({}, {}).summary,
             QStringLiteral("The service was changed since it was read. Read again."));
    QCOMPARE(result->value.hold->why, QStringLiteral("errors"));
    QCOMPARE(s.http.log().first(),
             QStringLiteral("PATCH ") + servicePath + QStringLiteral("?updateMask=annotations"));
}

void TestCloudRunControl::aSmallNoteIsWrittenAlone()
{
    Setup s;
    s.readFirst();
    GuardMark mark;
    mark.since = s.clock.now();
    mark.commit = CommitId(QStringLiteral("c41d77e"));
    const QString key = QLatin1String(guardsAnnotation);
    s.http.answer(200, accepted);
    ServiceJson after = shared(10, QStringLiteral("\"e2\""));
    after.annotations.insert(key, QString::fromUtf8(encodeGuards({mark})));
    s.http.answer(200, after.bytes());
    const PlannedCall plan = s.control.planAnnotation(key, encodeGuards({mark}), s.state);
    const auto result
        = await(s.control.annotate(key, encodeGuards({mark}), QStringLiteral("\"e1\"")));
    QVERIFY(result);
    QVERIFY(result->value.guards == QList<GuardMark>{mark});
    QCOMPARE(s.http.log().first(),
             QStringLiteral("PATCH ") + servicePath + QStringLiteral("?updateMask=annotations"));
    const QJsonObject sent = QJsonDocument::fromJson(s.http.requests.first().body).object();
    QVERIFY(!sent.contains(QLatin1String("traffic")));
    QCOMPARE(sent.value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
    QCOMPARE(
        QJsonDocument::fromJson(plan.exact.section(QStringLiteral("\n\n"), 1).toUtf8()).object(),
        sent);
    QCOMPARE(plan.summary, QStringLiteral("PATCH services/backend   pilothouse.dev/guard   if etag "
                                          "is still \"e1\""));
}

void TestCloudRunControl::thePlanIsWhatIsSent()
{
    Setup s;
    s.readFirst();
    const PlannedCall plan = s.control.planWeight(s.request(50), s.state);
    QCOMPARE(plan.language, PlannedCall::Language::Http);
    QCOMPARE(plan.summary, QStringLiteral("PATCH services/backend   traffic bbbbbbb 50 % · ccccccc "
                                          "50 %   if etag is still \"e1\""));
    QCOMPARE(plan.copyable,
             QStringLiteral("gcloud run services update-traffic backend --project=acme "
                            "--region=us-central1 "
                            "--to-revisions=backend-00042-bbb=50,backend-00043-ccc=50"));
    QVERIFY(plan.exact.startsWith(
        QStringLiteral("PATCH https://run.example/v2/projects/acme/locations/us-central1/services/"
                       "backend?updateMask=traffic,annotations\nContent-Type: "
                       "application/json\n\n{\n")));
    QVERIFY(plan == s.control.planWeight(s.request(50), s.state)); // the same each time
    QVERIFY(s.http.requests.isEmpty());

    s.clock.advance(3s);
    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    QVERIFY(await(s.control.setWeight(s.request(50))));
    const QString shown = plan.exact.section(QStringLiteral("\n\n"), 1);
    const QJsonObject planned = QJsonDocument::fromJson(shown.toUtf8()).object();
    const QJsonObject sent = QJsonDocument::fromJson(s.http.requests.first().body).object();
    for (const char *key : {"name", "etag", "traffic"})
        QVERIFY(planned.value(QLatin1String(key)) == sent.value(QLatin1String(key)));
}

void TestCloudRunControl::aDryRunIsTheSameRequestAndChangesNothing()
{
    Setup s;
    s.readFirst();
    s.http.answer(200,
                  R"({"name":"projects/acme/locations/us-central1/operations/v","done":true})");
    const auto run = await(s.control.dryRun(s.request(50)));
    QVERIFY2(run, run ? "" : qPrintable(run.error().message));
    QCOMPARE(run->how, QStringLiteral("validateOnly"));
    QCOMPARE(run->changes, (QStringList{QStringLiteral("backend-00042-bbb: 90 → 50 %"),
                                        QStringLiteral("backend-00043-ccc: 10 → 50 %"),
                                        QStringLiteral("our note of it")}));
    QCOMPARE(s.http.log(),
             QStringList{QStringLiteral("PATCH ") + servicePath
                         + QStringLiteral("?updateMask=traffic,annotations&validateOnly=true")});
    // It took no etag away: the write still stands on what was read.
    s.http.answer(200, accepted);
    s.http.answer(200, shared(50, QStringLiteral("\"e2\"")).bytes());
    QVERIFY(await(s.control.setWeight(s.request(50))));
}

void TestCloudRunControl::aHoldAndItsEndAreTriedTheSame()
{
    Setup s;
    ServiceJson service = shared(10);
    s.readFirst();
    const QByteArray checked = R"({"name":"projects/acme/locations/us-central1/operations/v",)"
                               R"("done":true})";
    const Hold hold{QStringLiteral("A. Muster"), s.clock.now(), QStringLiteral("errors"), {}};
    s.http.answer(200, checked);
    auto run = await(s.control.dryRunHold(hold, QStringLiteral("\"e1\"")));
    QVERIFY2(run, run ? "" : qPrintable(run.error().message));
    QCOMPARE(run->how, QStringLiteral("validateOnly"));
    QCOMPARE(run->changes, QStringList{QStringLiteral("hold: (none) → by A. Muster")});
    const QByteArray tried = s.http.requests.first().body;
    QCOMPARE(s.http.log(),
             QStringList{QStringLiteral("PATCH ") + servicePath
                         + QStringLiteral("?updateMask=annotations&validateOnly=true")});
    s.http.answer(200, accepted);
    service.etag = QStringLiteral("\"e2\"");
    service.annotations.insert(QStringLiteral("pilothouse.dev/hold"),
                               QString::fromUtf8(encodeHold(hold)));
    s.http.answer(200, service.bytes());
    QVERIFY(await(s.control.setHold(hold, QStringLiteral("\"e1\""))));
    QCOMPARE(s.http.requests[1].body, tried);
    s.http.answer(200, checked);
    const HoldChange lift = Lift{QStringLiteral("B. Novak"), {}, IntentId(QStringLiteral("i1"))};
    run = await(s.control.dryRunHold(lift, QStringLiteral("\"e2\"")));
    QVERIFY2(run, run ? "" : qPrintable(run.error().message));
    QCOMPARE(run->changes, (QStringList{QStringLiteral("hold: by A. Muster → (none)"),
                                        QStringLiteral("our note of it")}));
}

void TestCloudRunControl::aDryRunThatIsRefusedSaysWhy()
{
    Setup s;
    s.readFirst();
    s.http.answer(403, R"({"error":{"code":403,"message":"Permission denied"}})");
    const auto run = await(s.control.dryRun(s.request(50)));
    QCOMPARE(run.error().kind, ErrorKind::NotAllowed);
}

void TestCloudRunControl::thePlanOfAnotherVersionSaysSo()
{
    Setup s;
    s.readFirst();
    TrafficState other = s.state;
    other.version = QStringLiteral("\"e0\"");
    const PlannedCall plan = s.control.planWeight(s.request(50), other);
    QCOMPARE(plan.summary,
             QStringLiteral("The service was changed since it was read. Read again."));
    QVERIFY(plan.exact.isEmpty());
    WeightRequest gone = s.request(50);
    gone.candidateCommit = CommitId(sha(QLatin1Char('e')));
    QCOMPARE(s.control.planWeight(gone, s.state).summary,
             QStringLiteral("No ready revision of eeeeeee is there any more. Read again."));
}

void TestCloudRunControl::access_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("mayWrite");
    QTest::addColumn<QString>("why");
    const QString lacking = QStringLiteral("you lack run.services.update on backend in acme");
    const QString unknown = QStringLiteral("whether you may change the traffic could not be "
                                           "checked: this server does not tell");
    QTest::newRow("held") << 200 << QByteArray(R"({"permissions":["run.services.update"]})") << true
                          << QString();
    QTest::newRow("not held") << 200 << QByteArray("{}") << false << lacking;
    QTest::newRow("not even to be asked") << 403 << QByteArray("{}") << false << lacking;
    QTest::newRow("a server that has no such question") << 404 << QByteArray() << true << unknown;
    QTest::newRow("an answer of another kind") << 200 << QByteArray("yes") << true << unknown;
}

void TestCloudRunControl::access()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, mayWrite);
    QFETCH(QString, why);
    Setup s;
    s.http.answer(status, body);
    const auto result = await(s.control.access());
    QVERIFY(result);
    QCOMPARE(result->mayWrite, mayWrite);
    QCOMPARE(result->why, why);
    QCOMPARE(s.http.log(), QStringList{QStringLiteral("POST ") + servicePath
                                       + QStringLiteral(":testIamPermissions")});
    QCOMPARE(s.http.requests.first().body,
             QByteArray(R"({"permissions":["run.services.update"]})"));
    s.http.answer(503, {});
    QCOMPARE(await(s.control.access()).error().kind, ErrorKind::Unavailable);
}

void TestCloudRunControl::words()
{
    Setup s;
    QCOMPARE(s.control.systemName(), QStringLiteral("Cloud Run"));
    QCOMPARE(s.control.showCommand(), QStringLiteral("gcloud run services describe backend "
                                                     "--project=acme --region=us-central1"));
}

QTEST_GUILESS_MAIN(TestCloudRunControl)
#include "cloudruncontrol.moc"
