#include "action/outcomewords.h"
#include "release/seen/happenings.h"
#include "release/seen/heldaway.h"
#include "rollout/trafficannotations.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
const TrackName standalone(QStringLiteral("standalone"));
const QString person = QStringLiteral("A. Muster");

/// Newest first, as the journal is read; each with what came of it, unless it is under way.
class Records
{
public:
    Records &add(const char *verb, int minute, std::optional<Outcome::Kind> end)
    {
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(QStringLiteral("i-%1").arg(minute));
        intent.at = noon.addSecs(60 * minute);
        intent.subject = standalone.value;
        intent.actor = person;
        intent.body = {{QStringLiteral("verb"), QString::fromLatin1(verb)}};
        list.prepend(intent);
        if (end) {
            Record outcome = outcomeRecord(intent.id, intent.subject, person, {*end, {}, {}});
            outcome.at = intent.at;
            list.prepend(outcome);
        }
        return *this;
    }

    QList<Record> list;
};

Records held()
{
    return Records().add("hold", 0, Outcome::Kind::Done);
}

Deed lift(int minute, std::optional<int> since = {})
{
    Deed deed;
    deed.at = noon.addSecs(60 * minute);
    deed.by = QStringLiteral("B. Novak");
    deed.what = liftDeed;
    if (since)
        deed.since = noon.addSecs(60 * *since);
    return deed;
}

bool isAway(const Records &records, const TrafficState &traffic = {})
{
    return heldAwayLine(standalone, traffic, records.list).has_value();
}

} // namespace

/// A hold that somebody took away besides the console.
class TestHeldAway final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHoldThatIsGoneWithoutALiftWasRemovedOutside()
    {
        const auto line = heldAwayLine(standalone, {}, held().list);
        QVERIFY(line);
        QCOMPARE(line->what,
                 QStringLiteral("the hold of standalone was removed outside Pilothouse, it is not "
                                "told when or by whom; A. Muster had set it then"));
        QCOMPARE(line->at, noon);
        QVERIFY(line->who.isEmpty());
        QCOMPARE(line->source, LatelyLine::Source::TrafficObject);
    }

    void whoWroteTheAnnotationsSinceIsNamed()
    {
        TrafficState traffic;
        traffic.annotatedBy = QStringLiteral("kubectl-edit");
        traffic.annotatedAt = noon.addSecs(600);
        const auto line = heldAwayLine(standalone, traffic, held().list);
        QVERIFY(line);
        QCOMPARE(line->who, QStringLiteral("kubectl-edit"));
        QCOMPARE(line->at, noon.addSecs(600));
        QCOMPARE(line->what, QStringLiteral("the hold of standalone was removed outside "
                                            "Pilothouse; it wrote the annotations last"));
        // The console itself, and who wrote before, did not do it.
        traffic.annotatedBy = QStringLiteral("pilothouse");
        QVERIFY(heldAwayLine(standalone, traffic, held().list)->who.isEmpty());
        traffic.annotatedBy = QStringLiteral("kubectl-edit");
        traffic.annotatedAt = noon.addSecs(-600);
        QVERIFY(heldAwayLine(standalone, traffic, held().list)->who.isEmpty());
    }

    void aHoldThatStandsIsNotGone()
    {
        TrafficState traffic;
        traffic.hold.emplace();
        QVERIFY(!isAway(held(), traffic));
    }

    void whoWasNeverHeldLosesNoHold()
    {
        QVERIFY(!isAway(Records()));
        QVERIFY(!isAway(Records().add("hold", 0, Outcome::Kind::Failed)));
        QVERIFY(!isAway(Records().add("promote", 0, Outcome::Kind::Done)));
        Records other = held();
        for (Record &record : other.list)
            record.subject = QStringLiteral("coditect");
        QVERIFY(!isAway(other));
    }

    void aLiftOfThisJournalEndsIt_data()
    {
        QTest::addColumn<int>("end"); ///< -1 = under way
        QTest::addColumn<bool>("away");
        QTest::newRow("done") << int(Outcome::Kind::Done) << false;
        QTest::newRow("unknown") << int(Outcome::Kind::Unknown) << false;
        QTest::newRow("under way") << -1 << false;
        QTest::newRow("failed") << int(Outcome::Kind::Failed) << true;
        QTest::newRow("conflict") << int(Outcome::Kind::Conflict) << true;
    }
    void aLiftOfThisJournalEndsIt()
    {
        QFETCH(int, end);
        QFETCH(bool, away);
        Records records = held();
        records.add("lift", 5, end < 0 ? std::nullopt : std::optional(Outcome::Kind(end)));
        QCOMPARE(isAway(records), away);
        // Held again since: that one is asked about.
        records.add("hold", 9, Outcome::Kind::Done);
        QVERIFY(isAway(records));
    }

    void aHoldOfWhichNobodyKnowsWhetherItStoodAccusesNobody()
    {
        QVERIFY(!isAway(held().add("hold", 5, {})));
        QVERIFY(!isAway(held().add("hold", 5, Outcome::Kind::Unknown)));
    }

    void aLiftByAnotherConsoleEndsIt()
    {
        TrafficState traffic;
        traffic.deeds = {lift(10, 0)};
        QVERIFY(!isAway(held(), traffic));
        traffic.deeds = {lift(10)}; // an older console's, that did not note since when
        QVERIFY(!isAway(held(), traffic));
        // Of a hold before this one.
        traffic.deeds = {lift(-30, -60)};
        QVERIFY(isAway(held(), traffic));
    }

    void notesThatNoLongerReachBackTellNothing()
    {
        TrafficState traffic;
        for (int i = 0; i < rememberedChanges; ++i) {
            Deed deed = lift(60 - i);
            deed.what = QStringLiteral("helm %1").arg(60 - i);
            traffic.deeds.append(deed);
        }
        QVERIFY(!isAway(held(), traffic));
        traffic.deeds.removeLast();
        QVERIFY(isAway(held(), traffic));
    }

    void itStandsInLatelyAndInTheHistory()
    {
        Happenings all;
        all.records = held().list;
        TrackHappenings track;
        track.track = standalone;
        track.traffic.emplace();
        all.tracks = {track};
        const auto tells = [](const QList<LatelyLine> &lines) {
            return std::count_if(lines.cbegin(), lines.cend(), [](const LatelyLine &line) {
                return line.what.contains(QLatin1String("removed outside Pilothouse"));
            });
        };
        QCOMPARE(tells(linesOf(all)), 1);
        QCOMPARE(tells(deedsOfOthers(linesOf(all))), 1);
        all.tracks.first().traffic.reset(); // not read: nothing is said
        QCOMPARE(tells(linesOf(all)), 0);
    }
};

QTEST_GUILESS_MAIN(TestHeldAway)
#include "testheldaway.moc"
