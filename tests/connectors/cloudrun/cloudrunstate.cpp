#include "connectors/cloudrun/cloudrunstate.h"

#include "cloudrunworld.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

using Targets = QList<ServiceJson::Target>;

namespace {

QString changesWith(const QString &commit, int to)
{
    WeightChange change;
    change.at = QDateTime(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC);
    change.to = Weight{to};
    change.candidate = CommitId(commit);
    return QString::fromUtf8(encodeChanges({change}));
}

QString nameOf(const std::optional<RevisionState> &revision)
{
    return revision ? revision->name.value : QStringLiteral("none");
}

} // namespace

class TestCloudRunState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoIsWho_data();
    void whoIsWho();
    void anOlderOneThatOthersTryIsTheCandidate();
    void aGuessIsSaidToBeOne_data();
    void aGuessIsSaidToBeOne();
    void aRevisionIsUpOnlyIfItSaysSo_data();
    void aRevisionIsUpOnlyIfItSaysSo();
    void revisionsAreKnownByTheirImage();
    void commitsMayComeFromALabel();
    void acceptedIsWhatServes_data();
    void acceptedIsWhatServes();
    void problemsAreTold_data();
    void problemsAreTold();
    void holdAndChangesAreRead();
    void taggedRevisionsAreReachable();
    void aWeightFromHereIsPinnedForTheNextDeploy();
    void theStableBefore_data();
    void theStableBefore();
    void whatCannotBeReadIsNamed();
};

