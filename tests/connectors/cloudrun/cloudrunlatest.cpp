#include "connectors/cloudrun/cloudrunlatest.h"

#include "cloudrunsetup.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

using Targets = QList<ServiceJson::Target>;

namespace {

const QString pin = QStringLiteral("cloudrun.pin");
const QString giveBack = QStringLiteral("cloudrun.latest");
const CloudRunControl::Settings settings{QStringLiteral("acme"),
                                         QStringLiteral("us-central1"),
                                         QStringLiteral("backend"),
                                         QUrl(QStringLiteral("https://run.example/")),
                                         {}};

OwnAction actionIn(const QList<OwnAction> &actions, const QString &id)
{
    for (const OwnAction &action : actions) {
        if (action.id == id)
            return action;
    }
    return {};
}

/// "LATEST 100 · ccc #tag"
QString listOf(const QByteArray &body)
{
    QStringList entries;
    const QJsonObject sent = QJsonDocument::fromJson(body).object();
    for (const auto &value : sent.value(QLatin1String("traffic")).toArray()) {
        const QJsonObject target = value.toObject();
        const QString revision = target.value(QLatin1String("revision")).toString();
        QString entry = revision.isEmpty() ? QStringLiteral("LATEST") : revision.right(3);
        if (target.contains(QLatin1String("percent")))
            entry += QStringLiteral(" %1").arg(target.value(QLatin1String("percent")).toInt());
        if (target.contains(QLatin1String("tag")))
            entry += QStringLiteral(" #") + target.value(QLatin1String("tag")).toString();
        entries.append(entry);
    }
    return entries.join(QStringLiteral(" · "));
}

OwnRequest requestOf(const QString &action)
{
    OwnRequest request;
    request.action = action;
    request.expectedVersion = QStringLiteral("\"e1\"");
    request.actor = QStringLiteral("A. Muster");
    request.intent = IntentId(QStringLiteral("i-1"));
    return request;
}

} // namespace

