#include "pipeline/act/buildstage.h"

#include "pipeline/act/actbench.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

Run buildRun(const char *id, RunStatus status, qint64 age)
{
    Run run;
    run.id = RunId((qint64(1) << 61) + qint64(qHash(t(id)) % 1000));
    run.hostId = t(id);
    run.workflowPath = t("cloudbuild.yaml");
    run.status = status;
    run.createdAt = QDateTime(QDate(2026, 11, 24), QTime(14, 0), Qt::UTC).addSecs(-age);
    return run;
}

Job buildJob(const Run &run, const QList<Step> &steps)
{
    Job job;
    job.id = JobId(run.id.value);
    job.run = run.id;
    job.status = run.status;
    job.steps = steps;
    return job;
}

} // namespace

class BuildStageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<ActBench>();
        m_builds = std::make_unique<FakeRuns>(m_bench->clock);
    }
    void cleanup()
    {
        m_stage.reset();
        m_bench.reset();
    }

    void theNewestBuildOfTheCommitIsShownWithItsSteps()
    {
        const Run old = buildRun("aaaa", RunStatus::Failed, 600);
        const Run now = buildRun("bbbb", RunStatus::Running, 10);
        m_builds->setRun(shown, now, {buildJob(now, {{1, t("test"), RunStatus::Running, {}, {}}})});
        m_builds->setRun(shown, old, {});
        show();
        QVERIFY(soon([&] { return m_stage->chosen(); }));
        QCOMPARE(m_stage->chosen()->hostId, t("bbbb"));
        QTRY_COMPARE(m_stage->steps().size(), 1);
        QCOMPARE(m_stage->steps().first().name, t("test"));
        QCOMPARE(m_stage->source().health, SourceState::Health::Live);
    }

    void itsStateIsDrawnBeforeItsStepsAreRead()
    {
        show();
        QVERIFY(soon([&] { return m_stage->age(); }));
        QVERIFY(!m_stage->state().unread);
        QVERIFY(!m_stage->state().job);
        const Run now = buildRun("bbbb", RunStatus::Waiting, 10);
        m_builds->setRun(shown, now, {});
        m_stage->refresh();
        QTRY_VERIFY(m_stage->state().job);
        QCOMPARE(m_stage->state().job->status, RunStatus::Waiting);
        QCOMPARE(m_stage->state().job->hostId, t("bbbb"));
        QVERIFY(m_stage->state().job->steps.isEmpty());
    }

    void aBuildThatWasNeverReadIsNoData()
    {
        m_builds->failWith(Error{ErrorKind::SignedOut, t("Sign in to Google Cloud."), {}, {}});
        show();
        QTRY_COMPARE(m_stage->source().health, SourceState::Health::SignedOut);
        QVERIFY(m_stage->state().unread);
    }

    void aBuildIsNotFreshWhenItsServiceStopsAnswering()
    {
        m_builds->setRun(shown, buildRun("bbbb", RunStatus::Running, 10), {});
        show();
        QVERIFY(soon([&] { return m_stage->chosen(); }));
        m_bench->clock.advance(4s);
        QVERIFY(!m_stage->state().stale);
        QSignalSpy chip(m_stage.get(), &BuildStage::sourceChanged);
        m_builds->hold();
        m_bench->clock.advance(20s);
        QCOMPARE(m_stage->source().health, SourceState::Health::Old);
        QVERIFY(m_stage->state().stale);
        QCOMPARE(m_stage->state().job->status, RunStatus::Running);
        QCOMPARE(chip.size(), 1);
        QCOMPARE(chip[0][0].value<SourceState>().name, t("Cloud Build"));
        m_builds->release();
        QTRY_VERIFY(!m_stage->state().stale);
    }

    void aBuildIsNotFreshWhenItsServiceRefuses()
    {
        m_builds->setRun(shown, buildRun("bbbb", RunStatus::Running, 10), {});
        show();
        QVERIFY(soon([&] { return m_stage->chosen(); }));
        m_builds->failWith(Error{ErrorKind::SignedOut, t("Sign in to Google Cloud."), {}, {}});
        m_stage->refresh();
        QTRY_VERIFY(m_stage->state().stale);
        QCOMPARE(m_stage->source().health, SourceState::Health::SignedOut);
        QVERIFY(!m_stage->state().unread);
    }

    void itStandsAtTheJobThatHandsItsBuildsOver()
    {
        show();
        QVERIFY(m_stage->standsAt(nodeId(t("deploy-standalone.yml#deploy-staging"))));
        QVERIFY(!m_stage->standsAt(nodeId(t("ci.yml#build"))));
        QVERIFY(!m_stage->standsAt(NodeId()));
    }

    void anotherCommitHasItsOwnBuilds()
    {
        m_builds->setRun(shown, buildRun("bbbb", RunStatus::Succeeded, 10), {});
        show();
        QVERIFY(soon([&] { return m_stage->chosen(); }));
        m_bench->pipeline->show(CommitId(t("9f3c2a1")));
        QVERIFY(!m_stage->chosen());
    }

    void aBuildThatCannotBeReadIsSaid()
    {
        m_builds->failWith(Error{ErrorKind::SignedOut, t("Sign in to Google Cloud."), {}, {}});
        show();
        QTRY_COMPARE(m_stage->source().health, SourceState::Health::SignedOut);
    }

    void aBuildThatWaitsIsApprovedLikeAnyRun()
    {
        const Run waiting = buildRun("bbbb1111-2222", RunStatus::Waiting, 10);
        m_builds->setRun(shown, waiting, {});
        show();
        QVERIFY(soon([&] { return m_stage->chosen(); }));
        m_bench->control.runs[waiting.id] = waiting;
        PendingEnvironment approval;
        approval.id = 1;
        approval.name = t("build bbbb1111");
        approval.mayReview = true;
        m_bench->control.pending[waiting.id] = {approval};
        RunActions::Settings settings;
        settings.environment = {EnvironmentMark::Kind::Rehearsal, t("rehearsal")};
        RunActions acts(settings, *m_stage, m_bench->control, m_bench->runner, m_bench->clock);
        m_stage->refresh();
        QTRY_COMPARE(acts.waiting().size(), 1);
        const RunOrder order = acts.review(ReviewState::Approved);
        const Preview preview = acts.preview(order);
        QCOMPARE(preview.typed, t("build bbbb1111"));
        QCOMPARE(preview.title, t("Approve build bbbb1111"));
        m_bench->control.onSend = [&](const RunOrder &) {
            m_bench->control.given[waiting.id].append(
                {ReviewState::Approved, {t("build bbbb1111")}, t("you"), {}});
            return TakenOrder{};
        };
        const auto done = acts.carryOut(order, {{}, preview.fingerprint, {}});
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(done.result().kind, Outcome::Kind::Done);
        // The intent is of this host alone.
        const Record intent = m_bench->journal.records(RecordKind::Intent).first();
        QVERIFY(acts.claims(intent));
        Record foreign = intent;
        foreign.body[QLatin1String("host")] = t("GitHub");
        QVERIFY(!acts.claims(foreign));
    }

private:
    void show()
    {
        m_bench->show();
        BuildStage::Settings settings;
        settings.job = t("deploy-staging");
        m_stage
            = std::make_unique<BuildStage>(settings, *m_bench->pipeline, *m_builds, m_bench->clock);
    }

    std::unique_ptr<ActBench> m_bench;
    std::unique_ptr<FakeRuns> m_builds;
    std::unique_ptr<BuildStage> m_stage;
};

QTEST_GUILESS_MAIN(BuildStageTest)
#include "buildstagetest.moc"
