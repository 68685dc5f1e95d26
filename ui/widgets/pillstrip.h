#pragma once

#include "ui/widgets/theme.h"

#include <QList>
#include <QWidget>

namespace pilothouse {

/// Statuses beside each other, wrapped to the width; optionally with an arrow between them.
class PillStrip final : public QWidget
{
    Q_OBJECT

public:
    struct Item
    {
        Tone tone = Tone::Neutral;
        QString icon;
        QString word;
        QString toolTip;
        bool operator==(const Item &) const = default;
    };
    enum class Between { Nothing, Arrow };

    explicit PillStrip(Between between, QWidget *parent = nullptr);

    void setItems(const QList<Item> &items);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QList<QRect> rects(int width) const;

    Between m_between;
    QList<Item> m_items;
};

} // namespace pilothouse
