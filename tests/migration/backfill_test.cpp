#include "migration/recipe/backfill.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

using Milliseconds = std::chrono::milliseconds;

class BackfillTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNextBatchAimsAtTheTarget_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("took");
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<int>("next");
        const auto row = [](const char *name, int size, int took, qint64 limit, int next) {
            QTest::newRow(name) << size << took << limit << next;
        };
        row("on target stays", 1'000, 200, 0, 1'000);
        row("a little slow shrinks in proportion", 1'000, 250, 0, 800);
        row("far too slow is at most halved", 1'000, 5'000, 0, 500);
        row("far too fast grows by half at most", 1'000, 1, 0, 1'500);
        row("no time at all does not divide by zero", 1'000, 0, 0, 1'500);
        row("never under the smallest", 600, 5'000, 0, 500);
        row("never over the largest", 40'000, 1, 0, 50'000);
        row("never more than a second's worth", 2'000, 1, 2'500, 2'500);
        row("a limit below the smallest wins", 500, 1, 100, 100);
    }

    void theNextBatchAimsAtTheTarget()
    {
        QFETCH(int, size);
        QFETCH(int, took);
        QFETCH(qint64, limit);
        QFETCH(int, next);
        BackfillLimits limits;
        limits.rowsPerSecond = limit;
        QCOMPARE(paceAfter({size, 2}, limits, Milliseconds(took)), (BackfillPace{next, 0}));
    }

    void failuresHalveAndThenCount()
    {
        const BackfillLimits limits;
        BackfillPace pace{2'000, 0};
        pace = paceAfterFailure(pace, limits);
        QCOMPARE(pace, (BackfillPace{1'000, 0}));
        pace = paceAfterFailure(pace, limits);
        QCOMPARE(pace, (BackfillPace{500, 0}));
        for (int i = 1; i <= 5; ++i) {
            QVERIFY(!givesUp(pace, limits));
            pace = paceAfterFailure(pace, limits);
            QCOMPARE(pace, (BackfillPace{500, i}));
        }
        QVERIFY(givesUp(pace, limits));
        QVERIFY(!givesUp(paceAfter(pace, limits, 100ms), limits));
    }

    void aBatchIsFollowedByARest_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<int>("took");
        QTest::addColumn<int>("rest");
        QTest::addColumn<bool>("held");
        const auto row
            = [](const char *name, qint64 limit, qint64 rows, int took, int rest, bool held) {
                  QTest::newRow(name) << limit << rows << took << rest << held;
              };
        row("half its own time", 0, 1'000, 200, 100, false);
        row("as long as the limit asks", 2'500, 1'000, 100, 300, true);
        row("a limit that is not reached", 2'500, 100, 100, 50, false);
        row("an empty batch", 2'500, 0, 10, 5, false);
    }

    void aBatchIsFollowedByARest()
    {
        QFETCH(qint64, limit);
        QFETCH(qint64, rows);
        QFETCH(int, took);
        QFETCH(int, rest);
        QFETCH(bool, held);
        BackfillLimits limits;
        limits.rowsPerSecond = limit;
        QCOMPARE(restAfter(limits, rows, Milliseconds(took)), Milliseconds(rest));
        QCOMPARE(heldByLimit(limits, rows, Milliseconds(took)), held);
    }

    void theLimitHoldsOverManyBatches()
    {
        BackfillLimits limits;
        limits.rowsPerSecond = 2'500;
        BackfillPace pace = firstPace(limits);
        qint64 rows = 0;
        Milliseconds time{0};
        for (int i = 0; i < 50; ++i) {
            const Milliseconds took(1 + pace.size / 100); // a fast server
            rows += pace.size;
            time += took + restAfter(limits, pace.size, took);
            pace = paceAfter(pace, limits, took);
        }
        const double rate = static_cast<double>(rows) * 1'000.0 / static_cast<double>(time.count());
        QVERIFY2(rate > 2'400 && rate < 2'510, qPrintable(QString::number(rate)));
    }

    void progressIsARateAndARange()
    {
        BackfillProgress progress;
        progress.total = 100'000;
        QCOMPARE(progress.rowsPerSecond(), 0.0);
        QVERIFY(!progress.remaining());
        for (int i = 0; i < 19; ++i)
            progress.add(1'000, 1s);
        QVERIFY(!progress.remaining()); // not before 20 batches
        progress.add(1'000, 1s);
        QCOMPARE(progress.done, 20'000);
        QCOMPARE(progress.fraction(), 0.2);
        QCOMPARE(progress.rowsPerSecond(), 1'000.0);
        QCOMPARE(progress.remaining(), (BackfillProgress::Range{80s, 80s}));
    }

    void oneHiccupDoesNotSpoilTheRange()
    {
        BackfillProgress progress;
        progress.total = 1'000'000;
        for (int i = 0; i < 17; ++i)
            progress.add(1'000, 1s);
        progress.add(1'000, 60s);
        progress.add(1'000, 2s);
        progress.add(1'000, 500ms);
        const auto range = progress.remaining();
        QVERIFY(range);
        QCOMPARE(range->from, std::chrono::seconds(980));
        QCOMPARE(range->to, std::chrono::seconds(1'960));
    }

    void onlyTheLastTwentyBatchesTell()
    {
        BackfillProgress progress;
        progress.total = 1'000'000;
        for (int i = 0; i < 30; ++i)
            progress.add(10, 10s);
        for (int i = 0; i < 20; ++i)
            progress.add(1'000, 1s);
        QCOMPARE(progress.rowsPerSecond(), 1'000.0);
    }

    void anEstimateThatWasTooLowGrows()
    {
        BackfillProgress progress;
        progress.total = 100;
        progress.add(150, 1s);
        QCOMPARE(progress.total, 150);
        QCOMPARE(progress.fraction(), 1.0);
        QCOMPARE(BackfillProgress().fraction(), 0.0);
    }
};

QTEST_GUILESS_MAIN(BackfillTest)
#include "backfill_test.moc"
