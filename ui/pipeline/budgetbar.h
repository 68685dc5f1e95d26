#pragma once

#include "release/budget.h"

#include <QWidget>

namespace pilothouse {

/// Machine time of each track against its budget: a short bar and "standalone 9:06 of 10:00". Over
/// it the bar is full and the words say by how much.
class BudgetBar final : public QWidget
{
    Q_OBJECT

public:
    explicit BudgetBar(QWidget *parent = nullptr);

    void setBudgets(const QList<BudgetView> &budgets);
    [[nodiscard]] QString text() const; ///< all that it says

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<BudgetView> m_budgets;
};

} // namespace pilothouse
