#include "release/moving/approvals.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
const TrackName standalone(QStringLiteral("standalone"));
const TrackName coditect(QStringLiteral("coditect"));
const CommitId shown(QString(40, QLatin1Char('c')));

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

enum class Mine { Yes, No };

PendingEnvironment environment(const char *name, Mine mine, const QStringList &reviewers = {})
{
    PendingEnvironment made;
    made.name = t(name);
    made.mayReview = mine == Mine::Yes;
    made.reviewers = reviewers;
    return made;
}

WaitingRun waiting(qint64 id, const QList<PendingEnvironment> &environments,
                   const QList<TrackName> &tracks = {standalone})
{
    WaitingRun made;
    made.run.id = RunId(id);
    made.run.workflowPath = t(".github/workflows/deploy-standalone.yml");
    made.run.commit = shown;
    made.run.status = RunStatus::Waiting;
    made.run.updatedAt = noon;
    made.tracks = tracks;
    made.environments = environments;
    made.host = t("GitHub");
    return made;
}

} // namespace

class TestApprovals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWaitsSaysForWhomAndWhichRun_data()
    {
        QTest::addColumn<PendingEnvironment>("gate");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<bool>("mine");
        QTest::newRow("mine alone") << environment("production", Mine::Yes)
                                    << t("production waits for your approval: run 7012 "
                                         "(deploy-standalone)")
                                    << true;
        QTest::newRow("mine among others")
            << environment("production", Mine::Yes, {t("a-muster"), t("platform-team")})
            << t("production waits for your approval: run 7012 (deploy-standalone) · may approve: "
                 "a-muster, platform-team")
            << true;
        QTest::newRow("of others") << environment("production", Mine::No, {t("a-muster")})
                                   << t("production waits for an approval by a-muster: run 7012 "
                                        "(deploy-standalone)")
                                   << false;
    }
    void whatWaitsSaysForWhomAndWhichRun()
    {
        QFETCH(PendingEnvironment, gate);
        const auto rows = approvalRows({waiting(7012, {gate})}, standalone, shown, {});
        QCOMPARE(rows.size(), 1);
        QTEST(rows[0].sentence, "sentence");
        QTEST(rows[0].permission.allowed(), "mine");
        QTEST(!rows[0].asks.isEmpty(), "mine");
        QCOMPARE(rows[0].kind, NextRow::Kind::Approval);
        QCOMPARE(rows[0].run, RunId(7012));
        // The way leads there whoever may approve.
        QCOMPARE(rows[0].verb, t("Open"));
    }

    void aTimerWaitsForNobody()
    {
        PendingEnvironment timer = environment("production", Mine::No);
        timer.waitsUntil = noon.addSecs(600);
        QVERIFY(approvalRows({waiting(7012, {timer})}, standalone, shown, {}).isEmpty());
    }

    void whatCouldNotBeReadStillWaits()
    {
        WaitingRun unread = waiting(7012, {});
        unread.environments.reset();
        const auto rows = approvalRows({unread}, standalone, shown, {});
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0].sentence, t("run 7012 (deploy-standalone) waits for an approval; of what "
                                     "could not be read"));
        QVERIFY(rows[0].asks.isEmpty());
    }

    void runsOfOneGateShareARow()
    {
        const PendingEnvironment gate = environment("production", Mine::Yes);
        WaitingRun older = waiting(7010, {gate});
        older.run.updatedAt = noon.addSecs(-300);
        const auto rows = approvalRows(
            {waiting(7012, {gate, environment("audit", Mine::No, {t("auditor")})}), older},
            standalone, shown, {});
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[0].sentence, t("production waits for your approval: run 7010 "
                                     "(deploy-standalone), run 7012 (deploy-standalone)"));
        QCOMPARE(rows[0].since, noon.addSecs(-300));
        QCOMPARE(rows[0].run, RunId(7010));
        QCOMPARE(rows[1].environment, t("audit"));
        QCOMPARE(rows[1].since, noon);
    }

    void onlyThisReleaseAndThisTrackCount()
    {
        const QList<PendingEnvironment> gate{environment("production", Mine::Yes)};
        WaitingRun other = waiting(7001, gate);
        other.run.commit = CommitId(QString(40, QLatin1Char('d')));
        const QList<WaitingRun> all{other, waiting(7012, gate),
                                    waiting(7013, gate, {coditect, standalone}),
                                    waiting(7014, gate, {})};
        const auto runs = [&all](const TrackName &track) {
            QList<RunId> found;
            for (const NextRow &row : approvalRows(all, track, shown, {}))
                found.append(row.run);
            return found;
        };
        QCOMPARE(runs(standalone), QList<RunId>{RunId(7012)});
        QCOMPARE(runs(coditect), QList<RunId>{RunId(7013)}); // of two tracks, at the first
        QCOMPARE(runs(TrackName()), QList<RunId>{RunId(7014)});
    }

    void sinceWhenIsTheHostsWordElseTheJobs()
    {
        PendingEnvironment gate = environment("production", Mine::Yes);
        Job job;
        job.run = RunId(7012);
        job.status = RunStatus::Waiting;
        job.createdAt = noon.addSecs(-60);
        Job done = job;
        done.status = RunStatus::Succeeded;
        done.createdAt = noon.addSecs(-600);
        const auto since = [&](const QList<Job> &jobs) {
            return approvalRows({waiting(7012, {gate})}, standalone, shown, jobs)[0].since;
        };
        QCOMPARE(since({}), noon);
        QCOMPARE(since({done, job}), noon.addSecs(-60));
        gate.since = noon.addSecs(-30);
        QCOMPARE(since({done, job}), noon.addSecs(-30));
    }

    void whatSpeaksAgainstItAndALostHostStandBeside()
    {
        WaitingRun run = waiting(7012, {environment("production", Mine::Yes)});
        run.against = {{Reason::Kind::Against, t("standalone was rolled back by B. Novak"), {}}};
        run.lost = t("GitHub does not answer.");
        const Permission may = approvalRows({run}, standalone, shown, {})[0].permission;
        QCOMPARE(may.count(Reason::Kind::For), 1);
        QCOMPARE(may.first(Reason::Kind::Against), t("standalone was rolled back by B. Novak"));
        QVERIFY(may.first(Reason::Kind::Unknown).endsWith(t("GitHub does not answer.")));
    }
};

QTEST_GUILESS_MAIN(TestApprovals)

#include "testapprovals.moc"
