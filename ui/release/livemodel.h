#pragma once

#include "release/releaseviews.h"
#include "ui/widgets/tablemodel.h"

namespace pilothouse {

/// LIVE: every place that runs our code, in the order of the workspace.
class LiveModel final : public TableModel<LiveRow>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Column {
        WhereColumn,
        StableColumn,
        CandidateColumn,
        SinceColumn,
        WayBackColumn,
        AgeColumn,
        ColumnCount
    };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

protected:
    [[nodiscard]] QString keyOf(const LiveRow &row) const override { return row.where; }
    [[nodiscard]] QVariant cell(const LiveRow &row, int column, int role) const override;
};

} // namespace pilothouse
