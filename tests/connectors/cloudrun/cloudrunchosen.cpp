#include "connectors/cloudrun/cloudrunchosen.h"

#include "cloudrunsetup.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

using Targets = QList<ServiceJson::Target>;

namespace {

const QString toOldest = QStringLiteral("cloudrun.back:") + oldest;
const CloudRunControl::Settings settings{QStringLiteral("acme"),
                                         QStringLiteral("us-central1"),
                                         QStringLiteral("backend"),
                                         QUrl(QStringLiteral("https://run.example/")),
                                         {}};

CloudRunSnapshot serving(const Targets &traffic)
{
    ServiceJson service;
    service.traffic = traffic;
    return snapshotOf(service);
}

QStringList idsOf(const QList<OwnAction> &actions)
{
    QStringList ids;
    for (const OwnAction &action : actions)
        ids.append(action.id.section(QLatin1Char('-'), -1));
    return ids;
}

OwnRequest requestOf(const QString &action)
{
    OwnRequest request;
    request.action = action;
    request.expectedVersion = QStringLiteral("\"e1\"");
    request.actor = QStringLiteral("A. Muster");
    request.reason = QStringLiteral("the one before is no better");
    request.intent = IntentId(QStringLiteral("i-1"));
    return request;
}

QDateTime at(int hour)
{
    return QDateTime(QDate(2026, 11, 24), QTime(hour, 0), Qt::UTC);
}

} // namespace

