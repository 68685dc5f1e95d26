#include "rolloutbench.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;
using Kind = Outcome::Kind;

namespace {

OwnAction abortAction()
{
    OwnAction action;
    action.id = QStringLiteral("argo.abort");
    action.title = QStringLiteral("Abort the rollout");
    action.verb = QStringLiteral("Abort");
    action.from = QStringLiteral("step 2 of 6");
    action.to = QStringLiteral("the stable gets all traffic");
    action.leaves = {QStringLiteral("this is no undo"), QStringLiteral("Degraded, though well")};
    PlannedCall call;
    call.summary = QStringLiteral("PATCH rollouts/web/status");
    call.exact = QStringLiteral("PATCH /rollouts/web/status");
    action.calls = {call};
    action.typed = QStringLiteral("abort");
    action.typedPrompt = QStringLiteral("Type “abort”");
    return action;
}

OwnAction promoteAction()
{
    OwnAction action = abortAction();
    action.id = QStringLiteral("argo.promote-full");
    action.title = QStringLiteral("Promote in full");
    action.effect = OwnAction::Effect::MoreTraffic;
    return action;
}

QString rowText(const Preview &preview, const QString &label)
{
    QStringList texts;
    for (const PreviewRow &row : preview.rows) {
        if (row.label == label)
            texts << row.text;
    }
    return texts.join(QStringLiteral(" | "));
}

} // namespace

