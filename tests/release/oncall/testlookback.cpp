#include "release/oncall/lookback.h"

#include "release/oncall/earlier.h"
#include "support/fakeclock.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime bad(QDate(2026, 11, 24), QTime(2, 59, 10), Qt::UTC);

class FakeEvents final : public ClusterEventSource
{
public:
    QFuture<ClusterEvents> between(const ClusterQuestion &question) override
    {
        asked.append(question);
        auto promise = std::make_shared<QPromise<ClusterEvents>>();
        promise->start();
        open.append(promise);
        return promise->future();
    }
    void answer(int which, const QString &what)
    {
        open[which]->addResult(ClusterEvents{{{bad.addSecs(-250), {}, what}}, {}});
        open[which]->finish();
    }

    QList<ClusterQuestion> asked;
    QList<std::shared_ptr<QPromise<ClusterEvents>>> open;
};

QList<PodOfTrack> pods(const char *name)
{
    return {{TrackName(QStringLiteral("standalone")), QLatin1String(name)}};
}

} // namespace

class TestLookback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whileNothingHurtsTheLastHoursAreAskedForFromTimeToTime()
    {
        Bench b;
        b.lookback.want({}, pods("a"));
        QCOMPARE(b.source.asked.size(), 1);
        QCOMPARE(b.source.asked[0].to, b.clock.now());
        QCOMPARE(b.source.asked[0].from, b.clock.now().addSecs(-6 * 3600));
        b.clock.advance(std::chrono::seconds(30));
        b.lookback.want({}, pods("a"));
        QCOMPARE(b.source.asked.size(), 1);
        b.clock.advance(std::chrono::seconds(31));
        b.lookback.want({}, pods("a"));
        QCOMPARE(b.source.asked.size(), 2);
        QCOMPARE(b.source.asked[1].to, b.clock.now());
    }

    void theDayBeforeTheFirstBadMomentIsAskedForOnce()
    {
        Bench b;
        QSignalSpy changed(&b.lookback, &Lookback::changed);
        b.lookback.want(bad, pods("a"));
        b.lookback.want(bad.addSecs(5), pods("a")); // a sample came or went
        QCOMPARE(b.source.asked.size(), 1);
        QCOMPARE(b.source.asked[0].from, bad.addDays(-1));
        QCOMPARE(b.source.asked[0].to, bad);
        QVERIFY(!b.lookback.found());
        b.source.answer(0, QStringLiteral("config map"));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(b.lookback.found()->events.size(), 1);
    }

    void itIsAskedAgainAfterAWhileAndForOtherPods()
    {
        Bench b;
        b.lookback.want(bad, pods("a"));
        b.clock.advance(std::chrono::seconds(61));
        b.lookback.want(bad, pods("a"));
        QCOMPARE(b.source.asked.size(), 2);
        b.lookback.want(bad, pods("b"));
        QCOMPARE(b.source.asked.size(), 3);
        b.lookback.want(bad.addSecs(600), pods("b"));
        QCOMPARE(b.source.asked.size(), 4);
    }

    void anAnswerThatComesTooLateIsDropped()
    {
        Bench b;
        b.lookback.want(bad, pods("a"));
        b.lookback.want(bad.addSecs(600), pods("a"));
        b.source.answer(0, QStringLiteral("of the first question"));
        QCoreApplication::processEvents(); // the answer is delivered by now, if it is
        QVERIFY(!b.lookback.found());
        b.source.answer(1, QStringLiteral("of the second"));
        QTRY_VERIFY(b.lookback.found());
        QCOMPARE(b.lookback.found()->events[0].what, QStringLiteral("of the second"));
    }

    void whatIsOverIsForgotten()
    {
        Bench b;
        b.lookback.want(bad, pods("a"));
        b.source.answer(0, QStringLiteral("config map"));
        QTRY_VERIFY(b.lookback.found());
        b.lookback.want({}, pods("a"));
        QVERIFY(!b.lookback.found());
        b.source.answer(1, QStringLiteral("of the calm after it"));
        QTRY_VERIFY(b.lookback.found());
        // And the other way round: what is found in calm is no cause.
        b.lookback.want(bad, pods("a"));
        QVERIFY(!b.lookback.found());
    }

    void whatTheClustersRememberStandsByItsDistance()
    {
        const QList<ClusterEvent> events{
            {bad.addSecs(-600), QStringLiteral("helm"), QStringLiteral("config map")},
            {bad.addSecs(-250), QStringLiteral("cron"), QStringLiteral("cron job")},
            {bad.addSecs(1), QStringLiteral("helm"), QStringLiteral("afterwards")},
            {bad.addDays(-2), QStringLiteral("helm"), QStringLiteral("long before")}};
        const QList<EarlierLine> lines = changedBefore(events, bad);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines[0].what, QStringLiteral("cron job"));
        QCOMPARE(lines[0].before, std::chrono::milliseconds(250'000));
        QCOMPARE(lines[1].who, QStringLiteral("helm"));
        QVERIFY(changedBefore(events, QDateTime()).isEmpty());
    }

private:
    struct Bench
    {
        FakeClock clock;
        FakeEvents source;
        Lookback lookback{source, clock};
    };
};

QTEST_GUILESS_MAIN(TestLookback)
#include "testlookback.moc"
