#include "release/moving/movingruns.h"

#include <QTest>

using namespace pilothouse;
using Sight = MovingRuns::Sight;

namespace {

const QString deploy = QStringLiteral(".github/workflows/deploy-standalone.yml");
const CommitId bad(QStringLiteral("c41d77e"));
const CommitId fixed(QStringLiteral("d2e8f00"));

Run run(qint64 id, RunStatus status, const QString &path = deploy)
{
    Run made;
    made.id = RunId(id);
    made.workflowPath = path;
    made.commit = bad;
    made.status = status;
    return made;
}

RunsSight seen(const QList<Run> &runs)
{
    RunsSight sight;
    sight.host = QStringLiteral("GitHub");
    sight.read = true;
    sight.active = runs;
    return sight;
}

/// Run 7012 waits to finish what the candidate began.
RunsSight waitingAtProduction()
{
    RunsSight sight = seen({run(7012, RunStatus::Waiting)});
    PendingEnvironment production;
    production.name = QStringLiteral("production");
    sight.waiting[RunId(7012)] = {production};
    return sight;
}

Error down()
{
    return {ErrorKind::Unavailable, QStringLiteral("GitHub does not answer."), {}, {}};
}

TrafficState inFlight()
{
    TrafficState traffic;
    traffic.candidate.emplace().commit = bad;
    traffic.asked = Weight{50};
    return traffic;
}

TrafficState rolledBack()
{
    TrafficState traffic = inFlight();
    traffic.asked = Weight{0};
    WeightChange back;
    back.actor = QStringLiteral("A. Muster");
    back.from = Weight{50};
    back.candidate = bad;
    traffic.changes = {back};
    return traffic;
}

TrafficState heldAt(int percent)
{
    TrafficState traffic = inFlight();
    traffic.asked = Weight{percent};
    traffic.hold = Hold{QStringLiteral("B. Novak"), {}, QStringLiteral("errors"), {}};
    return traffic;
}

QString rowText(const RunsSight &sight, const QString &path = deploy)
{
    return runsLine(runsThatMove(path, sight), inFlight()).row.text;
}

QStringList stillAble(const RunsSight &sight, const TrafficState &traffic)
{
    QStringList lines;
    for (const StillAble &each : runsLine(runsThatMove(deploy, sight), traffic).stillAble)
        lines.append(each.text());
    return lines;
}

} // namespace

