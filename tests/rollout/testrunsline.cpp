#include "rollout/act/runsline.h"

#include <QTest>

using namespace pilothouse;

namespace {

RunsLine line(const char *text, PreviewRow::Kind kind = PreviewRow::Kind::Plain,
              RunsLine::Cancels cancels = RunsLine::Cancels::Nothing)
{
    RunsLine made;
    made.row = {kind, QStringLiteral("Runs"), QString::fromUtf8(text)};
    made.beside = made.row;
    made.beside.text.replace(QLatin1String("cancels "), QLatin1String("can still move it: "));
    made.cancels = cancels;
    return made;
}

const RunsLine nothing = line("no run can move this traffic");
const RunsLine run = line("cancels run 7012", PreviewRow::Kind::Plain, RunsLine::Cancels::Runs);
const RunsLine build
    = line("cancels build 3f2a9c1d", PreviewRow::Kind::Plain, RunsLine::Cancels::Runs);
const RunsLine lost = line("Cloud Build is lost", PreviewRow::Kind::Unknown);

} // namespace

class TestRunsLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostsAreTold_data()
    {
        QTest::addColumn<QList<RunsLine>>("lines");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isUnknown");
        const auto row = [](const char *name, const QList<RunsLine> &lines, const char *text,
                            bool isUnknown = false) {
            QTest::newRow(name) << lines << QString::fromUtf8(text) << isUnknown;
        };
        row("none", {}, "");
        row("one", {run}, "cancels run 7012");
        row("both have nothing", {nothing, nothing}, "no run can move this traffic");
        row("one has something", {nothing, build}, "cancels build 3f2a9c1d");
        row("both have", {run, build}, "cancels run 7012; cancels build 3f2a9c1d");
        row("one is lost", {nothing, lost}, "Cloud Build is lost", true);
        row("one is lost, one has", {run, lost}, "cancels run 7012; Cloud Build is lost", true);
    }
    void hostsAreTold()
    {
        QFETCH(const QList<RunsLine>, lines);
        QFETCH(const QString, text);
        QFETCH(const bool, isUnknown);
        const RunsLine all = joined(lines);
        QCOMPARE(all.row.text, text);
        QCOMPARE(all.row.kind == PreviewRow::Kind::Unknown, isUnknown);
        QCOMPARE(all.row.label.isEmpty(), text.isEmpty());
        // The same of a confirmation that cancels nothing.
        QString beside = text;
        beside.replace(QLatin1String("cancels "), QLatin1String("can still move it: "));
        QCOMPARE(all.beside.text, beside);
        QCOMPARE(all.beside.kind, all.row.kind);
    }

    void whatIsStillAbleIsToldOfEachHost()
    {
        RunsLine one = run;
        one.stillAble = {{QStringLiteral("run 7012"), QStringLiteral("cancel it")}};
        RunsLine two = build;
        two.stillAble = {{QStringLiteral("build 3f2a9c1d"), QStringLiteral("cancel it")}};
        QCOMPARE(joined({one, two}).stillAble, one.stillAble + two.stillAble);
    }
};

QTEST_GUILESS_MAIN(TestRunsLine)
#include "testrunsline.moc"
