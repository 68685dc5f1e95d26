#pragma once

#include "pipeline/act/fakecontrol.h"
#include "pipeline/act/pipelineruns.h"
#include "pipeline/act/runactions.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "pipeline/pipelinecontroller.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

#include <memory>

namespace pilothouse {

inline QString t(const char *text)
{
    return QString::fromUtf8(text);
}

inline const CommitId shown(QStringLiteral("c41d77e"));
inline const RunId run7012(7012);
inline const RunId run7011(7011);

/// A commit with a failed CI run and a deployment that waits for production.
class ActBench
{
public:
    ActBench()
    {
        for (const char *file : {"ci.yml", "deploy-standalone.yml"})
            tree.put(shown, fixtureFile(t(file)));
        setRun("ci.yml", run7011, RunStatus::Failed,
               {jobNamed(t("build"), RunStatus::Succeeded),
                jobNamed(t("integration-tests"), RunStatus::Failed)});
        setRun("deploy-standalone.yml", run7012, RunStatus::Waiting,
               {jobNamed(t("deploy-staging"), RunStatus::Succeeded),
                jobNamed(t("deploy-production"), RunStatus::Waiting)});
        PendingEnvironment production;
        production.id = 1;
        production.name = t("production");
        production.mayReview = true;
        control.pending[run7012] = {production};
    }

    void setRun(const char *file, const RunId &id, RunStatus status, QList<Job> jobs)
    {
        Run run = runOf(t(file), id.value, status);
        run.createdAt = clock.now().addSecs(-600);
        for (Job &job : jobs)
            job.run = id;
        host.setRun(shown, run, jobs);
        run.commit = shown;
        control.runs[id] = run;
    }

    void show(RunActions::Settings settings = {})
    {
        PipelineController::Settings paths;
        paths.workflowPaths
            = {t(".github/workflows/ci.yml"), t(".github/workflows/deploy-standalone.yml")};
        pipeline = std::make_unique<PipelineController>(tree, &host, clock, paths);
        settings.environment = {EnvironmentMark::Kind::Rehearsal, t("rehearsal")};
        view = std::make_unique<PipelineRuns>(*pipeline, tree);
        acts = std::make_unique<RunActions>(settings, *view, control, runner, clock);
        acts->start();
        pipeline->show(shown);
        QVERIFY(soon([&] { return !pipeline->isLoading(); }));
        QVERIFY(soon([&] { return pipeline->overlay().runs.size() == 2; }));
    }

    void choose(const char *node) { pipeline->selectNode(nodeId(t(node))); }

    QFuture<Outcome> confirm(const RunOrder &order, const QString &reason = {})
    {
        return acts->carryOut(order, {reason, acts->preview(order).fingerprint, {}});
    }

    FakeClock clock;
    FakeTree tree;
    FakeRuns host{clock};
    FakeControl control{clock};
    MemoryJournal journal;
    ActionRunner runner{journal, t("A. Muster")};
    std::unique_ptr<PipelineController> pipeline;
    std::unique_ptr<PipelineRuns> view;
    std::unique_ptr<RunActions> acts;
};

/// What came of an order that has ended.
inline Outcome::Kind kindOf(const QFuture<Outcome> &ended)
{
    return ended.result().kind;
}

} // namespace pilothouse
