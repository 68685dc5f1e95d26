#include "earlierdeploys.h"

#include "rollout/act/trackintent.h"
#include "rollout/wayback/deployintent.h"
#include "support/faketraffic.h"

#include <QTest>

using namespace pilothouse;
using Kind = Outcome::Kind;
using Change = std::function<void(TrafficState &)>;

namespace {

const IntentId lost(QStringLiteral("lost"));
const IntentId others(QStringLiteral("of-another-console"));

Record rollbackIntent()
{
    Record intent;
    intent.id = lost;
    intent.body = {{QStringLiteral("verb"), QStringLiteral("roll back")},
                   {QStringLiteral("from"), 100},
                   {QStringLiteral("to"), 0}};
    addDeploy(intent.body, earlierDeploy());
    return intent;
}

/// The same release as it was, nothing noted.
TrafficState untouched()
{
    TrafficState traffic;
    traffic.stable = readyRevision(QStringLiteral("svc"), earlierCommit, 3);
    traffic.asked = Weight{100};
    traffic.earlier = earlierDeploy();
    return traffic;
}

} // namespace

class TestDeployIntent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCameOfItIsReadFromTheWorld_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, Kind kind, const char *text, const Change &change) {
            QTest::newRow(name) << change << int(kind) << QString::fromLatin1(text);
        };
        const auto newer = [](TrafficState &t) {
            t.earlier->live = 43;
            t.earlier->liveName = QStringLiteral("Helm revision 43");
        };
        row("the route has the note", Kind::Done, "done: Helm revision 41 was made again (helm 43)",
            [](auto &t) {
                t.deeds = {{{}, {}, QStringLiteral("helm 43"), {}, lost}};
            });
        row("no revision was made", Kind::Failed, "not done: Helm revision 42 is still live",
            [](auto &) {});
        row("the traffic was moved and no revision was made", Kind::Failed,
            "the traffic was moved; not done: Helm revision 42 is still live", [](auto &t) {
                t.asked = Weight{0};
                t.changes = {{{}, {}, Weight{100}, Weight{0}, {}, lost, CommitId()}};
            });
        row("helm was cut off", Kind::Unknown,
            "Helm revision 43 is pending-rollback: it did not come to an end", [newer](auto &t) {
                newer(t);
                t.earlier->unfinished = QStringLiteral("pending-rollback");
            });
        row("helm did it and the note is lacking", Kind::Done,
            "Helm revision 43 is Helm revision 41 made again; it names no intent",
            [newer](auto &t) {
                newer(t);
                t.earlier->liveGoesBack = 41;
            });
        row("another console did it", Kind::Failed,
            "not done: Helm revision 43 was made by B. Novak", [newer](auto &t) {
                newer(t);
                t.earlier->liveMark = QStringLiteral("helm 43");
                t.earlier->liveGoesBack = 41;
                t.deeds = {{{}, QStringLiteral("B. Novak"), QStringLiteral("helm 43"), {}, others}};
            });
        row("another console did it after a deploy", Kind::Unknown,
            "Helm revision 44 is live now: it was made by B. Novak", [](auto &t) {
                t.earlier->live = 44;
                t.earlier->liveName = QStringLiteral("Helm revision 44");
                t.earlier->liveMark = QStringLiteral("helm 44");
                t.earlier->liveGoesBack = 41;
                t.deeds = {{{}, QStringLiteral("B. Novak"), QStringLiteral("helm 44"), {}, others}};
            });
        row("a console noted another deploy", Kind::Done,
            "Helm revision 43 is Helm revision 41 made again; it names no intent",
            [newer](auto &t) {
                newer(t);
                t.earlier->liveMark = QStringLiteral("helm 43");
                t.earlier->liveGoesBack = 41;
                t.deeds = {{{}, QStringLiteral("B. Novak"), QStringLiteral("helm 40"), {}, others}};
            });
        row("somebody went elsewhere", Kind::Unknown,
            "Helm revision 43 is live now: somebody has deployed since", [newer](auto &t) {
                newer(t);
                t.earlier->liveGoesBack = 40;
            });
        row("the history cannot be seen", Kind::Unknown,
            "the deploys of production/web cannot be seen now", [](auto &t) { t.earlier.reset(); });
        row("another release stands behind the stable", Kind::Unknown,
            "the deploys of production/web cannot be seen now",
            [](auto &t) { t.earlier->release = QStringLiteral("production/other"); });
    }
    void whatCameOfItIsReadFromTheWorld()
    {
        QFETCH(Change, change);
        QFETCH(int, kind);
        QFETCH(QString, text);
        TrafficState now = untouched();
        change(now);
        const Outcome outcome = whatCameOf(rollbackIntent(), now);
        QCOMPARE(outcome.text, text);
        QCOMPARE(int(outcome.kind), kind);
    }

    void aRollbackOfTheTrafficIsNoneOfThese()
    {
        Record plain = rollbackIntent();
        plain.body.remove(QStringLiteral("deployOf"));
        QVERIFY(!goesBackByDeploy(plain));
        QCOMPARE(whatCameOf(plain, untouched()).kind, Kind::Failed);
    }

    void theStableIsThereWhenItsPodsAre_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("isThere");
        const auto row = [](const char *name, bool isThere, const Change &change) {
            QTest::newRow(name) << change << isThere;
        };
        row("all are ready", true, [](auto &) {});
        row("one is not", false, [](auto &t) { t.stable->readyReplicas = 2; });
        row("none is wanted", false, [](auto &t) {
            t.stable->readyReplicas = 0;
            t.stable->wantedReplicas = 0;
        });
        row("two images", false, [](auto &t) { t.stable->mixed = true; });
        row("another commit", false, [](auto &t) { t.stable->commit = CommitId(); });
        row("there is none", false, [](auto &t) { t.stable.reset(); });
    }
    void theStableIsThereWhenItsPodsAre()
    {
        QFETCH(Change, change);
        QFETCH(bool, isThere);
        TrafficState now = untouched();
        change(now);
        QCOMPARE(isStableBy(earlierDeploy(), now), isThere);
    }

    void whereTheCommitIsNotKnownWhateverIsUpCounts()
    {
        EarlierDeploy unknown = earlierDeploy();
        unknown.commit = {};
        QVERIFY(isStableBy(unknown, untouched()));
    }
};

QTEST_GUILESS_MAIN(TestDeployIntent)
#include "testdeployintent.moc"
