#include "earlierdeploys.h"

#include "rollout/permissions.h"
#include "rollout/previews.h"
#include "support/faketraffic.h"

#include <QTest>

using namespace pilothouse;
using Speed = WayBack::Speed;
using std::chrono::milliseconds;
using Change = std::function<void(RolloutState &)>;

namespace {

const QString stableCommit = QString(40, QLatin1Char('a'));
const QString candidateCommit = QString(40, QLatin1Char('b'));

/// A candidate at this weight, and an earlier deploy of the stable.
RolloutState at(int weight)
{
    TrafficState traffic;
    traffic.stable = readyRevision(QStringLiteral("svc"), stableCommit, 3);
    traffic.candidate = readyRevision(QStringLiteral("svc-canary"), candidateCommit, 2);
    traffic.asked = Weight{weight};
    traffic.accepted = traffic.asked;
    traffic.earlier = earlierDeploy();
    RolloutState state;
    state.traffic = traffic;
    state.pinned = pinOf(*traffic.candidate);
    state.phase = weight > 0 ? Phase::Baking : Phase::Ready;
    return state;
}

RolloutState changed(int weight, const Change &change)
{
    RolloutState state = at(weight);
    change(state);
    return state;
}

RolloutFacts factsOf(const RolloutState &state)
{
    RolloutFacts facts;
    facts.state = state;
    facts.plan.stages = {{Weight{10}, {}}, {Weight{100}, {}}};
    facts.wayBack = wayBack(state, {});
    return facts;
}

} // namespace

