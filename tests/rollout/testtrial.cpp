#include "rollout/act/trial.h"
#include "rolloutbench.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

const DryRun taken{QStringLiteral("dryRun=All"),
                   {QStringLiteral("spec.weight: 0 → 10"), QStringLiteral("note: (nothing) → 1")}};

/// The rows of a preview that tell of its dry run.
QList<PreviewRow> trialRows(const Preview &preview)
{
    QList<PreviewRow> rows;
    for (const PreviewRow &row : preview.rows) {
        if (row.label == QLatin1String("Dry run"))
            rows << row;
    }
    return rows;
}

OwnAction ownAction()
{
    OwnAction action;
    action.id = QStringLiteral("argo.abort");
    action.title = QStringLiteral("Abort the rollout");
    action.typed = QStringLiteral("abort");
    return action;
}

} // namespace

class TestTrial final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatADryRunSaysIsARow_data()
    {
        QTest::addColumn<std::optional<Result<DryRun>>>("answer");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const std::optional<Result<DryRun>> &answer,
                            PreviewRow::Kind kind, const char *text) {
            QTest::newRow(name) << answer << int(kind) << QString::fromUtf8(text);
        };
        using Kind = PreviewRow::Kind;
        row("asked", std::nullopt, Kind::Live, "being asked…");
        row("taken", Result<DryRun>(taken), Kind::Live,
            "taken (dryRun=All): spec.weight: 0 → 10 · note: (nothing) → 1");
        row("nothing would change", Result<DryRun>(DryRun{QStringLiteral("validateOnly"), {}}),
            Kind::Live, "taken (validateOnly): nothing would change");
        row("a system without one", Result<DryRun>(DryRun{}), Kind::Live,
            "FakeRoute has none of this");
        row("refused", Result<DryRun>(fail(ErrorKind::NotAllowed, QStringLiteral("No right."))),
            Kind::Against, "it would be refused: No right.");
        row("somebody was faster",
            Result<DryRun>(fail(ErrorKind::Conflict, QStringLiteral("Changed by kubectl."))),
            Kind::Against, "it would be refused: Changed by kubectl.");
        row("no answer",
            Result<DryRun>(fail(ErrorKind::TimedOut, QStringLiteral("Silent for 10 s."))),
            Kind::Unknown, "no answer: Silent for 10 s.");
    }

    void whatADryRunSaysIsARow()
    {
        QFETCH(std::optional<Result<DryRun>>, answer);
        QFETCH(int, kind);
        QFETCH(QString, text);
        const PreviewRow told = dryRunRow(answer, QStringLiteral("FakeRoute"));
        QCOMPARE(told.label, QStringLiteral("Dry run"));
        QCOMPARE(int(told.kind), kind);
        QCOMPARE(told.text, text);
    }

    void aConfirmationThatIsOpenAsksOnce()
    {
        RolloutBench b;
        b.traffic.dryRuns = {taken};
        QVERIFY(trialRows(b.rollout->previewPromote()).isEmpty());
        QSignalSpy changed(b.rollout.get(), &RolloutController::previewChanged);
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        QCOMPARE(changed.size(), 1);
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        QCOMPARE(b.traffic.trials.size(), 1);
        QCOMPARE(b.traffic.trials[0].candidate, Weight{10});
        QCOMPARE(b.traffic.trials[0].expectedVersion, b.traffic.world.version);
        const QList<PreviewRow> rows = trialRows(b.rollout->previewPromote());
        QCOMPARE(rows.size(), 1);
        QVERIFY(rows[0].text.contains(QStringLiteral("spec.weight: 0 → 10")));
        QCOMPARE(b.traffic.writes.size(), 0);
    }

    void aRollbackAsksForWeightZero()
    {
        RolloutBench b;
        b.toWeight(50);
        b.rollout->tryOut(WeightAttempt::Kind::RollBack);
        QCOMPARE(b.traffic.trials.last().candidate, Weight{0});
        QCOMPARE(b.traffic.trials.last().candidateCommit.value, good);
        QCOMPARE(trialRows(b.rollout->previewRollback()).first().text,
                 QStringLiteral("being asked…"));
    }

    void oneStageBackIsTriedWithItsWeight()
    {
        RolloutBench b;
        b.toWeight(50);
        b.traffic.dryRuns = {taken};
        b.rollout->tryOut(WeightAttempt::Kind::Back);
        QCOMPARE(b.traffic.trials.last().candidate, Weight{10});
        QVERIFY(trialRows(b.rollout->previewBack())
                    .first()
                    .text.startsWith(QStringLiteral("taken (dryRun=All)")));
    }

    void anOwnActionIsTriedAsItIsSentAndChangesNothing()
    {
        RolloutBench b;
        b.traffic.own = {ownAction()};
        b.traffic.dryRuns = {taken};
        const Preview before = b.rollout->previewOwn(ownAction().id);
        QVERIFY(trialRows(before).isEmpty());
        b.rollout->tryOut(OwnVerb{ownAction().id});
        b.rollout->tryOut(OwnVerb{ownAction().id}); // the answer refreshes the dialog, which asks
        QCOMPARE(b.traffic.ownTrials.size(), 1);
        QCOMPARE(b.traffic.ownTrials[0].action, ownAction().id);
        QCOMPARE(b.traffic.ownTrials[0].expectedVersion, b.traffic.world.version);
        QCOMPARE(b.traffic.ownTrials[0].actor, QStringLiteral("A. Muster"));
        const Preview after = b.rollout->previewOwn(ownAction().id);
        QCOMPARE(trialRows(after).size(), 1);
        QVERIFY(trialRows(after)[0].text.contains(QStringLiteral("spec.weight: 0 → 10")));
        QCOMPARE(after.fingerprint, before.fingerprint);
        QVERIFY(b.traffic.ownRuns.isEmpty());
        QVERIFY(b.journal.records(RecordKind::Intent).isEmpty());
    }

    void whatIsSaidOfOneActionIsNotShownOfAnother()
    {
        RolloutBench b;
        OwnAction retry = ownAction();
        retry.id = QStringLiteral("argo.retry");
        b.traffic.own = {ownAction(), retry};
        b.traffic.dryRuns = {taken};
        b.rollout->tryOut(OwnVerb{ownAction().id});
        QVERIFY(trialRows(b.rollout->previewOwn(retry.id)).isEmpty());
        QVERIFY(trialRows(b.rollout->previewPromote()).isEmpty());
        QVERIFY(trialRows(b.rollout->previewHold()).isEmpty());
    }

    void aHoldIsTriedOnceThoughTimeGoesOn()
    {
        RolloutBench b;
        b.traffic.dryRuns = {taken};
        b.rollout->tryOut(HoldVerb::Hold);
        b.clock.advance(std::chrono::seconds(1));
        b.rollout->tryOut(HoldVerb::Hold);
        QCOMPARE(b.traffic.holdTrials.size(), 1);
        const auto &[change, version] = b.traffic.holdTrials[0];
        QCOMPARE(version, b.traffic.world.version);
        QVERIFY(std::holds_alternative<Hold>(change));
        QCOMPARE(std::get<Hold>(change).by, QStringLiteral("A. Muster"));
        QCOMPARE(std::get<Hold>(change).commit.value, good);
        QCOMPARE(trialRows(b.rollout->previewHold()).size(), 1);
        QVERIFY(trialRows(b.rollout->previewLift()).isEmpty());
        QVERIFY(!b.traffic.world.hold);
    }

    void soIsItsEnd()
    {
        RolloutBench b;
        b.traffic.change([](TrafficState &t) { t.hold = Hold{}; });
        b.traffic.tell();
        b.traffic.dryRuns = {fail(ErrorKind::NotAllowed, QStringLiteral("No right."))};
        b.rollout->tryOut(HoldVerb::Lift);
        QVERIFY(std::holds_alternative<Lift>(b.traffic.holdTrials.value(0).first));
        QCOMPARE(trialRows(b.rollout->previewLift()).value(0).text,
                 QStringLiteral("it would be refused: No right."));
        QVERIFY(b.traffic.world.hold);
    }

    void beforeAnythingIsReadNothingIsAsked()
    {
        RolloutBench b;
        b.traffic.readError = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        b.start(&b.metrics);
        b.rollout->tryOut(HoldVerb::Hold);
        b.rollout->tryOut(OwnVerb{ownAction().id});
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        QVERIFY(b.traffic.holdTrials.isEmpty());
        QVERIFY(b.traffic.ownTrials.isEmpty());
        QVERIFY(b.traffic.trials.isEmpty());
    }

    void aWorldThatMovedOnIsAskedAgainAndItsOldAnswerIsNotShown()
    {
        RolloutBench b;
        b.traffic.dryRuns = {taken};
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        b.traffic.change([](TrafficState &t) { t.lastWriter = QStringLiteral("kubectl"); });
        b.traffic.tell();
        QVERIFY(trialRows(b.rollout->previewPromote()).isEmpty());
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        QCOMPARE(b.traffic.trials.size(), 2);
        QCOMPARE(trialRows(b.rollout->previewPromote()).first().text,
                 QStringLiteral("being asked…"));
    }

    void itsAnswerSendsNobodyBackToTheDialog()
    {
        // The fingerprint is of the world; what a dry run says of it is no change.
        RolloutBench b;
        const Preview before = b.rollout->previewPromote();
        b.traffic.dryRuns = {fail(ErrorKind::NotAllowed, QStringLiteral("No right."))};
        b.rollout->tryOut(WeightAttempt::Kind::Promote);
        const Preview after = b.rollout->previewPromote();
        QCOMPARE(trialRows(after).first().kind, PreviewRow::Kind::Against);
        QCOMPARE(after.fingerprint, before.fingerprint);
    }
};

QTEST_GUILESS_MAIN(TestTrial)
#include "testtrial.moc"
