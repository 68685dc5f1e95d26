#include "ui/pipeline/stepmodel.h"

#include "ui/pipeline/statuswords.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QPainter>

namespace pilothouse {

QList<LogStep> logSteps(const QList<Step> &steps)
{
    QList<LogStep> all;
    for (const Step &step : steps) {
        const bool ran = step.status != RunStatus::Skipped;
        all.append({step.number, step.name, ran ? step.startedAt : QDateTime(),
                    ran ? step.completedAt : QDateTime()});
    }
    return all;
}

int StepModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QString StepModel::keyOf(const Step &step) const
{
    return QString::number(step.number);
}

QVariant StepModel::cell(const Step &step, int, int role) const
{
    const StatusLook look = lookOf(step.status);
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("%1  %2").arg(step.number).arg(step.name);
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
        return QStringLiteral("%1 %2: %3").arg(step.number).arg(step.name, look.word);
    case NumberRole:
        return step.number;
    case StatusRole:
        return QVariant::fromValue(step.status);
    case DurationRole: {
        if (!step.startedAt.isValid())
            return QString();
        const QDateTime end = step.completedAt.isValid() ? step.completedAt : m_serverNow;
        return durationText(std::chrono::milliseconds(step.startedAt.msecsTo(end)));
    }
    default:
        return {};
    }
}

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    const StatusLook look = lookOf(index.data(StepModel::StatusRole).value<RunStatus>());
    const QRect row = option.rect.adjusted(spacing::Hair, 0, -spacing::Hair, 0);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.color(ColorRole::Selection));
    const int icon = 14;
    painter->drawPixmap(row.left(), row.center().y() - icon / 2,
                        themedPixmap(look.icon, theme.color(look.tone), icon,
                                     painter->device()->devicePixelRatioF()));
    painter->setFont(theme.textFont());
    const QString time = index.data(StepModel::DurationRole).toString();
    const int timeWidth = painter->fontMetrics().horizontalAdvance(time);
    painter->setPen(theme.color(ColorRole::Muted));
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignRight, time);
    const QRect text = row.adjusted(icon + spacing::Small, 0, -timeWidth - spacing::Small, 0);
    painter->setPen(look.tone == Tone::Danger ? theme.color(Tone::Danger)
                                              : theme.color(ColorRole::Text));
    painter->drawText(
        text, Qt::AlignVCenter | Qt::AlignLeft,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width()));
}

QSize StepDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {120, spacing::Large};
}

} // namespace pilothouse
