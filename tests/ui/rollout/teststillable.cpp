#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// What the page of a track says of a run that a rollback could not reach.
class TestStillAble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void itStandsThereUntilItIsGone()
    {
        QTemporaryDir dir;
        RolloutBench bench;
        LogController logs(std::vector<LogSource *>{}, dir.path(), bench.clock);
        TrackView view(*bench.rollout, logs);
        view.show();
        const auto *label = view.findChild<QLabel *>(QStringLiteral("stillAbleLabel"));
        QVERIFY(label && !label->isVisible());
        const RunsLine left{{}, {{QStringLiteral("run 7012"), QStringLiteral("cancel it")}}};
        bench.rollout->setRuns(QStringLiteral("GitHub"), left);
        QTRY_VERIFY(label->isVisible());
        QCOMPARE(label->text(), QStringLiteral("STILL ABLE TO PROMOTE: run 7012; cancel it"));
        bench.rollout->setRuns(QStringLiteral("GitHub"), {});
        QTRY_VERIFY(!label->isVisible());
    }
};

QTEST_MAIN(TestStillAble)
#include "teststillable.moc"
