#include "ui/rollout/podstrip.h"

#include "release/pods/trackpods.h"
#include "rollout/rolloutbench.h"
#include "support/manylogs.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

class TestPodStrip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void readyRestartsAndTheWayBackStandThere()
    {
        Page page;
        QVERIFY2(page.tells(QStringLiteral("candidate bbbbbbb  2/2 ready, 0 restarts")),
                 qPrintable(page.texts()));
        QVERIFY(page.tells(QStringLiteral("stable aaaaaaa  3/3 ready, 1 restart")));
        QVERIFY(page.tells(QStringLiteral("way back: ")));
        QVERIFY(page.tells(QStringLiteral("no data")));
    }

    void theNewestErrorIsOneButtonAwayFromItsLog()
    {
        Page page;
        const QString pod = QStringLiteral("svc-canary-0");
        QTRY_VERIFY(page.logs.streams.value(pod));
        QVERIFY(!page.errorLog()->isVisible());
        page.logs.write(pod, page.bench.clock.now().toString(Qt::ISODateWithMs).toUtf8()
                                 + " ERROR x.TimeoutError: QueuePool limit reached (see there)\n");
        page.bench.clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(page.errorLog()->isVisible());
        QVERIFY2(page.tells(QStringLiteral("QueuePool limit reached   ×\u00a01 since ")),
                 qPrintable(page.texts()));
        QVERIFY(page.tells(pod));
        QSignalSpy wanted(&*page.strip, &PodStrip::podLogWanted);
        QTest::mouseClick(page.errorLog(), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), pod);
    }

    void quietLogsAndRefusedOnesAreTold()
    {
        Page page;
        for (const auto &stream : page.logs.streams.keys())
            page.logs.write(stream, "2026-11-24T14:33:10.402Z INFO all is well\n");
        page.bench.clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(page.tells(QStringLiteral("no error in the logs of 5 pods")));
        for (const auto &stream : page.logs.streams.keys())
            page.logs.end(stream, fail(ErrorKind::NotAllowed, QStringLiteral("you lack get")));
        page.bench.clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(page.tells(QStringLiteral("logs cannot be read: you lack get")));
    }

    void whoeverLeavesThePageEndsTheLogs()
    {
        Page page;
        QTRY_COMPARE(page.logs.open(), 5);
        page.strip->hide();
        QCOMPARE(page.logs.open(), 0);
        page.strip->show();
        QCOMPARE(page.logs.open(), 5);
    }

private:
    struct Page
    {
        Page()
        {
            const auto podsOf = [](RevisionState &revision, int count, int restarts) {
                for (int i = 0; i < count; ++i)
                    revision.pods << QStringLiteral("%1-%2").arg(revision.name.value).arg(i);
                revision.restarts = restarts;
            };
            bench.traffic.world.candidate->pods.clear();
            bench.traffic.world.stable->pods.clear();
            podsOf(*bench.traffic.world.candidate, 2, 0);
            podsOf(*bench.traffic.world.stable, 3, 1);
            bench.toWeight(10);
            pods = std::make_unique<TrackPods>(*bench.rollout, std::vector<LogSource *>{&logs},
                                               &bench.metrics, bench.clock);
            strip = std::make_unique<PodStrip>(*bench.rollout);
            strip->setPods(*pods);
            strip->resize(520, 220);
            strip->show();
            strip->refresh();
        }
        [[nodiscard]] QString texts() const
        {
            QStringList all;
            for (const QLabel *label : strip->findChildren<QLabel *>()) {
                if (label->isVisibleTo(strip.get()))
                    all << label->text();
            }
            return all.join(QLatin1Char('\n'));
        }
        [[nodiscard]] bool tells(const QString &words) const { return texts().contains(words); }
        [[nodiscard]] QPushButton *errorLog() const
        {
            return strip->findChild<QPushButton *>(QStringLiteral("errorLogButton"));
        }

        RolloutBench bench;
        ManyLogs logs;
        std::unique_ptr<TrackPods> pods;
        std::unique_ptr<PodStrip> strip;
    };
};

QTEST_MAIN(TestPodStrip)
#include "testpodstrip.moc"
