#include "pipeline/act/actbench.h"

#include "action/outcomewords.h"
#include "action/settle.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;
using Kind = Outcome::Kind;

class RunActionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<ActBench>(); }
    void cleanup() { m_bench.reset(); }

    void theButtonsAreAboutTheChosenJobsRun()
    {
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(m_bench->acts->run()->id, run7012);
        m_bench->choose("ci.yml#build");
        QCOMPARE(m_bench->acts->run()->id, run7011);
        QVERIFY(m_bench->acts->mayRerunFailed().allowed());
        QVERIFY(!m_bench->acts->mayCancel().allowed());
    }

    void withoutAChoiceTheyAreAboutTheWorstRun()
    {
        m_bench->show();
        QCOMPARE(m_bench->acts->run()->id, run7011);
    }

    void aRerunGoesThroughTheJournalOnce()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(m_bench->control.sent.size(), 1);
        const Record intent = m_bench->journal.records(RecordKind::Intent).first();
        QCOMPARE(intent.subject, t("run 7011"));
        QCOMPARE(intent.body[QLatin1String("attempt")].toInt(), 1);
        QCOMPARE(outcomeOf(m_bench->journal.records(RecordKind::Outcome).first()).kind, Kind::Done);
        QCOMPARE(m_bench->acts->lastWords(), t("run 7011 has attempt 2"));
    }

    void theIntentIsWrittenBeforeTheRequest()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->control.onSend = [this](const RunOrder &) {
            // QCOMPARE would leave the lambda without a value.
            m_intents = m_bench->journal.records(RecordKind::Intent).size();
            m_bench->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(m_intents, 1);
    }

    void withoutAJournalNothingIsSent()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->journal.failWith(Error{ErrorKind::Unavailable, t("disk full"), {}, {}});
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Refused);
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void somebodyElseWasFaster()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        const RunOrder order = m_bench->acts->rerunFailed();
        const Confirmation confirmed{{}, m_bench->acts->preview(order).fingerprint, {}};
        m_bench->control.runs[run7011].attempt = 2;
        m_bench->control.runs[run7011].status = RunStatus::Running;
        QSignalSpy again(m_bench->acts.get(), &RunActions::previewChanged);
        const auto done = m_bench->acts->carryOut(order, confirmed);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Conflict);
        QVERIFY(m_bench->control.sent.isEmpty());
        QCOMPARE(again.size(), 1);
        QVERIFY(m_bench->journal.records().isEmpty());
    }

    void whatCannotBeReadAgainIsNotSent()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        const RunOrder order = m_bench->acts->rerunFailed();
        m_bench->control.readError = Error{ErrorKind::Unavailable, t("GitHub is down"), {}, {}};
        const auto done = m_bench->confirm(order);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Failed);
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void environmentsThatWereLostAreAskedForByF5()
    {
        m_bench->control.readError = Error{ErrorKind::Unavailable, t("GitHub is down"), {}, {}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(soon([&] {
            return m_bench->acts->mayReview().first(Reason::Kind::Blocks) == t("GitHub is down");
        }));
        m_bench->control.readError.reset();
        m_bench->pipeline->refresh();
        QVERIFY(soon([&] { return m_bench->acts->mayReview().allowed(); }));
    }

    void anOldReadingIsRenewedByThePress()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->host.failWith(Error{ErrorKind::Unavailable, t("down"), {}, {}});
        m_bench->clock.advance(70s);
        QVERIFY(!m_bench->acts->mayRerunFailed().allowed());
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
    }

    void aCancellationIsWatchedUntilTheEnd()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                        {jobNamed(t("deploy-staging"), RunStatus::Running)});
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-staging");
        const auto done = m_bench->confirm(m_bench->acts->cancel());
        QCoreApplication::processEvents();
        QVERIFY(!done.isFinished());
        QCOMPARE(m_bench->acts->underWay(), QStringList{t("cancel")});
        QVERIFY(!m_bench->acts->mayCancel().allowed());
        m_bench->clock.advance(4s);
        QVERIFY(!done.isFinished());
        m_bench->control.runs[run7012].status = RunStatus::Cancelled;
        m_bench->clock.advance(2s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(m_bench->control.sent.size(), 1);
        QVERIFY(m_bench->acts->underWay().isEmpty());
    }

    void aRunThatGoesOnAllTheSameCanBeForced()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                        {jobNamed(t("deploy-staging"), RunStatus::Running)});
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-staging");
        QCOMPARE(m_bench->acts->cancel().force, CancelRun::Force::No);
        const auto done = m_bench->confirm(m_bench->acts->cancel());
        m_bench->clock.advance(61s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Unknown);
        QCOMPARE(m_bench->acts->cancel().force, CancelRun::Force::Yes);
        QVERIFY(m_bench->acts->mayCancel().allowed());
    }

    void aRefusalIsToldInItsWords()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::NotAllowed, t("GitHub does not allow it."));
        };
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Failed);
        QVERIFY(done.result().text.contains(t("GitHub does not allow it.")));
    }

    void aLostAnswerIsLookedForAndNeverSentAgain()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        m_bench->control.onSend = [this](const RunOrder &) -> Result<TakenOrder> {
            m_bench->control.runs[run7011].attempt = 2;
            return fail(ErrorKind::TimedOut, t("no answer within 10 s"));
        };
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QVERIFY(done.result().text.contains(t("the answer was lost")));
        QCOMPARE(m_bench->control.sent.size(), 1);
    }

    void anEnvironmentIsApprovedWithAComment()
    {
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(m_bench->acts->waiting().size(), 1);
        QVERIFY(m_bench->acts->mayReview().allowed());
        m_bench->control.onSend = [this](const RunOrder &order) {
            m_comment = std::get<ReviewEnvironments>(order).comment;
            m_bench->control.pending.clear();
            m_bench->control.given[run7012].append(
                {ReviewState::Approved, {t("production")}, t("you"), m_comment});
            return TakenOrder{};
        };
        const auto done = m_bench->confirm(m_bench->acts->review(ReviewState::Approved));
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(m_comment, t("by A. Muster, in the release console"));
    }

    void approvingWhatAHeldTrackWaitsForNeedsAReason()
    {
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        m_bench->acts->setAgainstApproval([](const Run &run) {
            return QList<Reason>{
                {Reason::Kind::Against,
                 t("standalone is held by B. Novak: errors (%1)").arg(run.id.value),
                 {}}};
        });
        const RunOrder order = m_bench->acts->review(ReviewState::Approved);
        const Preview preview = m_bench->acts->preview(order);
        QVERIFY(preview.reasonRequired);
        QVERIFY(
            preview.rows.contains(PreviewRow{PreviewRow::Kind::Against, t("Against"),
                                             t("standalone is held by B. Novak: errors (7012)")}));
        const auto without = m_bench->confirm(order);
        QVERIFY(soon([&] { return without.isFinished(); }));
        QCOMPARE(kindOf(without), Kind::Refused);
        QVERIFY(m_bench->control.sent.isEmpty());
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.given[run7012].append(
                {ReviewState::Approved, {t("production")}, t("you"), {}});
            return TakenOrder{};
        };
        const auto with = m_bench->confirm(order, t("it is the repair"));
        QVERIFY(soon([&] { return with.isFinished(); }));
        QCOMPARE(kindOf(with), Kind::Done);
    }

    void whatIsAgainstApprovingIsNotAgainstRejectingOrCancelling()
    {
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        m_bench->acts->setAgainstApproval([](const Run &) {
            return QList<Reason>{{Reason::Kind::Against, t("held"), {}}};
        });
        for (const RunOrder &order :
             {m_bench->acts->review(ReviewState::Rejected), RunOrder(m_bench->acts->cancel())})
            QCOMPARE(m_bench->acts->may(order).count(Reason::Kind::Against), 0);
    }

    void aRejectionNeedsAReason()
    {
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        const RunOrder order = m_bench->acts->review(ReviewState::Rejected);
        const auto without = m_bench->confirm(order, t("  "));
        QVERIFY(soon([&] { return without.isFinished(); }));
        QCOMPARE(kindOf(without), Kind::Refused);
        m_bench->control.onSend = [this](const RunOrder &sent) {
            m_comment = std::get<ReviewEnvironments>(sent).comment;
            m_bench->control.given[run7012].append(
                {ReviewState::Rejected, {t("production")}, t("you"), m_comment});
            return TakenOrder{};
        };
        const auto with = m_bench->confirm(order, t("pool exhausted"));
        QVERIFY(soon([&] { return with.isFinished(); }));
        QCOMPARE(kindOf(with), Kind::Done);
        QCOMPARE(m_comment, t("pool exhausted"));
    }

    void whoMayNotDecideIsToldBeforeThePress()
    {
        m_bench->control.pending[run7012][0].mayReview = false;
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(!m_bench->acts->mayReview().allowed());
    }

    void aSecondPressIsRefusedWhileTheFirstGoesOn()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        const RunOrder order = m_bench->acts->rerunFailed();
        const auto first = m_bench->confirm(order);
        const auto second = m_bench->confirm(order);
        QVERIFY(soon([&] { return second.isFinished(); }));
        QCOMPARE(kindOf(second), Kind::Refused);
        QCOMPARE(m_bench->control.sent.size(), 1);
        QVERIFY(!first.isFinished());
    }

    void aReadOnlyConsoleActsOnNothing()
    {
        RunActions::Settings settings;
        settings.readOnly = true;
        m_bench->show(settings);
        m_bench->choose("ci.yml#build");
        const auto done = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Refused);
        QVERIFY(m_bench->control.sent.isEmpty());
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
        m_bench->show();
        m_bench->control.runs[run7011].attempt = attempt;
        m_bench->control.runs[run7011].status = RunStatus(status);
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(t("one"));
        intent.subject = t("run 7011");
        intent.body = {{t("verb"), verb}, {t("run"), t("7011")}, {t("attempt"), 1}};
        m_bench->journal.addOrphan(intent);
        Settler settler(m_bench->journal, t("A. Muster"));
        settler.add([this](const Record &each) { return m_bench->acts->claims(each); },
                    [this](const Record &each) { return m_bench->acts->settle(each); });
        const auto settled = settler.settle();
        QVERIFY(soon([&] { return settled.isFinished(); }));
        QVERIFY(settled.result());
        QCOMPARE(settled.result()->first().outcome.kind, kind);
        QVERIFY(m_bench->control.sent.isEmpty());
    }

private:
    std::unique_ptr<ActBench> m_bench;
    qsizetype m_intents = 0;
    QString m_comment;
};

QTEST_GUILESS_MAIN(RunActionsTest)
#include "runactionstest.moc"
