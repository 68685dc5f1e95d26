#include "connectors/cloudrun/cloudrunwrite.h"

#include "cloudrunworld.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

using Targets = QList<ServiceJson::Target>;

namespace {

const QDateTime at(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);

QJsonObject bodyOf(const CloudRunWrite &write)
{
    return QJsonDocument::fromJson(write.body).object();
}

/// "bbb 50 · ccc 50 · ccc #cccc": each entry of the list as sent.
QString trafficOf(const CloudRunWrite &write)
{
    QStringList entries;
    for (const auto &value : bodyOf(write).value(QLatin1String("traffic")).toArray()) {
        const QJsonObject target = value.toObject();
        const QString type = target.value(QLatin1String("type")).toString();
        QString entry = type == QLatin1String("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")
                            ? QStringLiteral("LATEST")
                            : target.value(QLatin1String("revision")).toString().right(3);
        if (target.contains(QLatin1String("percent")))
            entry += QStringLiteral(" %1").arg(target.value(QLatin1String("percent")).toInt());
        if (target.contains(QLatin1String("tag")))
            entry += QStringLiteral(" #") + target.value(QLatin1String("tag")).toString();
        entries.append(entry);
    }
    return entries.join(QStringLiteral(" · "));
}

WeightRequest request(int percent, const QString &commit = {})
{
    WeightRequest r;
    r.candidate = Weight{percent};
    r.candidateCommit = CommitId(commit);
    r.actor = QStringLiteral("A. Muster");
    r.reason = QStringLiteral("load test covers it");
    r.intent = IntentId(QStringLiteral("i-1"));
    return r;
}

} // namespace

class TestCloudRunWrite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weights_data();
    void weights();
    void conflicts_data();
    void conflicts();
    void theTargetGetsItOrNobody_data();
    void theTargetGetsItOrNobody();
    void theChangeGoesWithIt();
    void aHoldTouchesNothingElse();
};

void TestCloudRunWrite::weights_data()
{
    QTest::addColumn<Targets>("traffic");
    QTest::addColumn<int>("percent");
    QTest::addColumn<QString>("commit");
    QTest::addColumn<QString>("sent");
    const QString c = sha(QLatin1Char('c'));
    QTest::newRow("the first share: both are pinned")
        << Targets{{stable, 100}} << 10 << c << QStringLiteral("bbb 90 · ccc 10");
    QTest::newRow("no commit named: the candidate")
        << Targets{{stable, 100}} << 10 << QString() << QStringLiteral("bbb 90 · ccc 10");
    QTest::newRow("tags are kept")
        << Targets{{stable, 90, QStringLiteral("live")},
                   {candidate, 10},
                   {candidate, 0, QStringLiteral("cccc")},
                   {QString(), 0, QStringLiteral("next")}}
        << 50 << c << QStringLiteral("bbb 50 · ccc 50 · bbb #live · ccc #cccc · LATEST #next");
    QTest::newRow("all of it") << Targets{{stable, 50}, {candidate, 50}} << 100 << c
                               << QStringLiteral("ccc 100");
    QTest::newRow("back to nothing")
        << Targets{{stable, 50}, {candidate, 50}, {candidate, 0, QStringLiteral("cccc")}} << 0 << c
        << QStringLiteral("bbb 100 · ccc #cccc");
    QTest::newRow("a third one loses its share")
        << Targets{{stable, 60}, {candidate, 30}, {oldest, 10}} << 50 << c
        << QStringLiteral("bbb 50 · ccc 50");
    QTest::newRow("traffic that followed LATEST is pinned")
        << Targets{{QString(), 100}} << 10 << sha(QLatin1Char('b'))
        << QStringLiteral("ccc 90 · bbb 10");
    QTest::newRow("an older commit, all of it: the way back after 100")
        << Targets{{candidate, 100}} << 100 << sha(QLatin1Char('b')) << QStringLiteral("bbb 100");
    QTest::newRow("0 for the stable: to the one before it")
        << Targets{{candidate, 100}} << 0 << c << QStringLiteral("bbb 100");
    QTest::newRow("one stage back for the stable")
        << Targets{{candidate, 100}} << 50 << c << QStringLiteral("bbb 50 · ccc 50");
    QTest::newRow("100 for the stable changes nothing")
        << Targets{{candidate, 100}} << 100 << c << QStringLiteral("ccc 100");
}

