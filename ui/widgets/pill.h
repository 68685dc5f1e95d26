#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

namespace pilothouse {

constexpr int pillHeight = 22;
constexpr int pillIconSize = 14;

/// A status as an icon and a word on a tinted ground. Never colour alone.
class Pill final : public QWidget
{
    Q_OBJECT

public:
    explicit Pill(QWidget *parent = nullptr);

    void setStatus(Tone tone, const QString &icon, const QString &word);
    [[nodiscard]] QString word() const { return m_word; }
    [[nodiscard]] Tone tone() const { return m_tone; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

    /// Draws the same look inside a delegate.
    static void draw(QPainter &painter, const QRect &rect, Tone tone, const QString &icon,
                     const QString &word);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Neutral;
    QString m_icon;
    QString m_word;
};

} // namespace pilothouse