void TestCloudRunState::whoIsWho_data()
{
    QTest::addColumn<Targets>("asked");
    QTest::addColumn<Targets>("observed");
    QTest::addColumn<QString>("latestReady");
    QTest::addColumn<QString>("moved"); // commit of our last change
    QTest::addColumn<int>("movedTo");
    QTest::addColumn<QString>("beside"); // the stable of that change
    QTest::addColumn<QString>("expectedStable");
    QTest::addColumn<QString>("expectedCandidate");
    QTest::addColumn<int>("expectedAsked");
    QTest::addColumn<bool>("onLatest");
    const QString none = QStringLiteral("none");
    const QString c = sha(QLatin1Char('c'));
    const auto row = [](const char *name) -> QTestData & {
        return QTest::newRow(name);
    };

    row("all on one, a later one is ready: it is the candidate")
        << Targets{{stable, 100}} << Targets{} << candidate << QString() << 0 << QString() << stable
        << candidate << 0 << false;
    row("all on the latest: no candidate")
        << Targets{{candidate, 100}} << Targets{} << candidate << QString() << 0 << QString()
        << candidate << none << 0 << false;
    row("shared with the latest: the latest is the candidate")
        << Targets{{stable, 90}, {candidate, 10}} << Targets{} << candidate << QString() << 0
        << QString() << stable << candidate << 10 << false;
    row("shared by halves: the latest is the candidate")
        << Targets{{candidate, 50}, {stable, 50}} << Targets{} << candidate << QString() << 0
        << QString() << stable << candidate << 50 << false;
    row("most of it on the latest: it is the candidate still")
        << Targets{{stable, 10}, {candidate, 90}} << Targets{} << candidate << QString() << 0
        << QString() << stable << candidate << 90 << false;
    row("another one is deployed meanwhile: who was moved is the candidate")
        << Targets{{stable, 50}, {candidate, 50}} << Targets{} << later << c << 50 << stable
        << stable << candidate << 50 << false;
    row("another one is deployed, nobody of ours moved it: the one made last")
        << Targets{{stable, 50}, {candidate, 50}} << Targets{} << later << QString() << 0
        << QString() << stable << candidate << 50 << false;
    row("going back to an older one: who was moved is the candidate")
        << Targets{{candidate, 50}, {oldest, 50}} << Targets{} << candidate << sha(QLatin1Char('a'))
        << 50 << candidate << candidate << oldest << 50 << false;
    row("100 asked, not yet served: the candidate still")
        << Targets{{candidate, 100}} << Targets{{stable, 50}, {candidate, 50}} << candidate << c
        << 100 << stable << stable << candidate << 100 << false;
    row("100 asked and served: the candidate is the stable")
        << Targets{{candidate, 100}} << Targets{{candidate, 100}} << candidate << c << 100 << stable
        << candidate << none << 0 << false;
    row("0 asked, still served: the candidate still")
        << Targets{{stable, 100}} << Targets{{stable, 50}, {candidate, 50}} << candidate << c << 0
        << stable << stable << candidate << 0 << false;
    row("two entries of one revision add up")
        << Targets{{stable, 60}, {stable, 30, QStringLiteral("live")}, {candidate, 10}} << Targets{}
        << candidate << QString() << 0 << QString() << stable << candidate << 10 << false;
    row("a tag without weight is no share")
        << Targets{{stable, 100}, {candidate, 0, QStringLiteral("cccc")}} << Targets{} << candidate
        << QString() << 0 << QString() << stable << candidate << 0 << false;
    row("all on LATEST: the next deploy is no canary")
        << Targets{{QString(), 100}} << Targets{} << candidate << QString() << 0 << QString()
        << candidate << none << 0 << true;
    row("some on LATEST") << Targets{{stable, 80}, {QString(), 20}} << Targets{} << candidate
                          << QString() << 0 << QString() << stable << candidate << 20 << true;
    row("an empty list is all on LATEST")
        << Targets{} << Targets{{QString(), 100}} << candidate << QString() << 0 << QString()
        << candidate << none << 0 << true;
    row("going back to an older one, 100 asked, not yet served: the candidate still")
        << Targets{{oldest, 100}} << Targets{{candidate, 50}, {oldest, 50}} << candidate
        << sha(QLatin1Char('a')) << 100 << candidate << candidate << oldest << 100 << false;
    row("our rollout ended at 100, then others try the next: ours is the stable")
        << Targets{{stable, 90}, {candidate, 10}} << Targets{} << candidate << sha(QLatin1Char('b'))
        << 100 << oldest << stable << candidate << 10 << false;
    row("and most of it is on the next: ours is the stable still")
        << Targets{{stable, 10}, {candidate, 90}} << Targets{} << candidate << sha(QLatin1Char('b'))
        << 100 << oldest << stable << candidate << 90 << false;
    row("and they took the next away, which serves still: ours is the stable")
        << Targets{{stable, 100}} << Targets{{stable, 90}, {candidate, 10}} << candidate
        << sha(QLatin1Char('b')) << 100 << oldest << stable << candidate << 0 << false;
    row("we went back all the way, then others try the newer one again")
        << Targets{{stable, 90}, {candidate, 10}} << Targets{} << candidate << sha(QLatin1Char('b'))
        << 100 << candidate << stable << candidate << 10 << false;
    row("others brought ours from 50 to 100, then try the next")
        << Targets{{stable, 90}, {candidate, 10}} << Targets{} << candidate << sha(QLatin1Char('b'))
        << 50 << oldest << stable << candidate << 10 << false;
    row("others moved our candidate: it is the candidate still")
        << Targets{{stable, 75}, {candidate, 25}} << Targets{} << later << c << 10 << stable
        << stable << candidate << 25 << false;
    row("our rollout ended at 100, then others try an older one: ours is the stable")
        << Targets{{candidate, 90}, {stable, 10}} << Targets{} << candidate << c << 100 << stable
        << candidate << stable << 10 << false;
    row("we took ours away, then others give it most: beside whom we tried it is the stable")
        << Targets{{stable, 10}, {candidate, 90}} << Targets{} << candidate << c << 0 << stable
        << stable << candidate << 90 << false;
}

void TestCloudRunState::whoIsWho()
{
    QFETCH(Targets, asked);
    QFETCH(Targets, observed);
    QFETCH(QString, latestReady);
    QFETCH(QString, moved);
    QFETCH(int, movedTo);
    QFETCH(QString, beside);
    QFETCH(QString, expectedStable);
    QFETCH(QString, expectedCandidate);
    QFETCH(int, expectedAsked);
    QFETCH(bool, onLatest);
    ServiceJson service;
    service.traffic = asked;
    service.statuses = observed;
    service.latestReady = latestReady;
    if (!moved.isEmpty())
        service.annotations = {{QLatin1String(changesAnnotation), changesWith(moved, movedTo)},
                               {QLatin1String(previousStableAnnotation), beside}};
    const TrafficState state = snapshotOf(service).state();
    QCOMPARE(nameOf(state.stable), expectedStable);
    QCOMPARE(nameOf(state.candidate), expectedCandidate);
    QCOMPARE(state.asked.percent, expectedAsked);
    QCOMPARE(state.onLatest, onLatest);
}

void TestCloudRunState::anOlderOneThatOthersTryIsTheCandidate()
{
    ServiceJson service;
    service.traffic = {{candidate, 50}, {oldest, 50}};
    CloudRunSnapshot snapshot = snapshotOf(service);
    snapshot.alone = candidate;
    const TrafficState state = snapshot.state();
    QCOMPARE(nameOf(state.stable), candidate);
    QCOMPARE(nameOf(state.candidate), oldest);
    QCOMPARE(state.asked.percent, 50);
    QVERIFY(state.stableDoubt.isEmpty());
}

