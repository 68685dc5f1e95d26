#pragma once

#include <QAbstractTableModel>

#include <functional>
#include <vector>

namespace pilothouse {

/// Roles beyond Qt's own: raw value for sorting, and a Tone with an icon name for delegates.
enum TableRole { SortRole = Qt::UserRole, ToneRole, IconRole };

/// A table of rows that are values. `setRows` is a keyed diff: rows that stay keep their index,
/// so selection and scroll survive a refresh. A model carries values and roles, no colours.
template <typename Row>
class TableModel : public QAbstractTableModel
{
public:
    using Key = QString;

    explicit TableModel(QObject *parent = nullptr) : QAbstractTableModel(parent) {}

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        return cell(m_rows[size_t(index.row())], index.column(), role);
    }

    [[nodiscard]] const Row &rowAt(int row) const { return m_rows.at(size_t(row)); }
    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }

    void setRows(std::vector<Row> rows)
    {
        // Common keys in the same order: update in place, insert and remove around them.
        size_t at = 0;
        for (size_t next = 0; next < rows.size(); ++next) {
            const Key key = keyOf(rows[next]);
            size_t found = at;
            while (found < m_rows.size() && keyOf(m_rows[found]) != key)
                ++found;
            if (found == m_rows.size()) {
                beginInsertRows({}, int(at), int(at));
                m_rows.insert(m_rows.begin() + std::ptrdiff_t(at), std::move(rows[next]));
                endInsertRows();
            } else {
                if (found > at)
                    removeRange(at, found);
                m_rows[at] = std::move(rows[next]);
                Q_EMIT dataChanged(index(int(at), 0), index(int(at), columnCount({}) - 1));
            }
            ++at;
        }
        if (at < m_rows.size())
            removeRange(at, m_rows.size());
    }

protected:
    /// What stays the same when the row's values change.
    [[nodiscard]] virtual Key keyOf(const Row &row) const = 0;
    [[nodiscard]] virtual QVariant cell(const Row &row, int column, int role) const = 0;

private:
    void removeRange(size_t from, size_t to)
    {
        beginRemoveRows({}, int(from), int(to) - 1);
        m_rows.erase(m_rows.begin() + std::ptrdiff_t(from), m_rows.begin() + std::ptrdiff_t(to));
        endRemoveRows();
    }

    std::vector<Row> m_rows;
};

} // namespace pilothouse
