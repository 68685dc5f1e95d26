#include "rollout/guard/guardbench.h"

#include <QtTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using ViewKind = GuardView::Kind;

} // namespace

/// The guard of a track, over a controller with everything below its ports in memory.
class TestRolloutGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<GuardBench>(); }
    void cleanup() { m.reset(); }

    void itIsArmedByAPersonAndThatIsInTheJournal()
    {
        QVERIFY(guard().mayArm().allowed());
        QVERIFY(!guard().mayDisarm().allowed());
        const Preview preview = guard().previewArm();
        QVERIFY(rowOf(preview, "Watches").startsWith(QLatin1String("error ratio")));
        QVERIFY(rowOf(preview, "Then").contains(QLatin1String("3 failed judgements")));
        QVERIFY(rowOf(preview, "Only").contains(QLatin1String("while this computer is awake")));
        QCOMPARE(preview.calls.first().copyable,
                 QStringLiteral("pilothouse-cli guard --track standalone"));
        m->arm();
        QVERIFY(guard().isArmed());
        QVERIFY(!guard().mayArm().allowed());
        const Record intent = m->journal.records().at(0);
        QCOMPARE(intent.actor, QStringLiteral("A. Muster"));
        QCOMPARE(intent.body[QLatin1String("verb")].toString(), QStringLiteral("arm guard"));
        QVERIFY(m->rollout->previewPromote().rows.size() > 0);
        QVERIFY(rowOf(m->rollout->previewPromote(), "Then")
                    .contains(QLatin1String("the guard rolls back at 3 failed judgements")));
    }

    void whereOnlyADeployLeadsBackItLeavesThatToAPerson()
    {
        m->arm();
        m->clock.advance(31s);
        m->traffic.change([](TrafficState &t) {
            t.stable->mixed = true;
            t.earlier.emplace();
            t.earlier->number = 41;
            t.earlier->name = QStringLiteral("Helm revision 41");
        });
        m->traffic.tell();
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(40s);
        QTRY_VERIFY2(guard().view().words.contains(QStringLiteral("it does not deploy")),
                     qPrintable(guard().view().words));
        QVERIFY(m->traffic.ownRuns.isEmpty());
        QCOMPARE(m->traffic.world.asked.percent, 10);
        // A guard without a window asks for this.
        QVERIFY2(guard().whyNotByItself().contains(QStringLiteral("it does not deploy")),
                 qPrintable(guard().whyNotByItself()));
        m->traffic.change([](TrafficState &t) { t.stable->mixed = false; });
        m->traffic.tell();
        QCOMPARE(guard().whyNotByItself(), QString());
        m->rollout->setReadOnly(true);
        QCOMPARE(guard().whyNotByItself(), QStringLiteral("this console is read-only"));
    }

    void howOldAJudgementMayBeFollowsHowOftenItIsReallyJudged()
    {
        RolloutSettings given = settings();
        given.judgeEvery = 0s;
        given.sampleStep = 3s;
        m->start(&m->metrics, given);
        QCOMPARE(guard().rule().oldest, std::chrono::milliseconds(45s));
    }

    void itWatchesAndSaysHowLongAgoItJudged()
    {
        m->arm();
        m->clock.advance(31s);
        QCOMPARE(guard().view().kind, ViewKind::Watching);
        QVERIFY(guard().view().words.startsWith(QLatin1String("armed by A. Muster, judged ")));
    }

    void aCandidateThatFailsIsRolledBackByTheGuardInThePersonsName()
    {
        QSignalSpy acted(&guard(), &RolloutGuard::acted);
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        m->arm();
        m->clock.advance(31s);
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(40s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
        QTRY_VERIFY(!guard().isArmed());
        QTRY_COMPARE(acted.size(), 1);
        QVERIFY2(guard().view().words.startsWith(
                     QLatin1String("the guard rolled back: error ratio: 4.4 % is over 1 %")),
                 qPrintable(guard().view().words));
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.first().value(1).toString(), QStringLiteral("guard, armed by A. Muster"));
        const QList<Record> records = m->journal.records();
        const auto back = std::find_if(records.cbegin(), records.cend(), [](const Record &each) {
            return each.body[QLatin1String("verb")].toString() == QLatin1String("roll back");
        });
        QVERIFY(back != records.cend());
        QCOMPARE(back->actor, QStringLiteral("guard, armed by A. Muster"));
        QVERIFY(back->body[QLatin1String("reason")].toString().startsWith(
            QLatin1String("guard: error ratio")));
        const auto outcome
            = std::find_if(records.cbegin(), records.cend(), [back](const Record &each) {
                  return each.kind == RecordKind::Outcome && each.id == back->id;
              });
        QVERIFY(outcome != records.cend());
        QCOMPARE(outcome->actor, QStringLiteral("guard, armed by A. Muster"));
    }

    void whatWouldRollBackAtOnceIsSaidBeforeItIsArmed()
    {
        QVERIFY(rowOf(guard().previewArm(), "Now").isEmpty());
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        alert.state = QStringLiteral("firing");
        m->metrics.firing = {alert};
        m->clock.advance(31s);
        QCOMPARE(rowOf(guard().previewArm(), "Now"),
                 QStringLiteral("it would roll back at once: alert HighErrorRatio fires"));
        m->arm();
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void anAlertOfNoTrackRollsNothingBackAndThatIsSaid()
    {
        Alert watchdog;
        watchdog.name = QStringLiteral("Watchdog");
        watchdog.state = QStringLiteral("firing");
        m->metrics.narrowed = false;
        m->metrics.firing = {watchdog};
        m->clock.advance(31s);
        QVERIFY(rowOf(guard().previewArm(), "Now").isEmpty());
        QCOMPARE(rowOf(guard().previewArm(), "Not watched"),
                 QStringLiteral("Watchdog: of no track; give its rule the label track, or narrow "
                                "the server by match in pilothouse.yaml"));
        const auto reasons = m->rollout->mayPromote().reasons;
        QVERIFY(std::none_of(reasons.cbegin(), reasons.cend(), [](const Reason &each) {
            return each.text.contains(QLatin1String("Watchdog"));
        }));
        m->arm();
        m->clock.advance(120s);
        QCOMPARE(m->traffic.world.asked.percent, 10);
        QCOMPARE(guard().view().kind, ViewKind::Watching);
        // The server's matchers say that it is of this workspace.
        m->metrics.narrowed = true;
        m->clock.advance(31s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void withoutAGuardNobodyRollsBack()
    {
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(120s);
        QCOMPARE(m->traffic.world.asked.percent, 10);
    }

    void lostMetricsMakeItUnwatchedAndTheOtherWayIsOffered()
    {
        m->arm();
        m->clock.advance(31s);
        m->metrics.error = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        m->clock.advance(60s);
        QCOMPARE(guard().view().kind, ViewKind::Unwatched);
        QVERIFY2(guard().view().words.startsWith(QLatin1String("UNWATCHED")),
                 qPrintable(guard().view().words));
        QCOMPARE(guard().view().howToGo, QStringLiteral("pilothouse-cli guard --track standalone"));
        QCOMPARE(m->traffic.world.asked.percent, 10); // lost metrics are no failure
        m->metrics.error.reset();
        m->clock.advance(10s);
        QCOMPARE(guard().view().kind, ViewKind::Watching);
    }

    void itIsDisarmedByAPerson()
    {
        m->arm();
        const auto done = guard().disarm(confirmed(guard().previewDisarm()));
        QTRY_VERIFY(done.isFinished());
        QVERIFY(!guard().isArmed());
        QCOMPARE(guard().view().words, QStringLiteral("disarmed by A. Muster"));
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(120s);
        QCOMPARE(m->traffic.world.asked.percent, 10);
    }

    void itIsNotArmedWhereItCouldDoNothing_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("why");
        QTest::newRow("read-only")
            << QStringLiteral("read-only") << QStringLiteral("this console is read-only");
        QTest::newRow("no critical check") << QStringLiteral("no critical check")
                                           << QStringLiteral("no check of this track is critical");
        QTest::newRow("no metrics")
            << QStringLiteral("no metrics") << QStringLiteral("no metrics server is set up");
        QTest::newRow("no candidate")
            << QStringLiteral("no candidate") << QStringLiteral("no rollout to guard");
    }
    void itIsNotArmedWhereItCouldDoNothing()
    {
        QFETCH(QString, what);
        QFETCH(QString, why);
        RolloutSettings given = settings();
        if (what == QLatin1String("no critical check"))
            given.checks[0].critical = false;
        m->start(what == QLatin1String("no metrics") ? nullptr : &m->metrics, given);
        if (what == QLatin1String("no candidate"))
            m->traffic.change([](TrafficState &t) {
                t.candidate.reset();
                t.asked = t.accepted.emplace(Weight{0});
            });
        m->traffic.tell();
        if (what == QLatin1String("read-only"))
            m->rollout->setReadOnly(true);
        const Permission may = guard().mayArm();
        QVERIFY(!may.allowed());
        QCOMPARE(may.first(Reason::Kind::Blocks), why);
        const auto refused = guard().arm(confirmed(guard().previewArm()));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(refused.result().kind, Outcome::Kind::Refused);
        QVERIFY(!guard().isArmed());
    }

    void anotherCandidateThanWasShownIsAConflict()
    {
        const Confirmation shown = confirmed(guard().previewArm());
        m->traffic.change([](TrafficState &t) { t.candidate->commit = CommitId(other); });
        m->traffic.tell();
        const auto refused = guard().arm(shown);
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(refused.result().kind, Outcome::Kind::Conflict);
    }

    void aRollbackThatFailsIsSaidAndTriedAgain()
    {
        QSignalSpy acted(&guard(), &RolloutGuard::acted);
        m->arm();
        m->clock.advance(31s);
        m->rollout->setReadOnly(true);
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(30s);
        QCOMPARE(guard().view().kind, ViewKind::Unwatched);
        QVERIFY2(guard().view().words.contains(
                     QLatin1String("the guard cannot roll back: this console is read-only")),
                 qPrintable(guard().view().words));
        QCOMPARE(acted.size(), 1);
        m->rollout->setReadOnly(false);
        m->clock.advance(40s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void whyAnEarlierGuardEndedSaysNothingOfTheNextRollout()
    {
        m->arm();
        m->traffic.change([](TrafficState &t) { t.candidate->commit = CommitId(other); });
        m->toWeight(0);
        QTRY_VERIFY(!guard().isArmed());
        QVERIFY(!guard().view().words.isEmpty());
        m->toWeight(10);
        QCOMPARE(guard().view().kind, ViewKind::Off);
        QCOMPARE(guard().view().words, QString());
    }

    void anArmingOfAnEarlierConsoleIsSettledAsOver()
    {
        Record intent;
        intent.body[QLatin1String("verb")] = guardverb::arm;
        const auto settled = m->rollout->settle(intent);
        QTRY_VERIFY(settled.isFinished());
        QCOMPARE(settled.result().kind, Outcome::Kind::Failed);
    }

private:
    [[nodiscard]] RolloutGuard &guard() const { return m->guard(); }
    [[nodiscard]] static QString rowOf(const Preview &preview, const char *label)
    {
        for (const PreviewRow &row : preview.rows) {
            if (row.label == QLatin1String(label))
                return row.text;
        }
        return {};
    }

    std::unique_ptr<GuardBench> m;
};

QTEST_GUILESS_MAIN(TestRolloutGuard)
#include "testrolloutguard.moc"
