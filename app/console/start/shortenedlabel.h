#pragma once

#include <QLabel>

namespace pilothouse {

/// A plain text in as few lines as it needs and in no more than it may have; what is left out is
/// in its tooltip. A path or a name that is wider than the label is broken where it must be.
class ShortenedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ShortenedLabel(int mostLines, QWidget *parent = nullptr);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QStringList linesAt(int width) const;

    int m_mostLines;
};

} // namespace pilothouse
