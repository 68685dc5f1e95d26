#include "action/actionrunner.h"
#include "action/outcomewords.h"
#include "action/settle.h"
#include "action/settling.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"

#include <QPromise>
#include <QtTest>

#include <memory>

using namespace pilothouse;

namespace {

Intent promotion()
{
    Intent intent;
    intent.subject = QStringLiteral("standalone");
    intent.verb = QStringLiteral("promote");
    intent.body = {{QStringLiteral("to"), 50}};
    return intent;
}

Outcome made(Outcome::Kind kind, const QString &text = QStringLiteral("accepted"))
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    return outcome;
}

/// An effect that a test ends when it likes.
struct Effect
{
    std::shared_ptr<QPromise<Outcome>> promise;
    int started = 0;
    IntentId id;

    ActionRunner::Effect function()
    {
        return [this](const IntentId &intent) {
            ++started;
            id = intent;
            promise = std::make_shared<QPromise<Outcome>>();
            promise->start();
            return promise->future();
        };
    }
    void end(const Outcome &outcome)
    {
        promise->addResult(outcome);
        promise->finish();
    }
};

const Error diskFull{ErrorKind::Unavailable, QStringLiteral("disk full"), {}, {}};

/// Enough for a journal in memory; people wait no longer than a second.
constexpr std::chrono::milliseconds patience{40};
static_assert(ActionRunner::journalPatience <= std::chrono::seconds(1));

/// Records of one kind have no answer until the test lets the journal answer.
struct HangingJournal
{
    explicit HangingJournal(RecordKind kind) { journal.hold(kind); }

    MemoryJournal journal;
    ActionRunner runner{journal, QStringLiteral("A. Muster"), nullptr, patience};
    Effect effect;
};

} // namespace

