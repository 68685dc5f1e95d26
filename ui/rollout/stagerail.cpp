#include "ui/rollout/stagerail.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QPainter>

namespace pilothouse {
namespace {

constexpr int railHeight = 44;
constexpr int iconSize = 18;

struct StageLook
{
    QString icon;
    Tone tone;
};

StageLook lookOf(StageView::State state)
{
    switch (state) {
    case StageView::State::Done:
        return {QStringLiteral("circle-check"), Tone::Success};
    case StageView::State::Current:
        return {QStringLiteral("circle-dot"), Tone::Info};
    case StageView::State::Held:
        return {QStringLiteral("circle-pause"), Tone::Waiting};
    case StageView::State::ToCome:
        return {QStringLiteral("circle-dashed"), Tone::Neutral};
    }
    return {};
}

} // namespace

StageRail::StageRail(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&StageRail::update));
}

void StageRail::setStages(const QList<StageView> &stages)
{
    if (m_stages == stages)
        return;
    m_stages = stages;
    QStringList spoken;
    for (const StageView &stage : stages) {
        if (stage.state == StageView::State::Current || stage.state == StageView::State::Held)
            spoken << tr("at %1 %, %2 of %3")
                          .arg(stage.weight.percent)
                          .arg(durationText(stage.elapsed), durationText(stage.bake));
    }
    setAccessibleName(tr("Stages of the rollout"));
    setAccessibleDescription(spoken.join(QLatin1Char(' ')));
    update();
}

QSize StageRail::sizeHint() const
{
    return {480, railHeight};
}

void StageRail::paintEvent(QPaintEvent *)
{
    if (m_stages.isEmpty())
        return;
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int cell = width() / int(m_stages.size());
    const int middle = spacing::Small + iconSize / 2;
    for (qsizetype i = 0; i < m_stages.size(); ++i) {
        const StageView &stage = m_stages[i];
        const StageLook look = lookOf(stage.state);
        const int x = int(i) * cell;
        // The line to the next stage fills up with the bake time.
        if (i + 1 < m_stages.size()) {
            const QRect line(x + iconSize + spacing::Small, middle - 1,
                             cell - iconSize - 2 * spacing::Small, 3);
            painter.fillRect(line, theme.color(ColorRole::Border));
            double share = stage.state == StageView::State::Done ? 1 : 0;
            const bool bakes
                = stage.state == StageView::State::Current || stage.state == StageView::State::Held;
            if (bakes && stage.bake.count() > 0)
                share = std::min(1.0, double(stage.elapsed.count()) / double(stage.bake.count()));
            painter.fillRect(
                QRect(line.left(), line.top(), int(line.width() * share), line.height()),
                theme.color(look.tone));
        }
        painter.drawPixmap(
            x, middle - iconSize / 2,
            themedPixmap(look.icon, theme.color(look.tone), iconSize, devicePixelRatioF()));
        QString text = stage.kind == StageView::Kind::Finishing
                           ? tr("finishing")
                           : tr("%1 %").arg(stage.weight.percent);
        if (stage.state == StageView::State::Current || stage.state == StageView::State::Held) {
            if (stage.bake.count() > 0)
                text
                    += tr("   %1 of %2").arg(durationText(stage.elapsed), durationText(stage.bake));
            if (stage.state == StageView::State::Held)
                text += tr("   held");
        }
        QFont font = theme.textFont();
        if (stage.state == StageView::State::Current)
            font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(stage.state == StageView::State::ToCome ? theme.color(ColorRole::Muted)
                                                               : theme.color(ColorRole::Text));
        painter.drawText(QRect(x, middle + iconSize / 2 + 1, cell - spacing::Hair, 18),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

} // namespace pilothouse
