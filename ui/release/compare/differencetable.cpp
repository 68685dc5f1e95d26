#include "ui/release/compare/differencetable.h"

#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int widestNarrowColumn = 320;

} // namespace

void DifferenceModel::setSection(const SectionView &section)
{
    beginResetModel();
    setRows({});
    m_section = section;
    endResetModel();
    setRows({section.rows.begin(), section.rows.end()});
}

int DifferenceModel::columnCount(const QModelIndex &) const
{
    return int(m_section.headings.size());
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return m_section.headings.value(section);
}

QVariant DifferenceModel::cell(const DifferenceRow &row, int column, int role) const
{
    if (role == Qt::DisplayRole)
        return row.cells.value(column);
    if (role == Qt::ToolTipRole)
        return row.toolTip;
    if (role == Qt::FontRole && m_section.code.contains(column))
        return Theme::instance().codeFont();
    if (role == Qt::ForegroundRole && row.tone != Tone::Neutral)
        return Theme::instance().color(row.tone);
    return {};
}

DifferenceTable::DifferenceTable(QWidget *parent)
    : QTableView(parent), m_model(new DifferenceModel(this))
{
    setObjectName(QStringLiteral("differenceTable"));
    setModel(m_model);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setTextElideMode(Qt::ElideMiddle);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(compareRowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void DifferenceTable::setSection(const SectionView &section)
{
    setAccessibleName(section.name);
    m_model->setSection(section);
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const bool wide = column == section.wide;
        horizontalHeader()->setSectionResizeMode(column, wide ? QHeaderView::Stretch
                                                              : QHeaderView::Interactive);
        if (!wide)
            setColumnWidth(column, std::min(std::max(sizeHintForColumn(column),
                                                     horizontalHeader()->sectionSizeHint(column)),
                                            widestNarrowColumn));
    }
    scrollToTop();
    if (m_model->rowCount() > 0)
        setCurrentIndex(m_model->index(0, 0));
}

void DifferenceTable::keyPressEvent(QKeyEvent *event)
{
    if (!event->matches(QKeySequence::Copy)) {
        QTableView::keyPressEvent(event);
        return;
    }
    QModelIndexList chosen = selectionModel()->selectedRows();
    std::sort(chosen.begin(), chosen.end());
    QStringList lines;
    for (const QModelIndex &index : std::as_const(chosen))
        lines.append(m_model->rowAt(index.row()).cells.join(QLatin1Char('\t')));
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace pilothouse
