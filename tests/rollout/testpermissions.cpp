#include "rollout/permissions.h"
#include "rollout/previews.h"
#include "support/faketraffic.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Change = std::function<void(RolloutFacts &)>;

namespace {

const QString old = QString(40, QLatin1Char('a'));
const QString good = QString(40, QLatin1Char('b'));

CheckResult judged(Verdict verdict, bool needed = true)
{
    CheckResult result;
    result.name = QStringLiteral("error ratio");
    result.sentence = QStringLiteral("so it is");
    result.verdict = verdict;
    if (needed)
        result.limit = 0.01;
    return result;
}

/// A candidate that has baked at 10 % and passed: nothing is against the next stage.
RolloutFacts fine()
{
    RolloutFacts facts;
    TrafficState traffic;
    traffic.stable = readyRevision(QStringLiteral("svc"), old, 3);
    traffic.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
    traffic.asked = Weight{10};
    traffic.accepted = Weight{10};
    traffic.version = QStringLiteral("1");
    facts.state.traffic = traffic;
    facts.state.phase = Phase::Baking;
    facts.state.pinned = pinOf(*traffic.candidate);
    facts.state.stage = 0;
    facts.state.now = seconds(1000);
    facts.state.bake = BakeClock{seconds(600), {}, {}};
    facts.state.results = {judged(Verdict::Pass)};
    facts.plan.stages = {{Weight{10}, seconds(300)}, {Weight{50}, seconds(600)}, {Weight{100}, {}}};
    facts.checks = {Check{}};
    facts.metrics = MetricsHealth::Answering;
    facts.wayBack = wayBack(facts.state, {});
    return facts;
}

RolloutFacts changed(const Change &change)
{
    RolloutFacts facts = fine();
    change(facts);
    return facts;
}

RolloutFacts atZero()
{
    RolloutFacts facts = fine();
    facts.state.traffic->asked = Weight{0};
    facts.state.traffic->accepted = Weight{0};
    facts.state.phase = Phase::Ready;
    facts.state.bake.reset();
    facts.state.stage.reset();
    facts.state.results.clear();
    facts.wayBack = wayBack(facts.state, {});
    return facts;
}

/// Kinds of the reasons with this key.
QList<Reason::Kind> kinds(const QList<KeyedReason> &reasons, const QString &key)
{
    QList<Reason::Kind> found;
    for (const KeyedReason &keyed : reasons) {
        if (keyed.key == key)
            found.append(keyed.reason.kind);
    }
    return found;
}

} // namespace

