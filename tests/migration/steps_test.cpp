#include "migration/samplechange.h"
#include "migration/steps.h"

#include <QTest>

#include <functional>

using namespace pilothouse;

class StepsTest : public QObject
{
    Q_OBJECT

private:
    using State = ChangeStep::State;

    /// "E1 E2 …": the steps that are done; "!" marks broken ones.
    static QString doneWords(const QList<ChangeStep> &steps)
    {
        QStringList words;
        for (const ChangeStep &step : steps) {
            if (step.state != State::Open)
                words << stepWord(step.id)
                             + (step.state == State::Broken ? QStringLiteral("!") : QString());
        }
        return words.join(u' ');
    }
    static QString nextWord(const QList<ChangeStep> &steps)
    {
        const std::optional<StepId> next = nextStep(steps);
        return next ? stepWord(*next) : QString();
    }

private Q_SLOTS:
    void doneIsWhatTheFactsShow_data()
    {
        QTest::addColumn<Facts>("facts");
        QTest::addColumn<QString>("done");
        QTest::addColumn<QString>("next");
        const auto row = [](
                             const char *name, const Facts &from, const char *done,
                             const char *next,
                             const std::function<void(Facts &)> &edit = [](Facts &) {}) {
            Facts facts = from;
            edit(facts);
            QTest::newRow(name) << facts << QString::fromLatin1(done) << QString::fromLatin1(next);
        };
        row("untouched", untouchedFacts(), "", "E1");
        row("a wrong type is broken, not done", expandedFacts(), "E1! E2", "E1",
            [](Facts &f) { f.column->typeMatches = false; });
        row("expanded", expandedFacts(), "E1 E2", "M2");
        row("a disabled trigger is broken", expandedFacts(), "E1 E2!", "E2", [](Facts &f) {
            f.trigger = false;
            f.triggerDisabled = true;
        });
        row("migrating", migratingFacts(), "E1 E2", "M2");
        row("an empty table needs no backfill", expandedFacts(), "E1 E2 M2 M3", "M4",
            [](Facts &f) { f.nulls->rows = 0; });
        row("a count of before is no count of now", expandedFacts(), "E1 E2", "M2",
            [](Facts &f) { f.nulls.reset(); });
        row("sweeping", migratingFacts(), "E1 E2 M2", "M3",
            [](Facts &f) { f.backfill->state = BackfillRow::State::Sweeping; });
        row("paused in the sweep", migratingFacts(), "E1 E2 M2", "M3", [](Facts &f) {
            f.backfill->state = BackfillRow::State::Paused;
            f.backfill->pass = 2;
        });
        row("migrated", migratedFacts(), "E1 E2 M2 M3 M4 M5", "C1");
        row("late NULLs open the sweep again", migratedFacts(), "E1 E2 M2 M4 M5", "M3",
            [](Facts &f) { f.nulls->rows = 7; });
        row("an invalid index is not done", migratedFacts(), "E1 E2 M2 M3 M5", "M4",
            [](Facts &f) { f.index->valid = false; });
        row("an index of another column is broken", migratedFacts(), "E1 E2 M2 M3 M4! M5", "M4",
            [](Facts &f) { f.index->matches = false; });
        row("guarded", migratedFacts(), "E1 E2 M2 M3 M4 M5 C1", "C2", [](Facts &f) {
            f.guard = GuardFacts{{}, false, true};
        });
        row("proved", migratedFacts(), "E1 E2 M2 M3 M4 M5 C1 C2", "C3", [](Facts &f) {
            f.guard = GuardFacts{{}, true, true};
        });
        row("a guard that proves nothing is broken", migratedFacts(),
            "E1 E2 M2 M3 M4 M5 C1! C2! C3! C4!", "C1", [](Facts &f) {
                f.guard = GuardFacts{{}, true, false};
            });
        row("tightened, guard still there", contractedFacts(), "E1 E2 M2 M3 M4 M5 C1 C2 C3", "C4",
            [](Facts &f) {
                f.guard = GuardFacts{{}, true, true};
            });
        row("contracted", contractedFacts(), "E1 E2 M2 M3 M4 M5 C1 C2 C3 C4", "C5");
        row("cleaned", cleanedFacts(), "E1 E2 M2 M3 M4 M5 C1 C2 C3 C4 C5", "");
    }

