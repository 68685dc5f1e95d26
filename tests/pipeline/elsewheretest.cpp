#include "pipeline/fakeports.h"
#include "pipeline/pipelinecontroller.h"
#include "support/fakeclock.h"
#include "support/soon.h"

#include <QTest>
#include <QThreadPool>

using namespace pilothouse;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

QString path(const char *file)
{
    return s(".github/workflows/") + s(file);
}

} // namespace

/// Workflows of other repositories, which jobs of ours call.
class ElsewhereTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_others.asked.clear();
        m_others.promises.clear();
    }

    void theGraphDoesNotWaitForAnotherRepository()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(nodesOf(*controller), QStringList{s("caller.yml#shared")});
        QVERIFY(controller->graph().problems.isEmpty());
        QCOMPARE(m_others.asked, QStringList{s("acme/shared/.github/workflows/x.yml@v2")});
        m_others.answer(
            QByteArray("on: workflow_call\njobs: {inner: {runs-on: x, steps: [{run: a}]}}\n"));
        QVERIFY(soon(
            [&] { return nodesOf(*controller) == QStringList{s("caller.yml#shared/inner")}; }));
        // Its own rules are not our doctor's matter.
        QVERIFY(soon([&] { return !controller->findings().isEmpty(); }));
        for (const Finding &finding : controller->findings())
            QCOMPARE(finding.path, path("caller.yml"));
    }

    void whyAnotherRepositoryStaysClosedIsSaidAtTheCall()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer(fail(ErrorKind::NotFound, s("GitHub does not know it.")));
        QVERIFY(soon([&] { return !controller->graph().problems.isEmpty(); }));
        const Problem problem = controller->graph().problems.first();
        QCOMPARE(problem.message, s("what job \"shared\" calls in acme/shared is not drawn: GitHub "
                                    "does not know it."));
        QCOMPARE(problem.line, 3);
        QCOMPARE(problem.severity, Problem::Severity::Warning);
        QCOMPARE(nodesOf(*controller), QStringList{s("caller.yml#shared")});
    }

    void theAnswerForAnEarlierCommitIsDropped()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        const CommitId next(s("9f3c2a1"));
        m_tree.put(next, {path("caller.yml"), "on: push\njobs: {own: {runs-on: x}}\n"});
        controller->show(next);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer(QByteArray("on: workflow_call\njobs: {inner: {runs-on: x}}\n"));
        QCoreApplication::processEvents();
        QThreadPool::globalInstance()->waitForDone(); // nothing is parsed for it
        QCoreApplication::processEvents();
        QCOMPARE(nodesOf(*controller), QStringList{s("caller.yml#own")});
    }

    void whatACalledWorkflowCallsInItsOwnRepositoryIsReadThere()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer("on: workflow_call\njobs:\n"
                        "  near: {uses: ./.github/workflows/y.yml}\n"
                        "  far: {uses: octo/other/.github/workflows/z.yml@main}\n");
        QVERIFY(soon([&] { return m_others.asked.size() == 3; }));
        QCOMPARE(m_others.asked[1], s("acme/shared/.github/workflows/y.yml@v2"));
        QCOMPARE(m_others.asked[2], s("octo/other/.github/workflows/z.yml@main"));
        m_others.answer("on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n", 1);
        m_others.answer("on: workflow_call\njobs: {b: {runs-on: x, steps: [{run: b}]}}\n", 2);
        const QStringList both{s("caller.yml#shared/near/a"), s("caller.yml#shared/far/b")};
        QVERIFY(soon([&] { return nodesOf(*controller) == both; }));
        QCOMPARE(controller->graph().problems, QList<Problem>());
    }

    void whatStaysClosedFurtherInIsSaidAtItsOwnCall()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer("on: workflow_call\njobs:\n  near: {uses: ./.github/workflows/y.yml}\n");
        QVERIFY(soon([&] { return m_others.asked.size() == 2; }));
        m_others.answer(fail(ErrorKind::NotFound, s("GitHub does not know it.")), 1);
        QVERIFY(soon([&] { return !controller->graph().problems.isEmpty(); }));
        const Problem problem = controller->graph().problems.first();
        QCOMPARE(problem.file, s("acme/shared/.github/workflows/x.yml@v2"));
        QCOMPARE(problem.line, 3);
        QCOMPARE(problem.message, s("what job \"near\" calls in acme/shared is not drawn: GitHub "
                                    "does not know it."));
        QCOMPARE(nodesOf(*controller), QStringList{s("caller.yml#shared/near")});
    }

    void oneThatCallsItselfIsReadOnceAndTold()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer("on: workflow_call\njobs:\n  again: {uses: ./.github/workflows/x.yml}\n");
        QVERIFY(soon([&] { return !controller->graph().problems.isEmpty(); }));
        QCOMPARE(m_others.asked.size(), 1);
        QVERIFY(controller->graph().problems.first().message.endsWith(s("leads back here")));
    }

    void ofCallsWithoutEndAHundredAreReadAndTheRestIsTold()
    {
        putCaller();
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        m_others.answer(callsOf(101));
        QVERIFY(soon([&] { return m_others.asked.size() == 100; }));
        for (qsizetype i = 1; i < 100; ++i)
            m_others.answer("on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n", i);
        QVERIFY(soon([&] { return controller->graph().nodes.size() == 101; }));
        QCOMPARE(m_others.asked.size(), 100); // the caller's one among them
        const QList<Problem> &told = controller->graph().problems;
        QCOMPARE(told.size(), 2);
        QCOMPARE(told[0].message, s("what job \"j99\" calls in acme/shared is not drawn: it is not "
                                    "read, since no more than 100 called files are"));
        QCOMPARE(told[1].line, 103);
        QCOMPARE(told[0].severity, Problem::Severity::Warning);
    }

    void ofCallsWithoutEndInItsOwnRepositoryTheSameIsTold()
    {
        QByteArray caller = callsOf(101);
        caller.replace("on: workflow_call", "on: push");
        m_tree.put(m_commit, {path("caller.yml"), caller});
        for (int i = 0; i <= 100; ++i)
            m_tree.put(m_commit,
                       {path(qPrintable(s("f%1.yml").arg(i))),
                        "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        auto controller = make();
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        const QList<Problem> &told = controller->graph().problems;
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0].message, s("job \"j100\" calls .github/workflows/f100.yml, which is not "
                                    "read: no more than 100 called files are"));
        QCOMPARE(controller->graph().nodes.size(), 101);
    }

    void aLargeRepositoryHasRoomForWhatItCallsElsewhere()
    {
        const CommitId large(s("1a2b3c4"));
        putCaller(large);
        for (int i = 0; i < 120; ++i)
            m_tree.put(large, {path(qPrintable(s("own%1.yml").arg(i))),
                               "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        auto controller = make({});
        controller->show(large);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(controller->graph().nodes.size(), 121);
        QCOMPARE(m_others.asked.size(), 1);
    }

private:
    [[nodiscard]] std::unique_ptr<PipelineController> make(const QStringList &paths
                                                           = {path("caller.yml")})
    {
        PipelineController::Settings settings;
        settings.workflowPaths = paths;
        return std::make_unique<PipelineController>(m_tree, nullptr, m_clock, settings, &m_others);
    }

    /// A job that calls another repository's workflow.
    void putCaller(const CommitId &commit = CommitId(s("c41d77e")))
    {
        m_tree.put(commit, {path("caller.yml"), "on: push\njobs:\n"
                                                "  shared: {uses: "
                                                "acme/shared/.github/workflows/x.yml@v2}\n"});
    }

    /// A workflow with so many jobs, each of which calls another file: line 3 and on.
    [[nodiscard]] static QByteArray callsOf(int count)
    {
        QByteArray text = "on: workflow_call\njobs:\n";
        for (int i = 0; i < count; ++i)
            text += "  j" + QByteArray::number(i) + ": {uses: ./.github/workflows/f"
                    + QByteArray::number(i) + ".yml}\n";
        return text;
    }

    [[nodiscard]] static QStringList nodesOf(const PipelineController &controller)
    {
        QStringList nodes;
        for (const GraphNode &node : controller.graph().nodes)
            nodes.append(QString(node.id.value).remove(s(".github/workflows/")));
        return nodes;
    }

    /// Other repositories; each question waits until the test answers it.
    struct FakeOthers final : OtherRepositories
    {
        QStringList asked;
        QList<std::shared_ptr<QPromise<Result<QByteArray>>>> promises; ///< in the order of `asked`

        QFuture<Result<QByteArray>> content(const RemoteFile &file) override
        {
            asked.append(file.address());
            promises.append(std::make_shared<QPromise<Result<QByteArray>>>());
            promises.last()->start();
            return promises.last()->future();
        }
        void answer(const Result<QByteArray> &content, qsizetype question = 0) const
        {
            promises[question]->addResult(content);
            promises[question]->finish();
        }
    };

    const CommitId m_commit{s("c41d77e")};
    FakeClock m_clock;
    FakeTree m_tree;
    FakeOthers m_others;
};

QTEST_GUILESS_MAIN(ElsewhereTest)
#include "elsewheretest.moc"
