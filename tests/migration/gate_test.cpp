#include "migration/gate.h"
#include "migration/samplechange.h"

#include <QTest>

#include <functional>

using namespace pilothouse;

class GateTest : public QObject
{
    Q_OBJECT

private:
    using R = RevisionReadiness;

    struct World
    {
        Change change = sampleChange();
        Facts facts = migratedFacts();
        QList<R> readiness{ready()};
        GateContext context{QStringLiteral("context"), {}, {}, false, {}};
    };

    static R ready()
    {
        return {QStringLiteral("standalone"),
                CommitId(QStringLiteral("9f3c2a1bbbb")),
                R::State::Ready,
                {},
                R::Role::Traffic};
    }
    static R old(const char *where, R::Role role)
    {
        return {QString::fromLatin1(where), CommitId(QStringLiteral("4be81c0bbbb")),
                R::State::NotReady, QStringLiteral("contract_ready: false"), role};
    }
    static Permission ask(const World &world, StepId step)
    {
        return mayRun(step, world.change, world.facts,
                      planSteps(world.change, world.facts, world.readiness), world.readiness,
                      world.context);
    }
    static Permission askUndo(const World &world, StepId step)
    {
        return mayUndo(step, world.change, world.facts,
                       planSteps(world.change, world.facts, world.readiness), world.readiness,
                       world.context);
    }
    static QStringList blocks(const Permission &may)
    {
        QStringList texts;
        for (const Reason &reason : may.reasons) {
            if (reason.kind == Reason::Kind::Blocks)
                texts << reason.text;
        }
        return texts;
    }