class TestWayBack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trafficComesFirstAndThenAnEarlierDeploy_data()
    {
        QTest::addColumn<int>("weight");
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("words");
        QTest::addColumn<bool>("deploys");
        const auto row = [](const char *name, int weight, const char *words, bool deploys,
                            const Change &change) {
            QTest::newRow(name) << weight << change << QString::fromLatin1(words) << deploys;
        };
        const char *again = "~3 min, Helm revision 41";
        row("a stable that is up gets the traffic", 10, "instant, 3/3 ready", false, [](auto &) {});
        row("and so does one with a Pod that is ready", 10, "not instant: 1/3 ready", false,
            [](auto &s) { s.traffic->stable->readyReplicas = 1; });
        row("without any ready Pod it is deployed", 10, again, true,
            [](auto &s) { s.traffic->stable->readyReplicas = 0; });
        row("a stable of two images is deployed", 10, again, true,
            [](auto &s) { s.traffic->stable->mixed = true; });
        row("a stable that is gone is deployed", 10, again, true,
            [](auto &s) { s.traffic->stable.reset(); });
        row("while Finishing the stable is the candidate already", 100, again, true,
            [](auto &s) { s.traffic->stable->commit = CommitId(candidateCommit); });
        row("while Finishing the old stable is still there", 100, "instant, 3/3 ready", false,
            [](auto &) {});
        row("with nothing in flight this is the normal case", 0, again, true, [](auto &) {});
        row("how long is not made up", 0, "some minutes, Helm revision 41", true,
            [](auto &s) { s.traffic->earlier->takes.reset(); });
        row("no deploy before says so", 0,
            "none: nothing is in flight; Helm revision 1 is the only one", false,
            [](auto &s) { s.traffic->earlier = noEarlierDeploy(); });
        row("where nothing is known to deploy it, as before", 0, "none: nothing is in flight",
            false, [](auto &s) { s.traffic->earlier.reset(); });
        row("without a deploy a stable of two images is still told", 10,
            "not instant: MIXED, two images behind svc", false, [](auto &s) {
                s.traffic->stable->mixed = true;
                s.traffic->earlier.reset();
            });
        row("and so is one without Pods", 10, "not instant: 0/3 ready", false, [](auto &s) {
            s.traffic->stable->readyReplicas = 0;
            s.traffic->earlier = noEarlierDeploy();
        });
    }
    void trafficComesFirstAndThenAnEarlierDeploy()
    {
        QFETCH(int, weight);
        QFETCH(Change, change);
        QFETCH(QString, words);
        QFETCH(bool, deploys);
        const WayBack back = wayBack(changed(weight, change), {});
        QCOMPARE(back.words, words);
        QCOMPARE(back.deploy.has_value(), deploys);
        if (deploys) {
            QCOMPARE(back.speed, Speed::NotInstant);
            QCOMPARE(back.target->commit.value, earlierCommit);
        }
    }

    void howLongItTakesIsRoundedUp_data()
    {
        QTest::addColumn<int>("took");
        QTest::addColumn<QString>("words");
        QTest::newRow("a second") << 1'000 << QStringLiteral("~10 s");
        QTest::newRow("41 s") << 41'000 << QStringLiteral("~50 s");
        QTest::newRow("a minute and a half") << 90'000 << QStringLiteral("~90 s");
        QTest::newRow("a little more") << 90'001 << QStringLiteral("~2 min");
        QTest::newRow("two minutes and a half") << 150'000 << QStringLiteral("~3 min");
        QTest::newRow("three minutes") << 180'000 << QStringLiteral("~3 min");
    }
    void howLongItTakesIsRoundedUp()
    {
        QFETCH(int, took);
        QFETCH(QString, words);
        QCOMPARE(deployTakes(milliseconds(took)), words);
    }

    void aRevisionBeforeThatTheTrafficCanGoToIsBetter()
    {
        const WayBack back = wayBack(changed(0,
                                             [](auto &s) {
                                                 s.traffic->previous = readyRevision(
                                                     QStringLiteral("svc-1"), earlierCommit, 1);
                                             }),
                                     {});
        QCOMPARE(back.speed, Speed::Instant);
        QVERIFY(!back.deploy);
    }

    void aRetiredRevisionIsNoWayBack()
    {
        RolloutState state = at(0);
        const CommitId previous(candidateCommit);
        state.traffic->previous = readyRevision(QStringLiteral("svc-1"), candidateCommit, 1);
        const QDateTime then(QDate(2026, 11, 24), QTime(14, 20), Qt::UTC);
        QCOMPARE(wayBack(state, {}).speed, Speed::Instant);
        const QHash<QString, QDateTime> retired{{candidateCommit, then}};
        const WayBack back = wayBack(state, retired);
        QCOMPARE(back.speed, Speed::None);
        QVERIFY(!back.target);
        // It was deployed again after that.
        state.traffic->changes = {{then.addDays(1), {}, Weight{50}, Weight{100}, {}, {}, previous}};
        QCOMPARE(wayBack(state, retired).speed, Speed::Instant);
    }

    void theStableInUseIsAWayBackThoughItWasRetired()
    {
        const RolloutState state = at(10);
        const QHash<QString, QDateTime> retired{{stableCommit, QDateTime::currentDateTimeUtc()}};
        QCOMPARE(wayBack(state, retired).speed, Speed::Instant);
    }

    void aRetiredCommitIsNotDeployedAgain()
    {
        const QDateTime then(QDate(2026, 11, 24), QTime(14, 20), Qt::UTC);
        const WayBack back = wayBack(at(0), {{earlierCommit, then}});
        QCOMPARE(back.speed, Speed::None);
        QVERIFY2(back.words.startsWith(QStringLiteral("none: ddddddd retired")),
                 qPrintable(back.words));
    }

    void aWayBackIsKnownByItsCommitElseByWhatElseItHas_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char *name, const QString &what, const QString &shown,
                            const Change &change) {
            QTest::newRow(name) << change << what << shown;
        };
        row("a commit", earlierCommit, earlierCommit.left(7), [](auto &) {});
        row("an image", QStringLiteral("sha256:") + candidateCommit,
            QStringLiteral("sha256:bbbbbbbbbbbb"), [](auto &s) {
                s.traffic->previous = readyRevision(QStringLiteral("svc-1"), candidateCommit, 1);
                s.traffic->previous->commit = {};
            });
        row("a deploy", QStringLiteral("production/web#41"), QStringLiteral("production/web#41"),
            [](auto &s) { s.traffic->earlier->commit = {}; });
        row("a revision", QStringLiteral("svc-1"), QStringLiteral("svc-1"), [](auto &s) {
            s.traffic->previous = readyRevision(QStringLiteral("svc-1"), {}, 1);
            s.traffic->previous->imageDigest.clear();
        });
        row("none", QString(), QString(), [](auto &s) { s.traffic->earlier.reset(); });
    }
    void aWayBackIsKnownByItsCommitElseByWhatElseItHas()
    {
        QFETCH(Change, change);
        QFETCH(QString, what);
        QFETCH(QString, shown);
        RolloutState state = changed(0, change);
        const WayBack back = wayBack(state, {});
        QCOMPARE(identityOf(back), what);
        QCOMPARE(shownIdentity(back), shown);
        if (what.isEmpty())
            return;
        // Another console retired it: it stands on the traffic object.
        const QDateTime then(QDate(2026, 11, 24), QTime(14, 20), Qt::UTC);
        state.traffic->retired
            = {{what, back.target->commit, QStringLiteral("B. Novak"), then, {}}};
        const WayBack now = wayBack(state, {});
        QCOMPARE(now.speed, Speed::None);
        QVERIFY2(now.words.startsWith(QStringLiteral("none: %1 retired ").arg(shown)),
                 qPrintable(now.words));
        // What was retired is not this one.
        state.traffic->retired.first().what = QStringLiteral("another");
        QCOMPARE(wayBack(state, {}).speed, back.speed);
    }

    void theTargetIsReleaseAndRevision()
    {
        const WayBack back = wayBack(at(0), {});
        const auto other = [](const Change &change) {
            return targetText(wayBack(changed(0, change), {}));
        };
        QVERIFY(targetText(back) != other([](auto &s) { s.traffic->earlier->number = 40; }));
        QVERIFY(targetText(back)
                != other([](auto &s) { s.traffic->earlier->release = QStringLiteral("x"); }));
        QVERIFY(targetText(back) != other([](auto &s) { s.traffic->earlier.reset(); }));
        // Who deployed on top of it, and how long it takes, is not the target.
        QCOMPARE(targetText(back), other([](auto &s) {
                     s.traffic->earlier->live = 43;
                     s.traffic->earlier->takes.reset();
                 }));
    }

    void theReasonSaysHowLongOrWhatToDoInstead()
    {
        const Permission may = permission(rollbackReasons(factsOf(at(0))));
        QVERIFY(may.allowed());
        QCOMPARE(may.first(Reason::Kind::Against),
                 QStringLiteral("not instant: ~3 min, Helm revision 41"));
        const auto none = rollbackReasons(
            factsOf(changed(0, [](auto &s) { s.traffic->earlier = noEarlierDeploy(); })));
        QVERIFY(!permission(none).allowed());
        QCOMPARE(none.first().reason.settle, QStringLiteral("deploy the commit that you want"));
    }

    void anUnknownCommitIsSaidAndTheNumberIsTyped()
    {
        const RolloutFacts facts
            = factsOf(changed(0, [](auto &s) { s.traffic->earlier->commit = CommitId(); }));
        QCOMPARE(permission(rollbackReasons(facts)).count(Reason::Kind::Unknown), 1);
        const Preview preview = rollbackPreview(facts, {});
        QCOMPARE(preview.title, QStringLiteral("Roll back to unknown commit"));
        QCOMPARE(preview.typed, QStringLiteral("41"));
    }

    void theDialogSaysWhatTheDeployLeavesBehind()
    {
        PreviewContext context;
        context.track = TrackName(QStringLiteral("standalone"));
        context.leaves = {QStringLiteral("Images and all values go back.")};
        const Preview preview = rollbackPreview(factsOf(at(0)), context);
        QCOMPARE(preview.typed, QStringLiteral("ddddddd"));
        QStringList rows;
        for (const PreviewRow &row : preview.rows)
            rows << row.label + QStringLiteral(": ") + row.text;
        const QString all = rows.join(QLatin1Char('\n'));
        for (const char *said :
             {"To: ddddddd 100 %, not instant: ~3 min, Helm revision 41",
              "Against: not instant: ~3 min, Helm revision 41",
              "Then: Images and all values go back.", "Way back: deploy aaaaaaa again"})
            QVERIFY2(rows.contains(QString::fromLatin1(said)), qPrintable(all));
        QVERIFY(preview.option && preview.option->on);
        QCOMPARE(preview.option->whenOn,
                 QStringLiteral("refuses aaaaaaa until the hold is lifted"));
    }
};

QTEST_GUILESS_MAIN(TestWayBack)
#include "testwayback.moc"
