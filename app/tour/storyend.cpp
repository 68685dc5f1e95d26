#include "app/tour/story.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/sandboxprocess.h"
#include "ui/shell/sourcechips.h"

#include <QTableView>
#include <QTest>

namespace pilothouse {
namespace {

constexpr int patience = 60'000;

} // namespace

void Story::history()
{
    page(5);
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
    m_guide.click(QStringLiteral("schemeButton"));
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
    m_guide.picture(
        QStringLiteral("sources-lost"),
        QStringLiteral(
            "Sources lost: what was known stays, grey, with its age; rolling back stays possible"));
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
}

} // namespace pilothouse
