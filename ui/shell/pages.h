#pragma once

#include "base/id.h"
#include "ui/shell/parts.h"

#include <QStackedWidget>

namespace pilothouse {

class JournalPage;
class MigrationPage;
class OnCallPage;
class PipelinePage;
class ReleasePage;
class RolloutPage;
class ThingDesk;

/// The window's pages. The first one is there at once, so that the window paints at once; each
/// other one is made when it is first asked for, at the latest by `makeAll`.
class Pages final : public QStackedWidget
{
    Q_OBJECT

public:
    enum Page { Release, Pipeline, Rollout, Migration, Journal, Night };

    /// The desk outlives the pages.
    Pages(const Parts &parts, ThingDesk &desk, QWidget *parent = nullptr);

    void showPage(Page page);
    [[nodiscard]] Page page() const { return Page(currentIndex()); }
    /// The page itself, without what it scrolls in.
    [[nodiscard]] QWidget &shown() const;
    /// "1 Release", in the order of `Page`.
    [[nodiscard]] static QStringList names();

    [[nodiscard]] ReleasePage &release() { return *m_release; }
    [[nodiscard]] PipelinePage &pipeline();
    [[nodiscard]] RolloutPage &rollout();
    [[nodiscard]] MigrationPage &migration();
    [[nodiscard]] JournalPage &journal();
    [[nodiscard]] OnCallPage &onCall();

    /// Makes those that are missing, one each time the event loop is idle.
    void makeAll();

Q_SIGNALS:
    /// On the screen of a night a way out was chosen: its confirmation is wanted.
    void rollBackRequested(const pilothouse::TrackName &track);
    void holdRequested(const pilothouse::TrackName &track);
    /// The same for a log.
    void podLogRequested(const pilothouse::TrackName &track, const QString &pod);

private:
    void make(Page page);
    void put(Page page, QWidget *widget);
    /// The charts of every track show when the database was changed.
    void showDatabaseSteps();

    Parts m_parts;
    ThingDesk &m_desk;
    ReleasePage *m_release;
    PipelinePage *m_pipeline = nullptr;
    RolloutPage *m_rollout = nullptr;
    MigrationPage *m_migration = nullptr;
    JournalPage *m_journal = nullptr;
    OnCallPage *m_onCall = nullptr;
};

} // namespace pilothouse
