#include "rollout/previews.h"
#include "rollout/rolloutviews.h"
#include "support/faketraffic.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Action = NextAction::Kind;

namespace {

const QString old = QString(40, QLatin1Char('a'));
const QString good = QString(40, QLatin1Char('b'));

RolloutFacts facts(int weight, Phase phase)
{
    RolloutFacts made;
    TrafficState traffic;
    traffic.stable = readyRevision(QStringLiteral("svc"), old, 3);
    traffic.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
    traffic.asked = Weight{weight};
    traffic.accepted = Weight{weight};
    traffic.version = QStringLiteral("81723");
    made.plan.stages = {{Weight{10}, seconds(300)}, {Weight{50}, seconds(600)}, {Weight{100}, {}}};
    made.state.traffic = traffic;
    made.state.phase = phase;
    made.state.now = seconds(1000);
    made.metrics = MetricsHealth::Answering;
    if (weight > 0) {
        made.state.stage = stageAt(made.plan, Weight{weight});
        made.state.bake = BakeClock{seconds(800), {}, {}};
        made.state.pinned = pinOf(*traffic.candidate);
    }
    made.wayBack = wayBack(made.state, {});
    return made;
}

CheckResult failed(int times)
{
    CheckResult result;
    result.name = QStringLiteral("error ratio");
    result.sentence = QStringLiteral("4.4 % is over 1 %");
    result.verdict = Verdict::Fail;
    result.failedInARow = times;
    result.limit = 0.01;
    return result;
}

QString rowText(const Preview &preview, const QString &label)
{
    for (const PreviewRow &row : preview.rows) {
        if (row.label == label)
            return row.text;
    }
    return {};
}

PreviewContext context()
{
    PreviewContext made;
    made.track = TrackName(QStringLiteral("standalone"));
    made.now = QDateTime(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);
    PlannedCall call;
    call.summary = QStringLiteral("PATCH it");
    made.calls = {call};
    return made;
}

} // namespace

