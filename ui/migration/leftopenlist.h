#pragma once

#include "migration/overdue/databasestanding.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/tablemodel.h"

class QListView;

namespace pilothouse {

/// What began and has not ended and has no change file here to say so: one line for each.
struct LeftOpenRow
{
    QString name;  ///< "orders-status", "invalid index orders_b"
    QString where; ///< "context · 9 days late"
    QString todo;  ///< sentences, for the tool tip and for who listens
    bool late = false;

    bool operator==(const LeftOpenRow &) const = default;
};

/// Of every database: changes whose file is gone, half-finished work of nobody's, and a database
/// that could not be looked at. Pure.
[[nodiscard]] std::vector<LeftOpenRow> leftOpenRows(const QList<DatabaseStanding> &standings);

class LeftOpenModel final : public TableModel<LeftOpenRow>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : 1;
    }

protected:
    [[nodiscard]] QString keyOf(const LeftOpenRow &row) const override;
    [[nodiscard]] QVariant cell(const LeftOpenRow &row, int column, int role) const override;
};

/// The list of them, hidden while there is none.
class LeftOpenList final : public Panel
{
    Q_OBJECT

public:
    explicit LeftOpenList(QWidget *parent = nullptr);

    void setStandings(const QList<DatabaseStanding> &standings);

private:
    LeftOpenModel *m_model;
    QListView *m_list;
};

} // namespace pilothouse
