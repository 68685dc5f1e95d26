#include "ui/rollout/weightbar.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace pilothouse {
namespace {

constexpr int wideBar = 200;
constexpr int narrowBar = 96;
constexpr int shareHeight = 8;
constexpr double weightSign = 8;
constexpr int leastRow = 26;
constexpr float restOpacity = 0.35F;

QString percentText(double percent, int decimals)
{
    return WeightBar::tr("%1 %").arg(QString::number(percent, 'f', decimals));
}

QString aged(const QString &text, const std::optional<std::chrono::milliseconds> &age)
{
    return age ? WeightBar::tr("%1 (%2)").arg(text, ageText(*age)) : text;
}

/// "40 points less than asked"; empty where there is no difference that can be told.
QString pointsText(double from, double to, const QString &than)
{
    const double points = std::abs(to - from);
    if (points < 0.05)
        return {};
    const QString shown
        = QString::number(points, 'f', std::abs(points - std::round(points)) < 0.05 ? 0 : 1);
    return to < from ? WeightBar::tr("%1 points less than %2").arg(shown, than)
                     : WeightBar::tr("%1 points more than %2").arg(shown, than);
}

} // namespace

WeightBar::WeightBar(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setToolTip(tr("▼ asked: the weight that was written\n"
                  "▮ accepted: what the traffic system says it has taken over\n"
                  "◆ measured: the share of the requests, as the metrics count them\n"
                  "Hatched: between what is asked and what is accepted. Broken outline: no data."));
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&WeightBar::update));
}

void WeightBar::setWeights(const WeightView &weights, Age age)
{
    if (m_weights == weights && m_age == age)
        return;
    m_weights = weights;
    m_age = age;
    setAccessibleName(spoken());
    updateGeometry();
    update();
}

QList<WeightBar::Part> WeightBar::parts() const
{
    const auto shareOf = [](const std::optional<Weight> &weight) {
        return weight ? std::optional(double(weight->percent)) : std::nullopt;
    };
    const QString none = tr("no data");
    const auto asked = shareOf(m_weights.asked);
    const auto accepted = shareOf(m_weights.accepted);
    const auto &measured = m_weights.measured;
    return {{Part::Sign::Asked, tr("asked %1").arg(asked ? percentText(*asked, 0) : none), asked},
            {Part::Sign::Accepted,
             aged(tr("accepted %1")
                      .arg(accepted ? percentText(*accepted, 0) : (asked ? tr("not yet") : none)),
                  m_weights.trafficAge),
             accepted},
            {Part::Sign::Measured,
             aged(tr("measured %1").arg(measured ? percentText(*measured, 1) : none),
                  measured ? m_weights.measuredAge : std::nullopt),
             measured}};
}

QString WeightBar::spoken() const
{
    QStringList words;
    std::optional<double> before;
    QString than;
    for (const Part &part : parts()) {
        QString text = part.words;
        if (before && part.percent) {
            const QString difference = pointsText(*before, *part.percent, than);
            if (!difference.isEmpty())
                text += QStringLiteral(", ") + difference;
        }
        words << text;
        before = part.percent;
        than = part.sign == Part::Sign::Asked ? tr("asked") : tr("accepted");
    }
    return tr("Weight of the candidate: %1").arg(words.join(QStringLiteral("; ")));
}

double WeightBar::wordsWidth() const
{
    double width = 0;
    for (const Part &part : parts())
        width += spacing::Medium + weightSign + spacing::Hair
                 + fontMetrics().horizontalAdvance(part.words);
    return width;
}

QSize WeightBar::sizeHint() const
{
    return {int(std::ceil(wideBar + weightSign + wordsWidth())),
            std::max(leastRow, fontMetrics().height())};
}

QSize WeightBar::minimumSizeHint() const
{
    return {sizeHint().width() - wideBar + narrowBar, sizeHint().height()};
}

QRectF WeightBar::bar() const
{
    // A sign at either end stands out by half its width.
    const double room = width() - wordsWidth() - weightSign;
    return {weightSign / 2, std::floor((height() - shareHeight) / 2.0),
            std::clamp(std::floor(room), double(narrowBar), double(wideBar)), shareHeight};
}

