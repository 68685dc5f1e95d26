#pragma once

#include "pipeline/doctor/finding.h"
#include "ui/pipeline/statuswords.h"
#include "ui/widgets/tablemodel.h"

#include <QStyledItemDelegate>

namespace pilothouse {

/// How a severity is shown: always an icon and a word, then a colour.
[[nodiscard]] StatusLook lookOf(Finding::Severity severity);
/// "deploy.yml:75:19"
[[nodiscard]] QString placeText(const Finding &finding);

/// What the pipeline doctor found, one row each.
class ProblemModel final : public TableModel<Finding>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Column { SeverityColumn, RuleColumn, PlaceColumn, SentenceColumn, ColumnCount };
    enum Role { SeverityRole = Qt::UserRole + 16 };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

protected:
    [[nodiscard]] QString keyOf(const Finding &finding) const override;
    [[nodiscard]] QVariant cell(const Finding &finding, int column, int role) const override;
};

/// The severity as an icon and a word on a tinted ground.
class SeverityDelegate final : public QStyledItemDelegate
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

Q_DECLARE_METATYPE(pilothouse::Finding::Severity)
