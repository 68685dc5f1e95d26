#pragma once

#include "migration/migrationstep.h"
#include "migration/samplechange.h"

#include <QTest>

namespace pilothouse {

/// One word for an effect, so that a sequence reads as a line.
inline QString word(const MigrationEffect &what)
{
    struct Visitor
    {
        QString operator()(const migrationeffect::TakeLock &) { return QStringLiteral("lock"); }
        QString operator()(const migrationeffect::ReadFacts &) { return QStringLiteral("look"); }
        QString operator()(const migrationeffect::RunGroup &run)
        {
            return QStringLiteral("run:") + stepWord(run.step);
        }
        QString operator()(const migrationeffect::RetryAfter &) { return QStringLiteral("retry"); }
        QString operator()(const migrationeffect::BeginBackfill &)
        {
            return QStringLiteral("begin");
        }
        QString operator()(const migrationeffect::BeginSweep &) { return QStringLiteral("sweep"); }
        QString operator()(const migrationeffect::RunBatch &batch)
        {
            return batch.kind == migrationeffect::RunBatch::Kind::Sweep
                       ? QStringLiteral("sweepbatch")
                       : QStringLiteral("batch");
        }
        QString operator()(const migrationeffect::RestFor &) { return QStringLiteral("rest"); }
        QString operator()(const migrationeffect::MarkBackfill &mark)
        {
            static const char *const states[]
                = {"running", "paused", "sweeping", "verified", "failed"};
            return QStringLiteral("mark:") + QLatin1String(states[static_cast<size_t>(mark.state)]);
        }
        QString operator()(const migrationeffect::CountNulls &) { return QStringLiteral("count"); }
        QString operator()(const migrationeffect::RecordStep &record)
        {
            return QStringLiteral("record:") + stepWord(record.step);
        }
        QString operator()(const migrationeffect::CancelOwn &) { return QStringLiteral("cancel"); }
        QString operator()(const migrationeffect::ReleaseLock &)
        {
            return QStringLiteral("unlock");
        }
    };
    return std::visit(Visitor{}, what);
}

/// One run, moved by events; what it asks for is told as words.
class RunDriver
{
public:
    MigrationRun m_run;
    QList<MigrationEffect> m_effects;

    /// The effects of one event, as words.
    QString take(const MigrationEvent &what)
    {
        MigrationMove move = advance(m_run, what);
        m_run = move.run;
        m_effects = move.effects;
        QStringList words;
        for (const MigrationEffect &one : std::as_const(m_effects))
            words << word(one);
        return words.join(u' ');
    }
    QString start(const Facts &facts, const QList<StepId> &ids, bool undo = false)
    {
        m_run = {};
        migrationevent::Start start;
        const QList<ChangeStep> steps = planSteps(sampleChange(), facts, {});
        for (const StepId id : ids)
            start.steps << *findStep(steps, id);
        start.undo = undo;
        return take(start);
    }
    /// The runner lock is given.
    QString locked() { return take(migrationevent::LockAnswered{{true, {}}}); }
    QString look(const QSet<StepId> &done, const QStringList &drift = {})
    {
        return take(migrationevent::FactsRead{done, drift, done});
    }
    QString tried(TryAnswer::End end, double random = 0.5)
    {
        return take(migrationevent::GroupTried{
            {end, std::chrono::milliseconds(10), QStringLiteral("the server's words")}, random});
    }
    QString batch(BatchAnswer::End end, qint64 scanned = 1'000, qint64 written = 1'000)
    {
        BatchAnswer answer;
        answer.end = end;
        answer.scanned = scanned;
        answer.written = written;
        answer.took = std::chrono::milliseconds(200);
        return take(migrationevent::BatchEnded{answer});
    }
    QString counted(qint64 rows)
    {
        return take(
            migrationevent::NullsCounted{NullCount{NullCount::Kind::Exact, rows, sampleNow(), {}}});
    }
    void toBatches()
    {
        start(expandedFacts(), {StepId::M2, StepId::M3});
        locked();
        QCOMPARE(look({StepId::E1, StepId::E2}), QStringLiteral("begin"));
        BackfillRow row;
        row.rowsTotal = 10'000;
        QCOMPARE(take(migrationevent::Began{row}), QStringLiteral("batch"));
    }
    void toSweep()
    {
        toBatches();
        QCOMPARE(batch(BatchAnswer::End::Finished, 10'000, 10'000),
                 QStringLiteral("mark:sweeping record:M2 look"));
        QCOMPARE(look({StepId::M2}), QStringLiteral("sweep"));
        QCOMPARE(take(migrationevent::Began{}), QStringLiteral("sweepbatch"));
    }
};

} // namespace pilothouse
