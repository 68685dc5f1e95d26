#pragma once

#include "logs/logline.h"

#include <QAbstractScrollArea>

namespace pilothouse {

class LogSearch;
class LogStore;

/// Paints the lines of a LogStore that are in view, each read from disk at that moment. Line
/// numbers and times on the left. Follows the end until the reader scrolls up; End follows again.
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
    [[nodiscard]] qint64 unseen() const { return m_unseen; }

    /// Brings a line to the upper third of the view and marks it.
    void showLine(qint64 line);
    [[nodiscard]] qint64 currentLine() const { return m_current; }
    [[nodiscard]] qint64 firstVisibleLine() const;
    [[nodiscard]] int visibleLines() const;
    /// The marked lines as text, with or without times as they are on screen.
    [[nodiscard]] QString selectedText() const;

Q_SIGNALS:
    void followingChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void restyle();
    void grow(qint64 first);
    void updateScrollBars();
    void scrollToEnd();
    void userScrolled();
    void paintLine(QPainter &painter, qint64 number, int top);
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] qint64 lineAt(int y) const;
    [[nodiscard]] QColor ansiColor(int index) const;

    const LogStore *m_store = nullptr;
    LogSearch *m_search = nullptr;
    bool m_following = true;
    qint64 m_unseen = 0;
    qint64 m_current = -1; ///< end of the selection
    qint64 m_anchor = -1;  ///< its begin
    int m_longest = 0;     ///< widest painted line in pixels
};

} // namespace pilothouse
