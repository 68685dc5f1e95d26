#pragma once

#include "journal/journal.h"
#include "ui/widgets/tablemodel.h"

namespace pilothouse {

/// The journal as a table: when, who, what kind, about what, and the sentence of its body.
class RecordModel final : public TableModel<Record>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Column { WhenColumn, WhoColumn, KindColumn, SubjectColumn, WhatColumn, ColumnCount };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

    /// The one line that tells a record.
    [[nodiscard]] static QString sentence(const Record &record);

protected:
    [[nodiscard]] QString keyOf(const Record &row) const override;
    [[nodiscard]] QVariant cell(const Record &row, int column, int role) const override;
};

} // namespace pilothouse
