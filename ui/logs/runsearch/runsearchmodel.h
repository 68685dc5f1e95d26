#pragma once

#include "logs/runsearch/runsearchrows.h"

#include <QAbstractItemModel>

namespace pilothouse {

/// The jobs of a run, each with its first hits below it and, where there are more, a row that leads
/// to them. A refresh keeps the indexes of what stays, so choice, folds and scroll survive it.
class RunSearchModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        RowRole = Qt::UserRole + 1, ///< the RunSearchRow of a job, or of the job of a hit
        LineRole,                   ///< qint64: the line that a row leads to; -1 = none
        StateRole,                  ///< of a job: its state in words
        MoreRole,                   ///< bool: the row for the hits that are not listed
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setRows(const QList<RunSearchRow> &rows);
    [[nodiscard]] const RunSearchRow &rowAt(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    [[nodiscard]] QVariant jobData(const RunSearchRow &job, int role) const;
    [[nodiscard]] QVariant hitData(const RunSearchRow &job, int hit, int role) const;
    void update(int at, const RunSearchRow &row);
    /// Where a job stands, by the number that its hits carry.
    [[nodiscard]] int placeOf(quintptr number) const;

    struct Numbered
    {
        quintptr number = 0; ///< from 1 on, never given twice
        RunSearchRow row;
    };
    QList<Numbered> m_jobs;
    quintptr m_numbers = 0; ///< given so far
};

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::RunSearchRow)
