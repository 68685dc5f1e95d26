#include "ui/logs/runsearch/runsearchmodel.h"

#include <QLocale>

#include <algorithm>

namespace pilothouse {
namespace {

/// An index of a hit carries the number of its job; one of a job carries this.
constexpr quintptr noJob = 0;

int hitRows(const RunSearchRow &row)
{
    return int(row.first.size()) + (row.next >= 0 ? 1 : 0);
}

} // namespace

void RunSearchModel::setRows(const QList<RunSearchRow> &rows)
{
    int at = 0;
    for (const RunSearchRow &row : rows) {
        int found = at;
        while (found < m_jobs.size() && m_jobs[found].row.target != row.target)
            ++found;
        if (found == m_jobs.size()) {
            RunSearchRow bare = row;
            bare.first.clear();
            bare.next = -1;
            beginInsertRows({}, at, at);
            m_jobs.insert(at, {++m_numbers, bare});
            endInsertRows();
        } else if (found > at) {
            beginRemoveRows({}, at, found - 1);
            m_jobs.remove(at, found - at);
            endRemoveRows();
        }
        update(at, row);
        ++at;
    }
    if (at < m_jobs.size()) {
        beginRemoveRows({}, at, int(m_jobs.size()) - 1);
        m_jobs.resize(at);
        endRemoveRows();
    }
}

void RunSearchModel::update(int at, const RunSearchRow &row)
{
    RunSearchRow &known = m_jobs[at].row;
    if (known == row)
        return;
    const QModelIndex job = index(at, 0);
    const int before = hitRows(known);
    const int after = hitRows(row);
    if (after > before) {
        beginInsertRows(job, before, after - 1);
        known = row;
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows(job, after, before - 1);
        known = row;
        endRemoveRows();
    } else {
        known = row;
    }
    Q_EMIT dataChanged(job, job);
    if (after > 0)
        Q_EMIT dataChanged(index(0, 0, job), index(after - 1, 0, job));
}

int RunSearchModel::placeOf(quintptr number) const
{
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(),
                                    [&](const Numbered &job) { return job.number == number; });
    return int(found - m_jobs.begin());
}

const RunSearchRow &RunSearchModel::rowAt(const QModelIndex &index) const
{
    return m_jobs.at(index.internalId() == noJob ? index.row() : placeOf(index.internalId())).row;
}

QModelIndex RunSearchModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? m_jobs.at(parent.row()).number : noJob);
}

QModelIndex RunSearchModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == noJob)
        return {};
    return createIndex(placeOf(index.internalId()), 0, noJob);
}

int RunSearchModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_jobs.size());
    return parent.internalId() == noJob ? hitRows(m_jobs.at(parent.row()).row) : 0;
}

int RunSearchModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant RunSearchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunSearchRow &job = rowAt(index);
    if (role == RowRole)
        return QVariant::fromValue(job);
    return index.internalId() == noJob ? jobData(job, role) : hitData(job, index.row(), role);
}

QVariant RunSearchModel::jobData(const RunSearchRow &job, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return job.title;
    case StateRole:
        return stateWords(job);
    case Qt::ToolTipRole:
        return job.state == RunSearchRow::State::Failed
                   ? tr("%1 Enter reads it again.").arg(stateWords(job))
                   : stateWords(job);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(job.title, stateWords(job));
    case LineRole:
        return job.first.isEmpty() ? qint64(-1) : job.first.first().line;
    case MoreRole:
        return false;
    default:
        return {};
    }
}

QVariant RunSearchModel::hitData(const RunSearchRow &job, int hit, int role) const
{
    const bool more = hit >= job.first.size();
    const qint64 line = more ? job.next : job.first[hit].line;
    const QLocale locale(QLocale::English);
    const QString text = more ? tr("%1 more from line %2 on")
                                    .arg(locale.toString(job.hitLines - job.first.size()),
                                         locale.toString(line + 1))
                              : job.first[hit].text;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text;
    case Qt::AccessibleTextRole:
        return more ? text : tr("Line %1: %2").arg(locale.toString(line + 1), text);
    case LineRole:
        return line;
    case MoreRole:
        return more;
    default:
        return {};
    }
}

} // namespace pilothouse
