#pragma once

#include <QWidget>

namespace pilothouse {

class LineSet;

/// A strip beside the scroll bar: where in the whole log hits and errors are, and what part is in
/// view. A click goes there.
class HitMap final : public QWidget
{
    Q_OBJECT

public:
    explicit HitMap(QWidget *parent = nullptr);

    /// The sets must outlive their being shown; null shows none.
    void setMarks(const LineSet *hits, const LineSet *errors, qint64 lineCount);
    void setWindow(qint64 first, qint64 last);

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void lineChosen(qint64 line);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] qint64 lineAt(int y) const;

    const LineSet *m_hits = nullptr;
    const LineSet *m_errors = nullptr;
    qint64 m_lineCount = 0;
    qint64 m_first = 0;
    qint64 m_last = 0;
};

} // namespace pilothouse
