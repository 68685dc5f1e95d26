#pragma once

#include "rollout/rolloutviews.h"

#include <QWidget>

namespace pilothouse {

/// The candidate's weight as it was asked for, accepted and measured: a bar of all the traffic on
/// which each of the three has a sign of its own, and the words beside it with the same signs. What
/// lies between asked and accepted is hatched; without an answer the bar is an empty, broken
/// outline, and what has no data has no sign on it.
class WeightBar final : public QWidget
{
    Q_OBJECT

public:
    /// Old ones look it.
    enum class Age { Fresh, Old };

    explicit WeightBar(QWidget *parent = nullptr);

    void setWeights(const WeightView &weights, Age age);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Where a share of the traffic lies on the bar.
    [[nodiscard]] double xOf(double percent) const;
    /// Where the bar itself lies, without signs and words.
    [[nodiscard]] QRectF bar() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    /// One of the three, as the words have it.
    struct Part
    {
        enum class Sign { Asked, Accepted, Measured };
        Sign sign;
        QString words;
        std::optional<double> percent; ///< nullopt = no data
    };

    [[nodiscard]] QList<Part> parts() const;
    [[nodiscard]] QString spoken() const;
    [[nodiscard]] double wordsWidth() const;
    void paintShares(QPainter &painter) const;
    void paintWords(QPainter &painter) const;
    static void paintSign(QPainter &painter, Part::Sign sign, const QPointF &center);

    WeightView m_weights;
    Age m_age = Age::Fresh;
};

} // namespace pilothouse
