#pragma once

#include <QObject>
#include <QString>

#include <optional>

class QAction;
class QMenu;
class QWidget;

namespace pilothouse {

class LogController;
class LogView;

/// What can be done with the lines of a log, as menus: copy, link, export, jump, fold. Controller
/// and view outlive it.
class LogMenus final : public QObject
{
    Q_OBJECT

public:
    LogMenus(LogController &controller, LogView &view, QWidget *parent);

    /// Owned by the parent given above.
    [[nodiscard]] QMenu *copyMenu() const { return m_copy; }
    [[nodiscard]] QMenu *jumpMenu() const { return m_jump; }

    /// Asks for a line or a time and goes there.
    void askForPlace();
    /// Asks for a file and writes the log to it.
    void askForExport();
    void exportTo(const QString &path);
    /// Goes to what was asked for (a line, a time, a link of this log); says what is wrong with it,
    /// empty if nothing is.
    [[nodiscard]] QString goTo(const QString &words);
    /// Copies where the line is found again: at the vendor, or else in a form of our own.
    void copyLink();
    /// Goes to the begin of a step as soon as the log is there; says why if it cannot.
    void showStep(int number);
    /// Asks for a log on disk and shows it here.
    void askForFile();
    /// Asks for a log on disk and shows the two side by side.
    void askForComparison();
    void compareWith(const QString &path);
    /// Deletes the logs that are kept on disk and not shown.
    void clearSpool();
    /// Kept logs may take that much from now on, also after the next start.
    void limitSpool(qint64 bytes);
    /// Says in copyMenu() how much room the logs take now. For who shows its actions in another
    /// menu.
    void tellRoom();

Q_SIGNALS:
    /// One sentence about what was done, or why it was not.
    void said(const QString &sentence);

private:
    void fillJumpMenu();
    void addSteps();
    void fillLimitMenu();
    void goToWantedStep();
    void tellReading();
    void copy(int parts);

    LogController &m_controller;
    LogView &m_view;
    QWidget *m_parent;
    QMenu *m_copy;
    QMenu *m_jump;
    QMenu *m_limits = nullptr;
    std::optional<int> m_wantedStep; ///< shown when its log has come
    QAction *m_room = nullptr;       ///< how much of the disk the logs take
    QAction *m_again = nullptr;      ///< reads the log again, or on
};

} // namespace pilothouse
