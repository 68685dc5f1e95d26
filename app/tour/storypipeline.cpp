#include "app/tour/story.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "logs/logcontroller.h"
#include "pipeline/pipelinecontroller.h"
#include "ui/logs/logview.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"

#include <QLabel>
#include <QTableView>
#include <QTest>
#include <QTreeView>

#include <algorithm>

namespace pilothouse {

void Story::redRun()
{
    chooseRelease(QStringLiteral("b7710fe"));
    page(2);
    const NodeId node(QStringLiteral(".github/workflows/ci.yml#integration-tests"));
    PipelineController &pipeline = m_workspace.console().pipeline();
    m_guide.expect(QStringLiteral("the red job stands on the graph"), [&] {
        const NodeOverlay *overlay = pipeline.overlay().of(node);
        return overlay && overlay->status == RunStatus::Failed;
    });
    GraphView *graph = m_workspace.window().pages().pipeline().graphView();
    m_guide.clickAt(*graph->viewport(), graph->nodeRect(node).center());
    m_guide.expect(QStringLiteral("its log is there"), [&] {
        return m_workspace.console().jobLogs().state() == LogController::State::Complete;
    });
    m_guide.click(QStringLiteral("firstErrorButton"));
    const auto *view = qobject_cast<LogView *>(m_guide.find(QStringLiteral("logView")));
    m_guide.expect(QStringLiteral("the first error is in view"), [&] {
        return view->currentLine() >= view->firstVisibleLine() && view->currentLine() > 0;
    });
    m_guide.note(QStringLiteral("lines"), m_workspace.console().jobLogs().store()->lineCount());
    m_guide.note(QStringLiteral("firstErrorLine"), view->currentLine() + 1);
    m_guide.picture(QStringLiteral("red-run"),
                    QStringLiteral("A failing job: graph, steps, and the first error of its log"));

    m_guide.key(Qt::Key_F, Qt::ControlModifier);
    m_guide.type(QStringLiteral("logSearchField"), QStringLiteral("org_hidden"));
    LogSearch &search = m_workspace.console().jobLogs().search();
    m_guide.expect(QStringLiteral("the search finds the test"),
                   [&] { return search.isComplete() && !search.lines().empty(); });
    QTest::keyClick(m_guide.find(QStringLiteral("logSearchField")), Qt::Key_Return);
    m_guide.expect(QStringLiteral("a hit is in view"), [&] {
        return std::find(search.lines().begin(), search.lines().end(), view->currentLine())
               != search.lines().end();
    });
    m_guide.note(QStringLiteral("hits"), qint64(search.lines().size()));
    m_guide.picture(QStringLiteral("log-search"),
                    QStringLiteral("Search in the log: hits marked and counted"));
}

void Story::allJobs()
{
    m_guide.click(QStringLiteral("allJobsButton"));
    m_guide.expect(QStringLiteral("the jobs of the run are searched"), [&] {
        const auto *tree = qobject_cast<QTreeView *>(m_guide.find(QStringLiteral("runSearchTree")));
        const QString totals = m_guide.textOf(QStringLiteral("hitCount"));
        return tree && tree->model()->rowCount() > 1 && totals.contains(QLatin1String(" in "))
               && !totals.contains(QLatin1String("to go"));
    });
    m_guide.note(QStringLiteral("totals"), m_guide.textOf(QStringLiteral("hitCount")));
    m_guide.picture(QStringLiteral("all-jobs"),
                    QStringLiteral("The same search through the logs of all jobs of the run"));
    m_guide.click(QStringLiteral("allJobsButton"));
}

void Story::againstLastGreen()
{
    m_guide.click(QStringLiteral("lastGreenButton"));
    const auto difference = [] {
        return qobject_cast<QLabel *>(Guide::findAnywhere(QStringLiteral("differenceLine")));
    };
    m_guide.expect(QStringLiteral("the first difference to the last green run is found"), [&] {
        return difference() && difference()->text().contains(QLatin1String("line"));
    });
    m_guide.note(QStringLiteral("difference"), difference()->text());
    QWidget *window = difference()->window();
    m_guide.pictureOf(*window, QStringLiteral("against-last-green"),
                      QStringLiteral("The red run beside the last green one, at the first place "
                                     "where they differ"));
    m_guide.closeByTitleBar(*window);
    m_guide.expect(QStringLiteral("the difference is closed"), [&] { return !difference(); });
}

void Story::doctor()
{
    m_guide.click(QStringLiteral("problemsButton"));
    m_guide.expect(QStringLiteral("the doctor tells what is wrong with the workflow files"), [&] {
        const auto *table
            = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("findingTable")));
        return table && table->model()->rowCount() > 0;
    });
    auto *table = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("findingTable")));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, Qt::NoModifier,
                      table->visualRect(table->model()->index(0, 0)).center());
    m_guide.note(QStringLiteral("findings"), table->model()->rowCount());
    m_guide.picture(QStringLiteral("doctor"),
                    QStringLiteral("What is wrong with the workflow files, where, and the right "
                                   "form"));
    m_guide.click(QStringLiteral("problemsButton"));
}

void Story::folding()
{
    GraphView *graph = m_workspace.window().pages().pipeline().graphView();
    const FrameId frame(QStringLiteral(".github/workflows/ci.yml"));
    m_guide.expect(QStringLiteral("the frame can be folded"),
                   [&] { return !graph->frameHandle(frame).isNull(); });
    m_guide.clickAt(*graph->viewport(), graph->frameHandle(frame).center());
    m_guide.expect(QStringLiteral("the file is one node"), [&] { return graph->isFolded(frame); });
    m_guide.picture(QStringLiteral("folded"),
                    QStringLiteral("A file folded to one node: it shows its worst job"));
    m_guide.clickAt(*graph->viewport(), graph->nodeRect(foldedId(frame)).center());
    QTest::keyClick(graph, Qt::Key_Space);
    m_guide.expect(QStringLiteral("the file is unfolded"), [&] { return !graph->isFolded(frame); });
}

void Story::acting()
{
    m_guide.click(QStringLiteral("rerunFailedButton"));
    m_guide.expect(QStringLiteral("the re-run is to be confirmed"),
                   [&] { return m_guide.dialog() != nullptr; });
    m_guide.picture(
        QStringLiteral("rerun-confirmation"),
        QStringLiteral("Re-run the failed jobs: what is sent, and what will run again"));
    m_guide.click(QStringLiteral("cancelButton"));
    m_guide.expect(QStringLiteral("nothing was sent"), [&] { return m_guide.dialog() == nullptr; });
    m_guide.click(QStringLiteral("startWorkflowButton"));
    m_guide.expect(QStringLiteral("a workflow can be chosen"),
                   [&] { return m_guide.find(QStringLiteral("workflowChoice")) != nullptr; });
    m_guide.picture(QStringLiteral("run-workflow"),
                    QStringLiteral("Run a workflow: its inputs as the file declares them"));
    QTest::keyClick(m_guide.dialog(), Qt::Key_Escape);
    m_guide.expect(QStringLiteral("the dialog is gone"),
                   [&] { return m_guide.dialog() == nullptr; });
}

} // namespace pilothouse
