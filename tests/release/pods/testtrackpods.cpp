#include "release/pods/trackpods.h"

#include "rollout/rolloutbench.h"
#include "support/manylogs.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString requests = QStringLiteral("requests");

RolloutSettings counted()
{
    RolloutSettings made = settings();
    made.requestRateQuery = requests;
    return made;
}

} // namespace

class TestTrackPods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCandidatesLogsComeFirst()
    {
        Bench b;
        b.pods->look(&b);
        QCOMPARE(b.logs.opened, QStringList({QStringLiteral("canary-1"), QStringLiteral("canary-2"),
                                             QStringLiteral("stable-1")}));
        b.pods->lookAway(&b);
        QCOMPARE(b.logs.open(), 0);
    }

    void aNewPodIsFollowedAndOneThatIsGoneIsNot()
    {
        Bench b;
        b.pods->look(&b);
        b.rollouts.traffic.change([](TrafficState &state) {
            state.candidate->pods = {QStringLiteral("canary-2"), QStringLiteral("canary-3")};
        });
        b.rollouts.traffic.tell();
        QCOMPARE(b.logs.open(), 3);
        QVERIFY(!b.logs.streams.value(QStringLiteral("canary-1")));
        QVERIFY(b.logs.streams.value(QStringLiteral("canary-3")));
    }

    void whatItHasServedIsAskedForADayOnceWhileSomebodyLooks()
    {
        Bench b;
        const auto dayQueries = [&b] {
            int count = 0;
            for (const RangeQuery &query : std::as_const(b.rollouts.metrics.asked))
                count += query.expression == requests && query.from.secsTo(query.to) == 24LL * 3600
                             ? 1
                             : 0;
            return count;
        };
        QCOMPARE(dayQueries(), 0);
        b.pods->look(&b);
        QTRY_COMPARE(dayQueries(), 1);
        b.rollouts.toWeight(10);
        QCoreApplication::processEvents();
        QCOMPARE(dayQueries(), 1);
        b.rollouts.clock.advance(std::chrono::minutes(6));
        b.rollouts.toWeight(50);
        QTRY_COMPARE(dayQueries(), 2);
    }

    void theStableCanCarryWhatItHasServed()
    {
        Bench b;
        b.pods->look(&b);
        b.rollouts.rollout->look(this);
        b.rollouts.rollout->refresh();
        b.rollouts.clock.advance(std::chrono::minutes(1));
        QTRY_COMPARE(b.pods->carry()->state, CarryView::State::NotProved); // 60 of 72 a second
        b.rollouts.metrics.values[requests] = {90, 0, false};
        b.rollouts.clock.advance(std::chrono::minutes(6));
        b.rollouts.toWeight(50);
        b.rollouts.clock.advance(std::chrono::minutes(1));
        QTRY_COMPARE(b.pods->carry()->state, CarryView::State::Proved);
    }

    void aDialogThatIsOpenIsTold()
    {
        Bench b;
        b.rollouts.toWeight(10);
        b.rollouts.rollout->look(this);
        b.rollouts.clock.advance(std::chrono::minutes(1));
        const auto said = [](const Preview &preview) {
            QStringList rows;
            for (const PreviewRow &row : preview.rows) {
                if (row.text.contains(QLatin1String("stable can carry")))
                    rows << row.label;
            }
            return rows.join(QLatin1Char(' '));
        };
        QCOMPARE(said(b.rollouts.rollout->previewPromote()), QString()); // nobody has asked
        b.rollouts.metrics.values[requests] = {90, 0, false};
        b.rollouts.clock.advance(std::chrono::minutes(1));
        b.rollouts.rollout->tryOut(WeightAttempt::Kind::Promote);
        QTRY_COMPARE(said(b.rollouts.rollout->previewPromote()), QStringLiteral("For"));
        QCOMPARE(said(b.rollouts.rollout->previewRollback()), QStringLiteral("Load"));
        QCOMPARE(said(b.rollouts.rollout->previewBack()), QString());
    }

    void withoutMetricsThatIsSaid()
    {
        Bench b(Bench::Metrics::None);
        b.pods->look(&b);
        QVERIFY(b.pods->carry());
        QCOMPARE(b.pods->carry()->state, CarryView::State::Unknown);
        QVERIFY(b.pods->carry()->words.contains(QLatin1String("no data")));
    }

private:
    struct Bench : QObject
    {
        enum class Metrics { There, None };

        explicit Bench(Metrics are = Metrics::There)
        {
            MetricSource *const source = are == Metrics::There ? &rollouts.metrics : nullptr;
            rollouts.traffic.world.candidate->pods
                = QStringList{QStringLiteral("canary-1"), QStringLiteral("canary-2")};
            rollouts.traffic.world.stable->pods = QStringList{QStringLiteral("stable-1")};
            rollouts.metrics.values[requests] = {60, 12, true};
            rollouts.start(source, counted());
            pods = std::make_unique<TrackPods>(*rollouts.rollout, std::vector<LogSource *>{&logs},
                                               source, rollouts.clock);
        }

        RolloutBench rollouts;
        ManyLogs logs;
        std::unique_ptr<TrackPods> pods;
    };
};

QTEST_GUILESS_MAIN(TestTrackPods)
#include "testtrackpods.moc"