class TestRolloutOwn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<RolloutBench>();
        m->traffic.own = {abortAction()};
        m->toWeight(10);
    }
    void cleanup() { m.reset(); }

    void aControlWithoutAnyOffersNone()
    {
        m->traffic.own.clear();
        QVERIFY(m->rollout->ownActions().isEmpty());
        QVERIFY(!m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
    }

    void thePreviewShowsWhatTheActionSays()
    {
        const Preview preview = m->rollout->previewOwn(QStringLiteral("argo.abort"));
        QCOMPARE(preview.title, QStringLiteral("Abort the rollout"));
        QCOMPARE(preview.verb, QStringLiteral("Abort"));
        QCOMPARE(preview.scope, QStringLiteral("standalone"));
        QCOMPARE(preview.typed, QStringLiteral("abort"));
        QCOMPARE(preview.calls, abortAction().calls);
        QCOMPARE(rowText(preview, QStringLiteral("From")), QStringLiteral("step 2 of 6"));
        QCOMPARE(rowText(preview, QStringLiteral("To")),
                 QStringLiteral("the stable gets all traffic"));
        QCOMPARE(rowText(preview, QStringLiteral("Then")),
                 QStringLiteral("this is no undo | Degraded, though well"));
        QVERIFY(!preview.reasonRequired);
    }

    void itIsDoneWithItsIntentWrittenFirst()
    {
        m->traffic.onOwn = [](TrafficState &t) {
            t.asked = Weight{0};
            t.accepted = Weight{0};
        };
        qsizetype intentsBefore = -1;
        m->traffic.beforeWrite = [this, &intentsBefore] {
            intentsBefore = m->journal.records(RecordKind::Intent).size();
        };
        const auto done = run();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
        QCOMPARE(done.result().text, QStringLiteral("taken: the stable gets all traffic"));
        QCOMPARE(intentsBefore, 1);
        QCOMPARE(m->traffic.ownRuns.size(), 1);
        const OwnRequest &sent = m->traffic.ownRuns.first();
        const Record intent = m->journal.records(RecordKind::Intent).first();
        QCOMPARE(sent.action, QStringLiteral("argo.abort"));
        QCOMPARE(sent.actor, QStringLiteral("A. Muster"));
        QCOMPARE(sent.reason, QStringLiteral("because"));
        QCOMPARE(sent.intent, intent.id);
        QCOMPARE(intent.body[QLatin1String("action")], QStringLiteral("argo.abort"));
        QCOMPARE(intent.body[QLatin1String("ownFrom")], QStringLiteral("step 2 of 6"));
        QCOMPARE(m->rollout->weights().asked, std::optional(Weight{0}));
        QCOMPARE(m->journal.records(RecordKind::Outcome).size(), 1);
    }

    void theVersionOfThePressIsTheOneThatIsSent()
    {
        const Confirmation confirmation = confirmedOwn();
        // A heartbeat of the controller: another version, the same world.
        m->traffic.change([](TrafficState &) {});
        const auto done = m->rollout->runOwn(QStringLiteral("argo.abort"), confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
        QCOMPARE(m->traffic.ownRuns.size(), 1);
    }

    void whatChangedSinceItWasShownConflicts_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"the step", "what it leads to", "the candidate", "it is gone"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void whatChangedSinceItWasShownConflicts()
    {
        QFETCH(QString, what);
        const Confirmation confirmation = confirmedOwn();
        if (what == QLatin1String("the step"))
            m->traffic.own.first().from = QStringLiteral("step 4 of 6");
        else if (what == QLatin1String("what it leads to"))
            m->traffic.own.first().to = QStringLiteral("another stable gets all traffic");
        else if (what == QLatin1String("the candidate"))
            m->traffic.change([](TrafficState &t) {
                t.candidate = readyRevision(QStringLiteral("svc-canary"), other, 2);
            });
        else
            m->traffic.own.clear();
        const auto done = m->rollout->runOwn(QStringLiteral("argo.abort"), confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Conflict);
        QVERIFY(m->traffic.ownRuns.isEmpty());
        QVERIFY(m->journal.records(RecordKind::Intent).isEmpty());
        // Nobody moved the weight, so nobody is named for it.
        QVERIFY2(!done.result().text.contains(QStringLiteral("The weight was changed by")),
                 qPrintable(done.result().text));
    }

    void whoMovedTheWeightMeanwhileIsNamed()
    {
        const Confirmation confirmation = confirmedOwn();
        m->traffic.change([](TrafficState &t) {
            t.asked = t.accepted.emplace(Weight{50});
            t.lastWriter = QStringLiteral("kubectl-edit");
        });
        const auto done = m->rollout->runOwn(QStringLiteral("argo.abort"), confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Conflict);
        QVERIFY2(done.result().text.contains(QStringLiteral("kubectl-edit")),
                 qPrintable(done.result().text));
    }

    void anActionWhoseAnswerIsLostIsNotToldAsFailed()
    {
        m->traffic.writeError = Error{ErrorKind::Malformed, QStringLiteral("garbled"), {}, {}};
        const auto done = run();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Unknown);
        QCOMPARE(done.result().text, QStringLiteral("garbled"));
    }

    void anObjectThatMovesBeforeTheWriteConflictsAndNothingIsSentAgain()
    {
        m->traffic.beforeWrite = [this] {
            m->traffic.change([](TrafficState &t) { t.lastWriter = QStringLiteral("controller"); });
        };
        const auto done = run();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Conflict);
        QCOMPARE(m->traffic.ownRuns.size(), 1);
        QCOMPARE(m->journal.records(RecordKind::Outcome).size(), 1);
    }

    void whatIsOffIsRefused()
    {
        m->traffic.own.first().offBecause = QStringLiteral("it is aborted already");
        QVERIFY(!m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
        const auto done = run();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Refused);
        QCOMPARE(done.result().text, QStringLiteral("it is aborted already"));
        QVERIFY(m->traffic.ownRuns.isEmpty());
    }

    void aReadOnlyConsoleAndAMissingRightStopIt()
    {
        m->rollout->setReadOnly(true);
        QVERIFY(!m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
        m->rollout->setReadOnly(false);
        m->traffic.mayWrite = {false, QStringLiteral("you lack patch on rollouts")};
        m->rollout->refresh();
        QTRY_VERIFY(!m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
        QCOMPARE(m->rollout->mayRunOwn(QStringLiteral("argo.abort")).first(Reason::Kind::Blocks),
                 QStringLiteral("you lack patch on rollouts"));
    }

    void anActionWithMoreTrafficIsHeldToWhatAPromotionIs()
    {
        m->traffic.own = {abortAction(), promoteAction()};
        m->traffic.change([](TrafficState &t) { t.hold = Hold{}; });
        m->traffic.tell();
        QVERIFY(m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
        QVERIFY(!m->rollout->mayRunOwn(QStringLiteral("argo.promote-full")).allowed());
        // The steps that keep a promotion along the plan off are what it is there for.
        m->traffic.change([](TrafficState &t) {
            t.hold.reset();
            t.promoteOff = QStringLiteral("the next step sets no weight");
        });
        m->traffic.tell();
        m->clock.advance(seconds(31));
        QVERIFY(!m->rollout->mayPromote().allowed());
        QVERIFY(m->rollout->mayRunOwn(QStringLiteral("argo.promote-full")).allowed());
    }

    void aChosenRevisionIsShownWithWhatTheSchemaSaysOfIt()
    {
        const QString id = QStringLiteral("cloudrun.back:svc-1");
        OwnAction back = abortAction();
        back.id = id;
        back.chosen = CommitId(other);
        m->traffic.own = {back};
        const auto schema = [this, &id] {
            return rowText(m->rollout->previewOwn(id), QStringLiteral("Schema"));
        };
        QCOMPARE(schema(), QStringLiteral("not checked yet"));
        const Reason safe{Reason::Kind::For, QStringLiteral("safe: it works"), {}};
        m->rollout->setChosenReasons({{good, {safe}}}); // of another one
        QCOMPARE(schema(), QStringLiteral("not checked yet"));
        m->rollout->setChosenReasons({{other, {safe}}});
        QCOMPARE(schema(), safe.text);
        QVERIFY(!m->rollout->previewOwn(id).reasonRequired);

        const Confirmation shown = confirmed(m->rollout->previewOwn(id));
        const Reason breaks{
            Reason::Kind::Against, QStringLiteral("BREAKS: it inserts without x"), {}};
        QSignalSpy changed(m->rollout.get(), &RolloutController::previewChanged);
        m->rollout->setChosenReasons({{other, {breaks}}});
        QCOMPARE(changed.size(), 1);
        const Preview preview = m->rollout->previewOwn(id);
        QCOMPARE(rowText(preview, QStringLiteral("Schema")), breaks.text);
        QCOMPARE(rowText(preview, QStringLiteral("Against")), QString()); // not twice
        QVERIFY(preview.reasonRequired);
        // It warns, and stops nothing; but what was confirmed before it was known does not count.
        QVERIFY(m->rollout->mayRunOwn(id).allowed());
        const auto before = m->rollout->runOwn(id, shown);
        QTRY_VERIFY(before.isFinished());
        QCOMPARE(before.result().kind, Kind::Conflict);
        const auto without = m->rollout->runOwn(id, confirmed(preview, {}));
        QTRY_VERIFY(without.isFinished());
        QCOMPARE(without.result().kind, Kind::Refused);
        QVERIFY(m->traffic.ownRuns.isEmpty());
        const auto done = m->rollout->runOwn(id, confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
    }

    void whatSpeaksAgainstAnActionAsksForAReason()
    {
        m->traffic.own.first().against = {QStringLiteral("it was retired")};
        const Preview preview = m->rollout->previewOwn(QStringLiteral("argo.abort"));
        QCOMPARE(rowText(preview, QStringLiteral("Against")), QStringLiteral("it was retired"));
        QVERIFY(preview.reasonRequired);
        QVERIFY(m->rollout->mayRunOwn(QStringLiteral("argo.abort")).allowed());
    }

    void anUnwritableJournalStopsIt()
    {
        m->journal.failWith(Error{ErrorKind::Unavailable, QStringLiteral("disk full"), {}, {}});
        const auto done = run();
        QTRY_VERIFY(done.isFinished());
        QVERIFY(done.result().kind != Kind::Done);
        QVERIFY(m->traffic.ownRuns.isEmpty());
    }

    void anOrphanOfOneIsSettledByItsNoteAndNotByItsWeight()
    {
        Record intent;
        intent.id = IntentId(QStringLiteral("lost"));
        intent.subject = QStringLiteral("standalone");
        intent.body = {{QStringLiteral("verb"), QStringLiteral("Abort the rollout")},
                       {QStringLiteral("action"), QStringLiteral("argo.abort")},
                       {QStringLiteral("from"), 10},
                       {QStringLiteral("to"), 10}};
        m->traffic.world.progress = QStringLiteral("step 2 of 6");
        const auto settled = m->rollout->settle(intent);
        QTRY_VERIFY(settled.isFinished());
        QCOMPARE(settled.result().kind, Kind::Unknown);
        QVERIFY(settled.result().text.contains(QStringLiteral("step 2 of 6")));
        m->traffic.world.deeds = {{{}, {}, QStringLiteral("argo.abort"), {}, intent.id}};
        const auto found = m->rollout->settle(intent);
        QTRY_VERIFY(found.isFinished());
        QCOMPARE(found.result().kind, Kind::Done);
    }

private:
    [[nodiscard]] Confirmation confirmedOwn() const
    {
        return confirmed(m->rollout->previewOwn(QStringLiteral("argo.abort")));
    }
    [[nodiscard]] QFuture<Outcome> run() const
    {
        return m->rollout->runOwn(QStringLiteral("argo.abort"), confirmedOwn());
    }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestRolloutOwn)
#include "testrolloutown.moc"
