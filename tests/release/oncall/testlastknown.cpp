#include "release/oncall/lastknownkeeper.h"
#include "release/oncall/lostsources.h"
#include "release/releasecontroller.h"

#include "release/fakerepository.h"
#include "rollout/rolloutbench.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

const TrackName standalone(QStringLiteral("standalone"));
const TrackName coditect(QStringLiteral("coditect"));

SourceState state(const char *name, SourceState::Health health)
{
    SourceState made;
    made.name = QLatin1String(name);
    made.health = health;
    if (isLost(made))
        made.error = Error{ErrorKind::Unavailable, QStringLiteral("It does not answer."), {}, {}};
    return made;
}

LastKnownTrack kept(const TrackName &track, const QDateTime &at)
{
    return {track, at, QStringLiteral("c41d77e 50 % · 9f3c2a1 50 %"),
            QStringLiteral("9f3c2a1  instant, 3/3 ready"), QStringLiteral("kubectl patch …")};
}

QString keptNow(const LastKnownKeeper &keeper)
{
    return keeper.known().isEmpty() ? QString() : keeper.known().constFirst().now;
}

} // namespace

class TestLastKnown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptComesBack()
    {
        const QDateTime at(QDate(2026, 11, 24), QTime(2, 12, 38, 118), Qt::UTC);
        const QList<LastKnownTrack> tracks{kept(standalone, at), kept(coditect, at.addSecs(-60))};
        const auto read = lastKnownFrom(lastKnownJson(tracks));
        QVERIFY(read);
        QCOMPARE(*read, tracks);
    }

    void aFileOfSomethingElseIsMalformed()
    {
        for (const char *text : {"", "{}", "[]", "{\"lastKnown\": 2, \"tracks\": []}",
                                 "{\"lastKnown\": 1, \"tracks\": [{\"track\": \"a\"}]}"}) {
            const auto read = lastKnownFrom(text);
            QVERIFY2(!read, text);
            QCOMPARE(read.error().kind, ErrorKind::Malformed);
        }
    }

    void aTokenInACommandIsNotKept()
    {
        LastKnownTrack track = kept(standalone, QDateTime::currentDateTimeUtc());
        track.command = QStringLiteral("curl -H 'Authorization: Bearer abcdefghij0123456789abcd'");
        QVERIFY(!lastKnownJson({track}).contains("abcdefghij0123456789"));
    }

    void onlyTracksThatAreLostAreShownWithTheOldestAge()
    {
        const QDateTime now(QDate(2026, 11, 24), QTime(3, 0), Qt::UTC);
        const QList<LastKnownTrack> known{kept(standalone, now.addSecs(-60)),
                                          kept(coditect, now.addSecs(-2820))};
        QVERIFY(lastKnownLines(known, {}, now).isEmpty());
        const auto one = lastKnownLines(known, {standalone}, now);
        QCOMPARE(one.size(), 1);
        QCOMPARE(one[0].track, standalone);
        QCOMPARE(lastKnownAge(lastKnownLines(known, {standalone, coditect}, now)),
                 QStringLiteral("47 min"));
        QVERIFY(lastKnownLines({}, {standalone}, now).isEmpty());
    }

    void aConsoleThatStartsWithNothingAnsweringKnowsWhatWasThere()
    {
        QTemporaryDir dir;
        const QString file = dir.filePath(QStringLiteral("deeper/lastknown.json"));
        {
            RolloutBench bench;
            FakeRepository repository;
            ReleaseController release({}, repository, repository, bench.journal, bench.clock);
            release.addTrack(*bench.rollout, {});
            LastKnownKeeper keeper(file, {bench.rollout.get()}, release, bench.clock);
            QVERIFY(keeper.known().isEmpty());
            release.start();
            bench.toWeight(50);
            bench.clock.advance(std::chrono::seconds(5));
            QTRY_VERIFY(keptNow(keeper).contains(QLatin1String("50 %")));
            bench.clock.advance(std::chrono::seconds(5));
            QVERIFY(QFile::exists(file));
            QVERIFY2(keeper.problem().isEmpty(), qPrintable(keeper.problem()));
        }
        // Nobody else's business.
        QCOMPARE(
            QFile::permissions(file)
                & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
            QFile::Permissions());
        RolloutBench dead;
        FakeRepository repository;
        ReleaseController release({}, repository, repository, dead.journal, dead.clock);
        const LastKnownKeeper keeper(file, {dead.rollout.get()}, release, dead.clock);
        QCOMPARE(keeper.known().size(), 1);
        QCOMPARE(keeper.known()[0].track, standalone);
        QCOMPARE(keeper.known()[0].now, QStringLiteral("bbbbbbb 50 % · aaaaaaa 50 %"));
        // A command for a world that may have moved on: it asks for no version.
        QCOMPARE(keeper.known()[0].command, QStringLiteral("fake FakeRoute weight 0"));
    }

    void whoeverMayNotRollBackHereStillHasTheCommand()
    {
        QTemporaryDir dir;
        RolloutBench bench;
        bench.traffic.mayWrite = {false, QStringLiteral("you lack patch on fakes")};
        bench.start(&bench.metrics);
        FakeRepository repository;
        ReleaseController release({}, repository, repository, bench.journal, bench.clock);
        release.addTrack(*bench.rollout, {});
        LastKnownKeeper keeper(dir.filePath(QStringLiteral("k.json")), {bench.rollout.get()},
                               release, bench.clock);
        release.start();
        bench.toWeight(50);
        QTRY_VERIFY(!bench.rollout->mayRollBack().allowed());
        bench.clock.advance(std::chrono::seconds(5));
        QTRY_COMPARE(keeper.known().size(), 1);
        QCOMPARE(keeper.known()[0].command, QStringLiteral("fake FakeRoute weight 0"));
    }

    void whatIsLostDoesNotReplaceWhatWasKnown()
    {
        QTemporaryDir dir;
        RolloutBench bench;
        FakeRepository repository;
        ReleaseController release({}, repository, repository, bench.journal, bench.clock);
        release.addTrack(*bench.rollout, {});
        LastKnownKeeper keeper(dir.filePath(QStringLiteral("k.json")), {bench.rollout.get()},
                               release, bench.clock);
        release.start();
        bench.toWeight(50);
        bench.clock.advance(std::chrono::seconds(5));
        QTRY_COMPARE(keeper.known().size(), 1);
        const QDateTime at = keeper.known()[0].at;
        bench.traffic.readError
            = Error{ErrorKind::Unavailable, QStringLiteral("It does not answer."), {}, {}};
        Q_EMIT bench.traffic.lost(
            Error{ErrorKind::Unavailable, QStringLiteral("It does not answer."), {}, {}});
        bench.clock.advance(std::chrono::minutes(10));
        QCOMPARE(keeper.known()[0].at, at);
    }

    void aFileThatCannotBeWrittenIsToldAndNothingElseHappens()
    {
        QTemporaryDir dir;
        QFile(dir.filePath(QStringLiteral("wall"))).open(QIODevice::WriteOnly);
        RolloutBench bench;
        FakeRepository repository;
        ReleaseController release({}, repository, repository, bench.journal, bench.clock);
        release.addTrack(*bench.rollout, {});
        LastKnownKeeper keeper(dir.filePath(QStringLiteral("wall/k.json")), {bench.rollout.get()},
                               release, bench.clock);
        release.start();
        bench.toWeight(50);
        QTRY_COMPARE(keeper.known().size(), 1);
        bench.clock.advance(std::chrono::seconds(5));
        QVERIFY(!keeper.problem().isEmpty());
        QCOMPARE(keeper.known().size(), 1);
    }

    void aLostSourceIsNamedOnceWithWhatStillWorks()
    {
        using Health = SourceState::Health;
        SourceState metrics = state("Prometheus", Health::Lost);
        metrics.lastGoodSinceBoot = std::chrono::minutes(6);
        metrics.nextTryIn = std::chrono::seconds(8);
        const QList<LostLine> lines = lostLines(
            {{SourceRole::Traffic, state("Kubernetes", Health::Live), standalone.value},
             {SourceRole::Traffic, state("Cloud Run", Health::SignedOut), coditect.value},
             {SourceRole::Metrics, metrics, {}},
             {SourceRole::Metrics, metrics, {}},
             {SourceRole::Schema, state("PostgreSQL", Health::Loading), {}},
             {SourceRole::CiHost, state("GitHub", Health::NotAllowed), {}}},
            std::chrono::minutes(10));
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0].name, QStringLiteral("Cloud Run"));
        QCOMPARE(lines[0].word, QStringLiteral("signed out"));
        QCOMPARE(lines[0].since, QStringLiteral("never answered"));
        QVERIFY(lines[0].works.contains(QLatin1String("coditect cannot be moved from here")));
        QCOMPARE(lines[1].since, QStringLiteral("for 4 min, next try in 8 s"));
        QVERIFY(lines[1].works.contains(QLatin1String("rolling back needs no metrics")));
        QCOMPARE(lines[2].word, QStringLiteral("not allowed"));
        QVERIFY(lines[2].works.contains(QLatin1String("rolling back works")));
    }

    void whatCanStillPromoteIsALineOfItsTrack()
    {
        const RunsLine runs{{}, {{QStringLiteral("run 7012"), QStringLiteral("cancel it")}}};
        const QList<LostLine> lines = stillAbleLines(standalone, runs);
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines[0].name, standalone.value);
        QCOMPARE(lines[0].word, QStringLiteral("still able to promote"));
        QCOMPARE(lines[0].why, QStringLiteral("run 7012"));
        QCOMPARE(lines[0].works, QStringLiteral("cancel it"));
        QVERIFY(stillAbleLines(standalone, {}).isEmpty());
    }

    void twoTracksOfOneSystemAreBothNamed()
    {
        const SourceState lost = state("Kubernetes", SourceState::Health::Lost);
        const QList<LostLine> lines = lostLines({{SourceRole::Traffic, lost, standalone.value},
                                                 {SourceRole::Traffic, lost, coditect.value}},
                                                std::chrono::minutes(10));
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines[0].works.contains(standalone.value));
        QVERIFY(lines[0].works.contains(coditect.value));
    }
};

QTEST_GUILESS_MAIN(TestLastKnown)
#include "testlastknown.moc"
