#include "ui/shell/databasesteps.h"

#include <QTest>

using namespace pilothouse;

namespace {

StepView step(StepId id, const char *title, ChangeStep::State state, const QDateTime &at)
{
    StepView view;
    view.step.id = id;
    view.step.title = QLatin1String(title);
    view.step.state = state;
    if (at.isValid()) {
        StepRecord record;
        record.step = id;
        record.at = at;
        view.step.record = record;
    }
    return view;
}

} // namespace

class TestDatabaseSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsDoneIsMarkedWhenItWasDone()
    {
        const QDateTime at(QDate(2026, 11, 24), QTime(13, 5), Qt::UTC);
        ChangeView change;
        change.steps = {step(StepId::E1, "add column", ChangeStep::State::Done, at),
                        step(StepId::E2, "sync trigger", ChangeStep::State::Done, {}),
                        step(StepId::M2, "backfill", ChangeStep::State::Open, at)};
        QCOMPARE(databaseSteps(change),
                 QList<ChartMark>({{ChartMark::Kind::DatabaseStep, double(at.toMSecsSinceEpoch()),
                                    QStringLiteral("E1 add column")}}));
    }
};

QTEST_GUILESS_MAIN(TestDatabaseSteps)
#include "testdatabasesteps.moc"
