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
    explicit ReasonList(QWidget *parent = nullptr);

    void setPermission(const Permission &permission);
    /// "5 for · 1 against"
    [[nodiscard]] static QString summary(const Permission &permission);

private:
    Permission m_permission;
    QGridLayout *m_grid;
};

} // namespace pilothouse
