#include "migration/facts.h"
#include "migration/samplechange.h"

#include <QTest>

#include <functional>

using namespace pilothouse;

class FactsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStateFollowsTheCatalog_data()
    {
        QTest::addColumn<Facts>("facts");
        QTest::addColumn<ChangeState>("state");
        QTest::addColumn<ChangePhase>("phase");
        const auto row
            = [](const char *name, const Facts &from, const std::function<void(Facts &)> &edit,
                 ChangeState state, ChangePhase phase) {
                  Facts facts = from;
                  edit(facts);
                  QTest::newRow(name) << facts << state << phase;
              };
        const auto as = [](Facts &) {
        };
        using enum ChangeState;
        using P = ChangePhase;
        row(
            "no table", untouchedFacts(), [](Facts &f) { f.table.reset(); }, TableMissing,
            P::Expand);
        row("nothing done", untouchedFacts(), as, Planned, P::Expand);
        row(
            "a column of another type is not done", expandedFacts(),
            [](Facts &f) { f.column->typeMatches = false; }, Planned, P::Expand);
        row(
            "column without trigger", expandedFacts(), [](Facts &f) { f.trigger = false; },
            Expanding, P::Expand);
        row("column and trigger", expandedFacts(), as, Expanded, P::Migrate);
        row("backfill under way", migratingFacts(), as, Migrating, P::Migrate);
        row(
            "backfill paused", migratingFacts(),
            [](Facts &f) { f.backfill->state = BackfillRow::State::Paused; }, Paused, P::Migrate);
        row(
            "sweeping", migratingFacts(),
            [](Facts &f) { f.backfill->state = BackfillRow::State::Sweeping; }, Migrating,
            P::Migrate);
        row(
            "backfill failed", migratingFacts(),
            [](Facts &f) { f.backfill->state = BackfillRow::State::Failed; }, Migrating,
            P::Migrate);
        row("swept", migratedFacts(), as, Migrated, P::Contract);
        row(
            "guard not proved", migratedFacts(),
            [](Facts &f) {
                f.guard = GuardFacts{{}, false, true};
            },
            Contracting, P::Contract);
        row(
            "NOT NULL with the guard left", contractedFacts(),
            [](Facts &f) {
                f.guard = GuardFacts{{}, true, true};
            },
            Contracting, P::Contract);
        row("NOT NULL with the trigger left", contractedFacts(), as, Contracted, P::Contract);
        row(
            "NOT NULL with a disabled trigger left", contractedFacts(),
            [](Facts &f) {
                f.trigger = false;
                f.triggerDisabled = true;
            },
            Contracted, P::Contract);
        row("all gone", cleanedFacts(), as, Cleaned, P::Contract);
        row(
            "done by hand, without any record", cleanedFacts(),
            [](Facts &f) {
                f.recordKept = false;
                f.steps.clear();
                f.backfill.reset();
            },
            Cleaned, P::Contract);
    }

    void theStateFollowsTheCatalog()
    {
        QFETCH(Facts, facts);
        QFETCH(ChangeState, state);
        QFETCH(ChangePhase, phase);
        QCOMPARE(stateOf(sampleChange(), facts), state);
        QCOMPARE(phaseOf(sampleChange(), facts), phase);
        QVERIFY(!stateWords(sampleChange(), facts).isEmpty());
    }

    void expandIsDoneWhenBothCodesWork()
    {
        QVERIFY(!expandDone(untouchedFacts()));
        QVERIFY(expandDone(expandedFacts()));
        QVERIFY(expandDone(cleanedFacts()));
        Facts facts = expandedFacts();
        facts.trigger = false;
        QVERIFY(!expandDone(facts));
    }

    void driftIsNamed_data()
    {
        QTest::addColumn<Facts>("facts");
        QTest::addColumn<QString>("words");
        const auto row
            = [](const char *name, const char *words, const std::function<void(Facts &)> &edit) {
                  Facts facts = migratedFacts();
                  edit(facts);
                  QTest::newRow(name) << facts << QString::fromLatin1(words);
              };
        row("nothing", "", [](Facts &) {});
        row("another type", "is text, but the change file says uuid", [](Facts &f) {
            f.column->type = QStringLiteral("text");
            f.column->typeMatches = false;
        });
        row("another guard", "not CHECK (organization_id IS NOT NULL)", [](Facts &f) {
            f.guard = GuardFacts{QStringLiteral("CHECK (true)"), true, false};
        });
        row("another index", "is another one", [](Facts &f) { f.index->matches = false; });
        row("a disabled trigger", "is disabled", [](Facts &f) {
            f.trigger = false;
            f.triggerDisabled = true;
        });
        row("a trigger without its tables", "lacks its tables",
            [](Facts &f) { f.recordKept = false; });
        row("a plan edited after EXPAND", "was edited after EXPAND",
            [](Facts &f) { f.recordedPlanHash = QStringLiteral("0000"); });
    }

    void driftIsNamed()
    {
        QFETCH(Facts, facts);
        QFETCH(QString, words);
        const QStringList drift = driftOf(sampleChange(), facts);
        QCOMPARE(drift.size(), words.isEmpty() ? 0 : 1);
        if (!words.isEmpty())
            QVERIFY2(drift.first().contains(words), qPrintable(drift.first()));
    }

    void aPlanThatWasNeverExpandedMayStillBeEdited()
    {
        Facts facts = untouchedFacts();
        facts.recordedPlanHash = QStringLiteral("0000"); // of an EXPAND that was taken back
        QVERIFY(driftOf(sampleChange(), facts).isEmpty());
    }

    void onlyInsertsStandAgainstContract()
    {
        Facts facts = expandedFacts();
        QVERIFY(!lastOldInsert(facts));
        facts.oldWriters
            = {{QStringLiteral("report"), QStringLiteral("UPDATE"), 3, sampleNow()},
               {QStringLiteral("context-worker/4be81c0"), QStringLiteral("INSERT"), 1'204,
                sampleNow().addSecs(-3)},
               {QStringLiteral("old"), QStringLiteral("INSERT"), 1, sampleNow().addDays(-2)}};
        QCOMPARE(lastOldInsert(facts)->app, QStringLiteral("context-worker/4be81c0"));
    }

    void thePercentageIsNeverOverAHundred()
    {
        Facts facts = migratingFacts();
        QCOMPARE(stateWords(sampleChange(), facts), QStringLiteral("MIGRATE 62 %"));
        facts.backfill->rowsTotal = 100; // an estimate that was too low
        QCOMPARE(stateWords(sampleChange(), facts), QStringLiteral("MIGRATE 100 %"));
        facts.backfill->rowsTotal = 0;
        facts.backfill->rowsScanned = 0;
        QCOMPARE(stateWords(sampleChange(), facts), QStringLiteral("MIGRATE 0 %"));
    }
};

QTEST_GUILESS_MAIN(FactsTest)
#include "facts_test.moc"
