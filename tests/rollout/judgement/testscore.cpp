#include "rollout/judgement/score.h"

#include <QtTest>

using namespace pilothouse;

namespace {

ScoredMetric metric(const char *name, MetricClass result, const char *group = "g")
{
    ScoredMetric made;
    made.name = QString::fromLatin1(name);
    made.groups = QStringList{QString::fromLatin1(group)};
    made.result = result;
    return made;
}

ScoredMetric critical(const char *name, MetricClass result)
{
    ScoredMetric made = metric(name, result);
    made.critical = true;
    return made;
}

double summaryOf(const QList<ScoredMetric> &metrics, const QHash<QString, double> &weights = {})
{
    return scoreOf(metrics, weights).summary;
}

ScoreVerdict verdict(const QList<ScoredMetric> &metrics)
{
    return verdictOf(scoreOf(metrics, {}), {});
}

const ScoredMetric good = metric("good", MetricClass::Pass);
const ScoredMetric bad = metric("bad", MetricClass::High);
const ScoredMetric silent = metric("silent", MetricClass::Nodata);

} // namespace

class TestScore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGroupHasTheShareThatPassed()
    {
        QCOMPARE(summaryOf({good}), 100.0);
        QCOMPARE(summaryOf({bad}), 0.0);
        QCOMPARE(summaryOf({good, bad}), 50.0);
        QCOMPARE(summaryOf({good, good, metric("low", MetricClass::Low)}), 66.67);
        QCOMPARE(summaryOf({good, good, metric("absent", MetricClass::NodataFailMetric)}), 66.67);
        // What has no data is not counted, while it is the lesser part.
        QCOMPARE(summaryOf({good, good, silent}), 100.0);
    }

    void groupsWithoutAWeightShareTheRest()
    {
        const QList<ScoredMetric> metrics{metric("a", MetricClass::Pass, "A"),
                                          metric("b", MetricClass::High, "B"),
                                          metric("c", MetricClass::Pass, "C")};
        const Score score = scoreOf(metrics, {{QStringLiteral("A"), 60}});
        QCOMPARE(score.groups.size(), 3);
        QCOMPARE(score.groups[0], (GroupScore{QStringLiteral("A"), 100, 60, true}));
        QCOMPARE(score.groups[1], (GroupScore{QStringLiteral("B"), 0, 20, true}));
        QCOMPARE(score.groups[2], (GroupScore{QStringLiteral("C"), 100, 20, true}));
        QCOMPARE(score.summary, 80.0);
        QCOMPARE(summaryOf(metrics), 66.67);
    }

    void aMetricCountsInEachOfItsGroups()
    {
        ScoredMetric both = metric("both", MetricClass::High, "A");
        both.groups.append(QStringLiteral("B"));
        const QList<ScoredMetric> metrics{both, metric("a", MetricClass::Pass, "A"),
                                          metric("b", MetricClass::Pass, "B")};
        QCOMPARE(summaryOf(metrics), 50.0);
    }

    void aGroupWithoutDataShowsZeroButDoesNotPullDown()
    {
        const Score score
            = scoreOf({metric("a", MetricClass::Pass, "A"), metric("a2", MetricClass::Pass, "A"),
                       metric("b", MetricClass::Nodata, "B")},
                      {});
        QCOMPARE(score.groups[1].score, 0.0);
        QVERIFY(!score.groups[1].judged);
        QCOMPARE(score.summary, 100.0);
        QCOMPARE(score.withoutData, 1);
    }

    void aCriticalFailureIsTheWhole()
    {
        const Score score = scoreOf({good, good, good, critical("errors", MetricClass::High)}, {});
        QCOMPARE(score.summary, 0.0);
        QCOMPARE(score.criticalFailures, QStringList{QStringLiteral("errors")});
        QCOMPARE(summaryOf({good, bad, critical("errors", MetricClass::Pass)}), 66.67);
        QCOMPARE(summaryOf({good, good, critical("errors", MetricClass::Nodata)}), 0.0);
    }

    void halfWithoutDataIsNoScore()
    {
        QCOMPARE(summaryOf({good, silent}), 0.0);
        QCOMPARE(summaryOf({good, good, silent}), 100.0);
        QCOMPARE(summaryOf({silent}), 0.0);
        QCOMPARE(summaryOf({}), 0.0);
    }

    void mutedMetricsAreLeftOut()
    {
        ScoredMetric muted = critical("muted", MetricClass::High);
        muted.muted = true;
        const Score score = scoreOf({good, muted}, {});
        QCOMPARE(score.summary, 100.0);
        QCOMPARE(score.metrics, 1);
        QCOMPARE(verdict({good, muted}), ScoreVerdict::Pass);
    }

    void theOrderOfTheMetricsDoesNotMatter()
    {
        const QList<ScoredMetric> there{metric("a", MetricClass::Pass, "A"),
                                        metric("b", MetricClass::High, "B"), good, bad, good};
        const QList<ScoredMetric> back(there.crbegin(), there.crend());
        QCOMPARE(scoreOf(there, {}), scoreOf(back, {}));
    }

    void theThresholdsMakeTheVerdict()
    {
        Score score;
        score.metrics = 3;
        const auto at = [&score](double summary) {
            score.summary = summary;
            return verdictOf(score, {});
        };
        QCOMPARE(at(100), ScoreVerdict::Pass);
        QCOMPARE(at(95), ScoreVerdict::Pass);
        QCOMPARE(at(94.99), ScoreVerdict::Marginal);
        QCOMPARE(at(75), ScoreVerdict::Marginal);
        QCOMPARE(at(74.99), ScoreVerdict::Fail);
        QCOMPARE(verdictOf(score, {70, 50}), ScoreVerdict::Pass);
    }

    void noDataIsNeverAPass_data()
    {
        QTest::addColumn<int>("expected");
        QTest::addColumn<int>("which");
        QTest::newRow("no metric at all") << int(ScoreVerdict::NoData) << 0;
        QTest::newRow("half without data") << int(ScoreVerdict::NoData) << 1;
        QTest::newRow("half in error") << int(ScoreVerdict::NoData) << 2;
        QTest::newRow("a critical one without data") << int(ScoreVerdict::NoData) << 3;
        QTest::newRow("a critical one in error") << int(ScoreVerdict::NoData) << 4;
        QTest::newRow("a critical failure beside missing data") << int(ScoreVerdict::Fail) << 5;
        QTest::newRow("all muted") << int(ScoreVerdict::NoData) << 6;
        QTest::newRow("one of three without data") << int(ScoreVerdict::Pass) << 7;
    }

    void noDataIsNeverAPass()
    {
        ScoredMetric muted = good;
        muted.muted = true;
        const QList<QList<ScoredMetric>> all{
            {},
            {good, silent},
            {good, metric("broken", MetricClass::Error)},
            {good, good, critical("errors", MetricClass::Nodata)},
            {good, good, critical("errors", MetricClass::Error)},
            {silent, silent, critical("errors", MetricClass::High)},
            {muted},
            {good, good, silent},
        };
        QFETCH(int, which);
        QTEST(int(verdict(all[which])), "expected");
    }
};

QTEST_GUILESS_MAIN(TestScore)
#include "testscore.moc"
