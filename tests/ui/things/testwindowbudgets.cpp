#include "ui/pipeline/budgetbar.h"
#include "ui/things/windowbench.h"

using namespace pilothouse;
using namespace std::chrono_literals;

class TestWindowBudgets final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGraphsPageShowsTheBudgetsAndFollowsThem()
    {
        ReleaseSettings settings;
        settings.budgets = {{TrackName(t("standalone")), 10min}};
        WindowBench bench(settings);
        bench.start();
        bench.window->showPage(Pages::Pipeline);
        const auto *bar = bench.window->findChild<BudgetBar *>();
        QVERIFY(bar && bar->isVisibleTo(bench.window.get()));
        QTRY_VERIFY(!bench.release.shown().value.isEmpty());
        QCOMPARE(bar->text(), t("standalone – of 10:00"));
        bench.acting.setRun(
            "deploy-standalone.yml", run7012, RunStatus::Waiting,
            {jobNamed(t("deploy-staging"), RunStatus::Succeeded, t("13:40:00"), t("13:42:30"))});
        bench.release.show(shown);
        QTRY_COMPARE(bar->text(), t("standalone 2:30 of 10:00"));
    }

    void withoutABudgetThereIsNoBar()
    {
        WindowBench bench;
        bench.start();
        bench.window->showPage(Pages::Pipeline);
        const auto *bar = bench.window->findChild<BudgetBar *>();
        QVERIFY(bar && !bar->isVisibleTo(bench.window.get()));
    }
};

QTEST_MAIN(TestWindowBudgets)
#include "testwindowbudgets.moc"
