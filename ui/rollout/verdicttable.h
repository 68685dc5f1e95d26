#pragma once

#include "rollout/analysis/judge.h"
#include "ui/widgets/tablemodel.h"
#include "ui/widgets/theme.h"

#include <QStyledItemDelegate>

class QTableView;

namespace pilothouse {

/// How a verdict looks: icon and tone go with its word.
struct VerdictLook
{
    QString icon;
    Tone tone = Tone::Neutral;
};

[[nodiscard]] VerdictLook verdictLook(Verdict verdict);

/// The checks of a track: stable, candidate, limit, verdict. The verdict column has a word.
class VerdictModel final : public TableModel<CheckResult>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Column {
        CheckColumn,
        StableColumn,
        CandidateColumn,
        LimitColumn,
        VerdictColumn,
        ColumnCount
    };
    enum Role { VerdictRole = Qt::UserRole + 16 };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

protected:
    [[nodiscard]] QString keyOf(const CheckResult &row) const override { return row.name; }
    [[nodiscard]] QVariant cell(const CheckResult &row, int column, int role) const override;
};

/// Draws the verdict as a pill: icon, word, and how often it failed in a row.
class VerdictDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

/// Model, delegate and columns of a table of verdicts.
void setUpVerdictTable(QTableView *table, VerdictModel *model);

} // namespace pilothouse
