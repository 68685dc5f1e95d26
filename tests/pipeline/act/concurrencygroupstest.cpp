#include "pipeline/act/concurrencygroups.h"

#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;
using Basis = ConcurrencyBlock::Basis;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

/// A run of "ci.yml" on main; later numbers began later.
RunFile runFile(qint64 id, RunStatus status, const QByteArray &file)
{
    RunFile own;
    own.run.id = RunId(id);
    own.run.status = status;
    own.run.event = t("push");
    own.run.branch = t("main");
    own.run.createdAt = QDateTime(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC).addSecs(id);
    own.ref = t("refs/heads/main");
    own.workflow = workflowFrom(file, t(".github/workflows/ci.yml"));
    return own;
}

QByteArray withGroup(const QByteArray &concurrency)
{
    return "name: CI\non: push\nconcurrency: " + concurrency
           + "\njobs: {a: {runs-on: x, steps: []}}\n";
}

QByteArray withJobGroup(const QByteArray &concurrency)
{
    return "name: CI\non: push\njobs: {a: {runs-on: x, concurrency: " + concurrency
           + ", steps: []}}\n";
}

const QByteArray production = withGroup("production");

QString wordsOf(const QList<ConcurrencyBlock> &blocks)
{
    QStringList words;
    for (const ConcurrencyBlock &block : blocks)
        words.append(blockWords(block, t("GitHub")));
    return words.join(QLatin1Char('\n'));
}

} // namespace

class ConcurrencyGroupsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGroupIsFilledAsFarAsItIsKnown_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("group");
        const auto row = [](const char *written, const char *group) {
            QTest::newRow(written) << QByteArray(written) << t(group);
        };
        row("production", "production");
        row("${{ github.workflow }}-${{ github.ref }}", "CI-refs/heads/main");
        row("{group: \"${{ github.ref_name }}\"}", "main");
        row("${{ github.event_name == 'push' && 'one' || github.run_id }}", "one");
        row("run-${{ github.run_id }}", "run-7");
        row("${{ github.head_ref || github.run_id }}", "not known");
        row("${{ vars.GROUP }}", "not known");
        row("a-${{ inputs.where }}", "not known");
    }

    void aGroupIsFilledAsFarAsItIsKnown()
    {
        QFETCH(const QByteArray, written);
        const auto claims = claimsOf(runFile(7, RunStatus::Queued, withGroup(written)));
        QCOMPARE(claims.size(), 1);
        QTEST(claims[0].group.value_or(t("not known")), "group");
        QCOMPARE(claims[0].job, QString());
    }

    void aRefThatIsNotKnownLeavesTheGroupOpen()
    {
        RunFile own = runFile(7, RunStatus::Queued, withGroup("${{ github.ref }}"));
        own.ref.clear();
        QVERIFY(!claimsOf(own)[0].group);
    }

    void aJobsGroupNamesItsJob()
    {
        const auto claims = claimsOf(runFile(7, RunStatus::Queued, withJobGroup("production")));
        QCOMPARE(claims, (QList<GroupClaim>{{t("production"), t("production"), t("a")}}));
    }

    void whoRunsInTheSameGroupBlocks()
    {
        const RunFile own = runFile(7, RunStatus::Queued, production);
        const QList<RunFile> others{runFile(5, RunStatus::Running, withGroup("staging")),
                                    runFile(6, RunStatus::Running, withGroup("PRODUCTION")),
                                    runFile(8, RunStatus::Queued, production)};
        const auto blocks = blocksWorkedOut(own, others, 0);
        QCOMPARE(wordsOf(blocks), t("blocked by run 6 (worked out from ci.yml: group production)"));
        QCOMPARE(blocks[0].name, t("CI"));
    }

    void whoWaitsForAPersonKeepsTheGroup()
    {
        const auto blocks = blocksWorkedOut(runFile(7, RunStatus::Queued, production),
                                            {runFile(6, RunStatus::Waiting, production)}, 0);
        QCOMPARE(blocks.size(), 1);
        QCOMPARE(blocks[0].basis, Basis::WorkedOut);
    }

    void theNewestOfTheQueueTakesThePlace()
    {
        const RunFile own = runFile(7, RunStatus::Queued, production);
        QCOMPARE(blocksWorkedOut(own, {runFile(6, RunStatus::Queued, production)}, 0).size(), 0);
        const auto blocks = blocksWorkedOut(
            own,
            {runFile(9, RunStatus::Queued, production), runFile(8, RunStatus::Queued, production)},
            0);
        QCOMPARE(blocks.size(), 1);
        QCOMPARE(blocks[0].by, RunId(9));
    }

    void aQueueOfManyKeepsItsOrder()
    {
        const QByteArray file = withGroup("{group: production, queue: max}");
        QCOMPARE(blocksWorkedOut(runFile(7, RunStatus::Queued, file),
                                 {runFile(9, RunStatus::Queued, file)}, 0)
                     .size(),
                 0);
    }

    void anOpenGroupIsNotGuessed()
    {
        const auto own
            = blocksWorkedOut(runFile(7, RunStatus::Queued, withGroup("${{ vars.GROUP }}")),
                              {runFile(6, RunStatus::Running, withGroup("${{ vars.GROUP }}"))}, 0);
        QCOMPARE(wordsOf(own), t("what blocks it is not known (ci.yml: group ${{ vars.GROUP }})"));
        const auto theirs
            = blocksWorkedOut(runFile(7, RunStatus::Queued, production),
                              {runFile(6, RunStatus::Running, withGroup("${{ vars.GROUP }}"))}, 0);
        QCOMPARE(wordsOf(theirs), t("what blocks it is not known: perhaps run 6 (ci.yml: group "
                                    "production)"));
    }

    void aJobIsBlockedByAJob_data()
    {
        QTest::addColumn<int>("own"); // status of the job
        QTest::addColumn<int>("theirs");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, RunStatus own, RunStatus theirs, const char *words) {
            QTest::newRow(name) << int(own) << int(theirs) << t(words);
        };
        const auto queued = RunStatus::Queued;
        row("theirs runs", queued, RunStatus::Running,
            "blocked by run 6 (worked out from ci.yml: group production)");
        row("theirs waits for a person", queued, RunStatus::Waiting,
            "what blocks it is not known: perhaps run 6 (ci.yml: group production)");
        row("theirs has ended", queued, RunStatus::Succeeded, "");
        row("theirs is not read", queued, RunStatus::Unknown,
            "what blocks it is not known: perhaps run 6 (ci.yml: group production)");
        row("own has ended", RunStatus::Succeeded, RunStatus::Running, "");
    }

    void aJobIsBlockedByAJob()
    {
        QFETCH(const int, own);
        QFETCH(const int, theirs);
        RunFile mine = runFile(7, RunStatus::Running, withJobGroup("production"));
        mine.jobs = {jobNamed(t("a"), RunStatus(own)), jobNamed(t("b"), RunStatus::Queued)};
        RunFile other = runFile(6, RunStatus::Running, withJobGroup("production"));
        if (RunStatus(theirs) != RunStatus::Unknown)
            other.jobs
                = {jobNamed(t("a"), RunStatus(theirs)), jobNamed(t("b"), RunStatus::Running)};
        QTEST(wordsOf(blocksWorkedOut(mine, {other}, 0)), "words");
    }

    void aRunThatHasBegunHasItsOwnGroup()
    {
        RunFile own = runFile(7, RunStatus::Running, production);
        own.jobs = {jobNamed(t("a"), RunStatus::Queued)};
        QVERIFY(blocksWorkedOut(own, {runFile(6, RunStatus::Running, production)}, 0).isEmpty());
    }

    void aRunWhoseFileIsNotHereLeavesItOpen()
    {
        const RunFile own = runFile(7, RunStatus::Queued, production);
        QCOMPARE(wordsOf(blocksWorkedOut(own, {}, 1)),
                 t("what blocks it is not known (ci.yml: group production)"));
        QCOMPARE(blocksWorkedOut(own, {runFile(6, RunStatus::Running, production)}, 1)[0].basis,
                 Basis::WorkedOut);
    }

    void whoIsAloneIsBlockedByNobody()
    {
        const RunFile own = runFile(7, RunStatus::Queued, production);
        QVERIFY(blocksWorkedOut(own, {own}, 0).isEmpty());
        QVERIFY(blocksWorkedOut(runFile(7, RunStatus::Queued, withGroup("''")),
                                {runFile(6, RunStatus::Running, withGroup("''"))}, 0)
                    .isEmpty());
    }

    void whatTheHostTellsIsSaidSo()
    {
        ConcurrencyBlock told{t("production"), RunId(6), t("Deploy"), {}};
        QCOMPARE(wordsOf({told}), t("blocked by run 6 (concurrency production, told by GitHub)"));
        told.job = t("roll out");
        QCOMPARE(wordsOf({told}), t("blocked by job roll out of run 6 (concurrency production, "
                                    "told by GitHub)"));
    }
};

QTEST_GUILESS_MAIN(ConcurrencyGroupsTest)
#include "concurrencygroupstest.moc"