void TestCloudRunState::aGuessIsSaidToBeOne_data()
{
    QTest::addColumn<Targets>("asked");
    QTest::addColumn<int>("movedTo"); // of our last change, to the candidate; -1 = none
    QTest::addColumn<bool>("guessed");
    QTest::newRow("most of it on the latest")
        << Targets{{stable, 10}, {candidate, 90}} << -1 << true;
    QTest::newRow("by halves") << Targets{{stable, 50}, {candidate, 50}} << -1 << true;
    QTest::newRow("little of it on the latest")
        << Targets{{stable, 90}, {candidate, 10}} << -1 << false;
    QTest::newRow("moved from here") << Targets{{stable, 10}, {candidate, 90}} << 90 << false;
    QTest::newRow("moved from here, then by others")
        << Targets{{stable, 10}, {candidate, 90}} << 50 << false;
    QTest::newRow("all on one") << Targets{{candidate, 100}} << -1 << false;
}

void TestCloudRunState::aGuessIsSaidToBeOne()
{
    QFETCH(Targets, asked);
    QFETCH(int, movedTo);
    QFETCH(bool, guessed);
    ServiceJson service;
    service.traffic = asked;
    if (movedTo >= 0)
        service.annotations
            = {{QLatin1String(changesAnnotation), changesWith(sha(QLatin1Char('c')), movedTo)},
               {QLatin1String(previousStableAnnotation), stable}};
    QCOMPARE(snapshotOf(service).state().stableDoubt,
             guessed ? QStringLiteral("who is the stable cannot be told: the weight was moved by "
                                      "b.novak@acme.example, not through a console; "
                                      "backend-00042-bbb is taken for it")
                     : QString());
}

void TestCloudRunState::aRevisionIsUpOnlyIfItSaysSo_data()
{
    using Up = RevisionState::Up;
    QTest::addColumn<QString>("condition");
    QTest::addColumn<RevisionState::Up>("up");
    QTest::addColumn<QString>("why");
    QTest::newRow("succeeded") << QStringLiteral("CONDITION_SUCCEEDED") << Up::Yes << QString();
    QTest::newRow("failed") << QStringLiteral("CONDITION_FAILED") << Up::No
                            << QStringLiteral("the image cannot be pulled");
    QTest::newRow("pending") << QStringLiteral("CONDITION_PENDING") << Up::Unsaid << QString();
    QTest::newRow("nothing is said") << QString() << Up::Unsaid << QString();
}

void TestCloudRunState::aRevisionIsUpOnlyIfItSaysSo()
{
    QFETCH(QString, condition);
    QFETCH(RevisionState::Up, up);
    QFETCH(QString, why);
    QJsonObject told = revisionJson(stable, sha(QLatin1Char('b')), 20);
    told.insert(QStringLiteral("conditions"),
                QJsonArray{QJsonObject{
                    {QStringLiteral("type"), QStringLiteral("Ready")},
                    {QStringLiteral("state"), condition},
                    {QStringLiteral("message"), QStringLiteral("the image cannot be pulled")}}});
    ServiceJson service;
    service.traffic = {{stable, 90}, {candidate, 10}};
    CloudRunSnapshot snapshot = snapshotOf(service);
    snapshot.revisions[stable] = decodeRevisions(revisionsPage({told})).value().revisions.first();
    const TrafficState state = snapshot.state();
    QCOMPARE(state.stable->up, up);
    QCOMPARE(state.stable->whyDown, why);
    QCOMPARE(state.candidate->up, RevisionState::Up::Yes);
}

void TestCloudRunState::revisionsAreKnownByTheirImage()
{
    ServiceJson service;
    service.traffic = {{stable, 90}, {candidate, 10}};
    const TrafficState state = snapshotOf(service).state();
    QCOMPARE(state.stable->commit, CommitId(sha(QLatin1Char('b'))));
    QCOMPARE(state.candidate->commit, CommitId(sha(QLatin1Char('c'))));
    QCOMPARE(state.candidate->imageDigest, QStringLiteral("sha256:77"));
    QCOMPARE(state.stable->wantedReplicas, 1);
    QCOMPARE(state.stable->readyReplicas, 1);
    QCOMPARE(state.candidate->wantedReplicas, 0);
    QCOMPARE(state.version, QStringLiteral("\"e1\""));
    QCOMPARE(state.lastWriter, QStringLiteral("b.novak@acme.example"));
    QCOMPARE(state.lastWrittenAt, QDateTime(QDate(2026, 11, 24), QTime(13, 20, 0, 123), Qt::UTC));
    QVERIFY(state.problem.isEmpty());
}

