#pragma once

#include "ui/shell/pages.h"

#include <QMainWindow>

#include <optional>

class QTabBar;

namespace pilothouse {

enum class CompareSection;
struct ComparePair;
struct NextRow;
class Closing;
class EnvironmentBand;
class LinkGuide;
class SignInDesk;
class SourceChips;
class ThingDesk;

/// The one window of a workspace: a switchboard between pages, keys and controllers.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const Parts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    void showPage(Pages::Page page);
    /// Where a run that waits for a person is approved.
    void showWaiting(const RunId &run);
    /// Shows what a pilothouse:// link names; what is not there is said in the last line.
    void follow(const QString &link);
    [[nodiscard]] Pages::Page page() const { return m_pages->page(); }
    [[nodiscard]] Pages &pages() const { return *m_pages; }
    [[nodiscard]] SourceChips &chips() const { return *m_chips; }
    [[nodiscard]] Closing &closing() const { return *m_closing; }

protected:
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void makeActions();
    QAction *addWindowAction(const QString &text, const QString &icon, const QKeySequence &keys);
    void connectSources();
    void followReminders(const Reminders &reminders);
    void followSignIn(const SignInDesk &desk);
    void refreshAll();
    void followShown(); ///< the pipeline is that of the shown release
    void tick();
    void act(const NextRow &row);
    /// Of the track that the Canary page shows, elsewhere of the first on the night's screen.
    void rollBack();
    /// Without a pair the person chooses.
    void compare(const std::optional<ComparePair> &pair, CompareSection first);
    void showKeys();
    void openPalette();
    void makeClosing();
    void makeThingActions();
    void say(const QString &sentence);

    Parts m_parts;
    EnvironmentBand *m_band;
    SourceChips *m_chips;
    QTabBar *m_tabs;
    ThingDesk *m_desk; ///< a child, deleted after the pages
    Pages *m_pages;
    LinkGuide *m_guide;
    Closing *m_closing;
    QList<QAction *> m_actions;
    bool m_painted = false;
};

} // namespace pilothouse
