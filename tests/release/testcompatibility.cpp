#include "migration/samplechange.h"
#include "release/compatibility.h"
#include "support/faketraffic.h"

#include <QtTest>

using namespace pilothouse;
using State = FileAtCommit::State;
using Kind = Reason::Kind;
using Role = RevisionReadiness::Role;

namespace {

const CommitId old(QString(40, QLatin1Char('a')));
const CommitId good(QString(40, QLatin1Char('b')));
const CommitId unknown;

ChangeStanding standing(const std::optional<Facts> &facts)
{
    ChangeStanding made;
    made.name = sampleChange().name;
    made.databaseWords = QStringLiteral("production");
    made.table = QStringLiteral("conversations");
    made.column = QStringLiteral("organization_id");
    made.facts = facts;
    return made;
}

TrafficState traffic(int weight)
{
    TrafficState state;
    state.stable = readyRevision(QStringLiteral("svc"), old.value, 3);
    state.candidate = readyRevision(QStringLiteral("canary"), good.value, 2);
    state.asked = Weight{weight};
    state.accepted = Weight{weight};
    return state;
}

/// "aaaaaaa Traffic", in order.
QStringList words(const QList<PlacedRevision> &revisions)
{
    QStringList list;
    for (const PlacedRevision &revision : revisions) {
        const QString role = revision.role == Role::Traffic   ? QStringLiteral("traffic")
                             : revision.role == Role::WayBack ? QStringLiteral("way back")
                                                              : QStringLiteral("worker");
        list.append(QStringLiteral("%1 %2").arg(shortSha(revision.commit), role));
    }
    return list;
}

} // namespace

class TestCompatibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCanReceiveTraffic_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("accepted");
        QTest::addColumn<QStringList>("revisions");
        const QString a = QStringLiteral("aaaaaaa traffic");
        const QString b = QStringLiteral("bbbbbbb traffic");
        QTest::newRow("a candidate at 0 cannot") << 0 << 0 << QStringList{a};
        QTest::newRow("both share") << 10 << 10 << QStringList{a, b};
        QTest::newRow("an asked weight counts before it is accepted")
            << 10 << 0 << QStringList{a, b};
        QTest::newRow("an accepted weight counts though 0 is asked")
            << 0 << 10 << QStringList{a, b};
        QTest::newRow("at 100 the stable has none") << 100 << 100 << QStringList{b};
        QTest::newRow("at 100 asked the stable still has some") << 100 << 50 << QStringList{a, b};
    }
    void whatCanReceiveTraffic()
    {
        QFETCH(int, asked);
        QFETCH(int, accepted);
        QFETCH(QStringList, revisions);
        TrafficState state = traffic(asked);
        state.accepted = Weight{accepted};
        QCOMPARE(words(revisionsOf(QStringLiteral("standalone"), state, {})), revisions);
    }

    void tagsAndTheWayBackCount()
    {
        TrafficState state = traffic(0);
        state.reachable = {*state.candidate};
        WayBack back;
        back.target = readyRevision(QStringLiteral("svc-1"), QString(40, QLatin1Char('c')), 1);
        QCOMPARE(words(revisionsOf(QStringLiteral("t"), state, back)),
                 (QStringList{QStringLiteral("aaaaaaa traffic"), QStringLiteral("bbbbbbb traffic"),
                              QStringLiteral("ccccccc way back")}));
    }

    void aWayBackThatAnotherConsoleRetiredCountsNoMore()
    {
        RolloutState state;
        state.traffic = traffic(0);
        const QString commit(40, QLatin1Char('c'));
        state.traffic->previous = readyRevision(QStringLiteral("svc-1"), commit, 1);
        const auto last = [&state] {
            return words(revisionsOf(QStringLiteral("t"), *state.traffic, wayBack(state, {})))
                .last();
        };
        QCOMPARE(last(), QStringLiteral("ccccccc way back"));
        state.traffic->retired = {{commit,
                                   CommitId(commit),
                                   QStringLiteral("B. Novak"),
                                   QDateTime::currentDateTimeUtc(),
                                   {}}};
        QVERIFY2(!last().contains(QStringLiteral("way back")), qPrintable(last()));
    }

    void aWayBackThatHasTrafficStandsOnce()
    {
        const TrafficState state = traffic(10);
        WayBack back;
        back.target = state.stable;
        QCOMPARE(
            words(revisionsOf(QStringLiteral("t"), state, back)),
            (QStringList{QStringLiteral("aaaaaaa traffic"), QStringLiteral("bbbbbbb traffic")}));
    }

    void twoImagesBehindOneNameCannotBeTold()
    {
        TrafficState state = traffic(0);
        state.stable->mixed = true;
        const auto revisions = revisionsOf(QStringLiteral("t"), state, {});
        QVERIFY(revisions.last().commit.value.isEmpty());
        QCOMPARE(readinessOf(revisions,
                             [](const CommitId &) {
                                 return FileAtCommit{State::Ready, {}};
                             })
                     .last()
                     .state,
                 RevisionReadiness::State::CannotTell);
    }

    void workersThatCannotBeReadCannotBeTold()
    {
        Workload fine{QStringLiteral("worker"), good, 4, 4, false, {}, {}, {}};
        Workload mixed = fine;
        mixed.mixed = true;
        Workload lost = fine;
        lost.error = Error{ErrorKind::NotFound, QStringLiteral("no such deployment"), {}, {}};
        const auto ready = [](const CommitId &) {
            return FileAtCommit{State::Ready, {}};
        };
        const auto stateOf = [&](const Workload &workload) {
            const auto lines = readinessOf(revisionsOf({workload}), ready);
            return lines.size() == 1 && lines[0].role == Role::Worker
                       ? lines[0].state
                       : RevisionReadiness::State::NotReady;
        };
        QCOMPARE(stateOf(fine), RevisionReadiness::State::Ready);
        QCOMPARE(stateOf(mixed), RevisionReadiness::State::CannotTell);
        QCOMPARE(stateOf(lost), RevisionReadiness::State::CannotTell);
    }

    void theFileAtItsOwnCommitDecides_data()
    {
        QTest::addColumn<State>("file");
        QTest::addColumn<int>("readiness");
        using Readiness = RevisionReadiness::State;
        QTest::newRow("ready") << State::Ready << int(Readiness::Ready);
        QTest::newRow("not ready") << State::NotReady << int(Readiness::NotReady);
        QTest::newRow("no file is not ready") << State::NoFile << int(Readiness::NotReady);
        QTest::newRow("unreadable cannot be told")
            << State::CannotTell << int(Readiness::CannotTell);
        QTest::newRow("not answered cannot be told") << State::Asked << int(Readiness::CannotTell);
    }
    void theFileAtItsOwnCommitDecides()
    {
        QFETCH(State, file);
        QFETCH(int, readiness);
        const auto lines
            = readinessOf({{QStringLiteral("t"), good, Role::Traffic}}, [file](const CommitId &) {
                  return FileAtCommit{file, QStringLiteral("why")};
              });
        QCOMPARE(int(lines.first().state), readiness);
        QCOMPARE(lines.first().why, QStringLiteral("why"));
    }

    void anUnknownCommitIsNeverLookedUp()
    {
        int asked = 0;
        const auto lines = readinessOf({{QStringLiteral("t"), unknown, Role::Traffic}},
                                       [&asked](const CommitId &) {
                                           ++asked;
                                           return FileAtCommit{State::Ready, {}};
                                       });
        QCOMPARE(asked, 0);
        QCOMPARE(lines.first().state, RevisionReadiness::State::CannotTell);
    }

    void aPromotion_data()
    {
        QTest::addColumn<Facts>("facts");
        QTest::addColumn<bool>("read");
        QTest::addColumn<State>("file");
        QTest::addColumn<int>("kind"); // -1 = nothing to say
        const auto row = [](const char *name, const Facts &facts, State file, int kind) {
            QTest::newRow(name) << facts << true << file << kind;
        };
        row("a ready candidate before EXPAND is blocked", untouchedFacts(), State::Ready,
            int(Kind::Blocks));
        row("a ready candidate after EXPAND is fine", expandedFacts(), State::Ready,
            int(Kind::For));
        row("an old candidate before EXPAND does not care", untouchedFacts(), State::NoFile, -1);
        row("an old candidate works after EXPAND", expandedFacts(), State::NotReady, -1);
        row("an old candidate works while the trigger fills the column", contractedFacts(),
            State::NotReady, -1);
        row("an old candidate after C5 is blocked", cleanedFacts(), State::NotReady,
            int(Kind::Blocks));
        row("a candidate without the file after C5 is blocked", cleanedFacts(), State::NoFile,
            int(Kind::Blocks));
        row("a ready candidate after C5 is fine", cleanedFacts(), State::Ready, int(Kind::For));
        row("a file that cannot be read is against", expandedFacts(), State::CannotTell,
            int(Kind::Against));
        row("a file that is being read blocks until it is", expandedFacts(), State::Asked,
            int(Kind::Blocks));
        QTest::newRow("a ready candidate and a database that was not read is blocked")
            << Facts() << false << State::Ready << int(Kind::Blocks);
        QTest::newRow("an old candidate and a database that was not read: nothing to say")
            << Facts() << false << State::NotReady << -1;
    }
    void aPromotion()
    {
        QFETCH(Facts, facts);
        QFETCH(bool, read);
        QFETCH(State, file);
        QFETCH(int, kind);
        const ChangeStanding change = standing(read ? std::optional<Facts>(facts) : std::nullopt);
        const auto reasons = promoteReasons(change, good, {file, {}});
        QCOMPARE(reasons.size(), kind < 0 ? 0 : 1);
        if (kind < 0)
            return;
        QCOMPARE(int(reasons[0].kind), kind);
        QVERIFY(reasons[0].kind != Kind::Blocks || !reasons[0].settle.isEmpty());
    }

    void theSentenceNamesColumnAndPlace()
    {
        QCOMPARE(promoteReasons(standing(untouchedFacts()), good, {State::Ready, {}})[0].text,
                 QStringLiteral("bbbbbbb writes conversations.organization_id, which production "
                                "does not have"));
    }

    void anUnknownCandidateIsUnknown()
    {
        const auto reasons = promoteReasons(standing(expandedFacts()), unknown, {});
        QCOMPARE(reasons.size(), 1);
        QCOMPARE(reasons[0].kind, Kind::Unknown);
    }

    void aRollback_data()
    {
        QTest::addColumn<Facts>("facts");
        QTest::addColumn<bool>("read");
        QTest::addColumn<State>("file");
        QTest::addColumn<Kind>("kind");
        const auto row = [](const char *name, const Facts &facts, State file, Kind kind) {
            QTest::newRow(name) << facts << true << file << kind;
        };
        row("to old code before EXPAND is safe", untouchedFacts(), State::NoFile, Kind::For);
        row("to old code while the trigger stands is safe", contractedFacts(), State::NoFile,
            Kind::For);
        row("to old code after C5 breaks", cleanedFacts(), State::NoFile, Kind::Against);
        row("to code that is not ready after C5 breaks", cleanedFacts(), State::NotReady,
            Kind::Against);
        row("to ready code after C5 is safe", cleanedFacts(), State::Ready, Kind::For);
        row("to ready code before EXPAND breaks", untouchedFacts(), State::Ready, Kind::Against);
        row("to what cannot be told after C5 is unknown", cleanedFacts(), State::CannotTell,
            Kind::Unknown);
        row("to what cannot be told while old writers work is safe", expandedFacts(),
            State::CannotTell, Kind::For);
        row("to what cannot be told before EXPAND is unknown", untouchedFacts(), State::CannotTell,
            Kind::Unknown);
        row("to what is still being read before EXPAND is unknown", untouchedFacts(), State::Asked,
            Kind::Unknown);
        QTest::newRow("with a database that was not read is unknown")
            << Facts() << false << State::NotReady << Kind::Unknown;
        QTest::newRow("to ready code, with a database that was not read, is unknown")
            << Facts() << false << State::Ready << Kind::Unknown;
    }
    void aRollback()
    {
        QFETCH(Facts, facts);
        QFETCH(bool, read);
        QFETCH(State, file);
        QFETCH(Kind, kind);
        const ChangeStanding change = standing(read ? std::optional<Facts>(facts) : std::nullopt);
        const auto reasons = rollbackReasons(change, old, {file, {}});
        QCOMPARE(reasons.size(), 1);
        QCOMPARE(reasons[0].kind, kind);
        // A rollback is warned of, never refused.
        QVERIFY(reasons[0].kind != Kind::Blocks);
    }

    void whatWasSafeIsNotKnownOnceTheFactsAreOld_data()
    {
        QTest::addColumn<int>("age"); // seconds
        QTest::addColumn<QString>("lost");
        QTest::addColumn<QString>("text");
        QTest::newRow("read just now")
            << 2 << QString()
            << QStringLiteral("safe: aaaaaaa works with conversations.organization_id as it is");
        QTest::newRow("read within a minute") << 60 << QString() << QStringLiteral("safe: ");
        QTest::newRow("not read for long")
            << 250 << QString()
            << QStringLiteral("safe 4 min ago, not known now: aaaaaaa worked with "
                              "conversations.organization_id as it was (production was not read "
                              "since)");
        QTest::newRow("lost since a moment")
            << 3 << QStringLiteral("PostgreSQL does not answer")
            << QStringLiteral("safe 3 s ago, not known now: aaaaaaa worked with "
                              "conversations.organization_id as it was (PostgreSQL does not "
                              "answer)");
    }
    void whatWasSafeIsNotKnownOnceTheFactsAreOld()
    {
        QFETCH(int, age);
        QFETCH(QString, lost);
        QFETCH(QString, text);
        ChangeStanding change = standing(expandedFacts());
        change.age = std::chrono::seconds(age);
        change.lost = lost;
        const Reason safe = rollbackReasons(change, old, {State::NoFile, {}}).value(0);
        QVERIFY2(safe.text.startsWith(text), qPrintable(safe.text));
        QCOMPARE(safe.kind, text.startsWith(QLatin1String("safe:")) ? Kind::For : Kind::Unknown);

        const Reason expanded = promoteReasons(change, good, {State::Ready, {}}).value(0);
        QCOMPARE(expanded.kind, safe.kind);
    }

    void whatBreaksStaysSoWhateverTheAgeOfTheFacts()
    {
        ChangeStanding change = standing(cleanedFacts());
        change.age = std::chrono::hours(3);
        change.lost = QStringLiteral("PostgreSQL does not answer");
        QCOMPARE(rollbackReasons(change, old, {State::NoFile, {}}).value(0).kind, Kind::Against);
        QCOMPARE(promoteReasons(change, old, {State::NoFile, {}}).value(0).kind, Kind::Blocks);
    }

    void theWarningNamesStepAndDay()
    {
        Facts facts = cleanedFacts();
        StepRecord c5;
        c5.step = StepId::C5;
        c5.at = QDateTime(QDate(2026, 12, 9), QTime(12, 0), Qt::UTC);
        facts.steps.append(c5);
        QCOMPARE(rollbackReasons(standing(facts), old, {State::NoFile, {}})[0].text,
                 QStringLiteral("BREAKS: aaaaaaa inserts without organization_id (refused since "
                                "C5, 9 Dec)"));
    }
};

QTEST_GUILESS_MAIN(TestCompatibility)

#include "testcompatibility.moc"