    struct Case
    {
        const char *name;
        StepId step;
        std::function<void(World &)> edit;
        const char *words; ///< of the one reason that blocks; empty = allowed
    };
    static const QList<Case> &cases()
    {
        using enum StepId;
        static const QList<Case> list{
            {"CONTRACT with everything well", C1, [](World &) {}, ""},
            {"CONTRACT while NULLs remain", C1, [](World &w) { w.facts.nulls->rows = 790'112; },
             "790,112 NULL, counted 0 s ago"},
            {"CONTRACT with a bounded count", C1,
             [](World &w) {
                 w.facts.nulls = NullCount{NullCount::Kind::AtLeast, 10'001, sampleNow(), {}};
             },
             "10,001 or more NULL, counted 0 s ago"},
            {"CONTRACT while nobody knows which code runs", C1,
             [](World &w) { w.readiness.clear(); }, "not known which code runs"},
            {"CONTRACT with an old worker", C1,
             [](World &w) { w.readiness << old("celery worker", R::Role::Worker); },
             "celery worker 4be81c0 is not ready (contract_ready: false)"},
            {"CONTRACT with an old revision under traffic", C1,
             [](World &w) { w.readiness << old("coditect", R::Role::Traffic); },
             "coditect 4be81c0 can receive traffic and is not ready"},
            {"CONTRACT with a way back that is not retired", C1,
             [](World &w) { w.readiness << old("standalone", R::Role::WayBack); },
             "standalone 4be81c0 is a way back, not ready and not retired"},
            {"CONTRACT with an unknown commit", C1,
             [](World &w) {
                 w.readiness << R{QStringLiteral("cron"),
                                  {},
                                  R::State::CannotTell,
                                  QStringLiteral("no label"),
                                  R::Role::Worker};
             },
             "cron unknown commit cannot be told to be ready (no label)"},
            {"CONTRACT three seconds after an old insert", C1,
             [](World &w) {
                 w.change.soak = std::chrono::seconds(0);
                 w.facts.oldWriters = {{QStringLiteral("context-worker/4be81c0"),
                                        QStringLiteral("INSERT"), 9, sampleNow().addSecs(-3)}};
             },
             "context-worker/4be81c0 inserted without organization_id 3 s ago"},
            {"CONTRACT without soak, long after an old insert", C1,
             [](World &w) {
                 w.change.soak = std::chrono::seconds(0);
                 w.facts.oldWriters = {{QStringLiteral("context-worker/4be81c0"),
                                        QStringLiteral("INSERT"), 9, sampleNow().addSecs(-30)}};
             },
             ""},
            {"CONTRACT within the soak of an old insert", C1,
             [](World &w) {
                 w.facts.oldWriters = {{QStringLiteral("context-worker/4be81c0"),
                                        QStringLiteral("INSERT"), 9, sampleNow().addDays(-2)}};
             },
             "context-worker/4be81c0 inserted without organization_id 2 d ago"},
            {"CONTRACT after an old UPDATE", C1,
             [](World &w) {
                 w.facts.oldWriters
                     = {{QStringLiteral("report"), QStringLiteral("UPDATE"), 9, sampleNow()}};
             },
             ""},
            {"CONTRACT before the soak is over", C1,
             [](World &w) { w.facts.backfill->finishedAt = sampleNow().addDays(-1); },
             "soaking for 2 d more"},
            {"CONTRACT while old writers are watched for since too short a time", C1,
             [](World &w) { w.facts.steps.last().at = sampleNow().addSecs(-300); },
             "old writers: none seen, but watched for only since 5 min ago"},
            {"CONTRACT of what another program filled in, watched for five minutes", C1,
             [](World &w) {
                 w.facts.backfill.reset();
                 w.facts.steps.last().at = sampleNow().addSecs(-300);
             },
             "watched for only since 5 min ago"},
            {"CONTRACT after the trigger was made anew", C1,
             [](World &w) {
                 StepRecord again = w.facts.steps.last();
                 again.at = sampleNow().addDays(-1);
                 w.facts.steps.append(again);
             },
             "watched for only since 24 h ago"},
            {"CONTRACT where nobody noted since when old writers are watched for", C1,
             [](World &w) { w.facts.steps.clear(); }, ""},
            {"CONTRACT with an invalid index", C1, [](World &w) { w.facts.index->valid = false; },
             "M4 index comes first"},
            {"CONTRACT on a standby", C1, [](World &w) { w.facts.server.standby = true; },
             "this server is a standby"},
            {"CONTRACT under row security", C1,
             [](World &w) { w.facts.table->rowSecurityActive = true; }, "row security hides"},
            {"a step of a login that does not own the table", E1,
             [](World &w) {
                 w.facts = untouchedFacts();
                 w.facts.table->isOwner = false;
             },
             "migrator does not own public.conversations"},
            {"a step on a table that is not there", E1,
             [](World &w) {
                 w.facts = untouchedFacts();
                 w.facts.table.reset();
             },
             "there is no table public.conversations"},
            {"EXPAND with nothing in the way", E1, [](World &w) { w.facts = untouchedFacts(); },
             ""},
            {"EXPAND does not ask about code", E1,
             [](World &w) {
                 w.facts = untouchedFacts();
                 w.readiness = {old("standalone", R::Role::Traffic)};
             },
             ""},
            {"a trigger from a table that cannot be read", E2,
             [](World &w) {
                 w.facts = expandedFacts();
                 w.facts.trigger = false;
                 w.facts.sourceTable = false;
             },
             "public.users cannot be read"},
            {"a backfill before its trigger", M2,
             [](World &w) {
                 w.facts = expandedFacts();
                 w.facts.trigger = false;
             },
             "E2 sync trigger comes first"},
            {"a backfill before the code is ready", M2,
             [](World &w) {
                 w.facts = expandedFacts();
                 w.readiness = {old("standalone", R::Role::Traffic)};
             },
             ""},
            {"a backfill of a table with a compound key", M2,
             [](World &w) {
                 w.facts = expandedFacts();
                 w.facts.table->key.reset();
             },
             "no primary key of one column"},
            {"a backfill that runs elsewhere", M2,
             [](World &w) {
                 w.facts = migratingFacts();
                 w.facts.backfill->runnerAlive = true;
             },
             "runs in another console (pid 4711)"},
            {"a backfill that was left alone", M2, [](World &w) { w.facts = migratingFacts(); },
             ""},
            {"a sweep again after late NULLs", M3, [](World &w) { w.facts.nulls->rows = 7; }, ""},
            {"a step that is done", M4, [](World &) {}, "M4 is done: index is valid"},
            {"a phase that Alembic does", E1,
             [](World &w) {
                 w.facts = untouchedFacts();
                 w.change.tools[ChangePhase::Expand]
                     = {QStringLiteral("alembic"), QStringLiteral("0001_add_org")};
             },
             "alembic does this phase, revision 0001_add_org"},
            {"a step of a read-only console", C1, [](World &w) { w.context.readOnly = true; },
             "started read-only"},
            {"a step on a lost database", C1,
             [](World &w) { w.context.lostSince = QStringLiteral("14:02 UTC"); },
             "context cannot be read since 14:02 UTC"},
            {"a step while another runs", C1,
             [](World &w) { w.context.running = QStringLiteral("M2"); }, "M2 is running"},
            {"a step on a drifted column", E2,
             [](World &w) {
                 w.facts = expandedFacts();
                 w.facts.trigger = false;
                 w.facts.column->typeMatches = false;
                 w.facts.column->type = QStringLiteral("text");
             },
             "DRIFT: public.conversations.organization_id is text"},
            {"code from here", E3, [](World &) {}, "code is brought by the tracks"},
            {"the last step", C5, [](World &w) { w.facts = contractedFacts(); }, ""},
            {"the last step a day after NOT NULL", C5,
             [](World &w) {
                 w.facts = contractedFacts();
                 w.facts.steps.last().at = sampleNow().addDays(-1);
             },
             "soaking for 2 d more since NOT NULL holds"},
            {"the last step with an old worker", C5,
             [](World &w) {
                 w.facts = contractedFacts();
                 w.readiness << old("celery worker", R::Role::Worker);
             },
             "celery worker 4be81c0 is not ready"},
        };
        return list;
    }

private Q_SLOTS:
    void refusesForTheOneReason_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name) << i;
    }