class TestRolloutViews : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNextActionIsOne()
    {
        QCOMPARE(nextAction(facts(0, Phase::Ready), 3).verb, QStringLiteral("Promote 0 → 10…"));
        const NextAction baking = nextAction(facts(10, Phase::Baking), 3);
        QCOMPARE(baking.kind, Action::Promote);
        QCOMPARE(baking.sentence, QStringLiteral("bakes at 10 % for 1:40 more, then 10 → 50"));
        QCOMPARE(nextAction(facts(100, Phase::Finishing), 3).kind, Action::Wait);
        QCOMPARE(nextAction(facts(0, Phase::RollingBack), 3).kind, Action::Wait);
        QCOMPARE(nextAction(facts(10, Phase::Replaced), 3).kind, Action::RollBack);
        QCOMPARE(nextAction(facts(0, Phase::RolledBack), 3).kind, Action::Nothing);
        QCOMPARE(nextAction(facts(0, Phase::Idle), 3).kind, Action::Nothing);
    }

    void whatTheSystemWouldNotFollowIsWaitedFor()
    {
        RolloutFacts made = facts(10, Phase::Baking);
        made.state.traffic->promoteOff = QStringLiteral("Flagger moves the weight by itself.");
        QCOMPARE(nextAction(made, 3).kind, Action::Wait);
        QCOMPARE(nextAction(made, 3).sentence,
                 QStringLiteral("Flagger moves the weight by itself."));
        QVERIFY(nextAction(made, 3).verb.isEmpty());
        made.state.traffic->progress = QStringLiteral("WaitingPromotion");
        QCOMPARE(nextAction(made, 3).sentence, QStringLiteral("WaitingPromotion"));
        made = facts(0, Phase::RolledBack);
        made.state.traffic->promoteOff = QStringLiteral("The Rollout is aborted.");
        QCOMPARE(nextAction(made, 3).kind, Action::Nothing);
    }

    void failuresInARowAdviseToRollBack()
    {
        RolloutFacts bad = facts(50, Phase::Baking);
        bad.state.results = {failed(2)};
        QCOMPARE(nextAction(bad, 3).kind, Action::Promote);
        bad.state.results = {failed(3)};
        const NextAction next = nextAction(bad, 3);
        QCOMPARE(next.kind, Action::RollBack);
        QCOMPARE(next.verb, QStringLiteral("Roll back to aaaaaaa…"));
        QVERIFY(next.sentence.contains(QStringLiteral("for 3 judgements")));
        bad = facts(100, Phase::Finishing);
        bad.state.results = {failed(3)};
        QCOMPARE(nextAction(bad, 3).kind, Action::RollBack);
        bad = facts(50, Phase::Paused);
        bad.state.traffic->hold = Hold{};
        bad.state.results = {failed(3)};
        QCOMPARE(nextAction(bad, 3).kind, Action::RollBack);
    }

    void aHoldIsToBeLifted()
    {
        RolloutFacts held = facts(10, Phase::Paused);
        held.state.traffic->hold = Hold{QStringLiteral("B. Novak"), {}, QStringLiteral("wait"), {}};
        const NextAction next = nextAction(held, 3);
        QCOMPARE(next.kind, Action::Lift);
        QVERIFY(next.sentence.contains(QStringLiteral("B. Novak")));
    }

    void aFreezeAsksWhetherARolloutInFlightIsFinishedOrRolledBack()
    {
        RolloutFacts frozen = facts(10, Phase::Baking);
        frozen.frozenBy = QStringLiteral("weekend, until Mon 08:00");
        const QString asks
            = QStringLiteral("frozen (weekend, until Mon 08:00): finish it, or roll it back");
        NextAction next = nextAction(frozen, 3);
        QCOMPARE(next.kind, Action::Promote);
        QCOMPARE(next.verb, QStringLiteral("Promote 10 → 50…"));
        QCOMPARE(next.otherwise, QStringLiteral("Roll back to aaaaaaa…"));
        QCOMPARE(next.frozen, asks);
        QVERIFY2(next.sentence.startsWith(asks + QStringLiteral("? · ")),
                 qPrintable(next.sentence));
        Permission may = permission(promoteReasons(frozen));
        QVERIFY(std::any_of(may.reasons.cbegin(), may.reasons.cend(), [&asks](const Reason &each) {
            return each.kind == Reason::Kind::Against && each.text == asks;
        }));
        // Going back is never told of it.
        for (const KeyedReason &each : rollbackReasons(frozen))
            QVERIFY(!each.reason.text.contains(QStringLiteral("frozen")));
        frozen.state.results = {failed(3)};
        next = nextAction(frozen, 3);
        QCOMPARE(next.kind, Action::RollBack);
        QVERIFY(next.frozen.isEmpty() && next.otherwise.isEmpty());
        QVERIFY(!next.sentence.contains(QStringLiteral("frozen")));
    }

    void aFreezeAsksForAReasonWhereARolloutWouldBegin()
    {
        RolloutFacts frozen = facts(0, Phase::Ready);
        frozen.frozenBy = QStringLiteral("weekend, until Mon 08:00");
        const NextAction next = nextAction(frozen, 3);
        QVERIFY(next.frozen.isEmpty() && next.otherwise.isEmpty());
        const Preview preview = promotePreview(frozen, context());
        QVERIFY(preview.reasonRequired);
        QVERIFY2(rowText(preview, QStringLiteral("Against"))
                     .contains(QStringLiteral("frozen: weekend, until Mon 08:00; starting a "
                                              "rollout needs a reason")),
                 qPrintable(rowText(preview, QStringLiteral("Against"))));
        // With all the traffic there is nothing left to finish by a press.
        RolloutFacts full = facts(100, Phase::Finishing);
        full.frozenBy = frozen.frozenBy;
        QVERIFY(nextAction(full, 3).frozen.isEmpty());
    }

    void theRailShowsWhereItStands()
    {
        StepRules rules;
        const RolloutFacts at50 = facts(50, Phase::Baking);
        rules.plan = at50.plan;
        const auto states = [&](const RolloutState &state) {
            QList<int> list;
            for (const StageView &stage : stagesOf(state, rules))
                list.append(int(stage.state));
            return list;
        };
        enum { Done, Current, Held, ToCome };
        QCOMPARE(states(facts(0, Phase::Ready).state),
                 (QList<int>{ToCome, ToCome, ToCome, ToCome}));
        QCOMPARE(states(at50.state), (QList<int>{Done, Current, ToCome, ToCome}));
        QCOMPARE(stagesOf(at50.state, rules)[1].elapsed, milliseconds(seconds(200)));
        QCOMPARE(states(facts(50, Phase::Paused).state), (QList<int>{Done, Held, ToCome, ToCome}));
        QCOMPARE(states(facts(100, Phase::Finishing).state),
                 (QList<int>{Done, Done, Done, Current}));
        QCOMPARE(states(facts(0, Phase::Done).state), (QList<int>{Done, Done, Done, Done}));
        rules.afterFull = StepRules::AfterFull::PreviousStays;
        QCOMPARE(stagesOf(at50.state, rules).size(), 3);
    }

    void everyCheckHasARow()
    {
        RolloutFacts some = facts(10, Phase::Baking);
        Check check;
        check.name = QStringLiteral("error ratio");
        some.checks = {check};
        QCOMPARE(verdictsOf(some).size(), 1);
        QCOMPARE(verdictsOf(some)[0].verdict, Verdict::NoData);
        some.state.results = {failed(1)};
        some.state.results[0].candidate = 0.044;
        QCOMPARE(verdictsOf(some)[0].verdict, Verdict::Fail);
        // Lost: the number stays, the verdict does not.
        some.metrics = MetricsHealth::Lost;
        QCOMPARE(verdictsOf(some)[0].verdict, Verdict::NoData);
        QCOMPARE(verdictsOf(some)[0].candidate, std::optional<double>(0.044));
        RolloutFacts idle = facts(0, Phase::Ready);
        idle.checks = {check};
        QCOMPARE(verdictsOf(idle)[0].sentence, QStringLiteral("no traffic"));
    }

    void whoMovedItPastEveryConsoleIsNotWhoNotedLast()
    {
        const QDateTime noted(QDate(2026, 11, 25), QTime(12, 38), Qt::UTC);
        TrafficState traffic = *facts(0, Phase::Idle).state.traffic;
        traffic.asked = Weight{0};
        traffic.changes = {{noted, {}, Weight{10}, Weight{0}, {}, {}, CommitId(good)},
                           {noted, {}, Weight{50}, Weight{100}, {}, {}, CommitId(old)}};
        traffic.lastWriter = QStringLiteral("kubectl-edit");
        traffic.lastWrittenAt = noted.addDays(4);
        traffic.stable->commit = CommitId(old);
        QVERIFY(!movedPast(traffic)); // written, but the stable is the one that was noted
        traffic.stable->commit = CommitId(good);
        QVERIFY(movedPast(traffic));
        traffic.lastWriter = QStringLiteral("pilothouse");
        QVERIFY(!movedPast(traffic));
        traffic.lastWriter = QStringLiteral("kubectl-edit");
        traffic.changes.removeLast();
        QVERIFY(!movedPast(traffic)); // nothing is known of who was stable
    }

    void aPromotionIsShownWhole()
    {
        RolloutFacts some = facts(10, Phase::Baking);
        some.state.traffic->changes = {{context().now.addSecs(-300),
                                        QStringLiteral("A. Muster"),
                                        Weight{0},
                                        Weight{10},
                                        {},
                                        {},
                                        CommitId(good)}};
        PreviewContext around = context();
        around.runsBeside = {PreviewRow::Kind::Plain, QStringLiteral("Runs"),
                             QStringLiteral("can still move it: run 7012")};
        some.trafficAge = std::chrono::seconds(3);
        const Preview preview = promotePreview(some, around);
        QCOMPARE(rowText(preview, QStringLiteral("Runs")), around.runsBeside.text);
        QCOMPARE(rowText(backPreview(facts(50, Phase::Baking), around), QStringLiteral("Runs")),
                 around.runsBeside.text);
        QCOMPARE(preview.readAge, std::optional(std::chrono::milliseconds(3000)));
        QCOMPARE(preview.title, QStringLiteral("Promote 10 → 50"));
        QCOMPARE(preview.typed, QStringLiteral("50"));
        QCOMPARE(preview.calls.size(), 1);
        QCOMPARE(rowText(preview, QStringLiteral("Sends")), QStringLiteral("PATCH it"));
        QVERIFY(rowText(preview, QStringLiteral("From")).contains(QStringLiteral("aaaaaaa 90 %")));
        QVERIFY(rowText(preview, QStringLiteral("To")).contains(QStringLiteral("bbbbbbb 50 %")));
        QVERIFY(rowText(preview, QStringLiteral("Same as")).contains(QStringLiteral("sha256:")));
        some.state.traffic->candidate->upSince = around.now.addSecs(-180);
        QCOMPARE(rowText(promotePreview(some, around), QStringLiteral("Same as")),
                 rowText(preview, QStringLiteral("Same as")) + QStringLiteral(" since ")
                     + some.state.traffic->candidate->upSince.toLocalTime().toString(
                         QStringLiteral("HH:mm")));
        QVERIFY(rowText(preview, QStringLiteral("Lately")).contains(QStringLiteral("5 min ago")));
        QVERIFY(!rowText(preview, QStringLiteral("Then")).isEmpty());
        QVERIFY(rowText(preview, QStringLiteral("Way back")).contains(QStringLiteral("instant")));
        // The bake is not over: that is against, and asks for a reason.
        QVERIFY(preview.reasonRequired);
        QVERIFY(!rowText(preview, QStringLiteral("Against")).isEmpty());
    }

    void aPreviewSaysWhatTheNextDeployDoesToTheWeightThatIsWritten()
    {
        using Kind = NextDeploy::Kind;
        const auto rowOf = [](const Preview &preview) {
            for (auto row = preview.rows.crbegin(); row != preview.rows.crend(); ++row) {
                if (row->label == QLatin1String("Then"))
                    return *row;
            }
            return PreviewRow();
        };
        RolloutFacts some = facts(10, Phase::Baking);
        const NextDeploy conflict{Kind::Conflicts, QStringLiteral("the next deploy fails"), 0};
        some.state.traffic->nextDeploy = conflict;
        const PreviewRow fails{PreviewRow::Kind::Against, QStringLiteral("Then"), conflict.words};
        QCOMPARE(rowOf(promotePreview(some, context())), fails);
        // Back at what the chart says, nothing is left to be in conflict over.
        QCOMPARE(rowOf(rollbackPreview(some, context())).text,
                 QStringLiteral("the next deploy brings the same weight, 0 %"));
        QCOMPARE(rowOf(rollbackPreview(some, context())).kind, PreviewRow::Kind::Plain);

        RolloutFacts higher = facts(50, Phase::Baking);
        higher.state.traffic->nextDeploy = unknownNextDeploy(QStringLiteral("not read yet"));
        QCOMPARE(rowOf(backPreview(higher, context())).kind, PreviewRow::Kind::Unknown);
        QVERIFY(rowOf(backPreview(higher, context())).text.contains(QStringLiteral("not known")));

        // It is no objection: it asks for no reason and sends nobody back.
        RolloutFacts silent = some;
        silent.state.traffic->nextDeploy.reset();
        QCOMPARE(promotePreview(some, context()).reasonRequired,
                 promotePreview(silent, context()).reasonRequired);
        QCOMPARE(promotePreview(some, context()).fingerprint,
                 promotePreview(silent, context()).fingerprint);
    }

    void aRollbackIsShownWhole()
    {
        RolloutFacts some = facts(50, Phase::Baking);
        some.state.results = {failed(3)};
        some.state.results[0].candidate = 0.044;
        some.state.results[0].unit = QStringLiteral("ratio");
        some.rollbackReasons = {{Reason::Kind::For, QStringLiteral("safe"), {}}};
        PreviewContext around = context();
        around.notMoved = {QStringLiteral("celery worker 4be81c0")};
        around.metricsAge = QStringLiteral("4 min old, metrics lost");
        around.runs
            = {PreviewRow::Kind::Plain, QStringLiteral("Runs"), QStringLiteral("cancels run 7012")};
        Preview preview = rollbackPreview(some, around);
        QCOMPARE(preview.typed, QStringLiteral("aaaaaaa"));
        QVERIFY(preview.target.contains(old));
        QVERIFY(!preview.reasonRequired);
        QVERIFY(rowText(preview, QStringLiteral("Evidence")).contains(QStringLiteral("4.4 %")));
        QVERIFY(rowText(preview, QStringLiteral("Evidence")).contains(around.metricsAge));
        QVERIFY(rowText(preview, QStringLiteral("Evidence"))
                    .endsWith(QStringLiteral("; none of it can stop a rollback")));
        QCOMPARE(rowText(preview, QStringLiteral("Sends")),
                 QStringLiteral("PATCH it · sent again on a conflict"));
        QCOMPARE(rowText(preview, QStringLiteral("Schema")), QStringLiteral("safe"));
        QVERIFY(rowText(preview, QStringLiteral("Not moved")).contains(QStringLiteral("worker")));
        QCOMPARE(rowText(preview, QStringLiteral("Runs")), QStringLiteral("cancels run 7012"));
        QCOMPARE(preview.option->text, QStringLiteral("hold standalone"));
        QCOMPARE(preview.option->whenOn,
                 QStringLiteral("refuses bbbbbbb until the hold is lifted"));
        QCOMPARE(preview.option->whenOff, QStringLiteral("nothing holds standalone: bbbbbbb can be "
                                                         "promoted again at once"));
        QVERIFY(preview.option->on);
        // Where nobody has looked that is said.
        some.rollbackReasons = {};
        preview = rollbackPreview(some, around);
        QCOMPARE(rowText(preview, QStringLiteral("Schema")), QStringLiteral("not checked yet"));
        // What it would break asks for a reason; it is not refused.
        some.rollbackReasons = {{Reason::Kind::Against, QStringLiteral("BREAKS"), {}}};
        preview = rollbackPreview(some, around);
        QVERIFY(preview.reasonRequired);
    }

    void howLongTheTargetHasServedIsSaidWhereItIsTold_data()
    {
        QTest::addColumn<QList<WeightChange>>("changes"); // newest first
        QTest::addColumn<QString>("said");                // empty = nothing
        const auto change = [](int hoursAgo, const QString &commit, int to) {
            WeightChange made;
            made.at = context().now.addSecs(-3600 * hoursAgo);
            made.candidate = CommitId(commit);
            made.to = Weight{to};
            return made;
        };
        QTest::newRow("not told") << QList<WeightChange>() << QString();
        QTest::newRow("given all of it, then another came")
            << QList<WeightChange>{change(0, good, 50), change(14, old, 100), change(15, old, 50)}
            << QStringLiteral(", 14 h ago");
        QTest::newRow("rolled back after that")
            << QList<WeightChange>{change(2, old, 0), change(14, old, 100)} << QString();
    }
    void howLongTheTargetHasServedIsSaidWhereItIsTold()
    {
        QFETCH(QList<WeightChange>, changes);
        QFETCH(QString, said);
        RolloutFacts some = facts(50, Phase::Baking);
        some.state.traffic->changes = changes;
        const QString to = rowText(rollbackPreview(some, context()), QStringLiteral("To"));
        QVERIFY2(said.isEmpty() ? to.endsWith(QLatin1String("ready"))
                                : to.contains(QLatin1String(" ready, given all traffic "))
                                      && to.endsWith(said),
                 qPrintable(to));
        // Else the pods may tell.
        some.wayBack.target->upSince = context().now.addSecs(-7200);
        const QString byPods = rowText(rollbackPreview(some, context()), QStringLiteral("To"));
        QCOMPARE(byPods.contains(QLatin1String(", its pods run since ")), said.isEmpty());
        QVERIFY2(!said.isEmpty() || byPods.endsWith(QLatin1String(", 2 h ago")),
                 qPrintable(byPods));
    }

    void whatIsHeldAlreadyIsNotAskedAgain()
    {
        RolloutFacts some = facts(50, Phase::Paused);
        some.state.traffic->hold
            = Hold{QStringLiteral("B. Novak"), {}, QStringLiteral("load test"), {}, {}};
        const Preview preview = rollbackPreview(some, context());
        QVERIFY(!preview.option);
        QCOMPARE(rowText(preview, QStringLiteral("Then")),
                 QStringLiteral("standalone stays held by B. Novak: load test"));
    }

    void theNextActionNamesWhereTheWayBackLeads()
    {
        RolloutFacts some = facts(100, Phase::Finishing);
        some.state.traffic->stable->commit = CommitId(good);
        some.state.traffic->earlier.emplace();
        some.state.traffic->earlier->number = 41;
        some.state.traffic->earlier->commit = CommitId(old);
        some.state.results = {failed(3)};
        some.wayBack = wayBack(some.state, {});
        QCOMPARE(nextAction(some, 3).kind, NextAction::Kind::RollBack);
        QCOMPARE(nextAction(some, 3).verb, QStringLiteral("Roll back to aaaaaaa…"));
        // With nowhere to go it names nobody, least of all the one that fails.
        some.state.traffic->earlier.reset();
        some.wayBack = wayBack(some.state, {});
        QCOMPARE(nextAction(some, 3).kind, NextAction::Kind::RollBack);
        QCOMPARE(nextAction(some, 3).verb, QStringLiteral("Roll back…"));
    }

    void aTargetIsTheSameWhateverElseChanged()
    {
        const RolloutFacts some = facts(50, Phase::Baking);
        RolloutFacts moved = facts(10, Phase::Baking);
        moved.state.traffic->version = QStringLiteral("9");
        QCOMPARE(rollbackPreview(some, context()).target, rollbackPreview(moved, context()).target);
        moved.state.traffic->stable->imageDigest = QStringLiteral("sha256:other");
        moved.wayBack = wayBack(moved.state, {});
        QVERIFY(rollbackPreview(some, context()).target
                != rollbackPreview(moved, context()).target);
    }

    void whatWasConfirmedHolds_data()
    {
        QTest::addColumn<QString>("confirmed");
        QTest::addColumn<QString>("now");
        QTest::addColumn<bool>("holds");
        const auto lines = [](const QStringList &list) {
            return list.join(QLatin1Char('\n'));
        };
        const QString w = QStringLiteral("world");
        const QString a = QStringLiteral("a");
        const QString b = QStringLiteral("b");
        QTest::newRow("the same") << lines({w, a}) << lines({w, a}) << true;
        QTest::newRow("an objection is gone") << lines({w, a, b}) << lines({w, b}) << true;
        QTest::newRow("every objection is gone") << lines({w, a}) << lines({w, {}}) << true;
        QTest::newRow("a new objection") << lines({w, a}) << lines({w, a, b}) << false;
        QTest::newRow("another world") << lines({w, a}) << lines({a, a}) << false;
        QTest::newRow("nothing was confirmed") << QString() << lines({w, {}}) << false;
        QTest::newRow("the world is no objection") << lines({w, {}}) << lines({w, w}) << false;
    }
    void whatWasConfirmedHolds()
    {
        QFETCH(QString, confirmed);
        QFETCH(QString, now);
        QFETCH(bool, holds);
        QCOMPARE(stillHolds(confirmed, now), holds);
    }
};

QTEST_GUILESS_MAIN(TestRolloutViews)

#include "testrolloutviews.moc"