class TestPermissions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAgainstAFineCandidate()
    {
        const Permission may = permission(promoteReasons(fine()));
        QVERIFY(may.allowed());
        QCOMPARE(may.count(Reason::Kind::Against), 0);
        QCOMPARE(may.count(Reason::Kind::Unknown), 0);
        QVERIFY(may.count(Reason::Kind::For) >= 3);
    }

    void whatTheStableCanCarryStandsInTheDialogs_data()
    {
        QTest::addColumn<int>("told");
        QTest::addColumn<int>("promotes");
        QTest::addColumn<int>("row"); ///< of a rollback
        using Kind = Reason::Kind;
        using Row = PreviewRow::Kind;
        QTest::newRow("proved") << int(Kind::For) << int(Kind::For) << int(Row::For);
        QTest::newRow("not proved")
            << int(Kind::Against) << int(Kind::Unknown) << int(Row::Against);
        QTest::newRow("no data") << int(Kind::Unknown) << int(Kind::Unknown) << int(Row::Unknown);
    }
    void whatTheStableCanCarryStandsInTheDialogs()
    {
        QFETCH(int, told);
        QFETCH(int, promotes);
        QFETCH(int, row);
        const QString words = QStringLiteral("stable can carry 120/s alone");
        const RolloutFacts facts = changed([&](auto &f) {
            f.carry = Reason{Reason::Kind(told), words, {}};
        });
        QCOMPARE(kinds(promoteReasons(facts), QStringLiteral("carry")),
                 QList<Reason::Kind>{Reason::Kind(promotes)});
        QVERIFY(permission(promoteReasons(facts)).allowed());
        // It moves with the traffic: a dialog is not shown again for it.
        QCOMPARE(objections(promoteReasons(facts)), objections(promoteReasons(fine())));
        QVERIFY(kinds(rollbackReasons(facts), QStringLiteral("carry")).isEmpty());
        const Preview back = rollbackPreview(facts, {});
        const auto found = std::find_if(back.rows.cbegin(), back.rows.cend(),
                                        [&](const PreviewRow &each) { return each.text == words; });
        QVERIFY(found != back.rows.cend());
        QCOMPARE(int(found->kind), row);
        QVERIFY(!back.reasonRequired);
    }

    void whatTheStableCanCarryIsNothingToAnEarlierDeploy()
    {
        const RolloutFacts facts = changed([](auto &f) {
            f.carry = Reason{Reason::Kind::For, QStringLiteral("carries"), {}};
            f.wayBack.deploy = EarlierDeploy{};
        });
        for (const PreviewRow &row : rollbackPreview(facts, {}).rows)
            QVERIFY(row.text != QLatin1String("carries"));
    }

    void whatIsNeverWrittenSaysSoOnceAndAsksForNoRight()
    {
        const QString why = QStringLiteral("Flagger moves the weight by itself.");
        const auto reasons = promoteReasons(changed([&why](auto &f) {
            f.lacksAccess = why;
            f.state.traffic->promoteOff = why;
        }));
        QCOMPARE(kinds(reasons, QStringLiteral("access")), {Reason::Kind::Blocks});
        QVERIFY(kinds(reasons, QStringLiteral("own-steps")).isEmpty());
        for (const KeyedReason &keyed : reasons) {
            if (keyed.key == QLatin1String("access"))
                QCOMPARE(keyed.reason.settle, QString());
        }
    }

    void aSystemWhoseNextStepIsThePlansIsNoReasonAgainst()
    {
        const RolloutFacts facts = changed([](auto &f) { f.state.traffic->next = Weight{50}; });
        QVERIFY(permission(promoteReasons(facts)).allowed());
    }

    void aReasonForOrAgainstAPromotion_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("key");
        QTest::addColumn<Reason::Kind>("kind");
        const auto row
            = [](const char *name, const char *key, Reason::Kind kind, const Change &change) {
                  QTest::newRow(name) << change << QString::fromLatin1(key) << kind;
              };
        using Kind = Reason::Kind;
        row("a fail blocks", "check error ratio", Kind::Blocks,
            [](auto &f) { f.state.results = {judged(Verdict::Fail)}; });
        row("a fail of a check without a limit blocks too", "check error ratio", Kind::Blocks,
            [](auto &f) { f.state.results = {judged(Verdict::Fail, false)}; });
        row("no data where it is needed blocks", "check error ratio", Kind::Blocks,
            [](auto &f) { f.state.results = {judged(Verdict::NoData)}; });
        row("no data of a check that blocks nothing asks for a reason", "check error ratio",
            Kind::Against, [](auto &f) { f.state.results = {judged(Verdict::NoData, false)}; });
        row("marginal is against", "check error ratio", Kind::Against,
            [](auto &f) { f.state.results = {judged(Verdict::Marginal)}; });
        row("a pass is for", "check error ratio", Kind::For, [](auto &) {});
        row("not judged yet blocks", "not-judged", Kind::Blocks,
            [](auto &f) { f.state.results.clear(); });
        row("lost metrics block, whatever was judged before", "metrics-lost", Kind::Blocks,
            [](auto &f) { f.metrics = MetricsHealth::Lost; });
        row("no metrics server is unknown", "no-metrics", Kind::Unknown,
            [](auto &f) { f.metrics = MetricsHealth::NotSetUp; });
        row("no analysis is unknown", "no-analysis", Kind::Unknown,
            [](auto &f) { f.checks.clear(); });
        row("a bake that is not over is against", "bake", Kind::Against,
            [](auto &f) { f.state.bake->startedAt = seconds(900); });
        row("a bake that is over is for", "baked", Kind::For, [](auto &) {});
        row("a condition that is not well is against", "problem", Kind::Against,
            [](auto &f) { f.state.traffic->problem = QStringLiteral("not resolved"); });
        row("a hold blocks", "hold", Kind::Blocks, [](auto &f) { f.state.traffic->hold = Hold{}; });
        row("what the system itself would not follow blocks", "own-steps", Kind::Blocks,
            [](auto &f) { f.state.traffic->promoteOff = QStringLiteral("aborted"); });
        row("a step of its own that is another than the plan's blocks", "own-steps", Kind::Blocks,
            [](auto &f) { f.state.traffic->next = Weight{25}; });
        row("a freeze is against", "frozen", Kind::Against,
            [](auto &f) { f.frozenBy = QStringLiteral("weekend"); });
        row("an alert that fires is against", "alert HighErrorRatio", Kind::Against,
            [](auto &f) { f.firing = QStringList{QStringLiteral("HighErrorRatio")}; });
        row("alerts that nobody can see are unknown", "alerts-unseen", Kind::Unknown,
            [](auto &f) { f.alertsUnseen = QStringLiteral("Alertmanager lost"); });
        row("pods that are not ready block", "not-ready", Kind::Blocks,
            [](auto &f) { f.state.traffic->candidate->readyReplicas = 1; });
        row("a revision that says it is not ready blocks", "not-ready", Kind::Blocks,
            [](auto &f) { f.state.traffic->candidate->up = RevisionState::Up::No; });
        row("and so does one that is not said to be", "not-ready", Kind::Blocks,
            [](auto &f) { f.state.traffic->candidate->up = RevisionState::Up::Unsaid; });
        row("a stable that is a guess is against", "stable-doubt", Kind::Against,
            [](auto &f) { f.state.traffic->stableDoubt = QStringLiteral("moved by gcloud"); });
        row("two images behind one name block", "mixed", Kind::Blocks,
            [](auto &f) { f.state.traffic->stable->mixed = true; });
        row("an unknown commit is unknown", "commit", Kind::Unknown,
            [](auto &f) { f.state.traffic->candidate->commit = {}; });
        row("an old reading blocks", "old", Kind::Blocks,
            [](auto &f) { f.trafficAge = seconds(61); });
        row("a weight that is not accepted blocks", "not-accepted", Kind::Blocks,
            [](auto &f) { f.state.traffic->accepted = Weight{0}; });
        row("a weight of which nobody says whether it is accepted is unknown", "accepted-unknown",
            Kind::Unknown, [](auto &f) { f.state.traffic->accepted.reset(); });
        row("what is under way blocks", "under-way", Kind::Blocks,
            [](auto &f) { f.underWay = QStringLiteral("promote"); });
        row("no right to write blocks", "access", Kind::Blocks,
            [](auto &f) { f.lacksAccess = QStringLiteral("you lack patch"); });
        row("a read-only console blocks", "read-only", Kind::Blocks,
            [](auto &f) { f.readOnly = true; });
        row("traffic that was never read blocks", "unread", Kind::Blocks,
            [](auto &f) { f.state.traffic.reset(); });
        row("no candidate blocks", "no-candidate", Kind::Blocks,
            [](auto &f) { f.state.traffic->candidate.reset(); });
        row("all the traffic blocks", "full", Kind::Blocks,
            [](auto &f) { f.state.traffic->asked = Weight{100}; });
        row("a replaced candidate blocks", "replaced", Kind::Blocks,
            [](auto &f) { f.state.phase = Phase::Replaced; });
        row("what was ready before the watch was lost is not known", "ready", Kind::Unknown,
            [](auto &f) { f.trafficLost = QStringLiteral("lost"); });
        row("traffic on LATEST is said", "latest", Kind::Unknown,
            [](auto &f) { f.state.traffic->onLatest = true; });
        row("what release blocks is blocked", "no column", Kind::Blocks, [](auto &f) {
            f.promoteReasons = {{Reason::Kind::Blocks, QStringLiteral("no column"), {}}};
        });
        row("a candidate that was rolled back is against", "rolled-back", Kind::Against,
            [](auto &f) {
                f = atZero();
                f.state.phase = Phase::RolledBack;
            });
    }
    void aReasonForOrAgainstAPromotion()
    {
        QFETCH(Change, change);
        QFETCH(QString, key);
        QFETCH(Reason::Kind, kind);
        const auto reasons = promoteReasons(changed(change));
        QVERIFY(kinds(reasons, key).contains(kind));
        QCOMPARE(permission(reasons).allowed(), kind != Reason::Kind::Blocks);
    }

    void trafficOnLatestIsSaidWithoutACandidateToo()
    {
        const auto reasons = promoteReasons(changed([](auto &f) {
            f.state.traffic->candidate.reset();
            f.state.traffic->onLatest = true;
        }));
        QVERIFY(kinds(reasons, QStringLiteral("latest")).contains(Reason::Kind::Unknown));
        QVERIFY(!permission(reasons).allowed());
        QCOMPARE(reasons.first().reason.settle, QStringLiteral("pin the traffic first: More…"));
    }

    void theNextWeightIsProjected_data()
    {
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<double>("share");
        QTest::addColumn<QStringList>("reasons");
        const QString held = QStringLiteral("held: so it is");
        const QString would = QStringLiteral("at 50 % this would be %1 % of the pool");
        QTest::newRow("striking, and not enough: one reason against")
            << Verdict::Marginal << 0.2088
            << QStringList{QStringLiteral("Against %1: %2").arg(held, would.arg(104))};
        QTest::newRow("striking, and enough")
            << Verdict::Marginal << 0.1
            << QStringList{QStringLiteral("Against %1: %2").arg(held, would.arg(50))};
        QTest::newRow("well, and enough")
            << Verdict::Pass << 0.024
            << QStringList{QStringLiteral("For %1: %2").arg(held, would.arg(12))};
        QTest::newRow("well, and not enough: for what is, against what would be")
            << Verdict::Pass << 0.3
            << QStringList{QStringLiteral("For ") + held,
                           QStringLiteral("Against held: ") + would.arg(150)};
        QTest::newRow("not known")
            << Verdict::Pass << -1.0
            << QStringList{QStringLiteral("For ") + held,
                           QStringLiteral("Unknown held: how much of the pool it would take at "
                                          "50 % is not known: no data")};
        QTest::newRow("no data: against it, and what would be is not known")
            << Verdict::NoData << 0.3
            << QStringList{QStringLiteral("Against no data for ") + held,
                           QStringLiteral("Unknown held: how much of the pool it would take at "
                                          "50 % is not known: no data")};
    }
    void theNextWeightIsProjected()
    {
        QFETCH(Verdict, verdict);
        QFETCH(double, share);
        QFETCH(QStringList, reasons);
        RolloutFacts facts = fine();
        Check held;
        held.name = QStringLiteral("held");
        held.scales = Scaling::WithWeight;
        held.fills = QStringLiteral("the pool");
        facts.checks = {held};
        CheckResult result = judged(verdict, false);
        result.name = held.name;
        if (share >= 0)
            result.saturation = share;
        facts.state.results = {result};
        QStringList found;
        for (const KeyedReason &keyed : promoteReasons(facts)) {
            if (!keyed.key.startsWith(QLatin1String("check ")))
                continue;
            const QString kind = keyed.reason.kind == Reason::Kind::For ? QStringLiteral("For ")
                                 : keyed.reason.kind == Reason::Kind::Against
                                     ? QStringLiteral("Against ")
                                     : QStringLiteral("Unknown ");
            found.append(kind + keyed.reason.text);
        }
        QCOMPARE(found, reasons);
    }

    void aProjectionThatBecomesFullIsAnotherObjection()
    {
        const auto with = [](double share) {
            return objections(promoteReasons(changed([share](RolloutFacts &f) {
                Check held;
                held.name = QStringLiteral("error ratio");
                held.scales = Scaling::WithWeight;
                f.checks = {held};
                CheckResult result = judged(Verdict::Marginal);
                result.saturation = share;
                f.state.results = {result};
            })));
        };
        QCOMPARE(with(0.1), with(0.12));
        QVERIFY(with(0.1) != with(0.21));
    }

    void theFirstWeightNeedsNoVerdict()
    {
        RolloutFacts facts = atZero();
        facts.metrics = MetricsHealth::Lost;
        QVERIFY(permission(promoteReasons(facts)).allowed());
    }

    void everyReasonIsToldAtOnce()
    {
        const auto reasons = promoteReasons(changed([](auto &f) {
            f.state.traffic->hold = Hold{};
            f.state.traffic->candidate->readyReplicas = 0;
            f.state.results = {judged(Verdict::Fail)};
        }));
        QCOMPARE(permission(reasons).count(Reason::Kind::Blocks), 3);
        for (const KeyedReason &keyed : reasons) {
            if (keyed.reason.kind == Reason::Kind::Blocks)
                QVERIFY(!keyed.reason.settle.isEmpty());
        }
    }

    void aRollbackIsNotRefusedForThis_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char *name, const Change &change) {
            QTest::newRow(name) << change;
        };
        row("lost metrics", [](auto &f) { f.metrics = MetricsHealth::Lost; });
        row("a failed verdict", [](auto &f) { f.state.results = {judged(Verdict::Fail)}; });
        row("old evidence", [](auto &f) { f.trafficAge = seconds(7200); });
        row("a lost watch", [](auto &f) { f.trafficLost = QStringLiteral("lost"); });
        row("a freeze", [](auto &f) { f.frozenBy = QStringLiteral("weekend"); });
        row("a hold", [](auto &f) { f.state.traffic->hold = Hold{}; });
        row("a promotion under way", [](auto &f) { f.underWay = QStringLiteral("promote"); });
        row("a weight that is not accepted",
            [](auto &f) { f.state.traffic->accepted = Weight{0}; });
        row("a stable that is not wholly ready", [](auto &f) {
            f.state.traffic->stable->readyReplicas = 1;
            f.wayBack = wayBack(f.state, {});
        });
        row("a replaced candidate", [](auto &f) { f.state.phase = Phase::Replaced; });
        row("a schema that it would break", [](auto &f) {
            f.rollbackReasons = {{Reason::Kind::Against, QStringLiteral("BREAKS"), {}}};
        });
    }
    void aRollbackIsNotRefusedForThis()
    {
        QFETCH(Change, change);
        QVERIFY(permission(rollbackReasons(changed(change))).allowed());
    }

    void aRollbackThatCouldDoNothingIsOff_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("key");
        QTest::newRow("nothing is in flight")
            << Change([](auto &f) { f = atZero(); }) << QStringLiteral("no-way-back");
        QTest::newRow("one is under way")
            << Change([](auto &f) { f.state.phase = Phase::RollingBack; })
            << QStringLiteral("rolling-back");
        QTest::newRow("no right to write")
            << Change([](auto &f) { f.lacksAccess = QStringLiteral("no"); })
            << QStringLiteral("access");
        QTest::newRow("read-only")
            << Change([](auto &f) { f.readOnly = true; }) << QStringLiteral("read-only");
    }
    void aRollbackThatCouldDoNothingIsOff()
    {
        QFETCH(Change, change);
        QFETCH(QString, key);
        const auto reasons = rollbackReasons(changed(change));
        QCOMPARE(kinds(reasons, key), QList<Reason::Kind>{Reason::Kind::Blocks});
    }

    void backNeedsAStageBelow()
    {
        QVERIFY(!permission(backReasons(fine())).allowed());
        QVERIFY(permission(backReasons(changed([](auto &f) {
                    f.state.traffic->asked = Weight{50};
                }))).allowed());
    }

    void theWayBackIsChecked_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("speed");
        QTest::addColumn<QString>("words");
        using Speed = WayBack::Speed;
        const auto row
            = [](const char *name, Speed speed, const char *words, const Change &change) {
                  QTest::newRow(name) << change << int(speed) << QString::fromLatin1(words);
              };
        row("pods that are up are instant", Speed::Instant, "instant, 3/3 ready", [](auto &) {});
        row("a revision that scales from nothing is instant by name", Speed::Instant,
            "instant, pinned by name", [](auto &f) {
                f.state.traffic->stable->readyReplicas = 0;
                f.state.traffic->stable->wantedReplicas = 0;
                f.state.traffic->stable->up = RevisionState::Up::Yes;
            });
        row("one that is not ready is not, in its own words", Speed::NotInstant,
            "not instant: the image cannot be pulled", [](auto &f) {
                f.state.traffic->stable->readyReplicas = 0;
                f.state.traffic->stable->wantedReplicas = 0;
                f.state.traffic->stable->up = RevisionState::Up::No;
                f.state.traffic->stable->whyDown = QStringLiteral("the image cannot be pulled");
            });
        row("one that is not said to be ready is not", Speed::NotInstant,
            "not instant: not said to be ready",
            [](auto &f) { f.state.traffic->stable->up = RevisionState::Up::Unsaid; });
        row("missing pods are not instant", Speed::NotInstant, "not instant: 1/3 ready",
            [](auto &f) { f.state.traffic->stable->readyReplicas = 1; });
        row("nothing in flight has no way back", Speed::None, "none: nothing is in flight",
            [](auto &f) { f = atZero(); });
        row("a stable that runs the candidate already is none", Speed::None,
            "none by traffic: the stable runs bbbbbbb already",
            [](auto &f) { f.state.traffic->stable->commit = CommitId(good); });
        row("a candidate that is gone while it has a weight has a way back", Speed::Instant,
            "instant, 3/3 ready", [](auto &f) { f.state.traffic->candidate.reset(); });
        row("never read is unknown", Speed::Unknown, "not read yet",
            [](auto &f) { f.state.traffic.reset(); });
    }
    void theWayBackIsChecked()
    {
        QFETCH(Change, change);
        QFETCH(int, speed);
        QFETCH(QString, words);
        const WayBack back = wayBack(changed(change).state, {});
        QCOMPARE(int(back.speed), speed);
        QCOMPARE(back.words, words);
    }

    void objectionsAreKeysWithoutNumbers()
    {
        const auto at = [](int startedAt) {
            return objections(promoteReasons(
                changed([startedAt](auto &f) { f.state.bake->startedAt = seconds(startedAt); })));
        };
        QCOMPARE(at(900), QStringList{QStringLiteral("bake")});
        QCOMPARE(at(901), at(900));
        QCOMPARE(at(600), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestPermissions)

#include "testpermissions.moc"