/// An earlier revision that a person chooses, whatever the way back is.
class TestCloudRunChosen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatWasMadeBeforeTheStableOneIsOffered_data()
    {
        QTest::addColumn<Targets>("traffic");
        QTest::addColumn<QStringList>("offered");
        QTest::newRow("the newest serves")
            << Targets{{candidate, 100}}
            << QStringList{QStringLiteral("bbb"), QStringLiteral("aaa")};
        QTest::newRow("one in the middle serves: the newer ones are to be promoted")
            << Targets{{stable, 100}} << QStringList{QStringLiteral("aaa")};
        QTest::newRow("the oldest serves") << Targets{{oldest, 100}} << QStringList();
        QTest::newRow("one is being tried")
            << Targets{{stable, 90}, {candidate, 10}} << QStringList{QStringLiteral("aaa")};
    }
    void onlyWhatWasMadeBeforeTheStableOneIsOffered()
    {
        QFETCH(const Targets, traffic);
        QFETCH(const QStringList, offered);
        QCOMPARE(idsOf(chosenActions(settings, {}, serving(traffic))), offered);
    }

    void itSaysWhoHasTheTrafficAndWhoGetsIt()
    {
        const QList<OwnAction> actions
            = chosenActions(settings, {}, serving({{stable, 90}, {candidate, 10}}));
        QCOMPARE(actions.size(), 1);
        const OwnAction &back = actions.first();
        QCOMPARE(back.title, QStringLiteral("Cloud Run: back to aaaaaaa (backend-00041-aaa)"));
        QCOMPARE(back.from, QStringLiteral("bbbbbbb (backend-00042-bbb) 90 %, "
                                           "ccccccc (backend-00043-ccc) 10 %"));
        QCOMPARE(back.to, QStringLiteral("aaaaaaa (backend-00041-aaa) gets all traffic, pinned by "
                                         "name"));
        QCOMPARE(back.typed, QStringLiteral("aaaaaaa"));
        QCOMPARE(back.chosen, std::optional(CommitId(sha(QLatin1Char('a')))));
        QCOMPARE(back.leaves.last(),
                 QStringLiteral("The way back from there is bbbbbbb (backend-00042-bbb)."));
        QVERIFY(back.offBecause.isEmpty() && back.against.isEmpty());
        QCOMPARE(back.calls.value(0).copyable,
                 QStringLiteral("gcloud run services update-traffic backend --project=acme "
                                "--region=us-central1 --to-revisions=backend-00041-aaa=100"));
    }

    void whatWasRetiredOrTakenBackSaysSo()
    {
        CloudRunSnapshot snapshot = serving({{candidate, 100}});
        Retirement retired;
        retired.what = sha(QLatin1Char('b'));
        retired.by = QStringLiteral("B. Novak");
        retired.at = at(13);
        WeightChange tried;
        tried.at = at(9);
        tried.actor = QStringLiteral("guard");
        tried.from = Weight{10};
        tried.candidate = CommitId(sha(QLatin1Char('a')));
        snapshot.service.annotations
            = {{QLatin1String(retiredAnnotation), QString::fromUtf8(encodeRetired({retired}))},
               {QLatin1String(changesAnnotation), QString::fromUtf8(encodeChanges({tried}))}};
        const QList<OwnAction> actions = chosenActions(settings, {}, snapshot);
        QCOMPARE(actions.size(), 2);
        QCOMPARE(actions[0].against.size(), 1);
        QVERIFY2(actions[0].against.first().startsWith(
                     QLatin1String("it was retired as a way back by B. Novak, 24 Nov ")),
                 qPrintable(actions[0].against.first()));
        QCOMPARE(actions[1].against.size(), 1);
        QVERIFY2(actions[1].against.first().startsWith(
                     QLatin1String("it was tried and taken back to 0 % by guard, 24 Nov ")),
                 qPrintable(actions[1].against.first()));
        QVERIFY(actions[0].offBecause.isEmpty() && actions[1].offBecause.isEmpty());
    }

    void whatIsNotReadyIsOff()
    {
        CloudRunSnapshot snapshot = serving({{candidate, 100}});
        snapshot.revisions[oldest].ready = CloudRunRevision::Ready::No;
        snapshot.revisions[oldest].message = QStringLiteral("Image not found.");
        const OwnAction back = chosenActions(settings, {}, snapshot).last();
        QCOMPARE(back.offBecause, QStringLiteral("Image not found."));
        QVERIFY(back.calls.isEmpty());
        const auto write = chosenWrite(settings, {}, snapshot, requestOf(back.id), at(14));
        QVERIFY(!write);
        QCOMPARE(write.error().kind, ErrorKind::Refused);
    }

    void allTrafficIsSentToItWithTheEtagAndOurNotes()
    {
        Setup s;
        ServiceJson service;
        service.traffic = {{candidate, 100}, {stable, 0, QStringLiteral("old")}};
        s.http.answer(200, service.bytes());
        s.http.answer(200, allRevisions());
        QVERIFY(await(s.control.read()));
        s.http.requests.clear();
        s.http.answer(200, R"({"name":"projects/acme/locations/us-central1/operations/v",)"
                           R"("done":true})");
        const auto tried = await(s.control.dryRunOwn(requestOf(toOldest)));
        QVERIFY2(tried, tried ? "" : qPrintable(tried.error().message));
        QCOMPARE(tried->changes.value(0), QStringLiteral("backend-00041-aaa: 0 → 100 %"));
        s.http.answer(200, accepted);
        service.traffic.first().revision = oldest;
        s.http.answer(200, service.bytes());
        QVERIFY(await(s.control.runOwn(requestOf(toOldest))));
        QCOMPARE(s.http.requests[1].body, s.http.requests[0].body);
        const QJsonObject body = QJsonDocument::fromJson(s.http.requests[1].body).object();
        QCOMPARE(body.value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
        const QJsonArray traffic = body.value(QLatin1String("traffic")).toArray();
        QCOMPARE(traffic.size(), 2);
        QCOMPARE(traffic[0][QLatin1String("revision")].toString(), oldest);
        QCOMPARE(traffic[0][QLatin1String("percent")].toInt(), 100);
        QCOMPARE(traffic[1][QLatin1String("tag")].toString(), QStringLiteral("old"));
        const QJsonValue notes = body.value(QLatin1String("annotations"));
        const auto note = [&notes](const char *key) {
            return notes[QLatin1String(key)].toString().toUtf8();
        };
        QCOMPARE(note(previousStableAnnotation), candidate.toUtf8());
        QCOMPARE(decodeDeeds(note(deedsAnnotation)).value(0).what, toOldest);
        const auto changes = decodeChanges(note(changesAnnotation));
        QVERIFY(changes && changes->size() == 1);
        QCOMPARE(changes->first().candidate, CommitId(sha(QLatin1Char('a'))));
        QCOMPARE(changes->first().to, Weight{100});
        QCOMPARE(changes->first().intent, IntentId(QStringLiteral("i-1")));
    }

    void fromThereTheWayBackIsWhatServedBefore()
    {
        CloudRunSnapshot snapshot = serving({{candidate, 100}});
        const auto write = chosenWrite(settings, {}, snapshot, requestOf(toOldest), at(14));
        QVERIFY(write);
        snapshot.service.traffic = write->traffic;
        snapshot.service.observed = write->traffic;
        snapshot.service.annotations = write->annotations;
        const TrafficState now = snapshot.state();
        QVERIFY(now.stable && now.previous);
        QCOMPARE(now.stable->name.value, oldest);
        QCOMPARE(now.previous->name.value, candidate);
    }

    void aNewerOneIsNoWayPastTheStages()
    {
        Setup s;
        ServiceJson service;
        service.traffic = {{stable, 100}};
        s.http.answer(200, service.bytes());
        s.http.answer(200, allRevisions());
        QVERIFY(await(s.control.read()));
        s.http.requests.clear();
        const auto refused
            = await(s.control.runOwn(requestOf(QStringLiteral("cloudrun.back:") + candidate)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QVERIFY(refused.error().message.startsWith(candidate));
        QVERIFY(s.http.requests.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCloudRunChosen)
#include "cloudrunchosen.moc"
