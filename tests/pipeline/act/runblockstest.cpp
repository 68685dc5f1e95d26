#include "pipeline/act/actbench.h"
#include "pipeline/act/concurrencygroups.h"

#include <QTest>

using namespace pilothouse;

class RunBlocksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<ActBench>(); }
    void cleanup() { m_bench.reset(); }

    void aRunThatWaitsToBeginSaysForWhom()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(m_bench->acts->blocks(), m_bench->control.ahead);
        m_bench->choose("ci.yml#build");
        QVERIFY(m_bench->acts->blocks().isEmpty());
    }

    void aServerWithoutThatQuestionIsAskedOnce()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        m_bench->choose("ci.yml#build");
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QCOMPARE(m_bench->control.asked.count(t("blocks 7012")), 1);
    }

    void whereTheHostDoesNotTellTheFilesDo()
    {
        const QByteArray text = "name: Deploy\non: push\nconcurrency: deploy-${{ github.ref }}\n"
                                "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
        const CommitId earlier(t("be97965"));
        for (const CommitId &commit : {shown, earlier})
            m_bench->tree.put(commit, {t(".github/workflows/deploy-standalone.yml"), text});
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        Run holder = runOf(t("deploy-standalone.yml"), 6999, RunStatus::Running);
        holder.commit = earlier;
        holder.event = t("push");
        holder.branch = t("main");
        Run own = m_bench->control.runs[run7012];
        own.event = holder.event;
        own.branch = holder.branch;
        m_bench->host.setRun(shown, own, {});
        m_bench->control.goingOn = {own, holder};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return !m_bench->acts->blocks().isEmpty(); }));
        QCOMPARE(m_bench->acts->blocks().size(), 1);
        QCOMPARE(blockWords(m_bench->acts->blocks()[0], m_bench->acts->systemName()),
                 t("blocked by run 6999 (worked out from deploy-standalone.yml: group "
                   "deploy-refs/heads/main)"));
    }

    void aNameThatMayBeATagLeavesTheGroupOpen()
    {
        m_bench->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"),
                                  "on: push\nconcurrency: ${{ github.ref }}\n"
                                  "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        m_bench->tree.putTag(t("main"));
        Run own = runOf(t("deploy-standalone.yml"), 7012, RunStatus::Queued);
        own.event = t("push");
        own.branch = t("main");
        m_bench->host.setRun(shown, own, {});
        m_bench->control.blocksError = Error{ErrorKind::Unavailable, t("down"), {}, {}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return !m_bench->acts->blocks().isEmpty(); }));
        QCOMPARE(blockWords(m_bench->acts->blocks()[0], t("FakeHub")),
                 t("what blocks it is not known (deploy-standalone.yml: group ${{ github.ref }})"));
    }

    void aRunWithoutAGroupAsksForNoOthers()
    {
        m_bench->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"),
                                  "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.blocksError = Error{ErrorKind::NotFound, t("not offered"), {}, {}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#a");
        QVERIFY(soon([&] { return m_bench->control.asked.contains(t("blocks 7012")); }));
        QCoreApplication::processEvents();
        QVERIFY(m_bench->acts->blocks().isEmpty());
        QVERIFY(!m_bench->control.asked.contains(t("active")));
    }

    void aRunWhoseLastJobWaitsIsAskedAbout()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                        {jobNamed(t("deploy-staging"), RunStatus::Succeeded),
                         jobNamed(t("deploy-production"), RunStatus::Queued)});
        m_bench->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(soon([&] { return m_bench->acts->blocks() == m_bench->control.ahead; }));
    }

    void nothingIsAskedAboutARunThatGoesOn()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        QVERIFY(!m_bench->control.asked.contains(t("waiting 7011")));
        QVERIFY(!m_bench->control.asked.contains(t("blocks 7011")));
    }

    void anAnswerAboutABlockThatIsOverIsDropped()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        m_bench->control.holdBlocks = true;
        m_bench->show();
        m_bench->choose("deploy-standalone.yml#deploy-production");
        QVERIFY(soon([&] { return m_bench->control.asked.contains(t("blocks 7012")); }));
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                        {jobNamed(t("deploy-staging"), RunStatus::Running)});
        m_bench->pipeline->refresh();
        QVERIFY(soon([&] { return m_bench->acts->run()->status == RunStatus::Running; }));
        m_bench->control.releaseBlocks();
        QCoreApplication::processEvents();
        QVERIFY(m_bench->acts->blocks().isEmpty());
    }

private:
    std::unique_ptr<ActBench> m_bench;
};

QTEST_GUILESS_MAIN(RunBlocksTest)
#include "runblockstest.moc"
