#include "drivenrollout.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

/// What helm's own rollback leaves: a change that names nobody.
TrafficState byHelm(int weight)
{
    return with(traffic(weight, QStringLiteral("2")), [weight](auto &t) {
        WeightChange change;
        change.actor = QStringLiteral("Helm revision 45");
        change.from = Weight{50};
        change.to = Weight{weight};
        change.through = QStringLiteral("helm 45");
        t.changes = {change};
    });
}

} // namespace

class TestRollback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRollbackGivesAllTrafficToTheStableAndHolds()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack();
        QCOMPARE(rollout.state().phase, Phase::RollingBack);
        QCOMPARE(rollout.effects<SetWeight>().first().request.candidate, Weight{0});
        rollout.written(traffic(0, QStringLiteral("2")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        const auto holds = rollout.effects<SetHold>();
        QCOMPARE(holds.size(), 1);
        QCOMPARE(holds[0].hold.commit, CommitId(good));
        QCOMPARE(holds[0].version, QStringLiteral("2"));
        QCOMPARE(rollout.state().phase, Phase::RolledBack);
    }

    void aRollbackIsSentAgainOnAConflictWithTheSameTarget()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::Conflict);
        QVERIFY(!rollout.end());
        QCOMPARE(rollout.effects<Observe>().size(), 1);
        rollout.reads(traffic(10, QStringLiteral("7")));
        const auto again = rollout.effects<SetWeight>();
        QCOMPARE(again.size(), 1);
        QCOMPARE(again[0].request.expectedVersion, QStringLiteral("7"));
        QCOMPARE(again[0].request.candidate, Weight{0});
        rollout.written(traffic(0, QStringLiteral("8")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
    }

    void aRollbackAsksAgainWhenItsTargetChanged()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::Conflict);
        rollout.reads(with(traffic(50, QStringLiteral("7")),
                           [](auto &t) { t.stable->commit = CommitId(other); }));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
        QCOMPARE(rollout.state().phase, Phase::Baking);
    }

    void aRollbackThatSomebodyElseDidIsDone()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::Conflict);
        rollout.reads(traffic(0, QStringLiteral("7")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void aRollbackWhoseAnswerIsLostIsDoneAndHolds()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::TimedOut);
        rollout.reads(byHelm(0));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QCOMPARE(rollout.effects<SetHold>().size(), 1);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void aRollbackThatNobodyAnswersIsDoneIfTheTrafficSaysSo()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().reads(byHelm(0));
        QVERIFY(!rollout.end()); // the answer may still come
        rollout.after(rules().acceptWithin + seconds(1));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        const auto holds = rollout.effects<SetHold>();
        QCOMPARE(holds.size(), 1);
        QCOMPARE(holds[0].hold.commit, CommitId(good));
    }

    void aRollbackThatIsNotAcceptedHoldsAllTheSame()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().reads(with(byHelm(0), [](auto &t) {
            t.accepted.reset();
        }));
        rollout.after(rules().acceptWithin + seconds(1));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
        QCOMPARE(rollout.effects<SetHold>().size(), 1);
    }

    void whereThePersonWantsNoHoldNothingIsHeld()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack(AfterRollback::NoHold);
        rollout.refusedWith(ErrorKind::Conflict).reads(traffic(10, QStringLiteral("7")));
        rollout.written(traffic(0, QStringLiteral("8")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QCOMPARE(rollout.state().phase, Phase::RolledBack);
        QVERIFY(rollout.effects<SetHold>().isEmpty());
        // Nor where it is taken, and nobody says that it is accepted.
        Rollout open;
        open.reads(traffic(50)).rollsBack(AfterRollback::NoHold);
        open.reads(with(byHelm(0), [](auto &t) { t.accepted.reset(); }));
        open.after(rules().acceptWithin + seconds(1));
        QCOMPARE(open.end()->kind, Outcome::Kind::Unknown);
        QVERIFY(open.effects<SetHold>().isEmpty());
    }

    void aRollbackThatNeverCameHoldsNothing()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().after(rules().acceptWithin + seconds(1));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
        QVERIFY(rollout.effects<SetHold>().isEmpty());
    }

    void aStageBackWhoseAnswerIsLostIsNoConflictWithHelmsOwnRevision()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 0, QStringLiteral("1"), WeightAttempt::Kind::Back);
        rollout.refusedWith(ErrorKind::TimedOut).reads(byHelm(0));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QVERIFY(rollout.effects<SetHold>().isEmpty()); // it is no rollback
    }

    void aRollbackGoesOnAfterACutConnection_data()
    {
        QTest::addColumn<ErrorKind>("error");
        QTest::newRow("no answer") << ErrorKind::TimedOut;
        QTest::newRow("the server is away") << ErrorKind::Unavailable;
        QTest::newRow("something else answers") << ErrorKind::Malformed;
        QTest::newRow("asked to slow down") << ErrorKind::RateLimited;
    }
    void aRollbackGoesOnAfterACutConnection()
    {
        QFETCH(ErrorKind, error);
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(error);
        QVERIFY(!rollout.end());
        rollout.reads(traffic(50, QStringLiteral("2")));
        QCOMPARE(rollout.effects<SetWeight>().size(), 1);
    }

    void aRollbackThatMayHaveArrivedDoesNotEndAsFailed()
    {
        const Error away{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::Unavailable);
        for (int i = 0; i < 30 && !rollout.end(); ++i)
            rollout.on(ReadFailed{away});
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
    }

    void aRollbackGivesUpAfterSoManyTries()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack();
        int sent = 1;
        for (int i = 2; i < 30 && !rollout.end(); ++i) {
            rollout.refusedWith(ErrorKind::Conflict);
            if (rollout.end())
                break;
            rollout.reads(traffic(50, QString::number(i)));
            sent += int(rollout.effects<SetWeight>().size());
        }
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Failed);
        QCOMPARE(sent, rules().rollbackTries);
    }

    void aRollbackThatMayNotBeWrittenSaysSo()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().refusedWith(ErrorKind::NotAllowed);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Failed);
        QCOMPARE(rollout.end()->text, QStringLiteral("no"));
    }

    void aRollbackOvertakesAPromotion()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        const AttemptId promotion = rollout.state().attempt->id;
        rollout.rollsBack();
        QCOMPARE(rollout.end()->intent, IntentId(QStringLiteral("i1")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
        QCOMPARE(rollout.effects<SetWeight>().first().request.candidate, Weight{0});
        // The promotion lands first after all: its answer is dropped, the rollback meets a
        // conflict.
        rollout.on(WriteAnswered{promotion, traffic(50, QStringLiteral("2")), {}});
        QVERIFY(!rollout.end());
        rollout.refusedWith(ErrorKind::Conflict).reads(traffic(50, QStringLiteral("2")));
        QCOMPARE(rollout.effects<SetWeight>().first().request.expectedVersion, QStringLiteral("2"));
    }

    void aSecondRollbackIsRefusedWhileOneIsUnderWay()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).rollsBack().rollsBack();
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Refused);
        QCOMPARE(rollout.end()->intent, IntentId(QStringLiteral("i2")));
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void aRollbackOfNothingReadFails()
    {
        Rollout rollout;
        rollout.rollsBack();
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Failed);
    }

    void whereThePreviousStaysItCanHaveTheTrafficAgain()
    {
        Rollout rollout(cloudRules());
        const auto full = [](auto &t) {
            t.stable = readyRevision(QStringLiteral("svc-2"), good, 1);
            t.candidate.reset();
        };
        rollout.reads(with(traffic(0), full)).rollsBack();
        QVERIFY(!rollout.end());
        const auto writes = rollout.effects<SetWeight>();
        QCOMPARE(writes.size(), 1);
        QCOMPARE(writes[0].request.candidateCommit, CommitId(good));
        rollout.written(traffic(0, QStringLiteral("2")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
    }

    void butNotWhereTheSystemWouldGiveItToAnother()
    {
        Rollout rollout(cloudRules());
        const auto full = [](const QString &before) {
            return with(traffic(0), [before](auto &t) {
                t.stable = readyRevision(QStringLiteral("svc-2"), good, 1);
                t.candidate.reset();
                t.previous = readyRevision(QStringLiteral("svc"), before, 1);
            });
        };
        rollout.reads(full(old)).rollsBack();
        QCOMPARE(rollout.effects<SetWeight>().size(), 1);
        QCOMPARE(rollout.effects<SetWeight>().first().request.target,
                 RevisionName(QStringLiteral("svc")));
        rollout.refusedWith(ErrorKind::Conflict).reads(full(other));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRollback)

#include "testrollback.moc"
