#include "pipeline/outlook/outlook.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString words(const char *text)
{
    return QString::fromUtf8(text);
}

/// One file with a job for the condition, behind a job "build".
QList<Workflow> fileWith(const QByteArray &on, const QByteArray &condition)
{
    return {workflowFrom("on: " + on
                         + "\njobs:\n  build: {runs-on: x}\n  lint: {runs-on: x}\n  deploy:\n"
                           "    runs-on: x\n    needs: [build, lint]\n    if: "
                         + condition + "\n  after: {runs-on: x, needs: deploy}\n")};
}

Run runOn(const char *event, const char *branch)
{
    Run run = runOf({}, 7, RunStatus::Running);
    run.workflowPath = words("w.yml");
    run.event = words(event);
    run.branch = words(branch);
    run.actor = words("octocat");
    run.commit = CommitId(words("c41d77e"));
    return run;
}

QHash<NodeId, JobOutlook> told(const QList<Workflow> &workflows, const QList<Run> &runs = {},
                               const QList<Job> &jobs = {})
{
    const Graph graph = buildGraph(workflows);
    const QHash<RunId, QList<Job>> byRun
        = runs.isEmpty() ? QHash<RunId, QList<Job>>() : QHash{std::pair{runs.first().id, jobs}};
    return outlooksOf(graph, overlayRuns(graph, runs, byRun));
}

JobOutlook of(const QHash<NodeId, JobOutlook> &outlooks, const char *job)
{
    return outlooks.value(NodeId(words("w.yml#") + words(job)));
}

} // namespace

class OutlookTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theShownRunDecidesACondition_data()
    {
        QTest::addColumn<QByteArray>("on");
        QTest::addColumn<QByteArray>("condition");
        QTest::addColumn<QString>("event");
        QTest::addColumn<QString>("branch");
        QTest::addColumn<Truth>("runs");
        const auto row = [](const char *name, const char *on, const char *condition,
                            const char *event, const char *branch, Truth runs) {
            QTest::newRow(name) << QByteArray(on) << QByteArray(condition) << words(event)
                                << words(branch) << runs;
        };
        const char *onMain = "github.ref == 'refs/heads/main'";
        row("on the branch", "{push: {branches: ['**']}}", onMain, "push", "main", Truth::True);
        row("on another branch", "{push: {branches: ['**']}}", onMain, "push", "topic",
            Truth::False);
        row("another ref, branch or tag", "push", onMain, "push", "topic", Truth::False);
        row("a push may be one of a tag", "push", onMain, "push", "main", Truth::Unknown);
        row("the name is the same for both", "push", "github.ref_name == 'main'", "push", "main",
            Truth::True);
        row("only tags start it", "{push: {tags: ['v*']}}", "github.ref_type == 'tag'", "push",
            "v1", Truth::True);
        row("a pull request is on no branch", "pull_request", onMain, "pull_request", "main",
            Truth::False);
        row("which pull request it is", "pull_request", "github.ref == 'refs/pull/7/merge'",
            "pull_request", "topic", Truth::Unknown);
        row("that it is a pull request", "pull_request", "startsWith(github.ref, 'refs/pull/')",
            "pull_request", "topic", Truth::True);
        row("its branch", "pull_request", "github.head_ref == 'topic'", "pull_request", "topic",
            Truth::True);
        row("a push has no head", "push", "${{ github.head_ref }}", "push", "topic", Truth::False);
        row("the event", "[push, pull_request]", "github.event_name == 'push'", "pull_request", "x",
            Truth::False);
        row("the actor", "push", "github.actor == 'dependabot[bot]'", "push", "x", Truth::False);
        row("what the event says", "push", "github.event.forced", "push", "x", Truth::Unknown);
        row("a variable", "push", "vars.GO == 'yes'", "push", "x", Truth::Unknown);
        row("where a called file was started", "workflow_run", onMain, "workflow_run", "main",
            Truth::Unknown);
        row("by the clock", "{schedule: [{cron: '1 1 * * *'}]}", onMain, "schedule", "main",
            Truth::True);
        row("never", "push", "false", "push", "x", Truth::False);
    }

    void theShownRunDecidesACondition()
    {
        QFETCH(QByteArray, on);
        QFETCH(QByteArray, condition);
        QFETCH(QString, event);
        QFETCH(QString, branch);
        const auto outlooks
            = told(fileWith(on, condition),
                   {runOn(event.toUtf8().constData(), branch.toUtf8().constData())});
        QTEST(of(outlooks, "deploy").runs, "runs");
    }

    void withoutARunOnlyTheFileSpeaks()
    {
        const QByteArray condition = "github.event_name == 'push'";
        QCOMPARE(of(told(fileWith("push", condition)), "deploy").runs, Truth::True);
        QCOMPARE(of(told(fileWith("schedule", condition)), "deploy").runs, Truth::False);
        QCOMPARE(of(told(fileWith("[push, release]", condition)), "deploy").runs, Truth::Unknown);
        QCOMPARE(of(told(fileWith("push", "github.ref == 'refs/heads/main'")), "deploy").runs,
                 Truth::Unknown);
    }

    void aJobWithoutAConditionSaysNothing()
    {
        QCOMPARE(of(told(fileWith("push", "vars.X")), "build"), JobOutlook());
    }

    void theDecidingConditionIsNamed()
    {
        const auto outlooks = told(fileWith("schedule", "github.event_name   == 'push'"));
        QCOMPARE(of(outlooks, "deploy").condition, words("github.event_name == 'push'"));
    }

    void whatWaitsForASkippedJobIsSkippedToo()
    {
        const auto outlooks = told(fileWith("push", "false"));
        QCOMPARE(of(outlooks, "after").runs, Truth::False);
        QCOMPARE(of(outlooks, "after").afterSkipped, words("deploy"));
        QCOMPARE(of(outlooks, "after").condition, QString());
    }

    void whoActedIsKnownOfTheFirstAttemptOnly()
    {
        Run run = runOn("push", "x");
        run.attempt = 2;
        QCOMPARE(of(told(fileWith("push", "github.actor == 'b'"), {run}), "deploy").runs,
                 Truth::Unknown);
    }

    void theJobsBeforeDecide_data()
    {
        QTest::addColumn<QByteArray>("condition");
        QTest::addColumn<RunStatus>("build");
        QTest::addColumn<Truth>("runs");
        const auto row = [](const char *name, const char *condition, RunStatus build, Truth runs) {
            QTest::newRow(name) << QByteArray(condition) << build << runs;
        };
        row("failed, not asked", "true", RunStatus::Failed, Truth::False);
        row("failed, always", "always()", RunStatus::Failed, Truth::True);
        row("failed, on failure", "failure()", RunStatus::Failed, Truth::True);
        row("well, on failure", "failure()", RunStatus::Succeeded, Truth::False);
        row("running, on failure", "failure()", RunStatus::Running, Truth::Unknown);
        row("skipped, not asked", "true", RunStatus::Skipped, Truth::False);
        row("skipped, on failure", "failure()", RunStatus::Skipped, Truth::False);
        row("well, its result", "needs.build.result == 'success'", RunStatus::Succeeded,
            Truth::True);
        row("failed, its result", "always() && needs.build.result == 'success'", RunStatus::Failed,
            Truth::False);
        row("running, its result", "always() && needs.build.result == 'success'",
            RunStatus::Running, Truth::Unknown);
        row("what it hands on", "needs.build.outputs.go == 'yes'", RunStatus::Succeeded,
            Truth::Unknown);
        row("any of them", "always() && contains(needs.*.result, 'failure')", RunStatus::Succeeded,
            Truth::False);
        row("who could still cancel", "!cancelled()", RunStatus::Succeeded, Truth::Unknown);
    }

    void theJobsBeforeDecide()
    {
        QFETCH(QByteArray, condition);
        QFETCH(RunStatus, build);
        const auto outlooks = told(
            fileWith("push", "\"" + condition + "\""), {runOn("push", "x")},
            {jobNamed(words("build"), build), jobNamed(words("lint"), RunStatus::Succeeded)});
        QTEST(of(outlooks, "deploy").runs, "runs");
    }

    void aFailureFarBeforeIsNamed()
    {
        const QList<Workflow> file{workflowFrom("on: push\njobs:\n  a: {runs-on: x}\n"
                                                "  b: {runs-on: x, needs: a, if: always()}\n"
                                                "  c: {runs-on: x, needs: b}\n")};
        const auto outlooks = told(
            file, {runOn("push", "x")},
            {jobNamed(words("a"), RunStatus::Failed), jobNamed(words("b"), RunStatus::Succeeded)});
        QCOMPARE(of(outlooks, "c").runs, Truth::False);
        QCOMPARE(of(outlooks, "c").afterFailed, words("a"));
    }

    void whatMayFailDoesNotStopTheRest()
    {
        const QList<Workflow> file{
            workflowFrom("on: push\njobs:\n  a: {runs-on: x, continue-on-error: true}\n"
                         "  b: {runs-on: x, needs: a}\n")};
        const auto outlooks
            = told(file, {runOn("push", "x")}, {jobNamed(words("a"), RunStatus::Failed)});
        QCOMPARE(of(outlooks, "b").runs, Truth::True);
    }

    void aCallersConditionIsThatOfItsJobs()
    {
        const QList<Workflow> files{
            workflowFrom("on: [push, release]\njobs:\n"
                         "  call: {name: Ship, uses: ./b.yml, if: github.event_name == 'release'}\n"
                         "  after: {runs-on: x, needs: call}\n"),
            workflowFrom("on: workflow_call\njobs: {a: {runs-on: x, if: vars.X}}", words("b.yml"))};
        const auto outlooks = told(files, {runOn("push", "x")});
        QCOMPARE(of(outlooks, "call/a").runs, Truth::False);
        QCOMPARE(of(outlooks, "call/a").condition, words("github.event_name == 'release'"));
        QCOMPARE(of(outlooks, "call/a").caller, words("Ship"));
        QCOMPARE(of(outlooks, "after").afterSkipped, words("Ship"));
        const auto released = told(files, {runOn("release", "v1")});
        QCOMPARE(of(released, "call/a").runs, Truth::Unknown);
        QCOMPARE(of(released, "call/a").condition, words("vars.X"));
        QCOMPARE(of(released, "call/a").caller, QString());
    }

    void whatACallerHandsOverIsKnown()
    {
        const QList<Workflow> files{
            workflowFrom("on: push\njobs:\n"
                         "  one: {uses: ./b.yml, with: {where: staging}}\n"
                         "  two: {uses: ./b.yml, with: {where: '${{ github.ref_name }}'}}\n"),
            workflowFrom("on: {workflow_call: {inputs: {where: {type: string}}}}\n"
                         "jobs: {a: {runs-on: x, if: inputs.where == 'production'}}",
                         words("b.yml"))};
        const auto outlooks = told(files, {runOn("push", "production")});
        QCOMPARE(of(outlooks, "one/a").runs, Truth::False);
        QCOMPARE(of(outlooks, "two/a").runs, Truth::True);
    }

    void aLongChainIsNotTooDeep()
    {
        QByteArray text = "on: push\njobs:\n  j0: {runs-on: x, if: false}\n";
        for (int i = 1; i < 2'000; ++i)
            text += "  j" + QByteArray::number(i) + ": {runs-on: x, needs: j"
                    + QByteArray::number(i - 1) + "}\n";
        QCOMPARE(of(told({workflowFrom(text)}), "j1999").afterSkipped, words("j0"));
    }

    void aCircleOfNeedsEnds()
    {
        const QList<Workflow> file{
            workflowFrom("on: push\njobs:\n  a: {runs-on: x, needs: b, if: false}\n"
                         "  b: {runs-on: x, needs: a}\n")};
        QCOMPARE(of(told(file), "a").runs, Truth::False);
    }
};

QTEST_GUILESS_MAIN(OutlookTest)
#include "outlooktest.moc"
