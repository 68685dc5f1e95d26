#pragma once

#include "ui/shell/parts.h"

#include <QMainWindow>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace pilothouse {

struct Alert;
struct NextRow;
struct Record;
class EnvironmentBand;
class JournalPage;
class MigrationPage;
class PipelinePage;
class ReleasePage;
class RolloutPage;
class SourceChips;

/// The one window of a workspace: a switchboard between pages, keys and controllers.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const Parts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    enum Page {
        ReleasePageIndex,
        PipelinePageIndex,
        RolloutPageIndex,
        MigrationPageIndex,
        JournalPageIndex
    };

    void showPage(Page page);
    [[nodiscard]] Page page() const;
    [[nodiscard]] PipelinePage &pipelinePage() const { return *m_pipelinePage; }
    [[nodiscard]] RolloutPage &rolloutPage() const { return *m_rolloutPage; }
    [[nodiscard]] MigrationPage &migrationPage() const { return *m_migrationPage; }
    [[nodiscard]] SourceChips &chips() const { return *m_chips; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *makeHeader();
    void makeActions();
    QAction *addWindowAction(const QString &text, const QString &icon, const QKeySequence &keys);
    void connectSources();
    void refreshAll();
    void refreshHeader();
    void refreshFooter(const Record &record);
    void refreshGuard();
    void showAlert(const Alert &alert);
    void dropEndedAlert();
    void tick();
    void act(const NextRow &row);
    void showKeys();
    void openPalette();
    [[nodiscard]] QString copyText() const;

    Parts m_parts;
    EnvironmentBand *m_band;
    SourceChips *m_chips;
    QLabel *m_subject;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    ReleasePage *m_releasePage;
    PipelinePage *m_pipelinePage;
    RolloutPage *m_rolloutPage;
    MigrationPage *m_migrationPage;
    JournalPage *m_journalPage;
    QLabel *m_footer;
    QLabel *m_guard;
    QString m_shownAlert; ///< name of the alert in the status bar; empty when none is
    QList<QAction *> m_actions;
};

} // namespace pilothouse
