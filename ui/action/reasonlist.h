#pragma once

#include "action/reason.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace pilothouse {

/// The reasons under a button: For, Against, Unknown and what blocks, each with icon, word and
/// sentence; what blocks says how to settle it.
class ReasonList final : public QWidget
{
    Q_OBJECT

public:
    enum class Shape {
        OneColumn,
        ForBeside, ///< what speaks for it stands to the right, and what is unknown if there is room
    };

    explicit ReasonList(QWidget *parent = nullptr);

    void setShape(Shape shape);

    void setPermission(const Permission &permission);
    /// "5 for · 1 against"
    [[nodiscard]] static QString summary(const Permission &permission);

private:
    /// Kept from filling to filling: a label that is made anew stays hidden until the next turn of
    /// the event loop, and loses what was selected in it.
    struct Line
    {
        QLabel *icon;
        QLabel *text;
    };

    [[nodiscard]] const Line &lineAt(size_t number);
    void showReason(const Line &line, const Reason &reason, int row, int column);
    void fill();

    Shape m_shape = Shape::OneColumn;
    Permission m_permission;
    QGridLayout *m_grid;
    std::vector<Line> m_lines; ///< more than are shown, at times
};

} // namespace pilothouse
