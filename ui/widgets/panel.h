#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace pilothouse {

/// A card with a heading line: title on the left, remarks and buttons on the right.
class Panel : public QFrame
{
    Q_OBJECT

public:
    explicit Panel(const QString &title, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    /// A quiet remark after the title ("last 15 min", "5 for · 1 against").
    void setRemark(const QString &remark);
    /// Puts a widget at the right end of the heading line. The panel owns it.
    void addAction(QWidget *widget);
    /// Where the content goes.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void restyle();

    QLabel *m_title;
    QLabel *m_remark;
    QHBoxLayout *m_heading;
    QVBoxLayout *m_body;
};

} // namespace pilothouse
