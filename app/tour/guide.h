#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <functional>

class QPixmap;
class QTableView;
class QWidget;

namespace pilothouse {

/// Walks through a real window: clicks and types where a person would, waits on what a person would
/// see, takes pictures, and keeps a record. The first thing that does not come ends the tour.
class Guide final
{
public:
    Guide(QWidget &window, QString folder);

    /// Goes on in another window, which outlives what is done there.
    void turnTo(QWidget &window) { m_window = &window; }
    [[nodiscard]] QWidget &window() const { return *m_window; }

    /// Thrown when something expected did not come; the record says what.
    struct Lost
    {
        QString what;
    };

    /// Waits, with the event loop running, until `seen` holds.
    void expect(const QString &what, const std::function<bool()> &seen, int milliseconds = 30'000);
    /// The same for something long: gives up when `done` stands still for a whole time of this
    /// length, and at last after `longest` milliseconds.
    void expectWorking(const QString &what, const std::function<bool()> &seen,
                       const std::function<qint64()> &done, int milliseconds = 30'000,
                       int longest = 120'000);
    /// Grabs the window (and a dialog over it) as the next picture of the story, once it is laid
    /// out.
    void picture(const QString &name, const QString &caption);
    /// The same before anything more comes.
    void pictureAtOnce(const QString &name, const QString &caption);
    /// The same of a window beside it.
    void pictureOf(QWidget &window, const QString &name, const QString &caption);
    /// Keeps a fact of this step in the record.
    void note(const QString &key, const QJsonValue &value);

    /// Clicks a widget by its object name, in the dialog if one is open, else in the window. It
    /// must be visible and enabled (waited for).
    void click(const QString &objectName, int milliseconds = 30'000);
    void clickAt(QWidget &widget, const QPoint &at);
    /// Presses the button in a window's title bar. That bar is the window manager's: what comes of
    /// it is one event.
    void closeByTitleBar(QWidget &window);
    /// Clicks into a field that has not got the keyboard yet, and types.
    void type(const QString &objectName, const QString &text);
    /// Opens a list that drops down and takes, by the keyboard, the entry that begins so.
    void choose(const QString &objectName, const QString &begins);
    /// Presses a button that has a menu, and takes, by the keyboard, the entry whose text has
    /// `part`: its whole text.
    QString chooseFromMenu(const QString &button, const QString &part);
    /// Walks to a row of a table by the keyboard, wherever it has scrolled to.
    void walkTo(QTableView &table, int row);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);

    /// The visible widget of that name; nullptr if there is none.
    [[nodiscard]] QWidget *find(const QString &objectName) const;
    /// The same in all windows.
    [[nodiscard]] static QWidget *findAnywhere(const QString &objectName);
    [[nodiscard]] QString textOf(const QString &objectName) const;
    /// Confirms the open dialog by its typed field and Enter, as a person does, and waits until it
    /// is gone. `reason` is typed where asked.
    void confirm(const QString &typed, const QString &reason, int milliseconds = 30'000);
    [[nodiscard]] QWidget *dialog() const;

    [[nodiscard]] QJsonArray record() const { return m_record; }

private:
    [[noreturn]] void lose(const QString &what);
    void keepWaited(const QString &what, qint64 milliseconds);
    [[nodiscard]] QPixmap seen() const;
    void keep(const QPixmap &picture, const QString &name, const QString &caption);

    QWidget *m_window;
    QString m_folder;
    int m_number = 0;
    QJsonObject m_step;
    QJsonArray m_record;
};

} // namespace pilothouse
