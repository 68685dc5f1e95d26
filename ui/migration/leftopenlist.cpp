#include "ui/migration/leftopenlist.h"

#include "base/words.h"
#include "ui/migration/changemodel.h"

#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int mostShown = 5; // more than these are scrolled to

LeftOpenRow rowOf(const QString &database, const OpenContract &contract)
{
    return {contract.change.value, Words::tr("%1 · %2").arg(database, lateWords(contract.daysLeft)),
            urgencyWords(contract), contract.isLate()};
}

LeftOpenRow rowOf(const DatabaseStanding &standing, const Leftover &leftover)
{
    const std::optional<int> age = ageInDays(leftover, standing.at);
    const QString where = QStringLiteral("%1 · %2").arg(standing.database, leftover.table.text());
    return {leftoverTitle(leftover),
            age ? Words::tr("%1 · %2 days old").arg(where).arg(*age) : where,
            leftoverWords(leftover) + QLatin1Char('\n') + leftoverTodo(leftover),
            isLate(leftover, standing.at)};
}

/// Of a database that did not tell: an empty list would look as if nothing were left.
LeftOpenRow rowOf(const DatabaseStanding &silent)
{
    return {Words::tr("not looked at: %1").arg(silent.database), silent.unread.constLast(),
            Words::tr("what is left open there is not known"), false};
}

} // namespace

std::vector<LeftOpenRow> leftOpenRows(const QList<DatabaseStanding> &standings)
{
    std::vector<LeftOpenRow> rows;
    for (const DatabaseStanding &standing : standings) {
        if (!standing.at.isValid() && !standing.unread.isEmpty())
            rows.push_back(rowOf(standing));
        for (const OpenContract &contract : standing.contracts) {
            if (!contract.found.testFlag(OpenContract::Trace::File))
                rows.push_back(rowOf(standing.database, contract));
        }
        for (const Leftover &leftover : standing.leftovers)
            rows.push_back(rowOf(standing, leftover));
    }
    return rows;
}

QString LeftOpenModel::keyOf(const LeftOpenRow &row) const
{
    return row.where.section(QLatin1Char(' '), 0, 0) + QLatin1Char('/') + row.name;
}

QVariant LeftOpenModel::cell(const LeftOpenRow &row, int, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case ChangeModel::SecondLineRole:
        return row.where;
    case ToneRole:
        return int(row.late ? Tone::Warning : Tone::Neutral);
    case IconRole:
        return row.late ? QStringLiteral("triangle-alert") : QStringLiteral("circle-dashed");
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return QStringList{row.name, row.where, row.todo}.join(QStringLiteral("\n"));
    default:
        return {};
    }
}

LeftOpenList::LeftOpenList(QWidget *parent)
    : Panel(tr("Left open"), parent), m_model(new LeftOpenModel(this)), m_list(new QListView)
{
    setObjectName(QStringLiteral("leftOpen"));
    m_list->setObjectName(QStringLiteral("leftOpenList"));
    m_list->setAccessibleName(tr("Left open without a change file"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ChangeDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    body()->addWidget(m_list);
    hide();
}

void LeftOpenList::setStandings(const QList<DatabaseStanding> &standings)
{
    std::vector<LeftOpenRow> rows = leftOpenRows(standings);
    const int count = int(rows.size());
    const auto late = std::count_if(rows.cbegin(), rows.cend(),
                                    [](const LeftOpenRow &row) { return row.late; });
    setRemark(late > 0 ? tr("%1 · %2 late").arg(count).arg(late) : QString::number(count));
    m_model->setRows(std::move(rows));
    const int rowHeight = m_list->sizeHintForRow(0);
    m_list->setFixedHeight(rowHeight * std::clamp(count, 1, mostShown) + 2);
    setVisible(count > 0);
}

} // namespace pilothouse
