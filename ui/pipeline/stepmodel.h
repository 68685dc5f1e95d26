#pragma once

#include "logs/reading/logsteps.h"
#include "pipeline/runsource.h"
#include "ui/widgets/tablemodel.h"

#include <QStyledItemDelegate>

namespace pilothouse {

/// The steps as their log is asked for them: one that was skipped has no times.
[[nodiscard]] QList<LogStep> logSteps(const QList<Step> &steps);

/// The steps of one job: number, name, and how long each took. Role ToneRole carries a RunStatus.
class StepModel final : public TableModel<Step>
{
    Q_OBJECT

public:
    using TableModel::TableModel;

    enum Role { StatusRole = Qt::UserRole + 16, DurationRole, NumberRole };

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    /// What durations of running steps are counted to; the CI host's clock.
    void setServerNow(const QDateTime &serverNow) { m_serverNow = serverNow; }

protected:
    [[nodiscard]] QString keyOf(const Step &step) const override;
    [[nodiscard]] QVariant cell(const Step &step, int column, int role) const override;

private:
    QDateTime m_serverNow;
};

/// Icon, number, name, time at the right.
class StepDelegate final : public QStyledItemDelegate
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
