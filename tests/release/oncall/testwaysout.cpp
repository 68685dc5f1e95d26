#include "migration/act/pausing.h"
#include "release/oncall/waysout.h"
#include "rollout/rolloutbench.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

WayLine way(WayLine::Kind kind, const QString &name)
{
    WayLine line;
    line.kind = kind;
    line.name = name;
    line.track = TrackName(name);
    line.verb = QStringLiteral("do it");
    return line;
}

LiveRow live(int percent)
{
    LiveRow row;
    row.stable = LiveRevision{CommitId(old), Weight{100 - percent}, 3, 3, false, {}};
    row.candidate = LiveRevision{CommitId(good), Weight{percent}, 2, 2, false, {}};
    row.wayBackWords = QStringLiteral("aaaaaaa  instant, 3/3 ready");
    row.since = QDateTime(QDate(2026, 11, 24), QTime(14, 27), Qt::UTC);
    row.by = QStringLiteral("B. Novak");
    row.age = std::chrono::seconds(1);
    return row;
}

ChangeView backfill()
{
    ChangeView view;
    view.key = {ChangeName(QStringLiteral("organization-id")), QStringLiteral("context")};
    RunView run;
    run.current = StepId::M2;
    run.progress.done = 1000;
    run.progress.total = 300'000;
    view.running = run;
    return view;
}

} // namespace

