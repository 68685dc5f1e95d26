#pragma once

#include "migration/migrationcontroller.h"
#include "ui/widgets/tablemodel.h"
#include "ui/widgets/theme.h"

#include <QStyledItemDelegate>

namespace pilothouse {

/// The list of changes, one a database: name, where, state, due date.
class ChangeModel final : public TableModel<ChangeView>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Role { SecondLineRole = Qt::UserRole + 16 };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : 1;
    }

protected:
    [[nodiscard]] QString keyOf(const ChangeView &row) const override;
    [[nodiscard]] QVariant cell(const ChangeView &row, int column, int role) const override;
};

/// The checklist: one step a row.
class ChecklistModel final : public TableModel<StepView>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Column { StepColumn, WhoColumn, ProofColumn, UndoColumn, ColumnCount };

    void setContext(std::optional<StepId> next, const QList<StepId> &running);
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

protected:
    [[nodiscard]] QString keyOf(const StepView &row) const override;
    [[nodiscard]] QVariant cell(const StepView &row, int column, int role) const override;

private:
    std::optional<StepId> m_next;
    QList<StepId> m_running;
};

/// Two lines with an icon: name and state.
class ChangeDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
};

} // namespace pilothouse
