#pragma once

#include "ui/shell/pages.h"

#include <QMainWindow>

class QLabel;
class QTabBar;

namespace pilothouse {

struct Alert;
struct NextRow;
struct Record;
class EnvironmentBand;
class GuardLabel;
class SourceChips;

/// The one window of a workspace: a switchboard between pages, keys and controllers.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const Parts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    void showPage(Pages::Page page);
    [[nodiscard]] Pages::Page page() const { return m_pages->page(); }
    [[nodiscard]] Pages &pages() const { return *m_pages; }
    [[nodiscard]] SourceChips &chips() const { return *m_chips; }

protected:
    bool event(QEvent *event) override;
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
    void showGuardActed(const QString &sentence);
    void dropEndedAlert();
    void tick();
    void act(const NextRow &row);
    void showKeys();
    void openPalette();
    [[nodiscard]] QString copyText() const;
    [[nodiscard]] bool mayEndGuards();

    Parts m_parts;
    EnvironmentBand *m_band;
    SourceChips *m_chips;
    QLabel *m_subject;
    QTabBar *m_tabs;
    Pages *m_pages;
    QLabel *m_footer;
    GuardLabel *m_guard;
    QString m_shownAlert; ///< name of the alert in the status bar; empty when none is
    QList<QAction *> m_actions;
    bool m_painted = false;
};

} // namespace pilothouse