class TestMovingRuns final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunThatWaitsAtItsGateCanStillMoveTheTrack()
    {
        const MovingRuns found = runsThatMove(deploy, waitingAtProduction());
        QCOMPARE(found.sight, Sight::Seen);
        QCOMPARE(found.runs.size(), 1);
        QCOMPARE(found.runs.first().id, RunId(7012));
        QCOMPARE(found.runs.first().commit, bad);
        QCOMPARE(found.runs.first().state, MovingRun::State::WaitsAtGate);
        QCOMPARE(found.runs.first().gates, QStringList{QStringLiteral("production")});
    }

    void runsOfOtherWorkflowsAndThoseThatEndedCannot()
    {
        const MovingRuns found = runsThatMove(
            deploy, seen({run(7011, RunStatus::Running, QStringLiteral(".github/workflows/ci.yml")),
                          run(7002, RunStatus::Succeeded), run(6982, RunStatus::Cancelled)}));
        QCOMPARE(found.sight, Sight::Seen);
        QVERIFY(found.runs.isEmpty());
    }

    void aRunOfAnotherCommitMovesTheTrackToo()
    {
        Run next = run(7022, RunStatus::Queued);
        next.commit = fixed;
        const MovingRuns found = runsThatMove(deploy, seen({next, run(7012, RunStatus::Running)}));
        QCOMPARE(found.runs.size(), 2);
        QCOMPARE(found.runs.first().id, RunId(7012));
        QCOMPARE(found.runs.last().state, MovingRun::State::Queued);
        QCOMPARE(found.runs.last().commit, fixed);
    }

    void whatCannotBeSeenIsNeverNone()
    {
        RunsSight lost = seen({});
        lost.lost = down();
        QCOMPARE(runsThatMove(deploy, lost).sight, Sight::Lost);
        QCOMPARE(runsThatMove(deploy, {}).sight, Sight::NotRead);
        QCOMPARE(runsThatMove({}, seen({})).sight, Sight::NotNamed);
    }

    void whatWasSeenLastIsKeptWhileTheHostIsLost()
    {
        RunsSight lost = waitingAtProduction();
        lost.lost = down();
        QCOMPARE(runsThatMove(deploy, lost).runs.size(), 1);
        QVERIFY(rowText(lost).startsWith(QStringLiteral("GitHub is lost")));
        QVERIFY(rowText(lost).contains(QStringLiteral("seen last: run 7012")));
    }

    void theConfirmationSaysWhichRunsItCancels()
    {
        QCOMPARE(rowText(waitingAtProduction()),
                 QStringLiteral("cancels run 7012 (deploy-standalone, waits at production)"));
        QCOMPARE(rowText(seen({run(7012, RunStatus::Running), run(7022, RunStatus::Queued)})),
                 QStringLiteral("cancels run 7012 (deploy-standalone, running), run 7022 "
                                "(deploy-standalone, queued)"));
        QCOMPARE(rowText(seen({})), QStringLiteral("no run can move this traffic"));
    }

    void aConfirmationThatCancelsNoneSaysWhichCanStillMoveIt()
    {
        const auto beside = [](const RunsSight &sight) {
            return runsLine(runsThatMove(deploy, sight), inFlight()).beside;
        };
        QCOMPARE(beside(waitingAtProduction()).text,
                 QStringLiteral("can still move it: run 7012 (deploy-standalone, waits at "
                                "production)"));
        QCOMPARE(beside(seen({})).text, QStringLiteral("no run can move this traffic"));
        RunsSight lost = seen({});
        lost.lost = down();
        QCOMPARE(beside(lost).kind, PreviewRow::Kind::Unknown);
    }

    void aHoldCancelsWhatWaitsAndLeavesWhatIsAtWork()
    {
        const auto held = [](const RunsSight &sight) {
            return runsLine(runsThatMove(deploy, sight), inFlight());
        };
        QCOMPARE(held(waitingAtProduction()).holdRow.text,
                 QStringLiteral("cancels run 7012 (deploy-standalone, waits at production)"));
        QCOMPARE(held(waitingAtProduction()).holdCancels, RunsLine::Cancels::Runs);
        const RunsLine both
            = held(seen({run(7012, RunStatus::Running), run(7022, RunStatus::Queued)}));
        QCOMPARE(both.holdRow.text,
                 QStringLiteral("cancels run 7022 (deploy-standalone, queued); not cancelled, for "
                                "it is at work: run 7012 (deploy-standalone, running)"));
        QCOMPARE(both.holdRow.kind, PreviewRow::Kind::Against);
        const RunsLine atWork = held(seen({run(7012, RunStatus::Running)}));
        QCOMPARE(atWork.holdCancels, RunsLine::Cancels::Nothing);
        QCOMPARE(held(seen({})).holdRow.text, QStringLiteral("no run can move this traffic"));
        RunsSight lost = seen({});
        lost.lost = down();
        QCOMPARE(held(lost).holdRow.kind, PreviewRow::Kind::Unknown);
    }

    void whatCouldMoveTheTrafficIsToldThoughNobodyTookItAway()
    {
        const auto able = [](const RunsSight &sight) {
            QStringList texts;
            for (const StillAble &each : runsLine(runsThatMove(deploy, sight), inFlight()).able)
                texts << each.what;
            return texts;
        };
        QCOMPARE(able(waitingAtProduction()),
                 QStringList{QStringLiteral("run 7012 (deploy-standalone, waits at production)")});
        QVERIFY(able(seen({})).isEmpty());
        QVERIFY(able(RunsSight{}).isEmpty()); // it answers in a moment
        RunsSight lost = seen({});
        lost.lost = down();
        QCOMPARE(able(lost).size(), 1);
        QCOMPARE(able(lost).first(),
                 QStringLiteral("runs of deploy-standalone are not seen: GitHub is lost"));
    }

    void whatIsNotKnownIsMarkedSoInTheConfirmation()
    {
        RunsSight lost = seen({});
        lost.lost = down();
        for (const RunsSight &sight : {lost, RunsSight{}})
            QCOMPARE(runsLine(runsThatMove(deploy, sight), {}).row.kind, PreviewRow::Kind::Unknown);
        QCOMPARE(rowText(lost),
                 QStringLiteral("GitHub is lost: runs that can still promote are not seen"));
        QVERIFY(rowText(seen({}), {}).contains(QStringLiteral("names no workflow")));
        QCOMPARE(runsLine(runsThatMove(deploy, seen({})), {}).row.kind, PreviewRow::Kind::Plain);
    }

    void nothingIsStillAbleWhileTheRolloutGoesOn()
    {
        QVERIFY(stillAble(waitingAtProduction(), inFlight()).isEmpty());
        QVERIFY(runsLine(runsThatMove(deploy, waitingAtProduction()), {}).stillAble.isEmpty());
    }

    void aRunThatIsLeftAfterARollbackIsStillAble()
    {
        const QStringList lines = stillAble(waitingAtProduction(), rolledBack());
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines.first().startsWith(
            QStringLiteral("run 7012 (deploy-standalone, waits at production)")));
        QVERIFY(lines.first().contains(QStringLiteral("cancel it on the Pipeline page")));
        QVERIFY(stillAble(seen({}), rolledBack()).isEmpty());
    }

    void whyItCouldNotBeStoppedStandsBesideIt()
    {
        RunsSight sight = waitingAtProduction();
        sight.said[RunId(7012)] = QStringLiteral("GitHub refused it");
        QVERIFY(stillAble(sight, rolledBack()).first().contains(QStringLiteral("GitHub refused")));
    }

    void aLostHostLeavesWhateverRunsThereAre()
    {
        RunsSight lost = seen({});
        lost.lost = down();
        const QStringList lines = stillAble(lost, rolledBack());
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines.first(),
                 QStringLiteral("runs of deploy-standalone are not seen: GitHub does not answer; "
                                "cancel them at GitHub"));
    }

    void aHostThatHasNotAnsweredIsNoAllClear()
    {
        RunsSight silent;
        silent.host = QStringLiteral("GitHub");
        QCOMPARE(stillAble(silent, rolledBack()),
                 QStringList{QStringLiteral("runs of deploy-standalone are not seen: no answer "
                                            "yet; cancel them at GitHub")});
    }

    void aRollbackOrAHoldAtNothingStopsATrack()
    {
        QVERIFY(isStopped(rolledBack()));
        QVERIFY(isStopped(heldAt(0)));
        QVERIFY(!isStopped(heldAt(10)));
        QVERIFY(!isStopped(inFlight()));
        QVERIFY(!isStopped({}));
    }

    void theNextCandidateIsNotRolledBack()
    {
        TrafficState traffic = rolledBack();
        traffic.candidate->commit = fixed;
        QVERIFY(!isStopped(traffic));
    }

    void approvingIsAgainstAHoldAndARollback()
    {
        const TrackName track(QStringLiteral("standalone"));
        QVERIFY(againstApproval(track, inFlight()).isEmpty());
        const auto held = againstApproval(track, heldAt(10));
        QCOMPARE(held.size(), 1);
        QCOMPARE(held.first().kind, Reason::Kind::Against);
        QCOMPARE(held.first().text, QStringLiteral("standalone is held by B. Novak: errors"));
        QCOMPARE(againstApproval(track, rolledBack()).first().text,
                 QStringLiteral("standalone was rolled back by A. Muster"));
    }
};

QTEST_GUILESS_MAIN(TestMovingRuns)
#include "testmovingruns.moc"
