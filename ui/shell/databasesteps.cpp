#include "ui/shell/databasesteps.h"

namespace pilothouse {

QList<ChartMark> databaseSteps(const ChangeView &change)
{
    QList<ChartMark> marks;
    for (const StepView &each : change.steps) {
        const ChangeStep &step = each.step;
        if (step.state == ChangeStep::State::Done && step.record && step.record->at.isValid())
            marks.append({ChartMark::Kind::DatabaseStep,
                          double(step.record->at.toMSecsSinceEpoch()),
                          QStringLiteral("%1 %2").arg(stepWord(step.id), step.title)});
    }
    return marks;
}

} // namespace pilothouse
