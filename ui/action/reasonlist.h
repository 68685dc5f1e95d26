#pragma once

#include "action/reason.h"

#include <QWidget>

class QGridLayout;

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
    void addReason(const Reason &reason, int row, int column);
    void fill();

    Shape m_shape = Shape::OneColumn;
    Permission m_permission;
    QGridLayout *m_grid;
};

} // namespace pilothouse
