#include "ui/rollout/plot/markstrip.h"

#include "base/words.h"
#include "ui/widgets/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double signRoom = 10; ///< px that a sign takes with its margins
constexpr double wordGap = 2;
constexpr qsizetype leastWords = 4; ///< letters: fewer tell nothing

/// Marks at about one place, and who speaks for them.
struct Group
{
    ChartMark shown;
    double x = 0;
    int others = 0;
};

/// Newest first.
QList<Group> grouped(const QList<ChartMark> &marks, const PlotFrame &frame)
{
    QList<ChartMark> seen;
    for (const ChartMark &mark : marks) {
        if (mark.at >= frame.from && mark.at <= frame.to)
            seen.append(mark);
    }
    std::stable_sort(seen.begin(), seen.end(),
                     [](const ChartMark &a, const ChartMark &b) { return a.at > b.at; });
    QList<Group> groups;
    for (const ChartMark &mark : std::as_const(seen)) {
        const double x = std::floor(frame.xOf(mark.at)) + 0.5;
        if (groups.isEmpty() || groups.last().x - x >= signRoom) {
            groups.append({mark, x, 0});
            continue;
        }
        Group &group = groups.last();
        ++group.others;
        const auto isAlert = [](const ChartMark &each) {
            return each.kind == ChartMark::Kind::Alert;
        };
        if (isAlert(mark) && !isAlert(group.shown))
            group.shown = mark;
    }
    return groups;
}

QString wordsOf(const Group &group)
{
    return group.others > 0 ? Words::tr("%1 +%2").arg(group.shown.words).arg(group.others)
                            : group.shown.words;
}

/// Where words may stand beside a sign in one row: from its right to what is newer, or from its
/// left to what is older.
struct Room
{
    double right = 0;
    double left = 0;

    [[nodiscard]] bool has(double wide) const { return wide <= std::max(right, left); }
    /// Left of the sign only where there is none, or less, at its right.
    [[nodiscard]] bool goesLeft(double wide) const { return wide > right && left > right; }
    [[nodiscard]] double most() const { return std::max(right, left); }
};

} // namespace

QList<MarkLabel> placedMarks(const QList<ChartMark> &marks, const PlotFrame &frame,
                             const QRectF &strip, const QFontMetricsF &metrics)
{
    const QList<Group> groups = grouped(marks, frame);
    const double half = signRoom / 2;
    const double least = metrics.averageCharWidth() * double(leastWords);
    double below = strip.right(); // taken from here on by what is newer, in either row
    double above = strip.right();
    QList<MarkLabel> labels;
    for (qsizetype i = 0; i < groups.size(); ++i) {
        const Group &group = groups[i];
        const bool last = i + 1 == groups.size();
        const double older = last ? strip.left() : groups[i + 1].x + half;
        const Room lower{below - (group.x + half), group.x - half - older};
        // A stem that would go through words above stands for no room there.
        const bool isFree = group.x + half < above;
        const Room upper{isFree ? above - (group.x + half) : 0,
                         isFree ? group.x - half - strip.left() : 0};
        MarkLabel label{group.shown.kind, group.x, wordsOf(group), {}, false};
        double wide = std::ceil(metrics.horizontalAdvance(label.words)) + wordGap;
        label.isAbove = !lower.has(wide) && (upper.has(wide) || upper.most() > lower.most());
        const Room &room = label.isAbove ? upper : lower;
        if (!room.has(wide)) {
            wide = room.most();
            label.words = wide < least
                              ? QString()
                              : metrics.elidedText(label.words, Qt::ElideRight, wide - wordGap);
            label.isAbove = label.isAbove && !label.words.isEmpty();
        }
        below = group.x - half;
        if (!label.words.isEmpty()) {
            const double begin = room.goesLeft(wide) ? group.x - half - wide : group.x + half;
            const double row = strip.height() / 2;
            label.place = QRectF(begin, label.isAbove ? strip.top() : strip.top() + row, wide, row);
            double &taken = label.isAbove ? above : below;
            taken = std::min({taken, begin, group.x - half});
        }
        labels.append(label);
    }
    return labels;
}

void paintMarkStrip(QPainter *painter, const QList<ChartMark> &marks, const PlotFrame &frame,
                    const QRectF &strip)
{
    painter->setFont(Theme::instance().smallFont());
    for (const MarkLabel &label :
         placedMarks(marks, frame, strip, QFontMetricsF(painter->fontMetrics()))) {
        painter->setPen(markColor(label.kind));
        painter->drawText(label.place, Qt::AlignVCenter | Qt::AlignLeft, label.words);
        if (label.isAbove)
            painter->drawLine(QPointF(label.x, label.place.center().y()),
                              QPointF(label.x, strip.bottom()));
        paintSign(painter, label.kind, label.x, strip.bottom());
    }
}

} // namespace pilothouse