class TestAction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theIntentIsWrittenBeforeTheEffectAndTheOutcomeAfter()
    {
        MemoryJournal journal;
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect effect;
        int recordsAtStart = 0;
        const auto wrapped = [&](const IntentId &id) {
            recordsAtStart = int(journal.records(RecordKind::Intent).size());
            return effect.function()(id);
        };
        const QFuture<Outcome> done = runner.run(promotion(), wrapped);
        QCOMPARE(recordsAtStart, 1);
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 0);
        QVERIFY(!done.isFinished());
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Done);

        const Record intent = journal.records(RecordKind::Intent).first();
        QCOMPARE(intent.actor, QStringLiteral("A. Muster"));
        QCOMPARE(intent.subject, QStringLiteral("standalone"));
        QCOMPARE(intent.body[QLatin1String("verb")].toString(), QStringLiteral("promote"));
        QCOMPARE(intent.body[QLatin1String("to")].toInt(), 50);
        QCOMPARE(intent.id, effect.id);
        const Record outcome = journal.records(RecordKind::Outcome).first();
        QCOMPARE(outcome.id, intent.id);
        QCOMPARE(outcomeOf(outcome).kind, Outcome::Kind::Done);
        QCOMPARE(outcomeOf(outcome).text, QStringLiteral("accepted"));
    }

    void aSecondOneInTheSameLaneIsRefused()
    {
        MemoryJournal journal;
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect first;
        Effect second;
        const auto running = runner.run(promotion(), first.function());
        QVERIFY(runner.busy(QStringLiteral("standalone")));
        const auto refused = runner.run(promotion(), second.function());
        QVERIFY(refused.isFinished());
        QCOMPARE(refused.result().kind, Outcome::Kind::Refused);
        QCOMPARE(second.started, 0);
        QCOMPARE(journal.records(RecordKind::Intent).size(), 1);
        first.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(running.isFinished());
        QVERIFY(!runner.busy(QStringLiteral("standalone")));
    }

    void aRollbackDoesNotWaitForAPromotionThatHangs()
    {
        MemoryJournal journal;
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect hanging;
        Effect rollback;
        const auto running = runner.run(promotion(), hanging.function());
        Intent back = promotion();
        back.lane = QStringLiteral("standalone/rollback");
        const auto done = runner.run(back, rollback.function(), ActionRunner::WithoutJournal::Go);
        QCOMPARE(rollback.started, 1);
        rollback.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QVERIFY(!running.isFinished());
        QVERIFY(runner.busy(QStringLiteral("standalone")));
    }

    void withoutAJournalAPromotionIsRefused()
    {
        MemoryJournal journal;
        journal.failWith(diskFull);
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect effect;
        const auto done = runner.run(promotion(), effect.function());
        QVERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Refused);
        QVERIFY(done.result().text.contains(QStringLiteral("disk full")));
        QCOMPARE(effect.started, 0);
        QVERIFY(!runner.busy(QStringLiteral("standalone")));
    }

    void withoutAJournalARollbackGoesOnAndSaysSo()
    {
        MemoryJournal journal;
        journal.failWith(diskFull);
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect effect;
        const auto done
            = runner.run(promotion(), effect.function(), ActionRunner::WithoutJournal::Go);
        QCOMPARE(effect.started, 1);
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Done);
        QVERIFY(done.result().text.contains(QStringLiteral("disk full")));
        QCOMPARE(runner.unrecorded().size(), 2);
        QCOMPARE(runner.unrecorded()[0].kind, RecordKind::Intent);
        QCOMPARE(runner.unrecorded()[1].kind, RecordKind::Outcome);
        QCOMPARE(runner.unrecorded()[0].id, runner.unrecorded()[1].id);
    }

    void anOutcomeThatCannotBeWrittenIsKeptAndSaid()
    {
        MemoryJournal journal;
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect effect;
        const auto done = runner.run(promotion(), effect.function());
        journal.failWith(diskFull);
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Done);
        QVERIFY(done.result().text.contains(QStringLiteral("disk full")));
        QCOMPARE(runner.unrecorded().size(), 1);
    }

    void aRollbackWaitsForAJournalThatHangsNoLongerThanItsPatience()
    {
        HangingJournal hanging(RecordKind::Intent);
        auto &[journal, runner, effect] = hanging;
        const auto done
            = runner.run(promotion(), effect.function(), ActionRunner::WithoutJournal::Go);
        QCOMPARE(effect.started, 0);
        QTRY_COMPARE(effect.started, 1);
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Done);
        QCOMPARE(done.result().text,
                 QStringLiteral("accepted (Not recorded: the journal gave no answer)"));
        QCOMPARE(runner.unrecorded().size(), 2);
        QVERIFY(!runner.busy(QStringLiteral("standalone")));
        QVERIFY(journal.records(RecordKind::Outcome).isEmpty());
        // It answers after all: nothing is missing in it then.
        journal.answer();
        QTRY_COMPARE(journal.records(RecordKind::Outcome).size(), 1);
        QCOMPARE(outcomeOf(journal.records(RecordKind::Outcome).first()).text,
                 QStringLiteral("accepted"));
        QTRY_VERIFY(runner.unrecorded().isEmpty());
        QCOMPARE(effect.started, 1);
    }

    void anIntentThatIsRecordedWhileItsEffectRunsHasItsOutcomeAsEver()
    {
        HangingJournal hanging(RecordKind::Intent);
        auto &[journal, runner, effect] = hanging;
        const auto done
            = runner.run(promotion(), effect.function(), ActionRunner::WithoutJournal::Go);
        QTRY_COMPARE(effect.started, 1);
        journal.answer();
        QTRY_VERIFY(runner.unrecorded().isEmpty());
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().text, QStringLiteral("accepted"));
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 1);
    }

    void aPromotionWaitsForAJournalThatHangs()
    {
        HangingJournal hanging(RecordKind::Intent);
        auto &[journal, runner, effect] = hanging;
        const auto done = runner.run(promotion(), effect.function());
        // One that does not wait, pressed after it, has begun when its own patience is over.
        Effect rollback;
        Intent elsewhere = promotion();
        elsewhere.subject = QStringLiteral("coditect");
        const auto back
            = runner.run(elsewhere, rollback.function(), ActionRunner::WithoutJournal::Go);
        QTRY_COMPARE(rollback.started, 1);
        QCOMPARE(effect.started, 0);
        journal.answer();
        QTRY_COMPARE(effect.started, 1);
    }

    void aPromotionWhoseRecordDoesNotComeIsRefusedAndNeverBegun()
    {
        MemoryJournal journal;
        journal.hold(RecordKind::Intent);
        ActionRunner runner(journal, QStringLiteral("A. Muster"), nullptr, patience, patience);
        Effect effect;
        const auto done = runner.run(promotion(), effect.function());
        QVERIFY(!done.isFinished());
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Refused);
        QCOMPARE(done.result().text,
                 QStringLiteral("Nothing was done, because it cannot be recorded: the journal gave "
                                "no answer for 0.04 s. See that the disk with the journal's folder "
                                "answers, then try again."));
        QVERIFY(!runner.busy(QStringLiteral("standalone")));
        QVERIFY(runner.unrecorded().isEmpty());
        QVERIFY(journal.records(RecordKind::Outcome).isEmpty());
        // The record is written after all: it does not stay open, and nothing begins.
        journal.answer();
        QTRY_COMPARE(journal.records(RecordKind::Outcome).size(), 1);
        const Record late = journal.records(RecordKind::Outcome).first();
        QCOMPARE(late.id, journal.records(RecordKind::Intent).first().id);
        QCOMPARE(outcomeOf(late).kind, Outcome::Kind::Refused);
        QCOMPARE(outcomeOf(late).text,
                 QStringLiteral("Not begun: its record took longer than 0.04 s to be written."));
        QCOMPARE(effect.started, 0);
        QVERIFY(runner.unrecorded().isEmpty());
    }

    void anOutcomeIsToldThoughTheJournalHangs()
    {
        HangingJournal hanging(RecordKind::Outcome);
        auto &[journal, runner, effect] = hanging;
        const auto done = runner.run(promotion(), effect.function());
        effect.end(made(Outcome::Kind::Done));
        QVERIFY(!done.isFinished());
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().text,
                 QStringLiteral("accepted (Not recorded: the journal gave no answer)"));
        QCOMPARE(runner.unrecorded().size(), 1);
        journal.answer();
        QTRY_VERIFY(runner.unrecorded().isEmpty());
    }

    void anEffectThatIsGivenUpEndsAsUnknown()
    {
        MemoryJournal journal;
        ActionRunner runner(journal, QStringLiteral("A. Muster"));
        Effect effect;
        const auto done = runner.run(promotion(), effect.function());
        effect.promise.reset();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Outcome::Kind::Unknown);
        QCOMPARE(outcomeOf(journal.records(RecordKind::Outcome).first()).kind,
                 Outcome::Kind::Unknown);
    }

    void anAnswerAfterTheRunnerIsGoneIsHarmless()
    {
        MemoryJournal journal;
        Effect effect;
        QFuture<Outcome> done;
        {
            ActionRunner runner(journal, QStringLiteral("A. Muster"));
            done = runner.run(promotion(), effect.function());
        }
        effect.end(made(Outcome::Kind::Done));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.resultCount(), 0);
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 0);
    }

    void errorsMeanOutcomes_data()
    {
        QTest::addColumn<ErrorKind>("error");
        QTest::addColumn<Outcome::Kind>("outcome");
        QTest::addColumn<bool>("open");
        const auto row = [](const char *name, ErrorKind error, Outcome::Kind outcome, bool open) {
            QTest::newRow(name) << error << outcome << open;
        };
        row("somebody else was first", ErrorKind::Conflict, Outcome::Kind::Conflict, false);
        row("a rule of ours says no", ErrorKind::Refused, Outcome::Kind::Refused, false);
        row("no answer may mean done", ErrorKind::TimedOut, Outcome::Kind::Unknown, true);
        row("no right means not done", ErrorKind::NotAllowed, Outcome::Kind::Failed, false);
        row("a broken connection may mean done", ErrorKind::Unavailable, Outcome::Kind::Failed,
            true);
        row("so may an answer of something else", ErrorKind::Malformed, Outcome::Kind::Failed,
            true);
    }
    void errorsMeanOutcomes()
    {
        QFETCH(ErrorKind, error);
        QFETCH(Outcome::Kind, outcome);
        QFETCH(bool, open);
        const Error failed{error, QStringLiteral("m"), {}, {}};
        QCOMPARE(outcomeOf(failed).kind, outcome);
        QCOMPARE(mayBeDone(failed), open);
    }

    void kindsKeepTheirSpelling()
    {
        for (const auto kind : {Outcome::Kind::Done, Outcome::Kind::Failed, Outcome::Kind::Refused,
                                Outcome::Kind::Conflict, Outcome::Kind::Unknown}) {
            QCOMPARE(outcomeKind(outcomeKey(kind)), kind);
        }
        QCOMPARE(outcomeKind(QStringLiteral("something newer")), Outcome::Kind::Unknown);
    }

    void orphansAreSettledByWhoKnowsThem()
    {
        MemoryJournal journal;
        addOrphan(journal, QStringLiteral("i1"), QStringLiteral("standalone"));
        addOrphan(journal, QStringLiteral("i2"), QStringLiteral("gone"));
        Settler settler(journal, QStringLiteral("A. Muster"));
        QSignalSpy told(&settler, &Settler::settled);
        QStringList looked;
        settler.add(
            [](const Record &intent) { return intent.subject == QLatin1String("standalone"); },
            [&looked](const Record &intent) {
                looked.append(intent.id.value);
                QPromise<Outcome> promise;
                promise.start();
                promise.addResult(made(Outcome::Kind::Done, QStringLiteral("50 % is asked")));
                promise.finish();
                return promise.future();
            });
        const auto done = settler.settle();
        QTRY_VERIFY(done.isFinished());
        QVERIFY(done.result());
        QCOMPARE(done.result()->size(), 2);
        QCOMPARE(looked, QStringList{QStringLiteral("i1")});
        QCOMPARE((*done.result())[0].outcome.kind, Outcome::Kind::Done);
        QCOMPARE((*done.result())[1].outcome.kind, Outcome::Kind::Unknown);
        QCOMPARE(told.size(), 2);
        const QList<Record> outcomes = journal.records(RecordKind::Outcome);
        QCOMPARE(outcomes.size(), 2);
        QCOMPARE(outcomes[0].id, IntentId(QStringLiteral("i1")));
        QVERIFY(outcomes[0].body.contains(QLatin1String("settled")));
        QCOMPARE(settler.settle().result()->size(), 0);
    }

    void whatComesLaterIsLookedAtAgain()
    {
        MemoryJournal journal;
        FakeClock clock;
        addOrphan(journal, QStringLiteral("i1"), QStringLiteral("standalone"));
        Settler settler(journal, QStringLiteral("A. Muster"));
        int looks = 0;
        settler.add([](const Record &) { return true; },
                    [&looks](const Record &) {
                        QPromise<Outcome> promise;
                        promise.start();
                        promise.addResult(++looks < 3 ? unseen(QStringLiteral("not yet"))
                                                      : made(Outcome::Kind::Done));
                        promise.finish();
                        return promise.future();
                    });
        Settling settling(settler, clock);
        QVERIFY(!settling.hasLooked());
        settling.start();
        QTRY_VERIFY(settling.hasLooked());
        QVERIFY(settling.looksAgain());
        QVERIFY(journal.records(RecordKind::Outcome).isEmpty());
        clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(looks, 2);
        clock.advance(std::chrono::seconds(1)); // the second wait is longer
        QCOMPARE(looks, 2);
        clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(looks, 3);
        QTRY_VERIFY(!settling.looksAgain());
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 1);
        clock.advance(std::chrono::minutes(1));
        QCOMPARE(looks, 3);
    }

    void whatCannotBeSeenStaysOpenForTheNextStart()
    {
        MemoryJournal journal;
        addOrphan(journal, QStringLiteral("i1"), QStringLiteral("standalone"));
        addOrphan(journal, QStringLiteral("i2"), QStringLiteral("coditect"));
        Settler settler(journal, QStringLiteral("A. Muster"));
        QSignalSpy told(&settler, &Settler::settled);
        bool away = true;
        settler.add([](const Record &) { return true; },
                    [&away](const Record &intent) {
                        QPromise<Outcome> promise;
                        promise.start();
                        promise.addResult(away && intent.subject == QLatin1String("standalone")
                                              ? unseen(QStringLiteral("Kubernetes is away"))
                                              : made(Outcome::Kind::Done));
                        promise.finish();
                        return promise.future();
                    });
        const auto first = settler.settle();
        QTRY_VERIFY(first.isFinished());
        QCOMPARE(first.result()->size(), 2);
        QCOMPARE((*first.result())[0].outcome.kind, Outcome::Kind::Unknown);
        QCOMPARE((*first.result())[0].outcome.text, QStringLiteral("Kubernetes is away"));
        QCOMPARE(told.size(), 2);
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 1);
        QCOMPARE(journal.records(RecordKind::Outcome).first().id, IntentId(QStringLiteral("i2")));
        away = false;
        const auto second = settler.settle();
        QTRY_VERIFY(second.isFinished());
        QCOMPARE(second.result()->size(), 1);
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 2);
    }

    void settlingStopsWhereNothingCanBeWritten()
    {
        MemoryJournal journal;
        addOrphan(journal, QStringLiteral("i1"), QStringLiteral("standalone"));
        Settler settler(journal, QStringLiteral("A. Muster"));
        std::shared_ptr<QPromise<Outcome>> answer = std::make_shared<QPromise<Outcome>>();
        answer->start();
        settler.add([](const Record &) { return true; },
                    [answer](const Record &) { return answer->future(); });
        const auto done = settler.settle();
        journal.failWith(diskFull);
        answer->addResult(made(Outcome::Kind::Done));
        answer->finish();
        QTRY_VERIFY(done.isFinished());
        QVERIFY(!done.result());
        QCOMPARE(done.result().error().message, QStringLiteral("disk full"));
        QCOMPARE(journal.records(RecordKind::Outcome).size(), 0);
    }

private:
    static void addOrphan(MemoryJournal &journal, const QString &id, const QString &subject)
    {
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(id);
        intent.subject = subject;
        journal.addOrphan(intent);
    }
};

QTEST_GUILESS_MAIN(TestAction)

#include "testaction.moc"
