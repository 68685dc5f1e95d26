#pragma once

#include "logs/logline.h"
#include "logs/reading/logcopy.h"
#include "logs/reading/logrows.h"

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <limits>
#include <optional>
#include <set>

namespace pilothouse {

class LinePainter;
class LogSearch;
class LogStore;

/// Paints the lines of a LogStore that are in view, each read from disk at that moment. Line
/// numbers and times on the left. Follows the end until the reader scrolls up; End follows again.
/// Groups fold by a click on their mark or by keys; a filter leaves the hits and lines around them.
/// Paints once a frame when lines come faster than they can be read, at once otherwise.
class LogView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit LogView(QWidget *parent = nullptr);

    /// The store and the search must outlive their being shown; nullptr shows nothing.
    void setLog(const LogStore *store, LogSearch *search);

    void setFollowing(bool following);
    [[nodiscard]] bool isFollowing() const { return m_following; }
    /// Lines that came while not following.
    [[nodiscard]] qint64 unseen() const;

    /// Shows only lines with hits of the search and so many around each; nothing shows all.
    void setFilter(std::optional<int> context);
    [[nodiscard]] std::optional<int> filter() const { return m_filter; }
    /// Folds the group that begins with or holds a line, or unfolds it.
    void toggleFold(qint64 line);
    void foldAll();
    void unfoldAll();
    [[nodiscard]] const std::set<qint64> &folded() const { return m_folded; }

    /// Brings a line to the upper third of the view and marks it; unfolds what hides it.
    void showLine(qint64 line);
    [[nodiscard]] qint64 currentLine() const { return m_current; }
    [[nodiscard]] qint64 firstVisibleLine() const;
    /// The rows that fit.
    [[nodiscard]] int visibleLines() const;
    [[nodiscard]] const LogRows &rows() const { return m_rows; }
    /// The marked lines as they are on screen, with times.
    [[nodiscard]] QString selectedText() const;
    /// The marked lines in another form.
    [[nodiscard]] QString selectedText(CopyForm form) const;

Q_SIGNALS:
    void followingChanged();
    void refreshed(); ///< what is shown may have changed
    void painted();   ///< after each painting, for whoever measures

protected:
    void paintEvent(QPaintEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void restyle();
    void grow(qint64 first);
    void refresh();
    void refreshHits();
    void rebuildRows();
    void setFolded(std::set<qint64> folded);
    [[nodiscard]] LogRows::Source rowSource() const;
    void updateScrollBars();
    void scrollToEnd();
    void userScrolled();
    void toNeighbourGroup(int direction);
    void paintRows(QPainter &painter, const LinePainter &lines, const QRect &part);
    void paintTail(QPainter &painter, const LinePainter &lines);
    [[nodiscard]] LinePainter linePainter() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] qint64 lineAt(int y) const;
    [[nodiscard]] QString copied(const std::function<QString(qint64)> &line) const;

    QPointer<const LogStore> m_store;
    QPointer<LogSearch> m_search;
    LogRows m_rows;
    std::optional<int> m_filter;
    std::set<qint64> m_folded; ///< first lines of folded groups
    size_t m_hitsShown = 0;
    bool m_following = true;
    qint64 m_followed = 0; ///< lines that were there when following ended
    qint64 m_current = -1; ///< end of the selection
    qint64 m_anchor = -1;  ///< its begin
    int m_longest = 0;     ///< widest painted line in pixels
    qint64 m_grown = 0;    ///< lines since the last painting
    qint64 m_changedFrom = std::numeric_limits<qint64>::max(); ///< first line since then
    int m_gutter = 0;                                          ///< its width when lines last came
    QElapsedTimer m_sincePaint;
    QTimer m_nextFrame;
};

} // namespace pilothouse