void TestCloudRunState::commitsMayComeFromALabel()
{
    ServiceJson service;
    service.traffic = {{stable, 100}};
    CloudRunSnapshot snapshot = snapshotOf(service);
    snapshot.commitFrom = {CommitFrom::Kind::Label, QStringLiteral("commit")};
    QCOMPARE(snapshot.state().stable->commit, CommitId(sha(QLatin1Char('b'))));
    snapshot.commitFrom.label = QStringLiteral("nothing");
    QCOMPARE(snapshot.state().stable->commit, CommitId());
}

void TestCloudRunState::acceptedIsWhatServes_data()
{
    QTest::addColumn<Targets>("observed");
    QTest::addColumn<bool>("reconciling");
    QTest::addColumn<int>("accepted"); // -1 = not yet
    QTest::newRow("settled: what serves") << Targets{{stable, 50}, {candidate, 50}} << false << 50;
    QTest::newRow("reconciling: its words are transient")
        << Targets{{stable, 50}, {candidate, 50}} << true << -1;
    QTest::newRow("after a failure: what served before")
        << Targets{{stable, 90}, {candidate, 10}} << false << 10;
    QTest::newRow("the candidate does not serve") << Targets{{stable, 100}} << false << 0;
}

void TestCloudRunState::acceptedIsWhatServes()
{
    QFETCH(Targets, observed);
    QFETCH(bool, reconciling);
    QFETCH(int, accepted);
    ServiceJson service;
    service.traffic = {{stable, 50}, {candidate, 50}};
    service.statuses = observed;
    service.reconciling = reconciling;
    const TrafficState state = snapshotOf(service).state();
    QCOMPARE(state.asked.percent, 50);
    QCOMPARE(state.accepted ? state.accepted->percent : -1, accepted);
}

void TestCloudRunState::problemsAreTold_data()
{
    QTest::addColumn<Targets>("traffic");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("changes");
    QTest::addColumn<QString>("problem");
    QTest::newRow("a failed condition, in its words")
        << Targets{{stable, 100}} << QStringLiteral("CONDITION_FAILED")
        << QStringLiteral("Revision is not ready") << QString()
        << QStringLiteral("Revision is not ready");
    QTest::newRow("three share the traffic")
        << Targets{{stable, 50}, {candidate, 30}, {oldest, 20}}
        << QStringLiteral("CONDITION_SUCCEEDED") << QString() << QString()
        << QStringLiteral("3 revisions share the traffic: backend-00042-bbb, backend-00043-ccc, "
                          "backend-00041-aaa");
    QTest::newRow("an annotation that was written by hand")
        << Targets{{stable, 100}} << QStringLiteral("CONDITION_SUCCEEDED") << QString()
        << QStringLiteral("promoted!")
        << QStringLiteral("The annotation pilothouse.dev/changes cannot be read at its beginning. "
                          "Correct or remove it.");
    QTest::newRow("all is well") << Targets{{stable, 100}} << QStringLiteral("CONDITION_SUCCEEDED")
                                 << QString() << QString() << QString();
}

void TestCloudRunState::problemsAreTold()
{
    QFETCH(Targets, traffic);
    QFETCH(QString, state);
    QFETCH(QString, message);
    QFETCH(QString, changes);
    QFETCH(QString, problem);
    ServiceJson service;
    service.traffic = traffic;
    service.state = state;
    service.message = message;
    if (!changes.isEmpty())
        service.annotations.insert(QLatin1String(changesAnnotation), changes);
    QCOMPARE(snapshotOf(service).state().problem, problem);
}

void TestCloudRunState::holdAndChangesAreRead()
{
    const Hold hold{QStringLiteral("A. Muster"),
                    QDateTime(QDate(2026, 11, 24), QTime(14, 34), Qt::UTC),
                    QStringLiteral("errors"), CommitId(sha(QLatin1Char('c')))};
    ServiceJson service;
    service.traffic = {{stable, 100}};
    service.annotations
        = {{QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold))},
           {QLatin1String(changesAnnotation), changesWith(sha(QLatin1Char('c')), 50)}};
    const TrafficState state = snapshotOf(service).state();
    QVERIFY(state.hold == hold);
    QCOMPARE(state.changes.size(), 1);
    QCOMPARE(state.changes.first().to.percent, 50);
}

