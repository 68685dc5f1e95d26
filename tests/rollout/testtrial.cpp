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
        const QList<PreviewRow> rows = dryRunRows(answer);
        QCOMPARE(rows.size(), 1);
        QCOMPARE(int(rows[0].kind), kind);
        QCOMPARE(rows[0].text, text);
    }

    void aSystemWithoutADryRunSaysNothing()
    {
        QVERIFY(dryRunRows(Result<DryRun>(DryRun{})).isEmpty());
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
