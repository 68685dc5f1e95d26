#include "pipeline/act/actbench.h"
#include "pipeline/act/concurrencygroups.h"

#include <QTest>

using namespace pilothouse;

class RunBlocksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { b = std::make_unique<ActBench>(); }
    void cleanup() { b.reset(); }

    void aRunThatWaitsToBeginSaysForWhom()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        b->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(b->acts->blocks(), b->control.ahead);
        b->choose("ci.yml#build");
        QVERIFY(b->acts->blocks().isEmpty());
    }

    void aServerWithoutThatQuestionIsAskedOnce()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        b->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        b->choose("ci.yml#build");
        b->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(b->control.asked.count(t("blocks 7012")), 1);
    }

    void whereTheHostDoesNotTellTheFilesDo()
    {
        const QByteArray text = "name: Deploy\non: push\nconcurrency: deploy-${{ github.ref }}\n"
                                "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
        const CommitId earlier(t("be97965"));
        for (const CommitId &commit : {shown, earlier})
            b->tree.put(commit, {t(".github/workflows/deploy-standalone.yml"), text});
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        b->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        Run holder = runOf(t("deploy-standalone.yml"), 6999, RunStatus::Running);
        holder.commit = earlier;
        holder.event = t("push");
        holder.branch = t("main");
        Run own = b->control.runs[run7012];
        own.event = holder.event;
        own.branch = holder.branch;
        b->host.setRun(shown, own, {});
        b->control.goingOn = {own, holder};
        b->show();
        b->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return !b->acts->blocks().isEmpty(); }));
        QCOMPARE(b->acts->blocks().size(), 1);
        QCOMPARE(blockWords(b->acts->blocks()[0], b->acts->systemName()),
                 t("blocked by run 6999 (worked out from deploy-standalone.yml: group "
                   "deploy-refs/heads/main)"));
    }

    void aNameThatMayBeATagLeavesTheGroupOpen()
    {
        b->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"),
                            "on: push\nconcurrency: ${{ github.ref }}\n"
                            "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        b->tree.putTag(t("main"));
        Run own = runOf(t("deploy-standalone.yml"), 7012, RunStatus::Queued);
        own.event = t("push");
        own.branch = t("main");
        b->host.setRun(shown, own, {});
        b->control.blocksError = Error{ErrorKind::Unavailable, t("down"), {}, {}};
        b->show();
        b->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return !b->acts->blocks().isEmpty(); }));
        QCOMPARE(blockWords(b->acts->blocks()[0], t("FakeHub")),
                 t("what blocks it is not known (deploy-standalone.yml: group ${{ github.ref }})"));
    }

    void aRunWithoutAGroupAsksForNoOthers()
    {
        b->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"),
                            "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        b->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        b->show();
        b->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return b->control.asked.contains(t("blocks 7012")); }));
        QCoreApplication::processEvents();
        QVERIFY(b->acts->blocks().isEmpty());
        QVERIFY(!b->control.asked.contains(t("active")));
    }

    void aRunWhoseLastJobWaitsIsAskedAbout()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                  {jobNamed(t("deploy-staging"), RunStatus::Succeeded),
                   jobNamed(t("deploy-production"), RunStatus::Queued)});
        b->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(soon([&] { return b->acts->blocks() == b->control.ahead; }));
    }

    void nothingIsAskedAboutARunThatGoesOn()
    {
        b->show();
        b->choose("ci.yml#build");
        QVERIFY(!b->control.asked.contains(t("waiting 7011")));
        QVERIFY(!b->control.asked.contains(t("blocks 7011")));
    }

    void anAnswerAboutABlockThatIsOverIsDropped()
    {
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        b->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        b->control.holdBlocks = true;
        b->show();
        b->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(soon([&] { return b->control.asked.contains(t("blocks 7012")); }));
        b->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                  {jobNamed(t("deploy-staging"), RunStatus::Running)});
        b->pipeline->refresh();
        QVERIFY(soon([&] { return b->acts->run()->status == RunStatus::Running; }));
        b->control.releaseBlocks();
        QCoreApplication::processEvents();
        QVERIFY(b->acts->blocks().isEmpty());
    }

private:
    std::unique_ptr<ActBench> b;
};

QTEST_GUILESS_MAIN(RunBlocksTest)
#include "runblockstest.moc"
