#include "migration/rundriver.h"

using namespace pilothouse;

namespace event = migrationevent;
using Doing = MigrationRun::Doing;
using Ending = MigrationRun::Ending;

/// What a run does when an answer of the database is lost.
class LostAnswerTest : public QObject, private RunDriver
{
    Q_OBJECT

private:
    const Error lost{ErrorKind::Unavailable, QStringLiteral("The line broke."), {}, {}};

private Q_SLOTS:
    void anAnswerThatIsLostIsLookedForUnderTheLock_data()
    {
        QTest::addColumn<QSet<StepId>>("done");
        QTest::addColumn<QString>("next");
        QTest::addColumn<Ending>("ending");
        using enum StepId;
        QTest::newRow("it was done") << QSet<StepId>{E1, E2} << "unlock" << Ending::Done;
        QTest::newRow("it was not done") << QSet<StepId>{E1} << "unlock" << Ending::Failed;
    }
    void anAnswerThatIsLostIsLookedForUnderTheLock()
    {
        QFETCH(const QSet<StepId>, done);
        QFETCH(const QString, next);
        QFETCH(const Ending, ending);
        start(expandedFacts(), {StepId::E2});
        locked();
        look({StepId::E1});
        QCOMPARE(take(event::WentWrong{lost}), QStringLiteral("lock"));
        QCOMPARE(m_run.doing, Doing::Returning);
        // The server has not ended the lost session yet.
        QCOMPARE(take(event::LockAnswered{{false, QStringLiteral("pid 4711")}}),
                 QStringLiteral("retry"));
        QCOMPARE(take(event::RetryDue{}), QStringLiteral("lock"));
        QCOMPARE(take(event::WentWrong{lost}), QStringLiteral("retry"));
        QCOMPARE(take(event::RetryDue{}), QStringLiteral("lock"));
        QCOMPARE(locked(), QStringLiteral("look"));
        QCOMPARE(look(done), next);
        QCOMPARE(m_run.ending, ending);
        if (ending == Ending::Failed)
            QCOMPARE(m_run.error.message,
                     QStringLiteral("The line broke. Looked at again: E2 sync trigger is not "
                                    "done."));
    }

    void stepsAfterOneWhoseAnswerWasLostGoOn()
    {
        start(expandedFacts(), {StepId::E1, StepId::E2});
        locked();
        look({});
        take(event::WentWrong{lost});
        locked();
        QCOMPARE(look({StepId::E1}), QStringLiteral("run:E2"));
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({StepId::E1, StepId::E2}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void aRecordThatIsLostDoesNotUndoWhatIsDone_data()
    {
        QTest::addColumn<QSet<StepId>>("recorded");
        QTest::addColumn<QString>("next");
        QTest::newRow("it was written") << QSet<StepId>{StepId::M2} << "sweep";
        QTest::newRow("it was not written") << QSet<StepId>() << "record:M2 sweep";
    }
    void aRecordThatIsLostDoesNotUndoWhatIsDone()
    {
        QFETCH(const QSet<StepId>, recorded);
        QFETCH(const QString, next);
        toBatches();
        batch(BatchAnswer::End::Finished);
        QCOMPARE(take(event::WentWrong{lost}), QStringLiteral("lock"));
        locked();
        QCOMPARE(take(event::FactsRead{{StepId::M2}, {}, recorded}), next);
    }

    void whatNobodyCanLookAtIsNotTold_data()
    {
        QTest::addColumn<bool>("stopped");
        QTest::newRow("after a while") << false;
        QTest::newRow("as soon as somebody asks") << true;
    }
    void whatNobodyCanLookAtIsNotTold()
    {
        QFETCH(const bool, stopped);
        start(expandedFacts(), {StepId::E2});
        locked();
        look({StepId::E1});
        QString next = take(event::WentWrong{lost});
        int tries = 0;
        for (; next == QLatin1String("lock") && !stopped; ++tries) {
            if (take(event::WentWrong{lost}) == QLatin1String("unlock"))
                break;
            next = take(event::RetryDue{});
        }
        if (stopped)
            QCOMPARE(take(event::StopAsked{}), QStringLiteral("unlock"));
        QCOMPARE(tries, stopped ? 0 : 59);
        QCOMPARE(m_run.ending, Ending::Unseen);
        QVERIFY2(m_run.error.message.contains(QLatin1String("could not be seen")),
                 qPrintable(m_run.error.message));
    }

    void whatWasRefusedOrNeverSentNeedsNoLook()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        QCOMPARE(take(event::WentWrong{lost}), QStringLiteral("unlock")); // the first look
        QCOMPARE(m_run.ending, Ending::Failed);
        start(expandedFacts(), {StepId::E2});
        locked();
        look({StepId::E1});
        QCOMPARE(
            take(event::WentWrong{{ErrorKind::NotAllowed, QStringLiteral("no right"), {}, {}}}),
            QStringLiteral("unlock"));
        QCOMPARE(m_run.error.message, QStringLiteral("no right"));
    }
};

QTEST_GUILESS_MAIN(LostAnswerTest)
#include "lostanswer_test.moc"
