#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

class WorkflowTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSharedPipelineIsReadWhole()
    {
        const Workflow ci = fixture(QStringLiteral("ci.yml"));
        QCOMPARE(ci.problems, QList<Problem>());
        QCOMPARE(ci.path, QStringLiteral(".github/workflows/ci.yml"));
        QCOMPARE(ci.name, QStringLiteral("CI Pipeline"));
        QStringList keys;
        for (const WorkflowJob &job : ci.jobs)
            keys.append(job.key);
        QCOMPARE(keys, (QStringList{QStringLiteral("build"), QStringLiteral("unit-tests"),
                                    QStringLiteral("integration-tests"),
                                    QStringLiteral("security-scan"), QStringLiteral("lint")}));

        const WorkflowJob &build = ci.jobs[0];
        QCOMPARE(build.at, (Position{15, 3}));
        QCOMPARE(build.runsOn.text(), QStringLiteral("ubuntu-latest"));
        QCOMPARE(build.timeoutMinutes.text, QStringLiteral("15"));
        QStringList steps;
        for (const WorkflowStep &step : build.steps)
            steps.append(step.shownName());
        QCOMPARE(steps, (QStringList{QStringLiteral("Run actions/checkout@v4"),
                                     QStringLiteral("Set up Docker Buildx"),
                                     QStringLiteral("Build and push the app image")}));
        QCOMPARE(ci.jobs[2].steps.last().shownName(),
                 QStringLiteral("Run poetry run alembic upgrade head"));
        QCOMPARE(ci.jobs[1].needs.size(), 1);
        QCOMPARE(ci.jobs[1].needs[0].name, QStringLiteral("build"));
        QCOMPARE(ci.jobs[1].needs[0].at, (Position{31, 12}));
        QCOMPARE(ci.jobs[4].matrix.legs.size(), 3);
    }

    void theDeploymentIsReadWhole()
    {
        const Workflow deploy = fixture(QStringLiteral("deploy-standalone.yml"));
        QCOMPARE(deploy.problems, QList<Problem>());
        QCOMPARE(deploy.triggers.size(), 2);
        QCOMPARE(deploy.triggers[0].event, QStringLiteral("workflow_run"));
        QCOMPARE(deploy.triggers[0].workflows.value(0).name, QStringLiteral("CI Pipeline"));
        QCOMPARE(deploy.triggers[0].types.texts(), QStringList{QStringLiteral("completed")});
        QCOMPARE(deploy.triggers[0].branches.texts(), QStringList{QStringLiteral("main")});
        QVERIFY(deploy.startsOn(QStringLiteral("workflow_dispatch")));
        QVERIFY(!deploy.startsOn(QStringLiteral("push")));
        QCOMPARE(deploy.jobs[0].environment.name.text, QStringLiteral("staging"));
        QCOMPARE(deploy.jobs[2].environment.name.text, QStringLiteral("production"));
        QVERIFY(deploy.jobs[0].condition.text.contains(QStringLiteral("conclusion")));
    }

    void onIsTheKeyAndNotYes_data()
    {
        QTest::addColumn<QByteArray>("on");
        QTest::addColumn<QStringList>("events");
        QTest::newRow("as one word")
            << QByteArray("on: push") << QStringList{QStringLiteral("push")};
        QTest::newRow("in quotes")
            << QByteArray("\"on\": push") << QStringList{QStringLiteral("push")};
        QTest::newRow("as a list")
            << QByteArray("on: [push, pull_request]")
            << QStringList{QStringLiteral("push"), QStringLiteral("pull_request")};
        QTest::newRow("with keys and nothing behind them")
            << QByteArray("on:\n  push:\n  schedule:\n    - cron: '0 3 * * *'")
            << QStringList{QStringLiteral("push"), QStringLiteral("schedule")};
    }

    void onIsTheKeyAndNotYes()
    {
        QFETCH(QByteArray, on);
        const Workflow workflow = workflowFrom(on + "\njobs: {a: {runs-on: x}}");
        QStringList events;
        for (const WorkflowTrigger &trigger : workflow.triggers)
            events.append(trigger.event);
        QTEST(events, "events");
        QCOMPARE(workflow.problems, QList<Problem>());
    }

    void aWorkflowWithoutANameIsCalledByItsPath()
    {
        QCOMPARE(fixture(QStringLiteral("checks.yml")).name,
                 QStringLiteral(".github/workflows/checks.yml"));
    }

    void whoRunsIt_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("runsOn");
        QTest::newRow("a label") << QByteArray("runs-on: x") << QStringLiteral("x");
        QTest::newRow("several labels")
            << QByteArray("runs-on: [self-hosted, linux]") << QStringLiteral("self-hosted, linux");
        QTest::newRow("a group with labels")
            << QByteArray("runs-on: {group: big, labels: [linux, arm]}")
            << QStringLiteral("big, linux, arm");
        QTest::newRow("an expression")
            << QByteArray("runs-on: ${{ matrix.os }}") << QStringLiteral("${{ matrix.os }}");
    }

    void whoRunsIt()
    {
        QFETCH(QByteArray, body);
        const Workflow workflow = workflowFrom("on: push\njobs:\n  a:\n    " + body);
        QTEST(workflow.jobs.value(0).runsOn.text(), "runsOn");
        QCOMPARE(workflow.problems, QList<Problem>());
    }

    void aFileThatIsNoYamlFromSomeLineOnKeepsTheJobsAbove_data()
    {
        QTest::addColumn<QByteArray>("rest");
        QTest::addColumn<QStringList>("jobs");
        QTest::addColumn<Position>("at");
        const QStringList two{QStringLiteral("a"), QStringLiteral("b")};
        const QStringList three = two + QStringList{QStringLiteral("c")};
        const auto row
            = [](const char *name, const char *rest, const QStringList &jobs, const Position &at) {
                  QTest::newRow(name) << QByteArray(rest) << jobs << at;
              };
        row("a list without its end", "  c:\n    needs: [a\n    runs-on: x\n  d:\n    runs-on: x\n",
            two, {10, 12});
        row("a text without its quote", "  c:\n    name: \"a\n    runs-on: x\n  d: {}\n", two,
            {9, 11});
        row("a key without its colon", "  c:\n    runs-on x\n    if: a\n", two, {10, 7});
        row("a job without its colon", "  c\n    runs-on: x\n", two, {9, 12});
        row("a job indented wrongly", "   c:\n    runs-on: x\n", two, {8, 4});
        row("a step indented wrongly", "  c:\n    steps:\n      - run: x\n     - run: y\n", two,
            {11, 6});
        row("a colon in a text", "  c:\n    name: a: b\n    runs-on: x\n", two, {9, 12});
        row("an escape that is none", "  c:\n    name: \"\\q\"\n", two, {9, 14});
        row("an alias of nothing", "  c: *nothing\n  d: {}\n", two, {8, 6});
        row("a tab in a job", "  c:\n\truns-on: x\n", two, {9, 1});
        row("a tab before a job", "\tc:\n    runs-on: x\n", two, {8, 1});
        row("a character that begins nothing", "  @c:\n    runs-on: x\n", two, {8, 3});
        row("a bracket too many", "}\n", two, {8, 1});
        row("a job that ends", "  c:\n    runs-on: x\nname foo\nenv: {}\n", three, {11, 4});
        row("a conflict of two branches", "<<<<<<< HEAD\n  c:\n    runs-on: x\n=======\n", two,
            {9, 4});
        row("a second document", "  c:\n    runs-on: x\n---\non: push\n", three, {10, 1});
    }

    void aFileThatIsNoYamlFromSomeLineOnKeepsTheJobsAbove()
    {
        QFETCH(QByteArray, rest);
        // What b waits for may stand below, so it is no mistake.
        const Workflow workflow = workflowFrom("on: push\njobs:\n  a:\n    runs-on: x\n"
                                               "  b:\n    runs-on: x\n    needs: [a, d]\n"
                                               + rest);
        QStringList keys;
        for (const WorkflowJob &job : workflow.jobs)
            keys.append(job.key);
        QTEST(keys, "jobs");
        QVERIFY(!workflow.isWhole);
        QVERIFY(workflow.startsOn(QStringLiteral("push")));
        const Graph graph = buildGraph({workflow});
        QCOMPARE(graph.nodes.size(), keys.size());
        QVERIFY(edgesOf(graph).contains(QStringLiteral("w.yml#a -> w.yml#b")));
        QCOMPARE(graph.problems.size(), 1);
        QCOMPARE(graph.problems[0].severity, Problem::Severity::Error);
        const Position told{graph.problems[0].line, graph.problems[0].column};
        QFETCH(Position, at);
        QVERIFY2(told == at, qPrintable(graph.problems[0].toString()));
    }

    void aByteThatIsNoTextIsToldAndTheJobsAroundItAreDrawn_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("jobs");
        QTest::addColumn<QStringList>("problems");
        const QByteArray start = "on: push\njobs:\n  a:\n    runs-on: x\n";
        const QByteArray rest = "  b:\n    runs-on: x\n    needs: a\n";
        const auto row = [](const char *name, const QByteArray &content, const char *jobs,
                            const QStringList &problems) {
            QTest::newRow(name) << content << QString::fromUtf8(jobs) << problems;
        };
        const auto control = [](const char *place) {
            return QStringList(
                QStringLiteral("w.yml:%1: the control character U+0001 stands here; expected text")
                    .arg(QLatin1String(place)));
        };
        const auto latin = [](const char *place) {
            return QStringList(
                QStringLiteral("w.yml:%1: this is not valid UTF-8; save the file as UTF-8")
                    .arg(QLatin1String(place)));
        };
        const QString utf16 = QStringLiteral("w.yml:1:1: the file is in UTF-16; expected UTF-8");
        row("a control character in the first comment", "# \x01\n" + start + rest, "a b",
            control("1:3"));
        row("a control character between two jobs", start + "  # \x01\n" + rest, "a b",
            control("5:5"));
        row("a control character in a text", start + "    name: \"a \x01\"\n" + rest, "a b",
            control("5:14"));
        row("a control character in a script",
            start + "    steps:\n      - run: |\n          echo \x01\n" + rest, "a b",
            control("7:16"));
        row("a control character as the last line", start + rest + "\x01\n", "a b", control("8:1"));
        row("a control character where a key would be", start + "  \x01\n" + rest, "a",
            control("5:3")
                + QStringList(QStringLiteral("w.yml:6:4: expected \"key: value\" at the "
                                             "indentation of the lines above; text "
                                             "with a colon and a blank in it needs quotes")));
        row("a control character, and a list without its end below",
            "# \x01\n" + start + rest + "  c:\n    needs: [a\n", "a b",
            control("1:3")
                + QStringList(QStringLiteral("w.yml:10:12: expected a comma or the "
                                             "closing \"]\" of this list")));
        row("Latin-1 in a comment", start + "  # \xFC\n" + rest, "a b", latin("5:5"));
        row("Latin-1 in a name", "name: Z\xFCrich\n" + start + rest, "a b", latin("1:8"));
        QByteArray wide("\xFF\xFE");
        for (const char c : QByteArray(start + rest))
            wide.append(c).append('\0');
        row("UTF-16", wide, "a b", {utf16});
        row("UTF-16 that is cut", wide.first(wide.size() - 1), "a b", {utf16});
    }

    void aByteThatIsNoTextIsToldAndTheJobsAroundItAreDrawn()
    {
        QFETCH(QByteArray, content);
        const Workflow workflow = workflowFrom(content);
        QStringList keys;
        for (const WorkflowJob &job : workflow.jobs)
            keys.append(job.key);
        QTEST(keys.join(QLatin1Char(' ')), "jobs");
        QVERIFY(!workflow.isWhole);
        QVERIFY(workflow.startsOn(QStringLiteral("push")));
        const Graph graph = buildGraph({workflow});
        QCOMPARE(graph.nodes.size(), keys.size());
        QStringList problems;
        for (const Problem &problem : graph.problems)
            problems.append(problem.toString());
        QTEST(problems, "problems");
        for (const WorkflowJob &job : workflow.jobs)
            QVERIFY2(job.end.line == 0 || job.at < job.end, qPrintable(job.key));
    }

    void unknownKeysAreLeftAlone()
    {
        const Workflow workflow = workflowFrom(
            "on: push\nfuture: {a: [1]}\njobs:\n  a:\n    runs-on: x\n    novelty: yes\n");
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.jobs.size(), 1);
    }

    void whatAnUnknownKeyMayChangeIsAWarning_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("warning"); // or error
        QTest::addColumn<bool>("isTaken");
        const auto row = [](const char *name, const char *text, const char *warning, bool isTaken) {
            QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(warning) << isTaken;
        };
        const char *const changes = "; \"novelty\" is not known here and may change that";
        row("what a step does", "on: push\njobs: {a: {runs-on: x, steps: [{id: b, novelty: 1}]}}",
            changes, true);
        row("but not one that is misspelt",
            "on: push\njobs: {a: {runs-on: x, steps: [{id: b, rum: 1}]}}",
            "this step has neither \"uses\" nor \"run\"", false);
        row("nor one that is indented wrongly",
            "on: push\njobs: {a: {runs-on: x, steps: [{id: b, needs: c}]}}",
            "this step has neither \"uses\" nor \"run\"", false);
        row("nor one that only adds to others",
            "on: push\njobs: {a: {runs-on: x, steps: [{background: true}]}}",
            "this step has neither \"uses\" nor \"run\"", false);
        row("who runs a job", "on: push\njobs: {a: {novelty: 1}}", changes, true);
        row("what a job calls", "on: push\njobs: {a: {runs-on: x, novelty: 1, with: {b: c}}}",
            "job \"a\" calls no workflow, so it cannot have \"with\"", false);
        row("but not who runs one that is misspelt", "on: push\njobs: {a: {run-on: x}}",
            "job \"a\" has neither \"runs-on\" nor \"uses\"", false);
        row("what narrows an event",
            "on: {push: {types: [a], novelty: 1}}\njobs: {a: {runs-on: x}}", changes, true);
        row("but not by one that is misspelt",
            "on: {push: {types: [a], brnches: b}}\njobs: {a: {runs-on: x}}",
            "\"types\" cannot narrow \"push\"", false);
    }

    void whatAnUnknownKeyMayChangeIsAWarning()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, warning);
        QFETCH(bool, isTaken);
        const Workflow workflow = workflowFrom(text);
        QVERIFY(!workflow.problems.isEmpty());
        const Problem &problem = workflow.problems.first();
        QVERIFY2(problem.message.endsWith(warning), qPrintable(problem.toString()));
        QCOMPARE(problem.severity == Problem::Severity::Warning, isTaken);
        QCOMPARE(workflow.jobs.size(), 1);
    }

    void aMistakeIsToldWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("jobs");
        const auto row = [](const char *name, const char *text, int line, int column,
                            const char *words, int jobs) {
            QTest::newRow(name) << QByteArray(text) << line << column << QString::fromLatin1(words)
                                << jobs;
        };
        row("no on", "jobs: {a: {runs-on: x}}", 1, 1, "nothing starts", 1);
        row("an on without an event", "name: x\non:\njobs: {a: {runs-on: x}}", 2, 1,
            "nothing starts", 1);
        row("no jobs", "on: push", 1, 1, "names no job", 0);
        row("jobs that are a list", "on: push\njobs: [a]", 2, 1, "names no job", 0);
        row("a job that is a word", "on: push\njobs:\n  a: build\n  b: {runs-on: x}", 3, 6,
            "expected the keys of job \"a\"", 2);
        row("a job with nothing in it", "on: push\njobs:\n  a:\n  b: {runs-on: x}", 3, 3,
            "expected the keys of job \"a\"", 2);
        row("a job that nobody runs", "on: push\njobs:\n  a:\n    steps: [{run: x}]", 3, 3,
            "neither \"runs-on\" nor \"uses\"", 1);
        row("a call with steps", "on: push\njobs:\n  a:\n    uses: ./b.yml\n    steps: [{run: x}]",
            5, 5, "cannot have \"steps\"", 1);
        row("a step that does nothing",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: idle", 6, 9,
            "neither \"uses\" nor \"run\"", 1);
        row("a step that is a word", "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [x]", 5, 13,
            "expected a step", 1);
        row("a key that cannot be one", "on: push\njobs:\n  1a: {runs-on: x}", 3, 3,
            "cannot be the key", 1);
        row("needs that are keys", "on: push\njobs:\n  a:\n    runs-on: x\n    needs: {b: c}", 5,
            12, "expected a text as \"needs\"", 1);
        row("a matrix that is a word",
            "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: all}", 5, 24,
            "dimensions", 1);
        row("a file that is a list", "- on: push", 1, 1, "expected a workflow", 0);
        row("broken YAML", "on: push\njobs: {a: [", 2, 0, "", 0);
    }

    void aMistakeIsToldWithItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(int, column);
        QFETCH(QString, words);
        const Workflow workflow = workflowFrom(text);
        QVERIFY(!workflow.problems.isEmpty());
        const Problem &problem = workflow.problems.first();
        QVERIFY2(problem.message.contains(words), qPrintable(problem.toString()));
        QVERIFY2(problem.line >= line, qPrintable(problem.toString()));
        if (column > 0) {
            QCOMPARE(problem.line, line);
            QCOMPARE(problem.column, column);
        }
        QCOMPARE(problem.file, QStringLiteral("w.yml"));
        QTEST(int(workflow.jobs.size()), "jobs");
    }

    void anEmptyFileIsOneMistake()
    {
        const Workflow workflow = workflowFrom("");
        QCOMPARE(workflow.problems.size(), 1);
        QVERIFY(workflow.jobs.isEmpty());
    }

    void aLocalCallIsAPathOfTheRepository_data()
    {
        QTest::addColumn<QString>("uses");
        QTest::addColumn<QString>("path");
        QTest::newRow("of this repository") << QStringLiteral("./.github/workflows/x.yml")
                                            << QStringLiteral(".github/workflows/x.yml");
        QTest::newRow("of another one")
            << QStringLiteral("owner/name/.github/workflows/x.yml@v1") << QString();
        QTest::newRow("of none") << QString() << QString();
    }

    void aLocalCallIsAPathOfTheRepository()
    {
        QFETCH(QString, uses);
        WorkflowJob job;
        job.uses.text = uses;
        QTEST(job.localCallee(), "path");
    }
};

QTEST_GUILESS_MAIN(WorkflowTest)
#include "workflowtest.moc"
