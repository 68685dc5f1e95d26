#include "pipeline/act/runsight.h"
#include "pipeline/act/runpreviews.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;
using Kind = SeenOrder::Kind;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const RunId run7012(7012);

RunSight sightOf(RunStatus status, int attempt = 1)
{
    RunSight sight;
    sight.run = runOf(t("ci.yml"), 7012, status);
    sight.run->attempt = attempt;
    return sight;
}

ReviewEnvironments approval()
{
    PendingEnvironment production;
    production.id = 5'000'000'001;
    production.name = t("production");
    production.mayReview = true;
    return {run7012, {production}, ReviewState::Approved, t("looks good")};
}

DispatchWorkflow dispatch()
{
    return {t(".github/workflows/deploy.yml"), t("main"), {{t("version"), t("1.2")}}};
}

QList<RunOrder> everyOrder()
{
    ReviewEnvironments rejection = approval();
    rejection.state = ReviewState::Rejected;
    return {RerunFailedJobs{run7012, 3},
            RerunJob{run7012, 2, JobId(30'007'012'104), t("lint (ruff)")},
            CancelRun{run7012, CancelRun::Force::No},
            CancelRun{run7012, CancelRun::Force::Yes},
            approval(),
            rejection,
            dispatch()};
}

} // namespace

class RunSightTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOrderSurvivesTheJournal()
    {
        BeforeOrder before;
        before.since = QDateTime(QDate(2026, 11, 24), QTime(14, 0), Qt::UTC);
        before.login = t("release-manager");
        before.known = {RunId(30'000'000'007)};
        before.reviews = 2;
        for (const RunOrder &order : everyOrder()) {
            const Intent intent = intentOf(order, before, t("flaky"));
            QVERIFY(isRunSubject(intent.subject));
            QJsonObject body = intent.body;
            body[QLatin1String("verb")] = intent.verb;
            RunOrder expected = order;
            // Whether one may decide is asked anew.
            if (auto *review = std::get_if<ReviewEnvironments>(&expected))
                review->environments[0].mayReview = false;
            const auto read = orderOf(body);
            QVERIFY2(read, qPrintable(intent.verb));
            QVERIFY2(*read == expected, qPrintable(intent.verb));
            QCOMPARE(beforeOf(body), before);
            QCOMPARE(body[QLatin1String("reason")].toString(), t("flaky"));
        }
        QVERIFY(!orderOf({{t("verb"), t("promote")}}));
        QVERIFY(!orderOf({{t("verb"), t("cancel")}})); // of which run?
        QVERIFY(!isRunSubject(t("standalone")));
    }

    void aCancellationHasALaneOfItsOwn()
    {
        QCOMPARE(intentOf(everyOrder()[0], {}, {}).lane, QString());
        QCOMPARE(intentOf(everyOrder()[2], {}, {}).lane, t("run 7012/cancel"));
        QCOMPARE(intentOf(everyOrder()[3], {}, {}).lane, t("run 7012/cancel"));
        QCOMPARE(intentOf(dispatch(), {}, {}).subject, t("workflow deploy.yml"));
    }

    void aNewAttemptShowsARerun()
    {
        const RerunFailedJobs order{run7012, 1};
        QCOMPARE(seen(order, {}, sightOf(RunStatus::Failed, 1)).kind, Kind::NotYet);
        QCOMPARE(seen(order, {}, sightOf(RunStatus::Queued, 2)).kind, Kind::Done);
        QCOMPARE(seen(order, {}, RunSight()).kind, Kind::NotYet);
        QCOMPARE(seen(RerunJob{run7012, 2, JobId(1), {}}, {}, sightOf(RunStatus::Queued, 2)).kind,
                 Kind::NotYet);
    }

    void onlyAnEndShowsACancellation()
    {
        const CancelRun order{run7012, CancelRun::Force::No};
        QCOMPARE(seen(order, {}, sightOf(RunStatus::Running)).kind, Kind::NotYet);
        QCOMPARE(seen(order, {}, sightOf(RunStatus::Waiting)).kind, Kind::NotYet);
        QCOMPARE(seen(order, {}, sightOf(RunStatus::Cancelled)).text, t("run 7012 is cancelled"));
        const SeenOrder failed = seen(order, {}, sightOf(RunStatus::Failed));
        QCOMPARE(failed.kind, Kind::Done);
        QCOMPARE(failed.text, t("run 7012 has ended: failed"));
    }

    void aReviewIsShownByItsRecord()
    {
        const ReviewEnvironments order = approval();
        RunSight sight;
        sight.waiting = order.environments;
        QCOMPARE(seen(order, {}, sight).kind, Kind::NotYet);
        sight.waiting.clear();
        QCOMPARE(seen(order, {}, sight).kind, Kind::Otherwise);
        sight.reviews = {{ReviewState::Rejected, {t("production")}, t("b-novak"), {}}};
        QCOMPARE(seen(order, {}, sight).kind, Kind::Otherwise);
        sight.reviews.prepend({ReviewState::Approved, {t("production")}, t("you"), {}});
        QCOMPARE(seen(order, {}, sight).kind, Kind::Done);
    }

    void anEarlierReviewOfTheSameRunDoesNotCount()
    {
        const ReviewEnvironments order = approval();
        RunSight sight;
        sight.waiting = order.environments;
        sight.reviews = {{ReviewState::Approved, {t("production")}, t("you"), {}}};
        BeforeOrder before;
        before.reviews = reviewsLike(order, sight.reviews);
        QCOMPARE(before.reviews, 1);
        QCOMPARE(seen(order, before, sight).kind, Kind::NotYet);
        sight.reviews.append(sight.reviews.first());
        QCOMPARE(seen(order, before, sight).kind, Kind::Done);
    }

    void aDispatchIsTheOneNewRun()
    {
        BeforeOrder before;
        before.known = {RunId(1)};
        RunSight sight;
        sight.dispatched = {runOf(t("deploy.yml"), 1, RunStatus::Running)};
        QCOMPARE(seen(dispatch(), before, sight).kind, Kind::NotYet);
        sight.dispatched.prepend(runOf(t("deploy.yml"), 2, RunStatus::Queued));
        QCOMPARE(seen(dispatch(), before, sight).kind, Kind::Done);
        QCOMPARE(seen(dispatch(), before, sight).run, RunId(2));
        sight.dispatched.prepend(runOf(t("deploy.yml"), 3, RunStatus::Queued));
        const SeenOrder unclear = seen(dispatch(), before, sight);
        QCOMPARE(unclear.kind, Kind::Otherwise);
        QVERIFY(unclear.text.contains(t("3, 2")));
    }

    void aDispatchThatWasToldIsTheRunItself()
    {
        BeforeOrder before;
        before.told = run7012;
        QCOMPARE(seen(dispatch(), before, RunSight()).kind, Kind::NotYet);
        QCOMPARE(seen(dispatch(), before, sightOf(RunStatus::Queued)).run, run7012);
    }

    void whatIsTypedTellsTheActionFromItsNeighbours()
    {
        const EnvironmentMark rehearsal{EnvironmentMark::Kind::Rehearsal, t("rehearsal")};
        const EnvironmentMark other{EnvironmentMark::Kind::Other, t("test")};
        const QStringList typed{t("7012"),       t("7012"),       t("7012"),      t("7012"),
                                t("production"), t("production"), t("deploy.yml")};
        const QList<RunOrder> orders = everyOrder();
        for (qsizetype i = 0; i < orders.size(); ++i) {
            QCOMPARE(previewOf(orders[i], {}, rehearsal, {}).typed, typed[i]);
            QCOMPARE(previewOf(orders[i], {}, other, {}).typed, QString());
        }
        QVERIFY(previewOf(orders[5], {}, rehearsal, {}).reasonRequired);
        QVERIFY(!previewOf(orders[4], {}, rehearsal, {}).reasonRequired);
    }

    void aPreviewShowsTheRequestAndWhatComesThen()
    {
        RunActFacts facts;
        facts.run = runOf(t("ci.yml"), 7012, RunStatus::Failed);
        facts.system = t("GitHub");
        PlannedCall call;
        call.summary = t("POST actions/runs/7012/rerun-failed-jobs");
        const Preview preview = previewOf(RerunFailedJobs{run7012, 1}, facts, {}, call);
        QStringList labels;
        for (const PreviewRow &row : preview.rows)
            labels.append(row.label);
        QVERIFY(labels.contains(t("Then")));
        QVERIFY(labels.contains(t("Off"))); // not read yet
        QCOMPARE(preview.calls, QList<PlannedCall>{call});
        QCOMPARE(preview.scope, t("GitHub"));
    }

    void anotherAttemptIsAnotherPreview()
    {
        RunActFacts facts;
        facts.run = runOf(t("ci.yml"), 7012, RunStatus::Failed);
        const RunOrder order = RerunFailedJobs{run7012, 1};
        const QString before = previewOf(order, facts, {}, {}).fingerprint;
        facts.run->status = RunStatus::Running; // alone it is a matter of "may I?"
        QCOMPARE(previewOf(order, facts, {}, {}).fingerprint, before);
        facts.run->attempt = 2;
        QVERIFY(previewOf(order, facts, {}, {}).fingerprint != before);
    }

    void anEnvironmentThatIsGoneIsAnotherPreview()
    {
        RunActFacts facts;
        facts.run = runOf(t("ci.yml"), 7012, RunStatus::Waiting);
        facts.waiting = approval().environments;
        const QString before = previewOf(approval(), facts, {}, {}).fingerprint;
        facts.waiting[0].mayReview = false;
        QVERIFY(previewOf(approval(), facts, {}, {}).fingerprint != before);
    }
};

QTEST_GUILESS_MAIN(RunSightTest)
#include "runsighttest.moc"