    void refusesForTheOneReason()
    {
        QFETCH(int, number);
        const Case &test = cases()[number];
        World world;
        test.edit(world);
        const Permission may = ask(world, test.step);
        const QString words = QString::fromLatin1(test.words);
        if (words.isEmpty()) {
            QVERIFY2(may.allowed(), qPrintable(blocks(may).join(u'\n')));
            return;
        }
        bool found = false;
        for (const Reason &reason : may.reasons) {
            if (reason.kind != Reason::Kind::Blocks || !reason.text.contains(words))
                continue;
            found = true;
            // What is done needs no settling; everything else says how.
            QVERIFY2(!reason.settle.isEmpty() || reason.text.contains(QLatin1String("is done")),
                     qPrintable(reason.text));
        }
        QVERIFY2(found, qPrintable(blocks(may).join(u'\n')));
        // Drift of a column and an index step bring a second, related sentence with them.
        QVERIFY2(blocks(may).size() <= 2, qPrintable(blocks(may).join(u'\n')));
    }

    void tellsEveryReasonAtOnce()
    {
        World world;
        world.facts = migratingFacts();
        world.facts.oldWriters = {{QStringLiteral("context-worker/4be81c0"),
                                   QStringLiteral("INSERT"), 9, sampleNow().addSecs(-3)}};
        world.readiness << old("celery worker", R::Role::Worker)
                        << old("standalone", R::Role::WayBack) << old("coditect", R::Role::WayBack);
        const QStringList texts = blocks(ask(world, StepId::C1));
        for (const char *words :
             {"M2 backfill comes first", "790,112 NULL", "celery worker 4be81c0 is not ready",
              "standalone 4be81c0 is a way back", "coditect 4be81c0 is a way back",
              "context-worker/4be81c0 inserted without organization_id 3 s ago",
              "index idx_conversations_org is missing"}) {
            QVERIFY2(texts.filter(QLatin1String(words)).size() == 1, words);
        }
    }

    void aBackfillThatRunsHereIsNoOtherConsoles()
    {
        World world;
        world.facts = migratingFacts();
        world.facts.backfill->runnerAlive = true;
        QCOMPARE(blocks(ask(world, StepId::M2)).filter(QStringLiteral("another console")).size(),
                 1);
        world.context.running = QStringLiteral("M2");
        QCOMPARE(blocks(ask(world, StepId::M2)), QStringList{QStringLiteral("M2 is running")});
    }

