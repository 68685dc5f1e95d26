#include "ui/shell/pages.h"

#include "action/actionrunner.h"
#include "migration/overdue/reminders.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/journal/journalpage.h"
#include "ui/migration/migrationpage.h"
#include "ui/oncall/oncallpage.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/release/releasepage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/shell/databasesteps.h"

#include <QScrollArea>
#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

/// A page that may need more height than a small window has; the window itself never grows.
QScrollArea *scrolled(QWidget *page)
{
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    area->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    return area;
}

} // namespace

Pages::Pages(const Parts &parts, ThingDesk &desk, QWidget *parent)
    : QStackedWidget(parent), m_parts(parts), m_desk(desk),
      m_release(new ReleasePage(parts.release, parts.diff))
{
    m_release->setThings(desk);
    m_release->setTracks(parts.tracks);
    if (parts.reminders)
        m_release->setReminders(*parts.reminders);
    addWidget(scrolled(m_release));
    while (count() < names().size())
        addWidget(new QWidget); // the place of a page to come
}

QStringList Pages::names()
{
    return {tr("1 Release"),    tr("2 Pipeline"), tr("3 Canary"),
            tr("4 Migrations"), tr("5 History"),  tr("F12 On call")};
}

void Pages::showPage(Page page)
{
    make(page);
    setCurrentIndex(page);
}

QWidget &Pages::shown() const
{
    QWidget *page = currentWidget();
    const auto *area = qobject_cast<QScrollArea *>(page);
    return area && area->widget() ? *area->widget() : *page;
}

void Pages::put(Page page, QWidget *widget)
{
    const bool shown = currentIndex() == page;
    QWidget *place = this->widget(page);
    removeWidget(place);
    delete place;
    insertWidget(page, widget);
    if (shown)
        setCurrentIndex(page);
}

void Pages::make(Page page)
{
    switch (page) {
    case Release:
        return;
    case Pipeline:
        (void)pipeline();
        return;
    case Rollout:
        (void)rollout();
        return;
    case Migration:
        (void)migration();
        return;
    case Journal:
        (void)journal();
        return;
    case Night:
        (void)onCall();
        return;
    }
}

PipelinePage &Pages::pipeline()
{
    if (!m_pipeline) {
        m_pipeline = new PipelinePage(m_parts.pipeline, m_parts.jobLogs, m_parts.runActions);
        for (const BuildParts &build : std::as_const(m_parts.builds))
            m_pipeline->addBuilds(*build.stage, *build.actions);
        if (m_parts.runSearch)
            m_pipeline->setRunSearch(*m_parts.runSearch);
        if (m_parts.lastGreen)
            m_pipeline->setLastGreen(*m_parts.lastGreen);
        const auto showBudgets = [this] {
            m_pipeline->setBudgets(m_parts.release.budgets());
        };
        connect(&m_parts.release, &ReleaseController::changed, m_pipeline, showBudgets);
        showBudgets();
        m_pipeline->setThings(m_desk);
        put(Pipeline, m_pipeline);
    }
    return *m_pipeline;
}

RolloutPage &Pages::rollout()
{
    if (!m_rollout) {
        m_rollout = new RolloutPage(m_parts.tracks, m_parts.podLogs);
        m_rollout->setPods(m_parts.pods);
        connect(&m_parts.migrations, &MigrationController::changed, m_rollout,
                [this] { showDatabaseSteps(); });
        showDatabaseSteps();
        m_rollout->setThings(m_desk);
        put(Rollout, scrolled(m_rollout));
    }
    return *m_rollout;
}

void Pages::showDatabaseSteps()
{
    QList<ChartMark> marks;
    for (const ChangeKey &key : m_parts.migrations.keys()) {
        if (const auto change = m_parts.migrations.view(key))
            marks += databaseSteps(*change);
    }
    std::sort(marks.begin(), marks.end(),
              [](const ChartMark &a, const ChartMark &b) { return a.at < b.at; });
    for (const RolloutController *track : m_parts.tracks)
        m_rollout->viewOf(track->track())->setDatabaseSteps(marks);
}

MigrationPage &Pages::migration()
{
    if (!m_migration) {
        m_migration = new MigrationPage(m_parts.migrations);
        if (m_parts.reminders)
            m_migration->setReminders(*m_parts.reminders);
        m_migration->setThings(m_desk);
        put(Migration, scrolled(m_migration));
    }
    return *m_migration;
}

JournalPage &Pages::journal()
{
    if (!m_journal) {
        m_journal = new JournalPage(m_parts.journal, m_parts.actions.actor(), m_parts.release);
        m_journal->setThings(m_desk);
        put(Journal, m_journal);
    }
    return *m_journal;
}

OnCallPage &Pages::onCall()
{
    if (!m_onCall) {
        m_onCall = new OnCallPage(m_parts.onCall);
        connect(m_onCall, &OnCallPage::rollBackRequested, this, &Pages::rollBackRequested);
        connect(m_onCall, &OnCallPage::holdRequested, this, &Pages::holdRequested);
        m_onCall->setThings(m_desk);
        connect(m_onCall, &OnCallPage::podLogRequested, this, &Pages::podLogRequested);
        put(Night, scrolled(m_onCall));
    }
    return *m_onCall;
}

void Pages::makeAll()
{
    for (const Page page : {Pipeline, Rollout, Migration, Journal, Night})
        QTimer::singleShot(0, this, [this, page] { make(page); });
}

} // namespace pilothouse
