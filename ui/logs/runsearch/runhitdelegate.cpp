#include "ui/logs/runsearch/runhitdelegate.h"

#include "ui/logs/runsearch/runsearchmodel.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"

#include <QLocale>
#include <QPainter>

#include <cmath>

namespace pilothouse {
namespace {

constexpr int stateIconSize = 14;
constexpr int numberDigits = 7;       ///< room for "999,999"
constexpr qsizetype shownBefore = 16; ///< characters before a hit that was out of sight

struct StateLook
{
    QString icon;
    Tone tone = Tone::Neutral;
};

StateLook lookOf(const RunSearchRow &row)
{
    using State = RunSearchRow::State;
    switch (row.state) {
    case State::NoLogYet:
        return {QStringLiteral("circle-dot"), Tone::Info};
    case State::NeverRan:
        return {QStringLiteral("circle-slash"), Tone::Neutral};
    case State::Waiting:
        return {QStringLiteral("clock"), Tone::Neutral};
    case State::Reading:
    case State::Searching:
        return {QStringLiteral("loader-circle"), Tone::Info};
    case State::Failed:
        return {row.error && row.error->kind == ErrorKind::NotAllowed ? QStringLiteral("lock")
                                                                      : QStringLiteral("circle-x"),
                Tone::Danger};
    case State::Searched:
        break;
    }
    return row.hitLines > 0 ? StateLook{QStringLiteral("search"), Tone::Warning}
                            : StateLook{QStringLiteral("minus"), Tone::Neutral};
}

/// Tabs and other control characters would be drawn as boxes.
QString drawable(QString text)
{
    for (QChar &c : text) {
        if (c.category() == QChar::Other_Control)
            c = QLatin1Char(' ');
    }
    return text;
}

} // namespace

QString shownPart(const QString &text, const LineMatcher &matcher, qsizetype room)
{
    const QList<LineMatcher::Span> spans = matcher.spans(text);
    if (spans.isEmpty() || spans.first().start + spans.first().length <= room)
        return text;
    const qsizetype from = std::max<qsizetype>(0, spans.first().start - shownBefore);
    return from == 0 ? text : QStringLiteral("…") + text.mid(from);
}

void RunHitDelegate::setQuery(const SearchQuery &query)
{
    if (query == m_query)
        return;
    m_query = query;
    m_matcher.reset();
    if (auto matcher = LineMatcher::create(query); matcher && !query.text.isEmpty())
        m_matcher = std::move(*matcher);
}

void RunHitDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, Theme::instance().color(ColorRole::Selection));
    const QRect row = option.rect.adjusted(spacing::Hair, 0, -spacing::Small, 0);
    painter->setClipRect(option.rect);
    if (index.parent().isValid())
        paintHit(*painter, row, index);
    else
        paintJob(*painter, row, index);
    painter->restore();
}

void RunHitDelegate::paintJob(QPainter &painter, const QRect &row, const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    const auto job = index.data(RunSearchModel::RowRole).value<RunSearchRow>();
    const StateLook look = lookOf(job);
    painter.drawPixmap(row.left(), row.center().y() - stateIconSize / 2,
                       themedPixmap(look.icon, theme.color(look.tone), stateIconSize,
                                    painter.device()->devicePixelRatioF()));
    QFont font = theme.textFont();
    font.setBold(job.hitLines > 0);
    painter.setFont(font);
    const int left = stateIconSize + spacing::Small;
    // The name first: it is what the row is about; the state gives way.
    const QFontMetricsF metrics(painter.font(), painter.device());
    const int nameWidth = std::min(int(std::ceil(metrics.horizontalAdvance(job.title))) + 1,
                                   (row.width() - left) * 2 / 3);
    const QRect name(row.left() + left, row.top(), nameWidth, row.height());
    painter.setPen(theme.color(ColorRole::Text));
    painter.drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(job.title, Qt::ElideRight, nameWidth));
    painter.setFont(theme.textFont());
    const bool failed = job.state == RunSearchRow::State::Failed;
    painter.setPen(failed ? theme.color(Tone::Danger) : theme.color(ColorRole::Muted));
    const QRect rest = row.adjusted(left + nameWidth + spacing::Medium, 0, 0, 0);
    painter.drawText(
        rest, Qt::AlignVCenter | Qt::AlignLeft,
        painter.fontMetrics().elidedText(index.data(RunSearchModel::StateRole).toString(),
                                         Qt::ElideRight, rest.width()));
}

void RunHitDelegate::paintHit(QPainter &painter, const QRect &row, const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    painter.setFont(theme.codeFont());
    const QFontMetrics metrics = painter.fontMetrics();
    const int numberWidth = metrics.horizontalAdvance(QLatin1Char('0')) * numberDigits;
    const bool more = index.data(RunSearchModel::MoreRole).toBool();
    const QRect number(row.left(), row.top(), numberWidth, row.height());
    const QRect rest = row.adjusted(numberWidth + spacing::Medium, 0, 0, 0);
    painter.setPen(theme.color(ColorRole::Muted));
    if (more) {
        painter.setFont(theme.textFont());
        painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        return;
    }
    const qint64 line = index.data(RunSearchModel::LineRole).toLongLong();
    painter.drawText(number, Qt::AlignVCenter | Qt::AlignRight,
                     QLocale(QLocale::English).toString(line + 1));
    QString text = drawable(index.data().toString());
    if (m_matcher)
        text = shownPart(text, *m_matcher,
                         rest.width() / std::max(1, metrics.horizontalAdvance(QLatin1Char('0'))));
    painter.setPen(theme.color(ColorRole::Text));
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, text);
    if (!m_matcher)
        return;
    const int top = row.center().y() - metrics.height() / 2;
    for (const LineMatcher::Span &span : m_matcher->spans(text)) {
        const QString hit = text.mid(span.start, span.length);
        const int x = rest.left() + metrics.horizontalAdvance(text.left(span.start));
        if (x > rest.right())
            break;
        const QRect mark(x, top, metrics.horizontalAdvance(hit), metrics.height());
        painter.fillRect(mark, theme.color(ColorRole::Hit));
        painter.setPen(theme.color(ColorRole::HitText));
        painter.drawText(QRect(x, rest.top(), rest.right() - x + 1, rest.height()),
                         Qt::AlignVCenter | Qt::AlignLeft, hit);
    }
}

QSize RunHitDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {120, index.parent().isValid() ? spacing::Large - spacing::Hair : spacing::Large};
}

} // namespace pilothouse