    void whatSpeaksForItIsShownToo()
    {
        World world;
        world.context.age = std::chrono::seconds(40);
        const Permission may = ask(world, StepId::C1);
        QVERIFY(may.allowed());
        QStringList texts;
        for (const Reason &reason : may.reasons)
            texts << reason.text;
        QVERIFY(texts.contains(QStringLiteral("0 NULL, counted 40 s ago with row_security = off")));
        QVERIFY(texts.contains(QStringLiteral("ready: standalone 9f3c2a1")));
        QVERIFY(texts.contains(QStringLiteral("old writers: none for 3 d")));
    }

    void whatIsNotRecordedSpeaksNeitherForNorAgainst()
    {
        World world;
        world.facts.steps.clear();
        const Permission may = ask(world, StepId::C1);
        QCOMPARE(may.count(Reason::Kind::Unknown), 1);
        QVERIFY(std::none_of(may.reasons.begin(), may.reasons.end(), [](const Reason &reason) {
            return reason.kind == Reason::Kind::For
                   && reason.text.startsWith(QLatin1String("old writers"));
        }));
    }

    void agesGrowWithTheFacts()
    {
        World world;
        world.change.soak = std::chrono::seconds(0);
        world.facts.oldWriters
            = {{QStringLiteral("worker"), QStringLiteral("INSERT"), 9, sampleNow().addSecs(-4)}};
        QVERIFY(!ask(world, StepId::C1).allowed());
        world.context.age = std::chrono::seconds(2);
        QVERIFY(ask(world, StepId::C1).allowed());
    }

    void aCountThatWasNotPossibleIsUnknownAndNotZero()
    {
        World world;
        world.facts.nulls = NullCount{NullCount::Kind::Unknown, 0, {}, QStringLiteral("too long")};
        // Swept to zero before, and C2 proves it: shown as unknown, but not in the way.
        const Permission swept = ask(world, StepId::C1);
        QVERIFY(swept.allowed());
        QCOMPARE(swept.count(Reason::Kind::Unknown), 1);
        world.facts.backfill.reset();
        QVERIFY(!ask(world, StepId::C1).allowed());
    }

    void stepsAreTakenBackFromTheEnd_data()
    {
        QTest::addColumn<int>("station");
        QTest::addColumn<QString>("step");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, int station, const char *step, const char *words) {
            QTest::newRow(name) << station << QString::fromLatin1(step)
                                << QString::fromLatin1(words);
        };
        row("nothing done", 0, "E1", "E1 is not done");
        row("the trigger", 1, "E2", "");
        row("the column before its trigger", 1, "E1", "E2 has to be taken back first");
        row("the index", 2, "M4", "");
        row("the column under NOT NULL", 3, "E1", "C3 has to be taken back first");
        row("NOT NULL", 3, "C3", "");
        row("NOT NULL after the trigger is gone", 4, "C3", "C5 has to be taken back first");
        row("the drop of the trigger", 4, "C5", "");
        row("a guard that is not there", 3, "C1", "C1 is not done");
        row("a backfill", 2, "M2", "nothing to take back");
    }

    void stepsAreTakenBackFromTheEnd()
    {
        QFETCH(int, station);
        QFETCH(QString, step);
        QFETCH(QString, words);
        World world;
        world.readiness = {old("standalone", R::Role::Traffic)};
        const Facts stations[] = {untouchedFacts(), expandedFacts(), migratedFacts(),
                                  contractedFacts(), cleanedFacts()};
        world.facts = stations[station];
        const Permission may = askUndo(world, *stepOfWord(step));
        if (words.isEmpty())
            QVERIFY2(may.allowed(), qPrintable(blocks(may).join(u'\n')));
        else
            QVERIFY2(blocks(may).join(u'\n').contains(words), qPrintable(blocks(may).join(u'\n')));
    }

    void theColumnStaysWhileCodeWritesIt()
    {
        World world;
        world.facts = expandedFacts();
        world.facts.trigger = false;
        const QStringList texts = blocks(askUndo(world, StepId::E1));
        QCOMPARE(texts, QStringList{QStringLiteral("standalone 9f3c2a1 writes organization_id")});
        world.readiness = {old("standalone", R::Role::Traffic)};
        const Permission may = askUndo(world, StepId::E1);
        QVERIFY(may.allowed());
        QCOMPARE(may.count(Reason::Kind::Against), 1); // data is lost: a reason is asked for
    }
};

QTEST_GUILESS_MAIN(GateTest)
#include "gate_test.moc"