void TestCloudRunWrite::weights()
{
    QFETCH(Targets, traffic);
    QFETCH(int, percent);
    QFETCH(QString, commit);
    QFETCH(QString, sent);
    ServiceJson service;
    service.traffic = traffic;
    service.annotations = {{QLatin1String(previousStableAnnotation), stable}};
    const auto write = weightWrite(snapshotOf(service), request(percent, commit), at);
    QVERIFY(write);
    QCOMPARE(trafficOf(*write), sent);
    QCOMPARE(write->updateMask, QStringLiteral("traffic,annotations"));
    QCOMPARE(bodyOf(*write).value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
    QCOMPARE(bodyOf(*write).value(QLatin1String("name")).toString(), serviceName);
}

void TestCloudRunWrite::conflicts_data()
{
    QTest::addColumn<Targets>("traffic");
    QTest::addColumn<int>("percent");
    QTest::addColumn<QString>("commit");
    QTest::addColumn<QString>("message");
    QTest::newRow("no candidate") << Targets{{candidate, 100}} << 10 << QString()
                                  << QStringLiteral("There is no candidate to give traffic to. "
                                                    "Read again.");
    QTest::newRow("a commit that no revision has")
        << Targets{{stable, 100}} << 10 << sha(QLatin1Char('e'))
        << QStringLiteral("No ready revision of eeeeeee is there any more. Read again.");
    QTest::newRow("no way back is known")
        << Targets{{candidate, 100}} << 0 << sha(QLatin1Char('c'))
        << QStringLiteral("ccccccc has all the traffic, and the revision before it is not known. "
                          "Choose the revision to go back to.");
}

void TestCloudRunWrite::conflicts()
{
    QFETCH(Targets, traffic);
    QFETCH(int, percent);
    QFETCH(QString, commit);
    QFETCH(QString, message);
    ServiceJson service;
    service.traffic = traffic;
    const auto write = weightWrite(snapshotOf(service), request(percent, commit), at);
    QVERIFY(!write);
    QCOMPARE(write.error().kind, ErrorKind::Conflict);
    QCOMPARE(write.error().message, message);
}

void TestCloudRunWrite::theTargetGetsItOrNobody_data()
{
    QTest::addColumn<Targets>("traffic");
    QTest::addColumn<QString>("leaving");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("sent"); // or why not
    const QString c = sha(QLatin1Char('c'));
    QTest::newRow("the stable beside a candidate")
        << Targets{{stable, 50}, {candidate, 50}} << c << stable << QStringLiteral("bbb 100");
    QTest::newRow("the one before the stable")
        << Targets{{candidate, 100}} << c << stable << QStringLiteral("bbb 100");
    QTest::newRow("another one than was confirmed")
        << Targets{{candidate, 100}} << c << oldest
        << QStringLiteral("backend-00042-bbb would get the traffic now, and backend-00041-aaa was "
                          "confirmed. Read again.");
    QTest::newRow("the stable is another one meanwhile")
        << Targets{{oldest, 50}, {candidate, 50}} << c << stable
        << QStringLiteral("backend-00041-aaa would get the traffic now, and backend-00042-bbb was "
                          "confirmed. Read again.");
    QTest::newRow("the same commit waits as candidate")
        << Targets{{later, 100}} << c << stable << QStringLiteral("bbb 100");
}

void TestCloudRunWrite::theTargetGetsItOrNobody()
{
    QFETCH(Targets, traffic);
    QFETCH(QString, leaving);
    QFETCH(QString, target);
    QFETCH(QString, sent);
    ServiceJson service;
    service.traffic = traffic;
    service.annotations = {{QLatin1String(previousStableAnnotation), stable}};
    CloudRunSnapshot snapshot = snapshotOf(service);
    // `later` is the candidate's image, deployed once more.
    snapshot.revisions[later].image = snapshot.revisions.value(candidate).image;
    WeightRequest back = request(0, leaving);
    back.target = RevisionName(target);
    const auto write = weightWrite(snapshot, back, at);
    QCOMPARE(write ? trafficOf(*write) : write.error().message, sent);
    if (!write)
        QCOMPARE(write.error().kind, ErrorKind::Conflict);
}

void TestCloudRunWrite::theChangeGoesWithIt()
{
    WeightChange before;
    before.at = at.addSecs(-300);
    before.actor = QStringLiteral("B. Novak");
    before.to = Weight{10};
    ServiceJson service;
    service.traffic = {{stable, 90}, {candidate, 10}};
    service.annotations
        = {{QLatin1String(changesAnnotation), QString::fromUtf8(encodeChanges({before}))},
           {QStringLiteral("team"), QStringLiteral("context")}};
    const auto write = weightWrite(snapshotOf(service), request(50, sha(QLatin1Char('c'))), at);
    QVERIFY(write);
    const QJsonObject sent = bodyOf(*write).value(QLatin1String("annotations")).toObject();
    QCOMPARE(sent.value(QLatin1String("team")).toString(), QStringLiteral("context"));
    QCOMPARE(sent.value(QLatin1String(previousStableAnnotation)).toString(), stable);
    const auto changes
        = decodeChanges(sent.value(QLatin1String(changesAnnotation)).toString().toUtf8());
    QVERIFY(changes);
    const WeightChange expected{at,
                                QStringLiteral("A. Muster"),
                                Weight{10},
                                Weight{50},
                                QStringLiteral("load test covers it"),
                                IntentId(QStringLiteral("i-1")),
                                CommitId(sha(QLatin1Char('c')))};
    QCOMPARE(changes->size(), 2);
    QVERIFY(changes->first() == expected);
    QVERIFY(changes->last() == before);
}

void TestCloudRunWrite::aHoldTouchesNothingElse()
{
    ServiceJson service;
    service.traffic = {{stable, 100}};
    service.annotations = {{QStringLiteral("team"), QStringLiteral("context")}};
    const Hold hold{QStringLiteral("A. Muster"),
                    at,
                    QStringLiteral("errors"),
                    {},
                    IntentId(QStringLiteral("i9"))};

    const CloudRunWrite held = holdWrite(snapshotOf(service), hold, at);
    QCOMPARE(held.updateMask, QStringLiteral("annotations"));
    QVERIFY(!bodyOf(held).contains(QLatin1String("traffic")));
    QCOMPARE(bodyOf(held).value(QLatin1String("etag")).toString(), QStringLiteral("\"e1\""));
    QVERIFY(decodeHold(held.annotations.value(QLatin1String(holdAnnotation)).toUtf8()) == hold);
    QCOMPARE(held.annotations.value(QStringLiteral("team")), QStringLiteral("context"));

    service.annotations = held.annotations;
    const CloudRunWrite lifted = holdWrite(
        snapshotOf(service), Lift{QStringLiteral("mara"), {}, IntentId(QStringLiteral("i10"))}, at);
    const QJsonObject sent = bodyOf(lifted).value(QLatin1String("annotations")).toObject();
    QCOMPARE(sent.keys(), (QStringList{QLatin1String(deedsAnnotation), QStringLiteral("team")}));
    service.annotations = lifted.annotations;
    const TrafficState state = snapshotOf(service).state();
    QVERIFY(!state.hold);
    QCOMPARE(isNoted(state, IntentId(QStringLiteral("i10"))), Noted::Yes);
    QCOMPARE(state.deeds.first().since, hold.since);
}

QTEST_GUILESS_MAIN(TestCloudRunWrite)
#include "cloudrunwrite.moc"