/// Traffic that follows LATEST, and traffic that is given back to it.
class TestCloudRunLatest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCanBeDone_data()
    {
        QTest::addColumn<Targets>("traffic");
        QTest::addColumn<QString>("latestReady");
        QTest::addColumn<QString>("pinIsOff");
        QTest::addColumn<QString>("giveBackIsOff");
        const QString pinned = QStringLiteral("the traffic is pinned already");
        const QString follows = QStringLiteral("the traffic follows LATEST already");
        QTest::newRow("on LATEST")
            << Targets{{QString(), 100}} << candidate << QString() << follows;
        QTest::newRow("no list at all is LATEST") << Targets{} << candidate << QString() << follows;
        QTest::newRow("pinned to the latest ready one")
            << Targets{{candidate, 100}} << candidate << pinned << QString();
        QTest::newRow("pinned to one before it")
            << Targets{{stable, 100}} << candidate << pinned
            << QStringLiteral("the latest ready revision is ccccccc (backend-00043-ccc), and the "
                              "traffic is on bbbbbbb (backend-00042-bbb)");
        QTest::newRow("shared") << Targets{{stable, 90}, {candidate, 10}} << candidate << pinned
                                << QStringLiteral("more than one revision has traffic");
        QTest::newRow("shared with LATEST")
            << Targets{{stable, 90}, {QString(), 10}} << candidate
            << QStringLiteral("more than one revision has traffic") << follows;
    }
    void whatCanBeDone()
    {
        QFETCH(const Targets, traffic);
        QFETCH(const QString, latestReady);
        ServiceJson service;
        service.traffic = traffic;
        service.latestReady = latestReady;
        const QList<OwnAction> actions = latestActions(settings, {}, snapshotOf(service));
        QCOMPARE(actions.size(), 2);
        for (const auto &[id, column] : {std::pair(pin, "pinIsOff"), {giveBack, "giveBackIsOff"}}) {
            const OwnAction action = actionIn(actions, id);
            QCOMPARE(action.offBecause,
                     *static_cast<QString *>(QTest::qData(column, QMetaType::QString)));
            QCOMPARE(action.calls.isEmpty(), !action.offBecause.isEmpty());
            QVERIFY(!action.typed.isEmpty() && !action.leaves.isEmpty());
        }
    }

    void aServiceThatIsNotSettledIsWaitedFor()
    {
        ServiceJson service;
        service.traffic = {{QString(), 100}};
        service.reconciling = true;
        const OwnAction action = actionIn(latestActions(settings, {}, snapshotOf(service)), pin);
        QCOMPARE(action.offBecause,
                 QStringLiteral("Cloud Run is still at work on the last change"));
    }

    void underAHoldNothingIsGivenBack()
    {
        ServiceJson service;
        service.traffic = {{candidate, 100}};
        CloudRunSnapshot snapshot = snapshotOf(service);
        Hold hold;
        hold.by = QStringLiteral("B. Novak");
        hold.why = QStringLiteral("rolled back");
        hold.since = QDateTime(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC);
        snapshot.service.annotations = holdWrite(snapshot, hold, hold.since).annotations;
        QCOMPARE(actionIn(latestActions(settings, {}, snapshot), giveBack).offBecause,
                 QStringLiteral("held by B. Novak"));
    }

    void whatIsSent_data()
    {
        QTest::addColumn<Targets>("traffic");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("sent");
        QTest::addColumn<QString>("command");
        const QString command
            = QStringLiteral("gcloud run services update-traffic backend --project=acme "
                             "--region=us-central1 ");
        QTest::newRow("pinned, tags kept")
            << Targets{{QString(), 100}, {stable, 0, QStringLiteral("old")}} << pin
            << QStringLiteral("ccc 100 · bbb #old")
            << command + QStringLiteral("--to-revisions=backend-00043-ccc=100");
        QTest::newRow("given back, tags kept")
            << Targets{{candidate, 100, QStringLiteral("live")}} << giveBack
            << QStringLiteral("LATEST 100 · ccc #live") << command + QStringLiteral("--to-latest");
    }
    void whatIsSent()
    {
        QFETCH(const Targets, traffic);
        QFETCH(const QString, action);
        QFETCH(const QString, sent);
        QFETCH(const QString, command);
        Setup s;
        ServiceJson service;
        service.traffic = traffic;
        s.http.answer(200, service.bytes());
        s.http.answer(200, allRevisions());
        const TrafficState state = await(s.control.read())->value;
        const OwnAction shown = actionIn(s.control.ownActions(state), action);
        QCOMPARE(shown.calls.value(0).copyable, command);
        s.http.requests.clear();
        s.http.answer(200, accepted);
        s.http.answer(200, service.bytes());
        s.http.answer(200, allRevisions());
        const auto done = await(s.control.runOwn(requestOf(action)));
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        const HttpRequest patch = s.http.requests.first();
        QCOMPARE(patch.method, QByteArray("PATCH"));
        QCOMPARE(listOf(patch.body), sent);
        const QJsonObject body = QJsonDocument::fromJson(patch.body).object();
        QCOMPARE(body.value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
        const QList<Deed> deeds
            = decodeDeeds(body.value(QLatin1String("annotations"))[QLatin1String(deedsAnnotation)]
                              .toString()
                              .toUtf8());
        QCOMPARE(deeds.size(), 1);
        QCOMPARE(deeds.first().what, action);
        QCOMPARE(deeds.first().intent, IntentId(QStringLiteral("i-1")));
        // What is shown is what is sent, but for the intent, which has no number yet.
        const QString exact = shown.calls.value(0).exact;
        QCOMPARE(listOf(exact.mid(exact.indexOf(QLatin1Char('{'))).toUtf8()), sent);
    }

    void aDryRunIsTheSameRequestAndTellsWhatBecomesOfLatest_data()
    {
        QTest::addColumn<Targets>("traffic");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("change");
        QTest::newRow("pinned") << Targets{{QString(), 100}} << pin
                                << QStringLiteral("LATEST: pinned to its revision");
        QTest::newRow("given back")
            << Targets{{candidate, 100}} << giveBack
            << QStringLiteral("LATEST: followed by every deploy from then on");
        // A tag on LATEST follows it, and no traffic does.
        QTest::newRow("pinned, with a tag on LATEST")
            << Targets{{QString(), 100}, {QString(), 0, QStringLiteral("next")}} << pin
            << QStringLiteral("LATEST: pinned to its revision");
        QTest::newRow("given back, with a tag on LATEST")
            << Targets{{candidate, 100}, {QString(), 0, QStringLiteral("next")}} << giveBack
            << QStringLiteral("LATEST: followed by every deploy from then on");
    }
    void aDryRunIsTheSameRequestAndTellsWhatBecomesOfLatest()
    {
        QFETCH(const Targets, traffic);
        QFETCH(const QString, action);
        QFETCH(const QString, change);
        Setup s;
        ServiceJson service;
        service.traffic = traffic;
        s.http.answer(200, service.bytes());
        s.http.answer(200, allRevisions());
        QVERIFY(await(s.control.read()));
        s.http.requests.clear();
        s.http.answer(200, R"({"name":"projects/acme/locations/us-central1/operations/v",)"
                           R"("done":true})");
        const auto run = await(s.control.dryRunOwn(requestOf(action)));
        QVERIFY2(run, run ? "" : qPrintable(run.error().message));
        QCOMPARE(run->how, QStringLiteral("validateOnly"));
        QCOMPARE(run->changes, (QStringList{change, QStringLiteral("our note of it")}));
        QCOMPARE(
            s.http.log(),
            QStringList{QStringLiteral("PATCH ") + servicePath
                        + QStringLiteral("?updateMask=traffic,annotations&validateOnly=true")});
        s.http.answer(200, accepted);
        s.http.answer(200, service.bytes());
        QVERIFY(await(s.control.runOwn(requestOf(action))));
        QCOMPARE(s.http.requests[1].body, s.http.requests[0].body);
    }

    void whatIsOffIsRefused()
    {
        Setup s;
        s.readFirst();
        const auto refused = await(s.control.runOwn(requestOf(giveBack)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QVERIFY(refused.error().message.contains(QLatin1String("more than one revision")));
        QCOMPARE(await(s.control.dryRunOwn(requestOf(giveBack))).error(), refused.error());
        const auto unknown = await(s.control.runOwn(requestOf(QStringLiteral("cloudrun.other"))));
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, ErrorKind::Refused);
        QVERIFY(s.http.requests.isEmpty());
    }

    void aServiceThatWasChangedSinceIsAConflict()
    {
        Setup s;
        s.readFirst(0);
        s.http.answer(200, shared(0, QStringLiteral("\"e2\"")).bytes());
        s.http.answer(200, allRevisions());
        OwnRequest request = requestOf(giveBack);
        request.expectedVersion = QStringLiteral("\"e0\"");
        const auto refused = await(s.control.runOwn(request));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    }
};

QTEST_GUILESS_MAIN(TestCloudRunLatest)
#include "cloudrunlatest.moc"
