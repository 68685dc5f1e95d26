#include "ui/pipeline/budgetbar.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QPainter>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int barWidth = 64;
constexpr int barHeight = 6;

QString wordsOf(const BudgetView &view)
{
    if (!view.used)
        return BudgetBar::tr("%1 – of %2").arg(view.track.value, durationText(view.budget));
    if (view.isOver())
        return BudgetBar::tr("%1 %2 of %3, %4 over")
            .arg(view.track.value, durationText(*view.used), durationText(view.budget),
                 durationText(*view.used - view.budget));
    return BudgetBar::tr("%1 %2 of %3")
        .arg(view.track.value, durationText(*view.used), durationText(view.budget));
}

} // namespace

BudgetBar::BudgetBar(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("budgetBar"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setToolTip(tr("Machine time against the budget of pilothouse.yaml; people's waiting and bake "
                  "are not in it."));
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&BudgetBar::update));
}

void BudgetBar::setBudgets(const QList<BudgetView> &budgets)
{
    if (budgets == m_budgets)
        return;
    m_budgets = budgets;
    setVisible(!budgets.isEmpty());
    setAccessibleName(text());
    updateGeometry();
    update();
}

QString BudgetBar::text() const
{
    QStringList all;
    for (const BudgetView &view : m_budgets)
        all << wordsOf(view);
    return all.join(QStringLiteral(" · "));
}

QSize BudgetBar::sizeHint() const
{
    const QFontMetrics metrics(Theme::instance().smallFont());
    int width = 0;
    for (const BudgetView &view : m_budgets)
        width += barWidth + spacing::Small + metrics.horizontalAdvance(wordsOf(view))
                 + spacing::Large;
    return {width, std::max(metrics.height(), barHeight)};
}

void BudgetBar::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.smallFont());
    const double middle = height() / 2.0;
    double x = 0;
    for (const BudgetView &view : std::as_const(m_budgets)) {
        const QRectF bar(x, middle - barHeight / 2.0, barWidth, barHeight);
        const double part
            = view.used && view.budget.count() > 0
                  ? std::min(1.0, double(view.used->count()) / double(view.budget.count()))
                  : 0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(ColorRole::Border));
        painter.drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
        painter.setBrush(theme.color(view.isOver() ? Tone::Danger : Tone::Success));
        painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(bar.width() * part, bar.height())),
                                barHeight / 2.0, barHeight / 2.0);
        x += barWidth + spacing::Small;
        const QString words = wordsOf(view);
        const double wide = painter.fontMetrics().horizontalAdvance(words);
        painter.setPen(view.isOver() ? theme.color(Tone::Danger) : theme.color(ColorRole::Muted));
        painter.drawText(QRectF(x, 0, wide + 1, height()), Qt::AlignVCenter | Qt::AlignLeft, words);
        x += wide + spacing::Large;
    }
}

} // namespace pilothouse