    void doneIsWhatTheFactsShow()
    {
        QFETCH(Facts, facts);
        QFETCH(QString, done);
        QFETCH(QString, next);
        const QList<ChangeStep> steps = planSteps(sampleChange(), facts, {});
        QCOMPARE(doneWords(steps), done);
        QCOMPARE(nextWord(steps), next);
        QCOMPARE(planSteps(sampleChange(), facts, {}), steps);
    }

    void statisticsCountOnlyWhenNewerThanTheBackfill()
    {
        Facts facts = migratedFacts();
        facts.columnAnalyzed = false;
        StepRecord record{StepId::M5,
                          QStringLiteral("A. Muster"),
                          QStringLiteral("migrator"),
                          facts.backfill->finishedAt.addSecs(-1),
                          {}};
        facts.steps << record;
        QCOMPARE(findStep(planSteps(sampleChange(), facts, {}), StepId::M5)->state, State::Open);
        facts.steps.last().at = facts.backfill->finishedAt.addSecs(1);
        QCOMPARE(findStep(planSteps(sampleChange(), facts, {}), StepId::M5)->state, State::Done);
    }

    void theRecordIsShownBesideTheProof()
    {
        const QList<ChangeStep> steps = planSteps(sampleChange(), expandedFacts(), {});
        QCOMPARE(findStep(steps, StepId::E1)->record->actor, QStringLiteral("A. Muster"));
        Facts byHand = expandedFacts();
        byHand.steps.clear();
        const QList<ChangeStep> outside = planSteps(sampleChange(), byHand, {});
        QCOMPARE(findStep(outside, StepId::E1)->state, State::Done);
        QVERIFY(!findStep(outside, StepId::E1)->record);
    }

    void theRecordsSchemaComesBeforeWhatIsWrittenIntoIt()
    {
        const QList<ChangeStep> first = planSteps(sampleChange(), untouchedFacts(), {});
        const ChangeStep *e1 = findStep(first, StepId::E1);
        QCOMPARE(e1->groups.size(), 2);
        QVERIFY(e1->groups[0].statements.first().startsWith(QLatin1String("CREATE SCHEMA")));
        QVERIFY(e1->groups[0].locks.isEmpty());
        const QList<ChangeStep> later = planSteps(sampleChange(), expandedFacts(), {});
        QCOMPARE(findStep(later, StepId::E1)->groups.size(), 1);
    }