class TestWaysOut final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEarlierDeployIsAWayOut()
    {
        RolloutBench b;
        b.traffic.change([](TrafficState &t) {
            t.earlier.emplace();
            t.earlier->number = 41;
            t.earlier->name = QStringLiteral("Helm revision 41");
            t.earlier->commit = CommitId(other);
            t.earlier->takes = std::chrono::minutes(3);
        });
        b.traffic.tell();
        const WayLine line = rollbackLine(*b.rollout, live(0));
        QVERIFY(line.offBecause.isEmpty());
        QCOMPARE(line.verb, QStringLiteral("Roll back to ccccccc…"));
        QCOMPARE(line.risk.text, QString()); // how long it takes stands beside already
    }

    void aTrackInFlightCanBeRolledBackAndHeld()
    {
        RolloutBench b;
        b.toWeight(50);
        const WayLine line = rollbackLine(*b.rollout, live(50));
        QCOMPARE(line.now, QStringLiteral("bbbbbbb 50 % · aaaaaaa 50 %"));
        QCOMPARE(line.to, QStringLiteral("aaaaaaa  instant, 3/3 ready"));
        QCOMPARE(line.verb, b.rollout->rollbackLabel());
        QVERIFY(line.offBecause.isEmpty());
        const auto hold = holdLine(*b.rollout, live(50));
        QVERIFY(hold);
        QVERIFY(hold->verb.contains(QLatin1String("standalone")));
        for (const WayLine &each : {line, *hold}) {
            QCOMPARE(each.since, live(50).since);
            QCOMPARE(each.by, QStringLiteral("B. Novak"));
        }
    }

    void aFreezeIsToldOfARolloutInFlightAndNeverAgainstARollback()
    {
        RolloutBench b;
        b.frozen = QStringLiteral("weekend, until Mon 08:00");
        QVERIFY(!rollbackLine(*b.rollout, live(0)).now.contains(QStringLiteral("frozen")));
        b.toWeight(50);
        const WayLine line = rollbackLine(*b.rollout, live(50));
        QCOMPARE(line.now, QStringLiteral("bbbbbbb 50 % · aaaaaaa 50 % · frozen: finish it, or "
                                          "roll it back"));
        QVERIFY(line.offBecause.isEmpty());
        QVERIFY(!line.risk.text.contains(QStringLiteral("frozen")));
    }

    void aRunThatCouldPromoteIsHeldWhateverTheWeight_data()
    {
        QTest::addColumn<int>("percent");
        QTest::newRow("nothing is in flight") << 0;
        QTest::newRow("in flight") << 50;
    }

    void aRunThatCouldPromoteIsHeldWhateverTheWeight()
    {
        QFETCH(int, percent);
        RolloutBench b;
        if (percent > 0)
            b.toWeight(percent);
        RunsLine runs;
        runs.able = {{QStringLiteral("run 7012 (deploy-standalone, waits at production)"), {}}};
        runs.holdRow.text = QStringLiteral("cancels run 7012");
        runs.holdCancels = RunsLine::Cancels::Runs;
        b.rollout->setRuns(QStringLiteral("GitHub"), runs);
        const auto line = holdLine(*b.rollout, live(percent));
        QVERIFY(line);
        QCOMPARE(line->kind, WayLine::Kind::Run);
        QCOMPARE(line->name, QStringLiteral("pipeline"));
        QCOMPARE(line->now, QStringLiteral("run 7012 (deploy-standalone, waits at production), "
                                           "could promote"));
        QCOMPARE(line->to, QStringLiteral("cancel what waits, and hold standalone"));
        QCOMPARE(line->verb, QStringLiteral("Hold standalone…"));
        QCOMPARE(line->track, TrackName(QStringLiteral("standalone")));
        b.traffic.change([](TrafficState &t) {
            t.hold = Hold{QStringLiteral("B. Novak"), {}, QStringLiteral("errors"), {}};
        });
        b.traffic.tell();
        QVERIFY(!holdLine(*b.rollout, live(percent)));
    }

    void runsThatNobodySeesCouldDoAnything()
    {
        RolloutBench b;
        RunsLine runs;
        runs.holdRow.kind = PreviewRow::Kind::Unknown;
        runs.holdRow.text = QStringLiteral("GitHub is lost");
        runs.able = {{QStringLiteral("runs of deploy-standalone are not seen: GitHub does not "
                                     "answer"),
                      {}}};
        b.rollout->setRuns(QStringLiteral("GitHub"), runs);
        const auto line = holdLine(*b.rollout, live(0));
        QVERIFY(line);
        QCOMPARE(line->now, runs.able.first().what);
        QCOMPARE(line->to, QStringLiteral("hold standalone: every console refuses to promote"));
    }

    void whatARollbackBreaksStandsBesideIt()
    {
        RolloutBench b;
        b.toWeight(50);
        b.rollout->setExternalReasons(
            {}, {{Reason::Kind::For, QStringLiteral("coditect is safe"), {}},
                 {Reason::Kind::Against, QStringLiteral("users.login is gone"), {}}});
        const WayLine line = rollbackLine(*b.rollout, live(50));
        QCOMPARE(line.risk.kind, Reason::Kind::Against);
        QCOMPARE(line.risk.text, QStringLiteral("users.login is gone"));
    }

    void aQuietTrackSaysWhyThereIsNothingToRollBack()
    {
        RolloutBench b;
        const WayLine line = rollbackLine(*b.rollout, live(0));
        QCOMPARE(line.now, QStringLiteral("aaaaaaa 100 %"));
        QVERIFY(!line.offBecause.isEmpty());
        QVERIFY(!holdLine(*b.rollout, live(50)));
    }

    void aTrackThatCannotBeReadSaysHowOldItIs()
    {
        RolloutBench b;
        b.toWeight(50);
        LiveRow row = live(50);
        row.error = QStringLiteral("Kubernetes does not answer.");
        row.age = std::chrono::minutes(4);
        QCOMPARE(rollbackLine(*b.rollout, row).old, QStringLiteral("4 min old, lost"));
        row.age.reset();
        QVERIFY(rollbackLine(*b.rollout, row).old.startsWith(QLatin1String("never read")));
        row.stable.reset();
        row.candidate.reset();
        QCOMPARE(rollbackLine(*b.rollout, row).now, QString()); // the same is not said twice
        row.error.clear();
        QCOMPARE(rollbackLine(*b.rollout, row).now, QStringLiteral("not read yet"));
    }

    void aBackfillThatRunsCanBePaused()
    {
        ChangeView view = backfill();
        const auto line = pauseLine(view, 0s, Limits());
        QVERIFY(line);
        QCOMPARE(line->now, QStringLiteral("backfill of organization-id: 1,000 of ~300,000 rows"));
        QVERIFY(line->offBecause.isEmpty());
        QVERIFY(!line->since.isValid()); // nothing is read yet
        view.facts.emplace();
        view.facts->value.backfill.emplace().startedAt = live(50).since;
        view.facts->value.steps = {{StepId::E1, QStringLiteral("A. Muster"), {}, {}, {}},
                                   {StepId::M2, QStringLiteral("B. Novak"), {}, {}, {}}};
        QCOMPARE(pauseLine(view, 0s, Limits())->since, live(50).since);
        QCOMPARE(pauseLine(view, 0s, Limits())->by, QStringLiteral("B. Novak"));
        view.running->pausing = true;
        QVERIFY(!pauseLine(view, 0s, Limits())->offBecause.isEmpty());
        view.running->current = StepId::M4;
        QVERIFY(!pauseLine(view, 0s, Limits())); // an index that is built is no backfill
        view.running.reset();
        QVERIFY(!pauseLine(view, 0s, Limits()));
    }

    void aBackfillOfAnotherConsoleCanBePausedWhileItIsSeen()
    {
        ChangeView view = backfill();
        view.running.reset();
        BackfillRow &row = view.facts.emplace().value.backfill.emplace();
        row.rowsScanned = 1'310'000;
        row.rowsTotal = 2'100'000;
        row.runnerPid = 4711;
        QVERIFY(!pauseLine(view, 1s, Limits())); // nobody runs it
        row.runnerAlive = true;
        const auto line = pauseLine(view, 1s, Limits());
        QVERIFY(line);
        QCOMPARE(line->now, QStringLiteral("backfill of organization-id: 1,310,000 of ~2,100,000 "
                                           "rows, runs elsewhere (pid 4711)"));
        QCOMPARE(line->to, QStringLiteral("pause at its next batch"));
        QCOMPARE(line->offBecause, QString());
        QCOMPARE(line->old, QString());
        view.error = Error{ErrorKind::Unavailable, QStringLiteral("gone"), {}, {}};
        QCOMPARE(pauseLine(view, 30s, Limits())->old, QStringLiteral("seen 30 s ago, lost"));
        QCOMPARE(pauseLine(view, 240s, Limits())->offBecause,
                 QStringLiteral("last seen 4 min ago: PostgreSQL is lost"));
    }

    void thePauseIsConfirmedWithNothingTyped()
    {
        const Preview preview
            = pausePreview(backfill(), {EnvironmentMark::Kind::Production, QStringLiteral("prod")});
        QVERIFY(preview.typed.isEmpty());
        QVERIFY(!preview.rows.isEmpty());
        QVERIFY(!preview.verb.isEmpty());
    }

    void aKeyKeepsItsMeaningWhileTheScreenIsOpen()
    {
        using Kind = WayLine::Kind;
        const WayLine standalone = way(Kind::RollBack, QStringLiteral("standalone"));
        const WayLine coditect = way(Kind::RollBack, QStringLiteral("coditect"));
        const WayLine hold = way(Kind::Hold, QStringLiteral("standalone"));
        WayLine pause = way(Kind::Pause, QString());
        const QList<WayLine> shown{standalone, coditect, hold};
        // A backfill begins: it comes last. The hold is over: it stays, and is off.
        const QList<WayLine> next = inPlace(shown, {standalone, coditect, pause});
        QCOMPARE(next.size(), 4);
        QCOMPARE(next[2].kind, Kind::Hold);
        QVERIFY(!next[2].offBecause.isEmpty());
        QCOMPARE(next[3].kind, Kind::Pause);
        // It comes again: in its old place, and on.
        const QList<WayLine> again = inPlace(next, {standalone, coditect, pause, hold});
        QCOMPARE(again[2].kind, Kind::Hold);
        QVERIFY(again[2].offBecause.isEmpty());
        QCOMPARE(inPlace({}, shown), shown);
        // A run appears: the same key holds the same track, with other words.
        const WayLine run = way(Kind::Run, QStringLiteral("standalone"));
        const QList<WayLine> held = inPlace(shown, {standalone, coditect, run});
        QCOMPARE(held, (QList<WayLine>{standalone, coditect, run}));
    }

    void whatIsOverGivesItsKeyToAWayWithoutOne()
    {
        QList<WayLine> all;
        for (int i = 0; i < 11; ++i)
            all.append(way(WayLine::Kind::RollBack, QStringLiteral("track-%1").arg(i)));
        QCOMPARE(inPlace(all, all), all);
        QList<WayLine> now = all;
        now.removeAt(10); // without a key: it is gone
        now.removeAt(3);
        QList<WayLine> expected = all.mid(0, 9);
        expected[3] = all[9];
        QCOMPARE(inPlace(all, now), expected);
        // Every way has a key: what is over stays.
        now.removeAt(0);
        const QList<WayLine> next = inPlace(expected, now);
        QCOMPARE(next.size(), 9);
        QVERIFY(!next[0].offBecause.isEmpty());
        QCOMPARE(next.mid(1), expected.mid(1));
    }
};

QTEST_GUILESS_MAIN(TestWaysOut)
#include "testwaysout.moc"
