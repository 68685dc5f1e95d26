#pragma once

#include <QPointer>
#include <QScrollArea>

namespace pilothouse {

/// Asks for the height that its content has at its width, so that nothing scrolls where there is
/// room; with less it scrolls, by keys too. What must stay in view stands beside it, in a page
/// whose heightForWidth() is leastHeight(). It owns the content.
class ContentArea final : public QScrollArea
{
    Q_OBJECT

public:
    explicit ContentArea(QWidget *content, QWidget *parent = nullptr);

    /// Scrolls to a widget of the content, also when that grows; until a person scrolls.
    void keepInView(QWidget &inside);

    [[nodiscard]] QSize sizeHint() const override;
    /// The height below which not even the least of `page` has room, at this width.
    [[nodiscard]] static int leastHeight(const QWidget &page, int width);
    /// What must be seen of it: all, where that is little.
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] int contentHeight() const;
    void showKept();

    QPointer<QWidget> m_kept;
    int m_scrolledTo = 0; ///< by a person, px
};

} // namespace pilothouse
