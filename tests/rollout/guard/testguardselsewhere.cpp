#include "rollout/guard/guardmarker.h"
#include "rollout/guard/guardselsewhere.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = GuardView::Kind;

const QDateTime now(QDate(2026, 11, 24), QTime(14, 32), Qt::LocalTime);
const QDateTime since = now.addSecs(-240);
const CommitId tried(QStringLiteral("c41d77e"));

GuardMark mark(GuardMark::Where where, const QDateTime &until = {})
{
    GuardMark made;
    made.by = QStringLiteral("A. Muster");
    made.where = where;
    made.process.host = QStringLiteral("anvil");
    made.since = since.toUTC();
    made.until = until.toUTC();
    made.commit = tried;
    return made;
}

bool lives(const GuardMark &)
{
    return false;
}

bool isDead(const GuardMark &)
{
    return true;
}

GuardView seen(const QList<GuardMark> &marks, Phase phase = Phase::Baking,
               const IsGone &gone = lives)
{
    return viewOf({marks, {}}, tried, phase, now.toUTC(), gone);
}

} // namespace

/// What a console says of guards that other consoles and programs have.
class TestGuardsElsewhere final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneThatWatchesIsNamedWithItsPlace_data()
    {
        QTest::addColumn<int>("where");
        QTest::addColumn<QString>("run");
        QTest::addColumn<bool>("ends");
        QTest::addColumn<QString>("words");
        using Where = GuardMark::Where;
        const auto row
            = [](const char *name, Where where, const char *run, bool ends, const char *words) {
                  QTest::newRow(name) << int(where) << QString::fromLatin1(run) << ends
                                      << QString::fromLatin1(words);
              };
        row("in CI", Where::Ci, "7012", true,
            "armed by A. Muster, runs in CI (run 7012) since 14:28, until 14:38");
        row("in a CI that does not say more", Where::Ci, "", false,
            "armed by A. Muster, runs in CI since 14:28");
        row("in a window", Where::Window, "", false,
            "armed by A. Muster, runs in a window on anvil since 14:28");
        row("without one", Where::Program, "", false,
            "armed by A. Muster, runs without a window on anvil since 14:28");
    }
    void oneThatWatchesIsNamedWithItsPlace()
    {
        QFETCH(int, where);
        QFETCH(QString, run);
        QFETCH(bool, ends);
        QFETCH(QString, words);
        GuardMark one = mark(GuardMark::Where(where), ends ? now.addSecs(360) : QDateTime());
        one.run = run;
        QCOMPARE(seen({one}), (GuardView{Kind::Elsewhere, words, {}}));
    }

    void severalStandSideBySide()
    {
        const GuardView view = seen({mark(GuardMark::Where::Ci), mark(GuardMark::Where::Window)});
        QCOMPARE(view.kind, Kind::Elsewhere);
        QCOMPARE(view.words, QStringLiteral("armed by A. Muster, runs in CI since 14:28; armed by "
                                            "A. Muster, runs in a window on anvil since 14:28"));
    }

    void oneWhoseProcessIsGoneIsUnwatched()
    {
        QCOMPARE(
            seen({mark(GuardMark::Where::Window)}, Phase::Baking, isDead),
            (GuardView{Kind::Unwatched,
                       QStringLiteral("UNWATCHED: the guard that A. Muster armed at 14:28 in a "
                                      "window on anvil is gone; it did not say why"),
                       {}}));
    }

    void oneThatShouldHaveEndedIsUnwatchedAfterWhatClocksMayDiffer()
    {
        const auto of = [](int secondsAgo) {
            return seen({mark(GuardMark::Where::Ci, now.addSecs(-secondsAgo))});
        };
        QCOMPARE(of(60).kind, Kind::Elsewhere);
        QCOMPARE(of(180).kind, Kind::Unwatched);
        QCOMPARE(of(180).words,
                 QStringLiteral("UNWATCHED: the guard that A. Muster armed at 14:28 in CI should "
                                "have ended at 14:29, and did not say that it did"));
    }

    void oneWithoutAnEndThatFellSilentIsUnwatched_data()
    {
        QTest::addColumn<int>("since"); ///< seconds ago
        QTest::addColumn<int>("heard"); ///< seconds ago; -1 = never since
        QTest::addColumn<int>("kind");
        QTest::newRow("just armed") << 240 << -1 << int(Kind::Elsewhere);
        QTest::newRow("said so on time") << 7200 << 290 << int(Kind::Elsewhere);
        QTest::newRow("late by what clocks and writes may take")
            << 7200 << 470 << int(Kind::Elsewhere);
        QTest::newRow("silent") << 7200 << 490 << int(Kind::Unwatched);
        QTest::newRow("never heard of again") << 490 << -1 << int(Kind::Unwatched);
    }
    void oneWithoutAnEndThatFellSilentIsUnwatched()
    {
        QFETCH(int, since);
        QFETCH(int, heard);
        QFETCH(int, kind);
        for (const auto where : {GuardMark::Where::Window, GuardMark::Where::Program}) {
            GuardMark one = mark(where);
            one.since = now.addSecs(-since).toUTC();
            if (heard >= 0)
                one.heartbeat = now.addSecs(-heard).toUTC();
            QCOMPARE(int(seen({one}).kind), kind);
        }
    }

    void oneThatFellSilentIsNamedWithTheTimeOfItsLastWord()
    {
        GuardMark one = mark(GuardMark::Where::Window);
        one.since = now.addSecs(-3600).toUTC();
        one.heartbeat = now.addSecs(-720).toUTC();
        QCOMPARE(seen({one}).words,
                 QStringLiteral("UNWATCHED: the guard that A. Muster armed at 13:32 in a window on "
                                "anvil has not said since 14:20 that it watches"));
    }

    void oneThatLivesOutweighsOneThatDoesNot()
    {
        const IsGone windows = [](const GuardMark &each) {
            return each.where == GuardMark::Where::Window;
        };
        QCOMPARE(seen({mark(GuardMark::Where::Window), mark(GuardMark::Where::Ci)}, Phase::Baking,
                      windows)
                     .kind,
                 Kind::Elsewhere);
    }

    void itIsOfThisRolloutAlone_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<bool>("gone");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, Phase phase, bool gone, Kind kind) {
            QTest::newRow(name) << int(phase) << gone << int(kind);
        };
        row("before the first weight", Phase::Ready, false, Kind::Elsewhere);
        row("gone before the first weight", Phase::Ready, true, Kind::Off);
        row("held", Phase::Paused, true, Kind::Unwatched);
        row("with all the traffic", Phase::Finishing, true, Kind::Unwatched);
        row("it became the stable", Phase::Done, true, Kind::Off);
        row("rolled back", Phase::RolledBack, true, Kind::Off);
        row("not read", Phase::Unread, false, Kind::Off);
    }
    void itIsOfThisRolloutAlone()
    {
        QFETCH(int, phase);
        QFETCH(bool, gone);
        QFETCH(int, kind);
        QCOMPARE(
            int(seen({mark(GuardMark::Where::Window)}, Phase(phase), gone ? isDead : lives).kind),
            kind);
        GuardMark another = mark(GuardMark::Where::Window);
        another.commit = CommitId(QStringLiteral("9f3c2a1"));
        QCOMPARE(seen({another}, Phase(phase), gone ? isDead : lives).kind, Kind::Off);
    }

    void oneThatTheJournalAloneKnowsIsUnwatched()
    {
        const ArmedGuard earlier{QStringLiteral("A. Muster"), since.toUTC(), tried};
        const auto of = [&](const QList<GuardMark> &marks, const CommitId &candidate) {
            return viewOf({marks, earlier}, candidate, Phase::Baking, now.toUTC(), lives);
        };
        QCOMPARE(
            of({}, tried).words,
            QStringLiteral("UNWATCHED: the guard that A. Muster armed at 14:28 on this computer "
                           "is gone; it did not say why"));
        QCOMPARE(of({}, CommitId(QStringLiteral("9f3c2a1"))).kind, Kind::Off);
        QCOMPARE(of({mark(GuardMark::Where::Ci)}, tried).kind, Kind::Elsewhere);
    }

    void aProcessOfThisComputerIsKnownToBeGone()
    {
        GuardMark own = markOfThisProcess(GuardMark::Where::Program);
        QVERIFY(!own.process.host.isEmpty());
        QVERIFY(!isGone(own));
        // The number is taken again, by a process that began later.
        GuardMark before = own;
        before.process.started = QStringLiteral("2020-01-01T00:00:00.000Z");
        QVERIFY(isGone(before));
        GuardMark none = own;
        none.process.pid = 999'999'999;
        QVERIFY(isGone(none));
        // Of another computer, or from another container, nothing is known.
        GuardMark elsewhere = none;
        elsewhere.process.host = QStringLiteral("another");
        QVERIFY(!isGone(elsewhere));
        GuardMark contained = none;
        contained.pidSpace = QStringLiteral("pid:[1]");
        QVERIFY(!isGone(contained));
        contained.pidSpace.clear();
        QVERIFY(!isGone(contained));
    }
};

QTEST_GUILESS_MAIN(TestGuardsElsewhere)
#include "testguardselsewhere.moc"
