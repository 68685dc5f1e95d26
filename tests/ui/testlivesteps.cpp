#include "logs/logcontroller.h"
#include "pipeline/act/actbench.h"
#include "support/fakelogsource.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/pipeline/stepmodel.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const char *const chosenJob = "ci.yml#integration-tests";

} // namespace

/// The steps of a running job, while it is the chosen one.
class TestLiveSteps final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_bench = std::make_unique<ActBench>();
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{&m_source}, m_dir.path(),
                                                 m_bench->clock);
        tell(RunStatus::Running, RunStatus::Running, RunStatus::Queued);
        m_bench->show();
        m_page = std::make_unique<PipelinePage>(*m_bench->pipeline, *m_logs, m_bench->acts.get());
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QTest::mouseClick(m_page->graphView()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_page->graphView()->nodeRect(nodeId(t(chosenJob))).center());
        QTRY_COMPARE(steps()->model()->rowCount(), 3);
    }
    void cleanup()
    {
        m_page.reset();
        m_logs.reset();
        m_bench.reset();
    }

    void aStepThatEndsIsSeenToHaveEnded()
    {
        QCOMPARE(words(1), t("2 Tests: running"));
        QCOMPARE(words(2), t("3 Report: queued"));
        steps()->setCurrentIndex(steps()->model()->index(2, 0));
        const QImage before = icon(1);
        tell(RunStatus::Running, RunStatus::Succeeded, RunStatus::Running);
        m_bench->clock.advance(4s); // the pace while a job runs
        QTRY_COMPARE(words(1), t("2 Tests: ok"));
        QCOMPARE(words(2), t("3 Report: running"));
        QVERIFY(icon(1) != before);
        // Nothing else moved: the job is still the chosen one, and so is the step.
        QCOMPARE(m_bench->pipeline->selectedNode(), nodeId(t(chosenJob)));
        QCOMPARE(steps()->currentIndex().row(), 2);
        QVERIFY(tells("GitHub gives no log before the job ends"));
    }

    void theEndOfTheJobEndsItsLastStepAndOpensItsLog()
    {
        QCOMPARE(m_source.opened, 0);
        tell(RunStatus::Failed, RunStatus::Failed, RunStatus::Skipped);
        m_bench->clock.advance(4s);
        QTRY_COMPARE(words(1), t("2 Tests: failed"));
        QCOMPARE(words(2), t("3 Report: skipped"));
        QTRY_COMPARE(m_source.opened, 1);
        QVERIFY(!tells("GitHub gives no log before the job ends"));
    }

    /// An answer that says the same still brings the host's clock.
    void theTimeOfARunningStepGoesOn()
    {
        const QString before = duration(1);
        QVERIFY(!before.isEmpty());
        const QString first = duration(0);
        m_bench->clock.advance(12s);
        QTRY_VERIFY(duration(1) != before);
        QCOMPARE(duration(0), first);
        QCOMPARE(duration(2), QString());
    }

private:
    void tell(RunStatus job, RunStatus second, RunStatus third)
    {
        Job made = jobNamed(t("integration-tests"), job);
        const QDateTime start = m_start.isValid() ? m_start : m_bench->clock.now();
        m_start = start;
        const auto step = [&](int number, const char *name, RunStatus status, int from, int to) {
            const bool began = status != RunStatus::Queued;
            return Step{number, t(name), status, began ? start.addSecs(from) : QDateTime(),
                        hasEnded(status) ? start.addSecs(to) : QDateTime()};
        };
        made.startedAt = start;
        if (hasEnded(job))
            made.completedAt = start.addSecs(40);
        made.steps = {step(1, "Set up job", RunStatus::Succeeded, 0, 3),
                      step(2, "Tests", second, 3, 33), step(3, "Report", third, 33, 40)};
        m_bench->setRun("ci.yml", run7011, hasEnded(job) ? RunStatus::Failed : RunStatus::Running,
                        {jobNamed(t("build"), RunStatus::Succeeded), made});
    }
    [[nodiscard]] QListView *steps() const { return m_page->findChild<QListView *>(t("stepList")); }
    [[nodiscard]] QString words(int row) const
    {
        return steps()->model()->index(row, 0).data(Qt::ToolTipRole).toString();
    }
    [[nodiscard]] QString duration(int row) const
    {
        return steps()->model()->index(row, 0).data(StepModel::DurationRole).toString();
    }
    /// As it is painted.
    [[nodiscard]] QImage icon(int row) const
    {
        const QRect all = steps()->visualRect(steps()->model()->index(row, 0));
        return steps()->viewport()->grab(QRect(all.left(), all.top(), 22, all.height())).toImage();
    }
    [[nodiscard]] bool tells(const char *what) const
    {
        const auto all = m_page->findChildren<QWidget *>();
        return std::any_of(all.cbegin(), all.cend(), [what](const QWidget *widget) {
            const auto *label = qobject_cast<const QLabel *>(widget);
            return widget->isVisible()
                   && (widget->accessibleName().contains(t(what))
                       || (label && label->text().contains(t(what))));
        });
    }

    QTemporaryDir m_dir;
    FakeLogSource m_source;
    QDateTime m_start;
    std::unique_ptr<ActBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<PipelinePage> m_page;
};

QTEST_MAIN(TestLiveSteps)
#include "testlivesteps.moc"