void TestCloudRunState::taggedRevisionsAreReachable()
{
    ServiceJson service;
    service.traffic = {{stable, 90, QStringLiteral("live")},
                       {candidate, 10},
                       {oldest, 0, QStringLiteral("old")},
                       {oldest, 0, QStringLiteral("older")},
                       {QString(), 0, QStringLiteral("next")}};
    service.latestReady = later;
    const TrafficState state = snapshotOf(service).state();
    QStringList names;
    for (const RevisionState &revision : state.reachable)
        names.append(revision.name.value);
    QCOMPARE(names, QStringList({oldest, later}));
    QVERIFY(!state.onLatest);
}

void TestCloudRunState::aWeightFromHereIsPinnedForTheNextDeploy()
{
    ServiceJson service;
    service.traffic = {{stable, 90}, {candidate, 10}};
    const auto next = snapshotOf(service).state().nextDeploy;
    QVERIFY(next);
    QCOMPARE(next->kind, NextDeploy::Kind::Keeps);
    QCOMPARE(next->words,
             QStringLiteral("a weight written here pins both revisions: the next gcloud run deploy "
                            "starts at 0 %; a tool that writes the whole service brings its own "
                            "traffic"));
}

void TestCloudRunState::theStableBefore_data()
{
    QTest::addColumn<QString>("seen");
    QTest::addColumn<QString>("changed"); // commit that our changes brought to 100 before
    QTest::addColumn<QString>("annotated");
    QTest::addColumn<QString>("unready");
    QTest::addColumn<QString>("expected");
    const QString none = QStringLiteral("none");
    QTest::newRow("nothing is known") << QString() << QString() << QString() << none << none;
    QTest::newRow("this console saw it")
        << stable << sha(QLatin1Char('a')) << oldest << none << stable;
    QTest::newRow("the changes tell")
        << QString() << sha(QLatin1Char('b')) << oldest << none << stable;
    QTest::newRow("the annotation tells") << QString() << QString() << oldest << none << oldest;
    QTest::newRow("a revision that is gone is none")
        << QString() << sha(QLatin1Char('e')) << QStringLiteral("backend-00007-zzz") << none
        << none;
    QTest::newRow("the stable itself is none")
        << candidate << sha(QLatin1Char('c')) << candidate << none << none;
    QTest::newRow("seen, but it is not ready")
        << stable << sha(QLatin1Char('a')) << QString() << stable << oldest;
    QTest::newRow("told by the changes, but it is not ready")
        << QString() << sha(QLatin1Char('b')) << oldest << stable << oldest;
    QTest::newRow("annotated, but it is not ready")
        << QString() << QString() << stable << stable << none;
}

void TestCloudRunState::theStableBefore()
{
    QFETCH(QString, seen);
    QFETCH(QString, changed);
    QFETCH(QString, annotated);
    QFETCH(QString, unready);
    QFETCH(QString, expected);
    ServiceJson service;
    service.traffic = {{candidate, 100}};
    if (!changed.isEmpty())
        service.annotations.insert(QLatin1String(changesAnnotation), changesWith(changed, 100));
    if (!annotated.isEmpty())
        service.annotations.insert(QLatin1String(previousStableAnnotation), annotated);
    CloudRunSnapshot snapshot = snapshotOf(service);
    snapshot.stableBefore = seen;
    if (snapshot.revisions.contains(unready))
        snapshot.revisions[unready].ready = CloudRunRevision::Ready::No;
    QCOMPARE(nameOf(snapshot.state().previous), expected);
}

void TestCloudRunState::whatCannotBeReadIsNamed()
{
    const auto service = decodeService(R"({"name":"s","etag":"e","generation":"12",
        "traffic":[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","percent":"x"}]})");
    QVERIFY(!service);
    QCOMPARE(service.error().message,
             QStringLiteral("Cloud Run gave an answer that cannot be read: traffic[0].percent: "
                            "expected an integer."));
    const auto nameless = decodeService(
        R"({"name":"s","etag":"e","traffic":[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"}]})");
    QVERIFY(!nameless);
    QVERIFY(nameless.error().message.contains(QStringLiteral("traffic[0]: expected a revision")));
    const auto revisions = decodeRevisions(R"({"revisions":[{"labels":{}}]})");
    QVERIFY(!revisions);
    QVERIFY(
        revisions.error().message.contains(QStringLiteral("revisions[0].name: expected a string")));
}

QTEST_GUILESS_MAIN(TestCloudRunState)
#include "cloudrunstate.moc"
