#pragma once

#include "rollout/guard/guardline.h"

#include <QLabel>

namespace pilothouse {

/// The guards of all tracks in one line under every page: calm, a warning, or UNWATCHED in red. It
/// gives way where there is no room; all of it is in the tooltip.
class GuardLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit GuardLabel(QWidget *parent = nullptr);

    void setLine(const GuardLine &line);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    GuardLine m_line;
};

} // namespace pilothouse