double WeightBar::xOf(double percent) const
{
    return bar().left() + bar().width() * std::clamp(percent, 0.0, 100.0) / 100;
}

void WeightBar::paintSign(QPainter &painter, Part::Sign sign, const QPointF &center)
{
    const double half = weightSign / 2;
    QPainterPath path;
    if (sign == Part::Sign::Asked)
        path.addPolygon(QPolygonF({center + QPointF(-half, -half), center + QPointF(half, -half),
                                   center + QPointF(0, half)}));
    else if (sign == Part::Sign::Accepted)
        path.addRect(QRectF(center.x() - half, center.y() - half, weightSign, weightSign));
    else
        path.addPolygon(QPolygonF({center + QPointF(0, -half), center + QPointF(half, 0),
                                   center + QPointF(0, half), center + QPointF(-half, 0)}));
    path.closeSubpath();
    painter.drawPath(path);
}

void WeightBar::paintShares(QPainter &painter) const
{
    const Theme &theme = Theme::instance();
    const QRectF all = bar();
    const bool old = m_age == Age::Old;
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (!m_weights.accepted) {
        painter.setPen(QPen(theme.color(ColorRole::Muted), 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(all.adjusted(0, 0, -1, -1));
    } else {
        QColor rest = theme.color(ColorRole::SeriesStable);
        rest.setAlphaF(restOpacity);
        painter.fillRect(all, rest);
        const double end = xOf(m_weights.accepted->percent);
        painter.fillRect(QRectF(all.left(), all.top(), end - all.left(), all.height()),
                         theme.color(old ? ColorRole::Faint : ColorRole::SeriesCandidate));
        if (m_weights.asked && m_weights.asked != m_weights.accepted) {
            const double asked = xOf(m_weights.asked->percent);
            const QRectF open(std::min(end, asked), all.top(), std::abs(asked - end), all.height());
            // What is still to be taken away has the traffic: its fill shows between the lines.
            const bool toCome = m_weights.asked > m_weights.accepted;
            if (toCome)
                painter.fillRect(open, theme.color(ColorRole::Surface));
            painter.setPen(theme.color(Tone::Warning));
            painter.setBrush(
                QBrush(toCome ? theme.color(Tone::Warning) : theme.color(ColorRole::Surface),
                       Qt::BDiagPattern));
            painter.drawRect(open.adjusted(0, 0, -1, -1));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(old ? ColorRole::Faint : ColorRole::Text));
    if (m_weights.asked)
        paintSign(painter, Part::Sign::Asked,
                  {xOf(m_weights.asked->percent), all.top() - weightSign / 2});
    if (m_weights.measured)
        paintSign(painter, Part::Sign::Measured,
                  {xOf(*m_weights.measured), all.bottom() + weightSign / 2});
}

void WeightBar::paintWords(QPainter &painter) const
{
    const Theme &theme = Theme::instance();
    const QColor ink = theme.color(m_age == Age::Old ? ColorRole::Faint : ColorRole::Text);
    double x = bar().right() + weightSign / 2;
    for (const Part &part : parts()) {
        x += spacing::Medium;
        QColor fill = ink;
        if (part.sign == Part::Sign::Accepted && m_age == Age::Fresh)
            fill = theme.color(ColorRole::SeriesCandidate);
        // What stands nowhere on the bar is but an outline here.
        painter.setPen(part.percent ? QPen(Qt::NoPen) : QPen(theme.color(ColorRole::Muted), 1));
        painter.setBrush(part.percent ? QBrush(fill) : QBrush(Qt::NoBrush));
        paintSign(painter, part.sign, {x + weightSign / 2, height() / 2.0});
        x += weightSign + spacing::Hair;
        const double wide = fontMetrics().horizontalAdvance(part.words);
        painter.setPen(ink);
        painter.drawText(QRectF(x, 0, wide + 1, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         part.words);
        x += wide;
    }
}

void WeightBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    paintShares(painter);
    paintWords(painter);
}

void WeightBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace pilothouse
