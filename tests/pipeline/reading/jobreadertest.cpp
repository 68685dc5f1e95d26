#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

Workflow everyKey()
{
    return fixture(QStringLiteral("../comparison/workflows/every-key-of-a-job.yml"));
}

QString shown(const WorkflowSettings &settings)
{
    QStringList all;
    for (const WorkflowSetting &setting : settings.entries)
        all.append(setting.key + QLatin1Char('=') + setting.value.text);
    return all.join(QLatin1Char(' '));
}

Workflow withJob(const QByteArray &body)
{
    QByteArray text = "on: push\njobs:\n  a:\n";
    for (const QByteArray &line : body.split('\n'))
        text += "    " + line + "\n";
    return workflowFrom(text);
}

} // namespace

class JobReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTopOfAWorkflowIsRead()
    {
        const Workflow workflow = everyKey();
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.permissions.all.text, QStringLiteral("read-all"));
        QCOMPARE(workflow.permissions.at.line, 3);
        QCOMPARE(shown(workflow.env), QStringLiteral("A=1 B=true C= D=text"));
        QCOMPARE(workflow.defaults.shell.text, QStringLiteral("bash"));
        QCOMPARE(workflow.defaults.workingDirectory.text, QStringLiteral("src"));
        QCOMPARE(workflow.concurrency.group.text, QStringLiteral("ci-${{ github.ref }}"));
        QVERIFY(workflow.concurrency.group.isExpression());
        QVERIFY(workflow.env.find(QStringLiteral("d")));
        QVERIFY(!workflow.env.find(QStringLiteral("e")));
    }

    void aJobIsReadWhole()
    {
        const WorkflowJob job = everyKey().jobs[0];
        QCOMPARE(job.name.text, QStringLiteral("Full"));
        QCOMPARE(job.name.at, (Position{9, 11}));
        QCOMPARE(job.runsOn.group.text, QStringLiteral("big"));
        QCOMPARE(job.runsOn.labels.texts(),
                 (QStringList{QStringLiteral("linux"), QStringLiteral("arm")}));
        QCOMPARE(job.condition.text, QStringLiteral("github.event_name == 'push' && !cancelled()"));
        QCOMPARE(job.environment.name.text, QStringLiteral("production"));
        QCOMPARE(job.environment.url.text, QStringLiteral("https://${{ steps.d.outputs.host }}/"));
        QCOMPARE(job.concurrency.cancelInProgress.text, QStringLiteral("false"));
        QCOMPARE(shown(job.permissions.scopes),
                 QStringLiteral("contents=read id-token=write packages=none"));
        QCOMPARE(job.timeoutMinutes.text, QStringLiteral("30"));
        QCOMPARE(job.timeoutMinutes.at.line, 15);
        QCOMPARE(shown(job.env), QStringLiteral("TOKEN=${{ secrets.TOKEN }}"));
        QCOMPARE(job.defaults.shell.text, QStringLiteral("${{ matrix.shell }}"));
        QCOMPARE(job.matrix.legs.size(), 2);
        QCOMPARE(shown(job.outputs), QStringLiteral("host=${{ steps.d.outputs.host }}"));
        QCOMPARE(job.container.image.text, QStringLiteral("node:20"));
        QCOMPARE(job.container.options.text, QStringLiteral("--cpus 1"));
        QCOMPARE(job.container.ports.texts(),
                 (QStringList{QStringLiteral("80"), QStringLiteral("8080:80")}));
        QCOMPARE(shown(job.container.credentials),
                 QStringLiteral("username=${{ github.actor }} password=${{ secrets.P }}"));
        QCOMPARE(job.services.size(), 2);
        QCOMPARE(job.services[0].key, QStringLiteral("db"));
        QCOMPARE(job.services[0].image.text, QStringLiteral("postgres:15"));
        QCOMPARE(job.services[1].options.text, QStringLiteral("--health-cmd \"redis-cli ping\""));
    }

    void stepsAreReadWhole()
    {
        const QList<WorkflowStep> steps = everyKey().jobs[0].steps;
        QCOMPARE(steps.size(), 4);
        QCOMPARE(steps[0].uses.text, QStringLiteral("actions/checkout@v4"));
        QCOMPARE(shown(steps[0].with), QStringLiteral("fetch-depth=0 token=${{ secrets.TOKEN }}"));
        const WorkflowStep &deploy = steps[1];
        QCOMPARE(deploy.id.text, QStringLiteral("d"));
        QCOMPARE(deploy.shownName(), QStringLiteral("Deploy ${{ matrix.shell }}"));
        QCOMPARE(deploy.run.text, QStringLiteral("make\nmake deploy\n"));
        QCOMPARE(deploy.shell.text, QStringLiteral("bash"));
        QCOMPARE(deploy.workingDirectory.text, QStringLiteral("${{ env.D }}"));
        QVERIFY(deploy.timeoutMinutes.isExpression());
        QVERIFY(deploy.continueOnError.isExpression());
        QCOMPARE(shown(deploy.env), QStringLiteral("HOST=${{ vars.HOST }}"));
        QVERIFY(deploy.at.line > steps[0].at.line);
        QCOMPARE(steps[2].shownName(), QStringLiteral("Run docker://alpine:3"));
    }

    void aCallIsReadWhole()
    {
        const Workflow workflow = fixture(QStringLiteral("../comparison/workflows/calls.yml"));
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(shown(workflow.jobs[0].with), QStringLiteral("region=eu tries=5"));
        QCOMPARE(shown(workflow.jobs[0].secrets.passed),
                 QStringLiteral("token=${{ secrets.TOKEN }}"));
        QVERIFY(!workflow.jobs[0].secrets.inherit.isGiven());
        QCOMPARE(workflow.jobs[1].secrets.inherit.text, QStringLiteral("inherit"));
        QVERIFY(!workflow.jobs[1].remoteCallee());
        const std::optional<RemoteFile> remote = workflow.jobs[2].remoteCallee();
        QVERIFY(remote);
        QCOMPARE(remote->repository, QStringLiteral("example/shared"));
        QCOMPARE(remote->path, QStringLiteral(".github/workflows/announce.yml"));
        QCOMPARE(remote->ref, QStringLiteral("v2"));
    }

    void anAnchorIsReadWhereItIsUsed()
    {
        const Workflow workflow = fixture(QStringLiteral("../comparison/workflows/anchors.yml"));
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.jobs[2].runsOn.text(), QStringLiteral("ubuntu-latest"));
        QCOMPARE(workflow.jobs[2].steps.size(), 2);
        QCOMPARE(workflow.jobs[1].steps[0].uses.text, QStringLiteral("actions/checkout@v4"));
        QCOMPARE(shown(workflow.jobs[0].env), QStringLiteral("A=1"));
    }

    void aMergeKeyIsRefusedAndTheRestIsRead()
    {
        const Workflow workflow
            = fixture(QStringLiteral("../comparison/workflows/bad-merge-key.yml"));
        QCOMPARE(workflow.jobs.size(), 2);
        const Problem &problem = workflow.problems.last();
        QCOMPARE(problem.severity, Problem::Severity::Error);
        QVERIFY2(problem.message.contains(QStringLiteral("<<")), qPrintable(problem.toString()));
        QCOMPARE(problem.line, 7);
    }

    void anAliasBombIsRefused()
    {
        QByteArray text = "on: push\nx0: &x0 [a]\n";
        for (int i = 1; i < 30; ++i) {
            const QByteArray last = "*x" + QByteArray::number(i - 1);
            text += "x" + QByteArray::number(i) + ": &x" + QByteArray::number(i) + " [" + last
                    + ", " + last + ", " + last + ", " + last + "]\n";
        }
        const Workflow workflow = workflowFrom(text + "jobs: {a: {runs-on: x, env: *x29}}\n");
        QVERIFY(!workflow.problems.isEmpty());
        QVERIFY(workflow.problems[0].message.contains(QStringLiteral("aliases")));
    }

    void aMistakeIsToldAndTheJobIsKept_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const char *body, const char *problem) {
            QTest::newRow(name) << QByteArray(body) << QString::fromUtf8(problem);
        };
        row("a number in quotes", "runs-on: x\ntimeout-minutes: '5'",
            "w.yml:5:22: expected a number as \"timeout-minutes\", found \"5\"");
        row("a flag that is none", "runs-on: x\ncontinue-on-error: yes",
            "w.yml:5:24: expected true or false as \"continue-on-error\", found \"yes\"");
        row("a name that is a list", "runs-on: x\nname: [a]",
            "w.yml:5:11: expected a text as \"name\", found a list");
        row("nobody who runs it", "runs-on: ''",
            "w.yml:4:14: expected a text as \"runs-on\", found \"\"");
        row("a strange group", "runs-on: {group: team/big}",
            "w.yml:4:22: expected \"organization/\" or \"enterprise/\" and a name, or a name "
            "alone, as group of runners");
        row("an environment without a name", "runs-on: x\nenvironment: {url: a}",
            "w.yml:5:5: \"environment\" has no \"name\"");
        row("a concurrency without a group", "runs-on: x\nconcurrency: {queue: max}",
            "w.yml:5:5: \"concurrency\" has no \"group\"");
        row("a level of no permission", "runs-on: x\npermissions: {contents: raed}",
            "w.yml:5:29: \"raed\" is no level of a permission; expected read, write or none; did "
            "you mean \"read\"?");
        row("a container of nothing", "runs-on: x\ncontainer: {env: {A: 1}}",
            "w.yml:5:5: this container has no \"image\"");
        row("ports that are a word", "runs-on: x\nservices: {db: {image: i, ports: 80}}",
            "w.yml:5:38: expected a list under \"ports\", found \"80\"");
        row("an action for a job", "uses: actions/checkout@v4",
            "w.yml:4:11: \"actions/checkout@v4\" names no workflow; expected \"./\" and a path, or "
            "\"owner/repository/path@ref\"");
        row("a workflow of another folder", "uses: a/b/build/c.yml@v1",
            "w.yml:4:11: a called workflow stands under .github/workflows");
        row("a workflow of a folder below", "uses: a/b/.github/workflows/c/d.yml@v1",
            "w.yml:4:11: a called workflow stands in .github/workflows itself, in no folder below "
            "it");
        row("a workflow that is a text", "uses: a/b/.github/workflows/c.txt@v1",
            "w.yml:4:11: the name of a called workflow ends in .yml or .yaml");
        row("an owner with a blank", "uses: a&b/c/.github/workflows/d.yml@v1",
            "w.yml:4:11: \"a&b/c\" is no owner and repository");
        row("a ref that cannot be one", "uses: a/b/.github/workflows/c.yml@d..e",
            "w.yml:4:11: \"d..e\" cannot be a branch, a tag or a commit");
        row("two refs", "uses: a/b/.github/workflows/c.yml@d@e",
            "w.yml:4:11: \"d@e\" cannot be a branch, a tag or a commit");
        row("a queue that is ended",
            "runs-on: x\nconcurrency: {group: a, queue: max, "
            "cancel-in-progress: true}",
            "w.yml:5:36: \"queue: max\" keeps every run waiting, \"cancel-in-progress: true\" ends "
            "the one before: only one of them can be");
        row("a pattern with an open brace", "runs-on: x\nif: format('{0', 1)",
            "w.yml:5:9: in column 8 of the expression format('{0', 1): a pattern of format() has "
            "braces only as {0}, {1} …, and doubled where a brace is meant");
        row("an action without a ref", "runs-on: x\nsteps: [{uses: actions/checkout}]",
            "w.yml:5:20: \"actions/checkout\" names no action; expected \"owner/repository@ref\", "
            "\"./\" and a path, or \"docker://\" and an image");
        row("a workflow as a step", "runs-on: x\nsteps: [{uses: a/b/.github/workflows/c.yml@v1}]",
            "w.yml:5:20: \"a/b/.github/workflows/c.yml@v1\" is a workflow: a job calls it, not a "
            "step");
        row("a call with a runner", "uses: a/b/.github/workflows/c.yml@v1\nruns-on: x",
            "w.yml:5:5: job \"a\" calls a workflow, so it cannot have \"runs-on\"");
        row("secrets for no call", "runs-on: x\nsecrets: inherit",
            "w.yml:5:5: job \"a\" calls no workflow, so it cannot have \"secrets\"");
        row("secrets by another word", "uses: a/b/.github/workflows/c.yml@v1\nsecrets: all",
            "w.yml:5:14: expected inherit, or names of secrets under \"secrets\", found \"all\"");
        row("an expression where none may be", "runs-on: x\nneeds: ${{ github.ref }}",
            "w.yml:5:12: \"needs\" cannot have an expression");
        row("an expression that cannot be read", "runs-on: x\nif: github.ref = 'a'",
            "w.yml:5:9: in column 12 of the expression github.ref = 'a': \"=\" is neither a name "
            "nor an operator");
        row("a context of another place", "runs-on: ${{ env.RUNNER }}",
            "w.yml:4:14: in column 1 of the expression env.RUNNER: \"env\" is not known in this "
            "place");
        row("a misspelt function", "runs-on: x\nif: startWith(github.ref, 'a')",
            "w.yml:5:9: in column 1 of the expression startWith(github.ref, 'a'): no function is "
            "known here as startWith(); did you mean \"startsWith\"?");
        row("a step that does both", "runs-on: x\nsteps: [{uses: a/b@c, run: d}]",
            "w.yml:5:27: a step with \"uses\" cannot have \"run\"");
        row("a command with inputs", "runs-on: x\nsteps: [{run: d, with: {a: b}}]",
            "w.yml:5:22: a step with \"run\" cannot have \"with\"");
        row("an id that cannot be one", "runs-on: x\nsteps: [{run: d, id: 1a}]",
            "w.yml:5:26: \"1a\" cannot be the id of a step: use letters, digits, - and _, "
            "beginning with a letter or one _");
        row("an id twice", "runs-on: x\nsteps: [{run: d, id: b}, {run: d, id: b}]",
            "w.yml:5:43: the step in line 5 has the id \"b\" already");
        row("steps that are keys", "runs-on: x\nsteps: {run: d}",
            "w.yml:5:12: expected a list of steps under \"steps\", found a map");
    }

    void aMistakeIsToldAndTheJobIsKept()
    {
        QFETCH(QByteArray, body);
        const Workflow workflow = withJob(body);
        QCOMPARE(workflow.problems.size(), 1);
        QTEST(workflow.problems[0].toString(), "problem");
        QCOMPARE(workflow.problems[0].severity, Problem::Severity::Error);
        QCOMPARE(workflow.jobs.size(), 1);
        QCOMPARE(workflow.jobs[0].key, QStringLiteral("a"));
    }

    void aCallOfThisRepositoryHasItsPlace_data()
    {
        QTest::addColumn<QString>("mistake");
        const auto row = [](const char *uses, const char *mistake) {
            QTest::newRow(uses) << QString::fromLatin1(mistake);
        };
        row("./.github/workflows/b.yml", "");
        row("$/.github/workflows/b.yaml", "");
        row("./b.yml", "a called workflow stands under .github/workflows");
        row("./.github/workflows/b.yml@v1", "a workflow of this repository is called as of the "
                                            "same commit, so \"uses\" cannot have "
                                            "\"@\"");
        row("./.github/workflows/.yml", "the name of a called workflow ends in .yml or .yaml");
    }

    void aCallOfThisRepositoryHasItsPlace()
    {
        const QByteArray text
            = QByteArray("on: push\njobs: {a: {uses: ") + QTest::currentDataTag() + "}}\n";
        const Workflow workflow = parseWorkflow({QStringLiteral(".github/workflows/a.yml"), text});
        QTEST(workflow.problems.value(0).message, "mistake");
        // Read by itself it may call what stands beside it.
        if (QByteArray(QTest::currentDataTag()) == "./b.yml")
            QVERIFY(parseWorkflow({QStringLiteral("a.yml"), text}).problems.isEmpty());
    }

    void theWorkflowsOwnGroupWouldWaitForItself()
    {
        const Workflow workflow = workflowFrom("on: push\nconcurrency: p\njobs:\n"
                                               "  a: {runs-on: x, concurrency: {group: p}}\n"
                                               "  b: {runs-on: x, concurrency: q}\n");
        QCOMPARE(workflow.problems.size(), 1);
        QCOMPARE(workflow.problems[0].toString(),
                 QStringLiteral("w.yml:4:40: the workflow in line 2 has the concurrency group "
                                "\"p\" already: job \"a\" would wait for its own run"));
    }

    void textBesideTheBracesOfAConditionIsAWarning()
    {
        const Workflow workflow = withJob(
            "runs-on: x\nif: push == ${{ github.event_name }}\n"
            "steps: [{run: a, if: ' ${{ github.ref }} '}, {run: b, if: \"!${{ true }}\"}]");
        QCOMPARE(workflow.problems.size(), 2);
        QCOMPARE(workflow.problems[0].severity, Problem::Severity::Warning);
        QCOMPARE(workflow.problems[0].toString(),
                 QStringLiteral("w.yml:5:9: text beside \"${{ }}\" makes this condition hold "
                                "always; the whole of it belongs between the braces"));
        QCOMPARE(workflow.problems[1].line, 6);
    }

    void theBeginningOfACommitIsAWarning()
    {
        const Workflow steps = withJob("runs-on: x\nsteps: [{uses: a/b@c41d77e}, {uses: "
                                       "docker://a@c41d77e}, {uses: ./a@c41d77e}]");
        QCOMPARE(steps.problems.size(), 1);
        QCOMPARE(steps.problems[0].severity, Problem::Severity::Warning);
        QCOMPARE(steps.problems[0].toString(),
                 QStringLiteral("w.yml:5:20: \"c41d77e\" looks like the beginning of a commit, "
                                "which is taken for a branch or a tag: give all 40 digits"));
        QCOMPARE(withJob("uses: a/b/.github/workflows/c.yml@C41D77E0").problems.size(), 1);
        QCOMPARE(withJob("uses: a/b/.github/workflows/c.yml@c41d77").problems.size(), 0);
    }

    void aKeyThatLooksMisspeltIsAWarning()
    {
        const Workflow workflow
            = withJob("runs-on: x\ntimeout-minuts: 5\nsteps: [{run: a, nmae: b}]\nnovelty: {a: 1}");
        QStringList told;
        for (const Problem &problem : workflow.problems) {
            QCOMPARE(problem.severity, Problem::Severity::Warning);
            told.append(problem.toString());
        }
        QCOMPARE(
            told,
            (QStringList{QStringLiteral("w.yml:5:5: \"timeout-minuts\" is no key of a job that is "
                                        "known here; did you mean \"timeout-minutes\"?"),
                         QStringLiteral("w.yml:6:22: \"nmae\" is no key of a step that is known "
                                        "here; did you mean \"name\"?")}));
    }

    void aKeyOfAnotherPlaceIsAWarning()
    {
        const Workflow workflow
            = withJob("runs-on: x\nbranches: [main]\nsteps: [{run: a, needs: b}]");
        QStringList told;
        for (const Problem &problem : workflow.problems) {
            QCOMPARE(problem.severity, Problem::Severity::Warning);
            told.append(problem.toString());
        }
        QCOMPARE(
            told,
            (QStringList{
                QStringLiteral("w.yml:5:5: \"branches\" is no key of a job that is known here"),
                QStringLiteral("w.yml:6:22: \"needs\" is no key of a step that is known here")}));
    }

    void stepsThatAreNewerThanOthersAreKept()
    {
        const Workflow workflow
            = withJob("runs-on: x\nsteps: [{parallel: [{run: a}]}, {wait-all: }]");
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.jobs[0].steps.size(), 2);
    }
};

QTEST_GUILESS_MAIN(JobReaderTest)
#include "jobreadertest.moc"
