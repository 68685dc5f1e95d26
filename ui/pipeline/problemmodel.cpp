#include "ui/pipeline/problemmodel.h"

#include "ui/widgets/pill.h"
#include "ui/widgets/spacing.h"

#include <QPainter>

namespace pilothouse {

StatusLook lookOf(Finding::Severity severity)
{
    switch (severity) {
    case Finding::Severity::Blocks:
        return {ProblemModel::tr("blocks"), QStringLiteral("circle-x"), Tone::Danger};
    case Finding::Severity::Risk:
        return {ProblemModel::tr("risk"), QStringLiteral("triangle-alert"), Tone::Warning};
    case Finding::Severity::Gate:
        return {ProblemModel::tr("no gate"), QStringLiteral("shield-alert"), Tone::Info};
    case Finding::Severity::Hygiene:
        break;
    }
    return {ProblemModel::tr("hygiene"), QStringLiteral("info"), Tone::Neutral};
}

QString placeText(const Finding &finding)
{
    return QStringLiteral("%1:%2:%3")
        .arg(finding.path.section(QLatin1Char('/'), -1))
        .arg(finding.at.line)
        .arg(finding.at.column);
}

int ProblemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeverityColumn:
        return tr("Severity");
    case RuleColumn:
        return tr("Rule");
    case PlaceColumn:
        return tr("Place");
    case SentenceColumn:
        return tr("Problem");
    default:
        return {};
    }
}

QString ProblemModel::keyOf(const Finding &finding) const
{
    return QStringLiteral("%1 %2 %3:%4")
        .arg(finding.rule, finding.path)
        .arg(finding.at.line)
        .arg(finding.at.column);
}

QVariant ProblemModel::cell(const Finding &finding, int column, int role) const
{
    const QString severity = lookOf(finding.severity).word;
    switch (role) {
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3: %4")
            .arg(severity, finding.rule, placeText(finding), finding.sentence);
    case Qt::ToolTipRole:
        return column == PlaceColumn ? finding.path : finding.sentence;
    case SeverityRole:
        return QVariant::fromValue(finding.severity);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (column) {
    case SeverityColumn:
        return severity;
    case RuleColumn:
        return finding.rule;
    case PlaceColumn:
        return placeText(finding);
    default:
        return finding.sentence;
    }
}

void SeverityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.color(ColorRole::Selection));
    const StatusLook look
        = lookOf(index.data(ProblemModel::SeverityRole).value<Finding::Severity>());
    painter->setFont(theme.textFont());
    const int margin = spacing::Hair / 2;
    Pill::draw(*painter, option.rect.adjusted(spacing::Hair, margin, -spacing::Hair, -margin),
               look.tone, look.icon, index.data().toString());
}

QSize SeverityDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const int text
        = QFontMetrics(Theme::instance().textFont()).horizontalAdvance(index.data().toString());
    return {text + pillIconSize + 4 * spacing::Small, pillHeight + spacing::Hair};
}

} // namespace pilothouse
