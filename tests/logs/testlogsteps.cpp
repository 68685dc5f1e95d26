#include "logs/logstore.h"
#include "logs/reading/loglink.h"
#include "logs/reading/logsteps.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace pilothouse;

namespace {

using Certainty = StepBegin::Certainty;
constexpr int never = -1;

/// A second of one minute.
QDateTime at(int second)
{
    return second == never
               ? QDateTime()
               : QDateTime(QDate(2026, 11, 24), QTime(12, 57, second), QTimeZone::utc());
}

LogStep step(int number, const char *name, int started, int completed)
{
    return {number, QString::fromUtf8(name), at(started), at(completed)};
}

/// Lines "33.290 text", each given the rest of its stamp.
QByteArray stamped(std::initializer_list<QByteArray> lines)
{
    QByteArray text;
    for (const QByteArray &line : lines)
        text += "2026-11-24T12:57:" + line.left(6) + "8078Z" + line.mid(6) + '\n';
    return text;
}

/// As the runner writes them: set-up, a checkout, two commands in one second, the cleaning up.
const QByteArray jobText = stamped({
    "01.100 Requested labels: ubuntu-latest",
    "02.200 Current runner version: '2.329.0'",
    "02.210 ##[group]Operating System",
    "02.220 Ubuntu",
    "02.230 ##[endgroup]",
    "04.050 ##[group]Run actions/checkout@v4",
    "04.060 with:",
    "04.070 ##[endgroup]",
    "05.900 HEAD is now at 9f3c2a1",
    "06.010 still the checkout",
    "06.300 ##[group]Run make lint",
    "06.310 ##[endgroup]",
    "06.500 fine",
    "06.700 ##[group]Run make test",
    "06.710 ##[endgroup]",
    "09.000 318 passed",
    "09.400 Post job cleanup.",
    "09.800 Cleaning up orphan processes",
});

QList<LogStep> jobSteps()
{
    return {step(1, "Set up job", 2, 3),
            step(2, "Run actions/checkout@v4", 4, 6),
            step(3, "Lint", 6, 6),
            step(4, "Tests", 6, 9),
            step(5, "Only on Windows", never, never),
            step(8, "Post Run actions/checkout@v4", 9, 9),
            step(9, "Complete job", 9, 9)};
}

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

QString pageAddress()
{
    return t("https://github.com/o/r/actions/runs/7/job/42");
}

LogOrigin aPage(const QList<LogStep> &steps = jobSteps())
{
    return {QUrl(pageAddress()), LogOrigin::Anchors::ByStep, steps};
}

} // namespace

class TestLogSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStepThatRanBeginsSomewhere()
    {
        const QList<StepBegin> expected{
            {1, 0, 0, Certainty::Exact},     {2, 5, 5, Certainty::Exact},
            {3, 10, 10, Certainty::Exact},   {4, 13, 13, Certainty::Exact},
            {5, -1, -1, Certainty::Nowhere}, {8, 16, 16, Certainty::Exact},
            {9, 17, 17, Certainty::Exact}};
        const QList<StepBegin> found = begins(jobText, jobSteps());
        QCOMPARE(found.size(), expected.size());
        for (qsizetype i = 0; i < found.size(); ++i) {
            const StepBegin &begin = found[i];
            QVERIFY2(begin == expected[i],
                     qPrintable(QStringLiteral("step %1: line %2, earliest %3, certainty %4")
                                    .arg(begin.number)
                                    .arg(begin.line)
                                    .arg(begin.earliest)
                                    .arg(int(begin.certainty))));
        }
    }

    void stepsAreTakenByTheirNumbers()
    {
        QList<LogStep> turned = jobSteps();
        std::reverse(turned.begin(), turned.end());
        QCOMPARE(begins(jobText, turned), begins(jobText, jobSteps()));
    }

    void howAStepIsToldFromTheOneBefore_data()
    {
        QTest::addColumn<QByteArray>("second"); ///< what is said while one ends and one begins
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("beforeEnded");
        QTest::addColumn<StepBegin>("begin");
        const auto row = [](const char *label, std::initializer_list<QByteArray> lines,
                            const char *name, int beforeEnded, const StepBegin &begin) {
            QTest::newRow(label) << stamped(lines) << QString::fromUtf8(name) << beforeEnded
                                 << begin;
        };
        row("a later second decides, whatever is said", {"05.100 a", "06.100 b"}, "Tests", 5,
            {2, 2, 2, Certainty::Exact});
        row("one heading for one step", {"06.100 a", "06.200 ##[group]Run x", "06.300 b"}, "Tests",
            6, {2, 2, 2, Certainty::Exact});
        row("the heading with the name of the step",
            {"06.100 ##[group]Run inner", "06.200 ##[group]Run npm ci", "06.300 b"}, "Run npm ci",
            6, {2, 2, 2, Certainty::Exact});
        row("more headings than steps", {"06.100 ##[group]Run inner", "06.200 ##[group]Run x"},
            "Tests", 6, {2, 1, 1, Certainty::About});
        row("another group is no heading of a step",
            {"06.100 a", "06.200 ##[group]Running in parallel", "06.300 b"}, "Tests", 6,
            {2, 1, 1, Certainty::About});
        row("a heading that came a little late", {"06.900 a", "07.010 ##[group]Run x", "07.020 b"},
            "Tests", 6, {2, 2, 2, Certainty::Exact});
        row("no heading at all", {"06.100 a", "06.200 b"}, "Tests", 6, {2, 1, 1, Certainty::About});
        row("a step that a person named like a cleaning up",
            {"06.100 Post job cleanup.", "06.200 ##[group]Run x"}, "Post the report", 6,
            {2, 2, 2, Certainty::Exact});
        row("nothing written in its time", {"05.900 a"}, "Tests", 6,
            {2, -1, -1, Certainty::Nowhere});
    }
    void howAStepIsToldFromTheOneBefore()
    {
        QFETCH(QByteArray, second);
        QFETCH(QString, name);
        QFETCH(int, beforeEnded);
        QFETCH(StepBegin, begin);
        const QByteArray text = stamped({"02.000 begun"}) + second + stamped({"09.000 later"});
        const QList<LogStep> steps{
            step(1, "Set up job", 2, beforeEnded), {2, name, at(6), at(7)}, step(3, "Next", 9, 9)};
        const StepBegin found = begins(text, steps).at(1);
        QCOMPARE(found.line, begin.line);
        QCOMPARE(found.earliest, begin.earliest);
        QCOMPARE(found.certainty, begin.certainty);
    }

    void aStepThatRunsHasABeginAndNoEnd()
    {
        const QList<StepBegin> found
            = begins(stamped({"02.000 a", "04.000 b"}),
                     {step(1, "Set up job", 2, 3), step(2, "Tests", 4, never),
                      step(3, "Complete job", never, never)});
        QCOMPARE(found.at(1).line, 1);
        QCOMPARE(found.at(2).certainty, Certainty::Nowhere);
    }

    void aBuildNamesItsStepsItself()
    {
        const QByteArray text = "starting build \"b\"\nBUILD\nStarting Step #0 - \"test\"\n"
                                "Step #0 - \"test\": ok\nFinished Step #0 - \"test\"\n"
                                "Starting Step #1\nDONE\n";
        const QList<LogStep> steps{step(1, "test", 2, 3), step(2, "deploy", 3, 4),
                                   step(3, "not begun", never, never)};
        const QList<StepBegin> found = begins(text, steps);
        QCOMPARE(found.at(0), (StepBegin{1, 2, 2, Certainty::Exact}));
        QCOMPARE(found.at(1), (StepBegin{2, 5, 5, Certainty::Exact}));
        QCOMPARE(found.at(2).certainty, Certainty::Nowhere);
    }

    void aBuildOfOneStepBeginsItWithBuild()
    {
        const QByteArray text = "FETCHSOURCE\nBUILD\nAlready have image\nPUSH\nDONE\n";
        QCOMPARE(begins(text, {step(1, "docker", 2, 3)}).at(0).line, 1);
        QCOMPARE(begins(text, {step(1, "a", 2, 3), step(2, "b", 3, 4)}).at(0).line, -1);
    }

    void aJobThatPrintsABuildsWordsIsStillReadByItsTimes()
    {
        const QByteArray text
            = stamped({"02.000 a", "04.000 Starting Step #0 - \"x\"", "05.000 b"});
        QCOMPARE(begins(text, {step(1, "Set up job", 2, 3), step(2, "gcloud", 4, 5)}).at(0).line,
                 0);
    }

    void withoutStampsAndStepsThereIsNothing()
    {
        QVERIFY(begins("a\nb\n", {step(1, "x", 2, 3)}).at(0).line < 0);
        QVERIFY(begins(jobText, {}).isEmpty());
        QVERIFY(begins("", jobSteps()).isEmpty());
    }

    void aLineHasItsPlaceInTheStepWhereThatIsCertain_data()
    {
        QTest::addColumn<qint64>("line");
        QTest::addColumn<bool>("known");
        QTest::addColumn<StepPlace>("place");
        const auto row = [](const char *name, qint64 line, const std::optional<StepPlace> &place) {
            QTest::newRow(name) << line << place.has_value() << place.value_or(StepPlace{});
        };
        row("before any step", 1, {});
        row("the first line of a step", 2, StepPlace{1, 1});
        row("a line in it", 4, StepPlace{1, 3});
        row("where the next may have begun", 5, {});
        row("the guessed begin itself", 6, {});
        row("behind a guessed begin", 7, {});
        row("in a step behind it", 9, StepPlace{3, 1});
        row("the last step goes on", 99, StepPlace{3, 91});
    }
    void aLineHasItsPlaceInTheStepWhereThatIsCertain()
    {
        QFETCH(qint64, line);
        QFETCH(bool, known);
        QFETCH(StepPlace, place);
        const QList<StepBegin> about{{1, 2, 2, Certainty::Exact},
                                     {2, 6, 5, Certainty::About},
                                     {4, -1, -1, Certainty::Nowhere},
                                     {3, 9, 9, Certainty::Exact}};
        QCOMPARE(placeInStep(about, line), known ? std::optional<StepPlace>(place) : std::nullopt);
    }

    void aLinkHasTheAnchorOfTheLine()
    {
        const auto link = vendorLink(aPage(), begins(jobText, jobSteps()), 14);
        QVERIFY(link);
        QCOMPARE(link->address, pageAddress() + t("#step:4:2"));
        QCOMPARE(link->sentence, QStringLiteral("Copied: %1").arg(link->address));
    }

    void aLinkWithoutAnAnchorSaysWhy()
    {
        const auto unknown = vendorLink(aPage(), {}, 811);
        QVERIFY(unknown);
        QCOMPARE(unknown->address, pageAddress());
        QCOMPARE(
            unknown->sentence,
            QStringLiteral("Copied the job's page: which step line 812 belongs to is not known."));
        LogOrigin build = aPage();
        build.anchors = LogOrigin::Anchors::None;
        const auto page = vendorLink(build, begins(jobText, jobSteps()), 14);
        QVERIFY(page);
        QCOMPARE(page->address, unknown->address);
        QVERIFY2(page->sentence.contains(QLatin1String("line 15")), qPrintable(page->sentence));
        QVERIFY(!vendorLink({}, {}, 1));
    }

    void everyLinkLeadsBackToItsLine()
    {
        const LogText log = text(jobText);
        const QList<StepBegin> found = begins(jobText, jobSteps());
        for (qint64 line = 0; line < log.lineCount(); ++line) {
            const auto link = vendorLink(aPage(), found, line);
            const auto back = lineOfLink(aPage(), found, log.lineCount(), link->address);
            QVERIFY2(back && *back == Result<qint64>(line), qPrintable(link->address));
        }
    }

    void whatALinkMeans_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<qint64>("line");
        const auto row = [](const char *name, const char *words, qint64 line) {
            QTest::newRow(name) << QString::fromLatin1(words).replace(t("PAGE"), pageAddress())
                                << line;
        };
        row("a step alone is its first line", "PAGE#step:3", 10);
        row("with spaces around", " PAGE#step:2:2 ", 6);
        row("with a query", "PAGE?pr=5#step:2:2", 6);
        row("behind the end of the step", "PAGE#step:3:4", -1);
        row("line nought", "PAGE#step:3:0", -1);
        row("a number that is too large", "PAGE#step:3:999999999999", -1);
    }
    void whatALinkMeans()
    {
        QFETCH(QString, words);
        QFETCH(qint64, line);
        const auto meant = lineOfLink(aPage(), begins(jobText, jobSteps()), 18, words);
        QVERIFY(meant);
        QCOMPARE(*meant, Result<qint64>(line));
    }

    void whatALinkCannotMeanIsSaid_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<LogOrigin>("origin");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *words, const LogOrigin &origin,
                            const char *said) {
            QTest::newRow(name) << QString::fromLatin1(words).replace(t("PAGE"), pageAddress())
                                << origin << QString::fromLatin1(said);
        };
        row("another job", "PAGE0#step:3:1", aPage(), "The link is of another log");
        row("another host", "https://example.com/o/r/actions/runs/7/job/42#step:3:1", aPage(),
            "The link is of another log");
        row("no anchor", "PAGE", aPage(), "The link names no line");
        row("another anchor", "PAGE#summary", aPage(), "The link names no line");
        row("a step that did not run", "PAGE#step:5:1", aPage(),
            "No line of this log is known to be of step 5");
        row("no page", "PAGE#step:3:1", {}, "This log has no page");
    }
    void whatALinkCannotMeanIsSaid()
    {
        QFETCH(QString, words);
        QFETCH(LogOrigin, origin);
        QFETCH(QString, said);
        const auto meant = lineOfLink(origin, begins(jobText, jobSteps()), 18, words);
        QVERIFY(meant && !*meant);
        QCOMPARE(meant->error().kind, ErrorKind::BadInput);
        QVERIFY2(meant->error().message.startsWith(said), qPrintable(meant->error().message));
    }

    void otherWordsAreNoLink()
    {
        for (const char *words : {"12408", "14:33:51", "2026-11-24 14:33", "", "notes.log#L5"})
            QVERIFY2(!lineOfLink(aPage(), {}, 18, QString::fromLatin1(words)), words);
    }

private:
    LogText text(const QByteArray &bytes) { return store(bytes)->text(); }
    QList<StepBegin> begins(const QByteArray &bytes, const QList<LogStep> &steps)
    {
        const auto log = store(bytes);
        return stepBegins(log->text(), log->marks(), steps);
    }
    std::unique_ptr<LogStore> store(const QByteArray &bytes)
    {
        auto made = LogStore::create(m_dir.path());
        if (!made || !(*made)->append(bytes) || !(*made)->finish())
            qFatal("no log");
        return std::move(*made);
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestLogSteps)
#include "testlogsteps.moc"
