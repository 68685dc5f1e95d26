#include "ui/rollout/verdicttable.h"

#include "ui/widgets/pill.h"
#include "ui/widgets/words.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int verdictRowHeight = 28;
constexpr int verdictWidth = 124;
constexpr int widestAsked = 520;

QString shown(const std::optional<double> &value, const QString &unit)
{
    return value ? valueText(*value, unit) : QStringLiteral("–");
}

} // namespace

VerdictLook verdictLook(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return {QStringLiteral("circle-check"), Tone::Success};
    case Verdict::Marginal:
        return {QStringLiteral("triangle-alert"), Tone::Warning};
    case Verdict::Fail:
        return {QStringLiteral("circle-x"), Tone::Danger};
    case Verdict::NoData:
        return {QStringLiteral("circle-question-mark"), Tone::Neutral};
    }
    return {};
}

int VerdictModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant VerdictModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case CheckColumn:
        return tr("Check");
    case StableColumn:
        return tr("Stable");
    case CandidateColumn:
        return tr("Candidate");
    case LimitColumn:
        return tr("Limit");
    case VerdictColumn:
        return tr("Verdict");
    default:
        return {};
    }
}

QVariant VerdictModel::cell(const CheckResult &row, int column, int role) const
{
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole)
        return row.sentence;
    if (role == VerdictRole)
        return QVariant::fromValue(row.verdict);
    if (role == Qt::TextAlignmentRole && column != CheckColumn && column != VerdictColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case CheckColumn:
        return row.critical ? tr("%1 (critical)").arg(row.name) : row.name;
    case StableColumn:
        return shown(row.stable, row.unit);
    case CandidateColumn:
        return shown(row.candidate, row.unit);
    case LimitColumn:
        return shown(row.limit, row.unit);
    case VerdictColumn: {
        const QString word = verdictWord(row.verdict);
        return row.verdict == Verdict::Fail && row.failedInARow > 1
                   ? tr("%1 %2×").arg(word).arg(row.failedInARow)
                   : word;
    }
    default:
        return {};
    }
}

void VerdictDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const VerdictLook look = verdictLook(index.data(VerdictModel::VerdictRole).value<Verdict>());
    painter->setFont(Theme::instance().textFont());
    Pill::draw(*painter, option.rect.adjusted(4, 3, -4, -3), look.tone, look.icon,
               index.data().toString());
}

namespace {

/// No check's name is cut for want of width, unless it is a very long one.
void widenToContents(QTableView &table)
{
    const QAbstractItemView &view = table;
    int width = verdictWidth + table.frameWidth() * 2;
    for (int column = 0; column < VerdictModel::VerdictColumn; ++column)
        width += std::max(view.sizeHintForColumn(column),
                          table.horizontalHeader()->sectionSizeHint(column));
    table.setMinimumWidth(std::min(width, widestAsked));
}

} // namespace

void setUpVerdictTable(QTableView *table, VerdictModel *model)
{
    table->setAccessibleName(VerdictModel::tr("Checks and verdicts"));
    table->setModel(model);
    table->setItemDelegateForColumn(VerdictModel::VerdictColumn, new VerdictDelegate(table));
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(verdictRowHeight);
    QHeaderView *columns = table->horizontalHeader();
    columns->setSectionResizeMode(QHeaderView::ResizeToContents);
    columns->setSectionResizeMode(VerdictModel::CheckColumn, QHeaderView::Stretch);
    columns->setSectionResizeMode(VerdictModel::VerdictColumn, QHeaderView::Fixed);
    table->setColumnWidth(VerdictModel::VerdictColumn, verdictWidth);
    columns->setHighlightSections(false);
    columns->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto widen = [table] {
        widenToContents(*table);
    };
    QObject::connect(model, &QAbstractItemModel::rowsInserted, table, widen);
    QObject::connect(model, &QAbstractItemModel::rowsRemoved, table, widen);
    QObject::connect(model, &QAbstractItemModel::dataChanged, table, widen);
    widen();
}

} // namespace pilothouse
