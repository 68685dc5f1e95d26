#include "pipeline/act/actbench.h"

#include "action/outcomewords.h"
#include "action/settle.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;
using Kind = Outcome::Kind;

namespace {

Kind kindOf(const QFuture<Outcome> &future)
{
    return future.result().kind;
}

} // namespace

class RunActionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { b = std::make_unique<ActBench>(); }
    void cleanup() { b.reset(); }

    void theButtonsAreAboutTheChosenJobsRun()
    {
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(b->acts->run()->id, run7012);
        b->choose("ci.yml#build");
        QCOMPARE(b->acts->run()->id, run7011);
        QVERIFY(b->acts->mayRerunFailed().allowed());
        QVERIFY(!b->acts->mayCancel().allowed());
    }

    void withoutAChoiceTheyAreAboutTheWorstRun()
    {
        b->show();
        QCOMPARE(b->acts->run()->id, run7011);
    }

    void aRerunGoesThroughTheJournalOnce()
    {
        b->show();
        b->choose("ci.yml#build");
        b->control.onSend = [this](const RunOrder &) {
            b->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(b->control.sent.size(), 1);
        const Record intent = b->journal.records(RecordKind::Intent).first();
        QCOMPARE(intent.subject, t("run 7011"));
        QCOMPARE(intent.body[QLatin1String("attempt")].toInt(), 1);
        QCOMPARE(outcomeOf(b->journal.records(RecordKind::Outcome).first()).kind, Kind::Done);
        QCOMPARE(b->acts->lastWords(), t("run 7011 has attempt 2"));
    }

    void theIntentIsWrittenBeforeTheRequest()
    {
        b->show();
        b->choose("ci.yml#build");
        b->control.onSend = [this](const RunOrder &) {
            // QCOMPARE would leave the lambda without a value.
            m_intents = b->journal.records(RecordKind::Intent).size();
            b->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(m_intents, 1);
    }

    void withoutAJournalNothingIsSent()
    {
        b->show();
        b->choose("ci.yml#build");
        b->journal.failWith(Error{ErrorKind::Unavailable, t("disk full"), {}, {}});
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Refused);
        QVERIFY(b->control.sent.isEmpty());
    }

    void somebodyElseWasFaster()
    {
        b->show();
        b->choose("ci.yml#build");
        const RunOrder order = b->acts->rerunFailed();
        const Confirmation confirmed{{}, b->acts->preview(order).fingerprint, {}};
        b->control.runs[run7011].attempt = 2;
        b->control.runs[run7011].status = RunStatus::Running;
        QSignalSpy again(b->acts.get(), &RunActions::previewChanged);
        const auto done = b->acts->carryOut(order, confirmed);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Conflict);
        QVERIFY(b->control.sent.isEmpty());
        QCOMPARE(again.size(), 1);
        QVERIFY(b->journal.records().isEmpty());
    }

    void whatCannotBeReadAgainIsNotSent()
    {
        b->show();
        b->choose("ci.yml#build");
        const RunOrder order = b->acts->rerunFailed();
        b->control.readError = Error{ErrorKind::Unavailable, t("GitHub is down"), {}, {}};
        const auto done = b->confirm(order);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Failed);
        QVERIFY(b->control.sent.isEmpty());
    }

    void anOldReadingIsRenewedByThePress()
    {
        b->show();
        b->choose("ci.yml#build");
        b->host.failWith(Error{ErrorKind::Unavailable, t("down"), {}, {}});
        b->clock.advance(70s);
        QVERIFY(!b->acts->mayRerunFailed().allowed());
        b->control.onSend = [this](const RunOrder &) {
            b->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
    }

    void aCancellationIsWatchedUntilTheEnd()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                  {jobNamed(t("deploy-staging"), RunStatus::Running)});
        b->show();
        b->choose("deploy-standalone.yml#deploy-staging");
        const auto done = b->confirm(b->acts->cancel());
        QCoreApplication::processEvents();
        QVERIFY(!done.isFinished());
        QCOMPARE(b->acts->underWay(), QStringList{t("cancel")});
        QVERIFY(!b->acts->mayCancel().allowed());
        b->clock.advance(4s);
        QVERIFY(!done.isFinished());
        b->control.runs[run7012].status = RunStatus::Cancelled;
        b->clock.advance(2s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(b->control.sent.size(), 1);
        QVERIFY(b->acts->underWay().isEmpty());
    }

    void aRunThatGoesOnAllTheSameCanBeForced()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                  {jobNamed(t("deploy-staging"), RunStatus::Running)});
        b->show();
        b->choose("deploy-standalone.yml#deploy-staging");
        QCOMPARE(b->acts->cancel().force, CancelRun::Force::No);
        const auto done = b->confirm(b->acts->cancel());
        b->clock.advance(61s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Unknown);
        QCOMPARE(b->acts->cancel().force, CancelRun::Force::Yes);
        QVERIFY(b->acts->mayCancel().allowed());
    }

    void aRefusalIsToldInItsWords()
    {
        b->show();
        b->choose("ci.yml#build");
        b->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::NotAllowed, t("GitHub does not allow it."));
        };
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Failed);
        QVERIFY(done.result().text.contains(t("GitHub does not allow it.")));
    }

    void aLostAnswerIsLookedForAndNeverSentAgain()
    {
        b->show();
        b->choose("ci.yml#build");
        b->control.onSend = [this](const RunOrder &) -> Result<TakenOrder> {
            b->control.runs[run7011].attempt = 2;
            return fail(ErrorKind::TimedOut, t("no answer within 10 s"));
        };
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QVERIFY(done.result().text.contains(t("the answer was lost")));
        QCOMPARE(b->control.sent.size(), 1);
    }

    void anEnvironmentIsApprovedWithAComment()
    {
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(b->acts->waiting().size(), 1);
        QVERIFY(b->acts->mayReview().allowed());
        b->control.onSend = [this](const RunOrder &order) {
            m_comment = std::get<ReviewEnvironments>(order).comment;
            b->control.pending.clear();
            b->control.given[run7012].append(
                {ReviewState::Approved, {t("production")}, t("you"), m_comment});
            return TakenOrder{};
        };
        const auto done = b->confirm(b->acts->review(ReviewState::Approved));
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(m_comment, t("by A. Muster, in the release console"));
    }

    void aRejectionNeedsAReason()
    {
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        const RunOrder order = b->acts->review(ReviewState::Rejected);
        const auto without = b->confirm(order, t("  "));
        QVERIFY(soon([&] { return without.isFinished(); }));
        QCOMPARE(kindOf(without), Kind::Refused);
        b->control.onSend = [this](const RunOrder &sent) {
            m_comment = std::get<ReviewEnvironments>(sent).comment;
            b->control.given[run7012].append(
                {ReviewState::Rejected, {t("production")}, t("you"), m_comment});
            return TakenOrder{};
        };
        const auto with = b->confirm(order, t("pool exhausted"));
        QVERIFY(soon([&] { return with.isFinished(); }));
        QCOMPARE(kindOf(with), Kind::Done);
        QCOMPARE(m_comment, t("pool exhausted"));
    }

    void whoMayNotDecideIsToldBeforeThePress()
    {
        b->control.pending[run7012][0].mayReview = false;
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(!b->acts->mayReview().allowed());
    }

    void aSecondPressIsRefusedWhileTheFirstGoesOn()
    {
        b->show();
        b->choose("ci.yml#build");
        const RunOrder order = b->acts->rerunFailed();
        const auto first = b->confirm(order);
        const auto second = b->confirm(order);
        QVERIFY(soon([&] { return second.isFinished(); }));
        QCOMPARE(kindOf(second), Kind::Refused);
        QCOMPARE(b->control.sent.size(), 1);
        QVERIFY(!first.isFinished());
    }

    void aReadOnlyConsoleActsOnNothing()
    {
        RunActions::Settings settings;
        settings.readOnly = true;
        b->show(settings);
        b->choose("ci.yml#build");
        const auto done = b->confirm(b->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Refused);
        QVERIFY(b->control.sent.isEmpty());
    }

    void whatAnEarlierConsoleLeftIsSettledByLooking_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<int>("attempt");
        QTest::addColumn<int>("status");
        QTest::addColumn<Kind>("kind");
        const int failed = int(RunStatus::Failed);
        QTest::newRow("re-run, shown") << t("re-run failed jobs") << 2 << failed << Kind::Done;
        QTest::newRow("re-run, not shown")
            << t("re-run failed jobs") << 1 << failed << Kind::Failed;
        QTest::newRow("cancel, ended")
            << t("cancel") << 1 << int(RunStatus::Cancelled) << Kind::Done;
        QTest::newRow("cancel, on its way")
            << t("cancel") << 1 << int(RunStatus::Running) << Kind::Unknown;
        QTest::newRow("of another version") << t("archive") << 1 << failed << Kind::Unknown;
    }

    void whatAnEarlierConsoleLeftIsSettledByLooking()
    {
        QFETCH(const QString, verb);
        QFETCH(const int, attempt);
        QFETCH(const int, status);
        QFETCH(const Kind, kind);
        b->show();
        b->control.runs[run7011].attempt = attempt;
        b->control.runs[run7011].status = RunStatus(status);
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(t("one"));
        intent.subject = t("run 7011");
        intent.body = {{t("verb"), verb}, {t("run"), t("7011")}, {t("attempt"), 1}};
        b->journal.addOrphan(intent);
        Settler settler(b->journal, t("A. Muster"));
        settler.add([this](const Record &each) { return b->acts->claims(each); },
                    [this](const Record &each) { return b->acts->settle(each); });
        const auto settled = settler.settle();
        QVERIFY(soon([&] { return settled.isFinished(); }));
        QVERIFY(settled.result());
        QCOMPARE(settled.result()->first().outcome.kind, kind);
        QVERIFY(b->control.sent.isEmpty());
    }

private:
    std::unique_ptr<ActBench> b;
    qsizetype m_intents = 0;
    QString m_comment;
};

QTEST_GUILESS_MAIN(RunActionsTest)
#include "runactionstest.moc"
