#include "ui/rollout/plot/chartgutters.h"

#include "base/words.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double labelWidth = 48; ///< of the value axis
constexpr double nameWidth = 104;
constexpr double nameLine = 16;
constexpr double smallLine = 14;

QFont nameFont()
{
    QFont font = Theme::instance().textFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

GutterWidths gutterWidths()
{
    const QFontMetricsF metrics(Theme::instance().smallFont());
    const double values = metrics.horizontalAdvance(Words::tr("candidate now 88.8 %"));
    return {nameWidth + labelWidth, std::ceil(values) + spacing::Small};
}

QStringList nameLines(const QString &name, const QFontMetricsF &metrics, double width, int most)
{
    QStringList lines;
    QString line;
    const QStringList words = name.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString longer = line.isEmpty() ? words[i] : line + QLatin1Char(' ') + words[i];
        if (line.isEmpty() || metrics.horizontalAdvance(longer) <= width) {
            line = longer;
            continue;
        }
        if (lines.size() + 1 == most) {
            // No further line: what is left is shortened in this one.
            line += QLatin1Char(' ') + words.mid(i).join(QLatin1Char(' '));
            break;
        }
        lines << line;
        line = words[i];
    }
    if (!line.isEmpty())
        lines << line;
    for (QString &each : lines)
        each = metrics.elidedText(each, Qt::ElideRight, width);
    return lines;
}

void paintName(QPainter *painter, const ChartWords &words, const QRectF &plot)
{
    const Theme &theme = Theme::instance();
    const double limit = words.limit.isEmpty() ? 0 : smallLine;
    const int most = plot.height() >= 2 * nameLine + limit ? 2 : 1;
    painter->setFont(nameFont());
    const QStringList lines
        = nameLines(words.name, QFontMetricsF(nameFont()), nameWidth - spacing::Hair, most);
    double y = plot.center().y() - (double(lines.size()) * nameLine + limit) / 2;
    painter->setPen(theme.color(ColorRole::Text));
    for (const QString &line : lines) {
        painter->drawText(QRectF(0, y, nameWidth, nameLine), Qt::AlignLeft | Qt::AlignVCenter,
                          line);
        y += nameLine;
    }
    if (words.limit.isEmpty())
        return;
    painter->setFont(theme.smallFont());
    painter->setPen(theme.color(ColorRole::Limit));
    painter->drawText(
        QRectF(0, y, nameWidth, smallLine), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(words.limit, Qt::ElideRight, int(nameWidth)));
}

void paintValues(QPainter *painter, const ChartWords &words, const QRectF &plot)
{
    const Theme &theme = Theme::instance();
    painter->setFont(theme.smallFont());
    const double width = gutterWidths().right - spacing::Small;
    double y = plot.center().y() - smallLine;
    const auto value = [&](const QString &text, ColorRole color) {
        painter->setPen(theme.color(color));
        painter->drawText(QRectF(plot.right() + spacing::Small, y, width, smallLine),
                          Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, int(width)));
        y += smallLine;
    };
    value(words.candidate, ColorRole::SeriesCandidate);
    value(words.stable, ColorRole::SeriesStable);
}

void paintMarkLegend(QPainter *painter, const QList<ChartMark> &marks, const QRectF &strip)
{
    const Theme &theme = Theme::instance();
    const QStringList kinds = markLegend(marks);
    painter->setFont(theme.smallFont());
    painter->setPen(theme.color(ColorRole::Muted));
    const QStringList rows{kinds.first(), kinds.mid(1).join(QStringLiteral("  "))};
    double y = strip.center().y() - (rows.last().isEmpty() ? smallLine / 2 : smallLine);
    for (const QString &row : rows) {
        painter->drawText(QRectF(0, y, strip.left() - spacing::Small, smallLine),
                          Qt::AlignLeft | Qt::AlignVCenter, row);
        y += smallLine;
    }
}

} // namespace pilothouse