    void locksAndClassesAreThoseOfTheFactsDocument_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<LockMode>("lock");
        QTest::addColumn<LockClass>("lockClass");
        const auto row = [](const char *word, LockMode lock, LockClass lockClass) {
            QTest::newRow(word) << QString::fromLatin1(word) << lock << lockClass;
        };
        row("E1", LockMode::AccessExclusive, LockClass::Short);
        row("E2", LockMode::ShareRowExclusive, LockClass::Short);
        row("M2", LockMode::RowExclusive, LockClass::Batch);
        row("M3", LockMode::RowExclusive, LockClass::Batch);
        row("M4", LockMode::ShareUpdateExclusive, LockClass::Long);
        row("M5", LockMode::ShareUpdateExclusive, LockClass::Long);
        row("C1", LockMode::AccessExclusive, LockClass::Short);
        row("C2", LockMode::ShareUpdateExclusive, LockClass::Long);
        row("C3", LockMode::AccessExclusive, LockClass::Short);
        row("C4", LockMode::AccessExclusive, LockClass::Short);
        row("C5", LockMode::AccessExclusive, LockClass::Short);
    }

    void locksAndClassesAreThoseOfTheFactsDocument()
    {
        QFETCH(QString, word);
        QFETCH(LockMode, lock);
        QFETCH(LockClass, lockClass);
        const QList<ChangeStep> steps = planSteps(sampleChange(), expandedFacts(), {});
        const ChangeStep *step = findStep(steps, *stepOfWord(word));
        QCOMPARE(step->groups.last().locks.first().mode, lock);
        QCOMPARE(step->groups.last().locks.first().table, sampleChange().table);
        QCOMPARE(step->groups.last().lockClass, lockClass);
        QVERIFY(!step->blocks.isEmpty() && !step->duration.isEmpty() && !step->undo.words.isEmpty()
                && !step->breaksWords.isEmpty() && !step->proof.isEmpty());
    }

    void shortStatementsWaitASecondAndLongOnesForEver()
    {
        const StatementGroup shortOne{LockClass::Short, {QStringLiteral("A")}, {}, {}};
        QCOMPARE(wrapped(shortOne).join(u';'),
                 QStringLiteral("BEGIN;SET LOCAL lock_timeout = '1s';SET LOCAL statement_timeout = "
                                "'5s';A;COMMIT"));
        const StatementGroup longOne{LockClass::Long, {QStringLiteral("A")}, {}, {}};
        QCOMPARE(wrapped(longOne).join(u';'),
                 QStringLiteral("SET lock_timeout = 0;SET statement_timeout = 0;A"));
    }

    void anInvalidLeftoverIsDroppedFirst()
    {
        Facts facts = migratedFacts();
        facts.index->valid = false;
        const QList<ChangeStep> steps = planSteps(sampleChange(), facts, {});
        const StatementGroup group = findStep(steps, StepId::M4)->groups.first();
        QCOMPARE(group.statements.size(), 2);
        QVERIFY(group.statements.first().startsWith(QLatin1String("DROP INDEX CONCURRENTLY")));
        facts.index->building = true; // somebody else's build is not ours to drop
        const QList<ChangeStep> building = planSteps(sampleChange(), facts, {});
        QCOMPARE(findStep(building, StepId::M4)->groups.first().statements.size(), 1);
    }

    void withoutAnIndexThereIsNoSuchStep()
    {
        Change change = sampleChange();
        change.index.clear();
        QVERIFY(!findStep(planSteps(change, migratedFacts(), {}), StepId::M4));
    }

    void codeIsReadyWhenEveryPlaceIs()
    {
        using R = RevisionReadiness;
        const CommitId good(QStringLiteral("9f3c2a1aaaa"));
        const CommitId old(QStringLiteral("4be81c0aaaa"));
        const auto e3 = [](const QList<R> &readiness) {
            return *findStep(planSteps(sampleChange(), expandedFacts(), readiness), StepId::E3);
        };
        QCOMPARE(e3({}).state, State::Open);
        const R ready{QStringLiteral("standalone"), good, R::State::Ready, {}, R::Role::Traffic};
        const R worker{QStringLiteral("worker"), old, R::State::NotReady, {}, R::Role::Worker};
        const R unknown{QStringLiteral("cron"), {}, R::State::CannotTell, {}, R::Role::Worker};
        QCOMPARE(e3({ready, ready}).state, State::Done);
        QCOMPARE(e3({ready, worker}).state, State::Open);
        QCOMPARE(e3({ready, worker}).proof, QStringLiteral("4be81c0 NOT READY · 9f3c2a1 ready"));
        QCOMPARE(e3({unknown}).state, State::Open);
    }

    void theMarkerIsTakenOffOnlyIfItIsOurs()
    {
        const auto last = [](const Facts &facts) {
            const QList<ChangeStep> steps = planSteps(sampleChange(), facts, {});
            return findStep(steps, StepId::C5)->groups.last().statements.last();
        };
        QVERIFY(last(contractedFacts()).startsWith(QLatin1String("COMMENT ON COLUMN")));
        Facts facts = contractedFacts();
        facts.column->comment = QStringLiteral("the tenant; see the wiki");
        QVERIFY(last(facts).startsWith(QLatin1String("DROP FUNCTION")));
    }

    void onlyTheDropOfTheColumnLosesData()
    {
        for (const ChangeStep &step : planSteps(sampleChange(), migratedFacts(), {}))
            QCOMPARE(step.undo.losesData, step.id == StepId::E1);
    }

    void onlyC5BreaksCodeThatIsNotReady()
    {
        for (const ChangeStep &step : planSteps(sampleChange(), migratedFacts(), {})) {
            QCOMPARE(step.breaks == ChangeStep::Breaks::CodeNotReady, step.id == StepId::C5);
            QCOMPARE(step.breaks == ChangeStep::Breaks::WritersWithoutTrigger,
                     step.id >= StepId::C1 && step.id <= StepId::C4);
        }
    }

    void everyStatementIsListedForThePerson()
    {
        const QList<ChangeStep> steps = planSteps(sampleChange(), untouchedFacts(), {});
        const QList<PlannedCall> calls = callsOf({*findStep(steps, StepId::E1)});
        QCOMPARE(calls.size(), 2);
        QVERIFY(calls[1].summary.startsWith(QLatin1String("E1  ALTER TABLE")));
        QVERIFY(calls[1].exact.startsWith(QLatin1String("BEGIN;")));
        QVERIFY(calls[1].exact.contains(QLatin1String("pilothouse.change")));
        QCOMPARE(calls[1].language, PlannedCall::Language::Sql);
    }
};

QTEST_GUILESS_MAIN(StepsTest)
#include "steps_test.moc"
