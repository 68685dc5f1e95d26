#include "ui/migration/changemodel.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QLocale>
#include <QPainter>

namespace pilothouse {
namespace {

QString day(const QDate &date)
{
    return QLocale(QLocale::English).toString(date, QStringLiteral("d MMM"));
}

struct StepLook
{
    QString icon;
    Tone tone;
};

StepLook lookOf(const StepView &row, bool next, bool running)
{
    if (running)
        return {QStringLiteral("circle-dot"), Tone::Info};
    switch (row.step.state) {
    case ChangeStep::State::Done:
        return {QStringLiteral("circle-check"), Tone::Success};
    case ChangeStep::State::Broken:
        return {QStringLiteral("triangle-alert"), Tone::Danger};
    case ChangeStep::State::Open:
        break;
    }
    if (next && !row.may.allowed())
        return {QStringLiteral("ban"), Tone::Danger};
    return {QStringLiteral("circle-dashed"), next ? Tone::Info : Tone::Neutral};
}

} // namespace

QString ChangeModel::keyOf(const ChangeView &row) const
{
    return row.key.change.value + QLatin1Char('/') + row.key.database;
}

QVariant ChangeModel::cell(const ChangeView &row, int, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return row.key.change.value;
    case SecondLineRole: {
        const QString due = row.state == ChangeState::Cleaned ? QString()
                            : row.daysLeft < 0 ? tr(" · late: %1 d").arg(-row.daysLeft)
                                               : tr(" · due %1").arg(day(row.change.contractDue));
        return QStringLiteral("%1 · %2%3")
            .arg(row.key.database, row.facts ? row.stateWords : tr("not read"), due);
    }
    case ToneRole:
        return int(!row.drift.isEmpty() || row.error || row.daysLeft < 0 ? Tone::Warning
                   : row.running                                         ? Tone::Info
                   : row.state == ChangeState::Cleaned                   ? Tone::Success
                                                                         : Tone::Neutral);
    case IconRole:
        return row.running                         ? QStringLiteral("circle-dot")
               : row.state == ChangeState::Cleaned ? QStringLiteral("circle-check")
               : !row.drift.isEmpty() || row.error || row.daysLeft < 0
                   ? QStringLiteral("triangle-alert")
                   : QStringLiteral("database");
    case Qt::AccessibleTextRole:
        return row.key.change.value + QLatin1String(", ") + cell(row, 0, SecondLineRole).toString();
    default:
        return {};
    }
}

void ChangeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.color(ColorRole::Selection));
    const QRect row
        = option.rect.adjusted(spacing::Small, spacing::Hair, -spacing::Small, -spacing::Hair);
    const int icon = 16;
    painter->drawPixmap(row.left(), row.top() + 2,
                        themedPixmap(index.data(IconRole).toString(),
                                     theme.color(Tone(index.data(ToneRole).toInt())), icon,
                                     painter->device()->devicePixelRatioF()));
    const QRect text = row.adjusted(icon + spacing::Small, 0, 0, 0);
    painter->setFont(theme.textFont());
    painter->setPen(theme.color(ColorRole::Text));
    painter->drawText(
        text, Qt::AlignTop | Qt::AlignLeft,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, text.width()));
    painter->setFont(theme.smallFont());
    painter->setPen(theme.color(ColorRole::Muted));
    painter->drawText(
        text, Qt::AlignBottom | Qt::AlignLeft,
        painter->fontMetrics().elidedText(index.data(ChangeModel::SecondLineRole).toString(),
                                          Qt::ElideRight, text.width()));
}

QSize ChangeDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {160, 44};
}

void ChecklistModel::setContext(std::optional<StepId> next, const QList<StepId> &running)
{
    m_next = next;
    m_running = running;
}

int ChecklistModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant ChecklistModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StepColumn:
        return tr("Step");
    case WhoColumn:
        return tr("Done");
    case ProofColumn:
        return tr("Proof in the database");
    case UndoColumn:
        return tr("Way back");
    default:
        return {};
    }
}

QString ChecklistModel::keyOf(const StepView &row) const
{
    return stepWord(row.step.id);
}

QVariant ChecklistModel::cell(const StepView &row, int column, int role) const
{
    const bool running = m_running.contains(row.step.id);
    const bool next = m_next == row.step.id;
    const StepLook look = lookOf(row, next, running);
    if (role == ToneRole)
        return int(look.tone);
    if (role == Qt::DecorationRole && column == StepColumn)
        return themedIcon(look.icon, look.tone);
    if (role == Qt::AccessibleTextRole && column == StepColumn)
        return tr("%1 %2, %3")
            .arg(stepWord(row.step.id), row.step.title,
                 row.step.state == ChangeStep::State::Done ? tr("done") : tr("open"));
    if (role == Qt::ToolTipRole && column == ProofColumn)
        return row.step.proof;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case StepColumn:
        return QStringLiteral("%1  %2").arg(stepWord(row.step.id), row.step.title);
    case WhoColumn:
        if (row.step.record)
            return QStringLiteral("%1 %2").arg(
                whenText(row.step.record->at, QDateTime::currentDateTimeUtc()),
                row.step.record->actor);
        return row.step.state == ChangeStep::State::Done && row.step.id != StepId::E3
                   ? tr("seen, not by a console")
                   : QString();
    case ProofColumn:
        return row.step.proof;
    case UndoColumn:
        return row.step.undo.words;
    default:
        return {};
    }
}

} // namespace pilothouse
