#pragma once

#include "journal/journal.h"
#include "release/releaseviews.h"
#include "ui/widgets/tablemodel.h"

namespace pilothouse {

/// A line of the history: a record of this machine's journal, or what a system tells.
struct HistoryRow
{
    Record record;
    std::optional<LatelyLine> seen; ///< then `record` is empty

    [[nodiscard]] QDateTime at() const { return seen ? seen->at : record.at; }
};

/// Both together, newest first. `records` and `seen` are newest first.
[[nodiscard]] std::vector<HistoryRow> historyRows(const QList<Record> &records,
                                                  const QList<LatelyLine> &seen);

/// The history as a table: when, who, what kind, about what, and the sentence of it.
class RecordModel final : public TableModel<HistoryRow>
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
    /// All of it as JSON.
    [[nodiscard]] static QByteArray whole(const HistoryRow &row);

protected:
    [[nodiscard]] QString keyOf(const HistoryRow &row) const override;
    [[nodiscard]] QVariant cell(const HistoryRow &row, int column, int role) const override;
};

} // namespace pilothouse
