#pragma once

#include "ui/release/compare/comparesections.h"
#include "ui/widgets/tablemodel.h"

#include <QTableView>

namespace pilothouse {

/// The rows of one section.
class DifferenceModel final : public TableModel<DifferenceRow>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    void setSection(const SectionView &section);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

protected:
    [[nodiscard]] QString keyOf(const DifferenceRow &row) const override { return row.key; }
    [[nodiscard]] QVariant cell(const DifferenceRow &row, int column, int role) const override;

private:
    SectionView m_section;
};

/// Shows one section after another as a table. Ctrl+C copies the chosen rows as text.
class DifferenceTable final : public QTableView
{
    Q_OBJECT

public:
    explicit DifferenceTable(QWidget *parent = nullptr);

    void setSection(const SectionView &section);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    DifferenceModel *m_model;
};

} // namespace pilothouse
