#include "app/tour/story.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/sandboxprocess.h"
#include "logs/logcontroller.h"
#include "pipeline/pipelinecontroller.h"
#include "release/incident/report.h"
#include "ui/journal/incidentlist.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/shell/sourcechips.h"

#include <QTableView>
#include <QTest>

#include <cmath>

namespace pilothouse {
/// The console tells the incident from its own journal and its metrics; the rehearsal knows what
/// really happened. Both count the failed requests on their own.
void Story::incident()
{
    page(5);
    Incident told;
    m_guide.expect(
        QStringLiteral("the incident is in the history, with its failed requests"),
        [&] {
            const auto *list
                = qobject_cast<const IncidentList *>(m_guide.find(QStringLiteral("incidentList")));
            if (!list || list->incidents().isEmpty())
                return false;
            told = list->incidents().constFirst();
            return told.failedRequests.has_value();
        },
        2 * patience);
    const QJsonObject score = m_sandbox.state().value(QLatin1String("score")).toObject();
    const double really = score.value(QLatin1String("requestsFailed")).toDouble();
    m_guide.note(QStringLiteral("score"), score);
    m_guide.note(QStringLiteral("incident"), incidentJson(told));
    m_guide.expect(
        QStringLiteral("the console counts the failed requests as the rehearsal does, %1 of %2")
            .arg(qRound(*told.failedRequests))
            .arg(qRound(really)),
        [&] { return std::abs(*told.failedRequests - really) <= std::max(20.0, 0.3 * really); });
    m_guide.expect(QStringLiteral("the sign that was passed over is told"), [&] {
        return told.signsPassed.join(QLatin1Char(' ')).contains(QLatin1String("connections held"));
    });
}

void Story::history()
{
    incident();
    m_guide.expect(QStringLiteral("the journal lists what was done"), [&] {
        const auto *table
            = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("journalTable")));
        return table && table->model()->rowCount() >= 12;
    });
    auto *table = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("journalTable")));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, Qt::NoModifier,
                      table->visualRect(table->model()->index(0, 0)).center());
    m_guide.note(QStringLiteral("records"), table->model()->rowCount());
    m_guide.picture(QStringLiteral("journal"),
                    QStringLiteral("The journal: every intent before its effect, every outcome "
                                   "after, each record chained to the one before"));
}

void Story::darkRound()
{
    m_guide.click(QStringLiteral("schemeButton"));
    const std::pair<int, QString> pages[] = {{1, QStringLiteral("dark-release")},
                                             {2, QStringLiteral("dark-pipeline")},
                                             {3, QStringLiteral("dark-canary")},
                                             {4, QStringLiteral("dark-migrations")},
                                             {5, QStringLiteral("dark-history")}};
    for (const auto &[number, name] : pages) {
        page(number);
        m_guide.picture(name, QStringLiteral("The same in the dark"));
    }
    openComparison();
    m_guide.picture(QStringLiteral("dark-compare"), QStringLiteral("The comparison in the dark"));
    closeComparison();
    m_guide.click(QStringLiteral("schemeButton"));
}

void Story::openLog(const QString &job)
{
    const NodeId node(QStringLiteral(".github/workflows/ci.yml#") + job);
    m_guide.expect(QStringLiteral("%1 stands on the graph").arg(job),
                   [&] { return m_workspace.console().pipeline().overlay().of(node) != nullptr; });
    GraphView *graph = m_workspace.window().pages().pipeline().graphView();
    m_guide.clickAt(*graph->viewport(), graph->nodeRect(node).center());
}

void Story::refusedLogs()
{
    chooseRelease(QStringLiteral("b7710fe"));
    page(2);
    const auto failed = [this] {
        return m_workspace.console().jobLogs().state() == LogController::State::Failed;
    };
    const NodeId build(QStringLiteral(".github/workflows/ci.yml#build"));
    m_guide.expect(QStringLiteral("the run is known"), [&] {
        const NodeOverlay *overlay = m_workspace.console().pipeline().overlay().of(build);
        return overlay && overlay->status == RunStatus::Succeeded;
    });
    m_guide.expect(QStringLiteral("GitHub refuses"),
                   [&] { return m_sandbox.fault(QStringLiteral("github=403")); });
    openLog(QStringLiteral("unit-tests"));
    m_guide.expect(QStringLiteral("the log is not allowed"), failed);
    m_guide.picture(
        QStringLiteral("no-permission"),
        QStringLiteral("Not allowed: what is missing and whom to ask; the graph stays"));
    m_guide.expect(QStringLiteral("GitHub fails"),
                   [&] { return m_sandbox.fault(QStringLiteral("github=none,github=5xx")); });
    openLog(QStringLiteral("security-scan"));
    m_guide.expect(QStringLiteral("the log cannot be read"), failed);
    m_guide.picture(QStringLiteral("failed"),
                    QStringLiteral("Failed: the reason, what to do, and a button to read again"));
    m_guide.expect(QStringLiteral("GitHub heals"),
                   [&] { return m_sandbox.fault(QStringLiteral("github=none")); });
    m_guide.click(QStringLiteral("retryButton"));
    m_guide.expect(
        QStringLiteral("the log is there after all"),
        [this] {
            return m_workspace.console().jobLogs().state() == LogController::State::Complete;
        },
        patience);
}

void Story::badWeather()
{
    showTrack(QStringLiteral("standalone"));
    m_guide.expect(QStringLiteral("the rehearsal takes faults"), [&] {
        return m_sandbox.fault(QStringLiteral("prometheus=lost,kubernetes=lost,github=401"));
    });
    m_guide.expect(
        QStringLiteral("the lost sources say so"),
        [&] {
            return m_workspace.window()
                       .chips()
                       .wordOf(QStringLiteral("Prometheus"))
                       .startsWith(QLatin1String("lost"))
                   && m_workspace.window()
                          .chips()
                          .wordOf(QStringLiteral("Kubernetes"))
                          .startsWith(QLatin1String("lost"));
        },
        patience);
    m_guide.picture(QStringLiteral("sources-lost"),
                    QStringLiteral("Sources lost: what was known stays, grey, with its age"));
    m_guide.expect(QStringLiteral("the rehearsal heals"), [&] {
        return m_sandbox.fault(QStringLiteral("prometheus=none,kubernetes=none,github=none"));
    });
    m_guide.key(Qt::Key_F5);
    m_guide.expect(
        QStringLiteral("the sources are back"),
        [&] {
            return !m_workspace.window()
                        .chips()
                        .wordOf(QStringLiteral("Kubernetes"))
                        .startsWith(QLatin1String("lost"));
        },
        patience);
    refusedLogs();
}

} // namespace pilothouse
