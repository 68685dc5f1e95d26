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
    void init() { m_others.asked.clear(); }

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

private:
    [[nodiscard]] std::unique_ptr<PipelineController> make()
    {
        PipelineController::Settings settings;
        settings.workflowPaths = {path("caller.yml")};
        return std::make_unique<PipelineController>(m_tree, nullptr, m_clock, settings, &m_others);
    }

    /// A job that calls another repository's workflow.
    void putCaller()
    {
        m_tree.put(m_commit, {path("caller.yml"), "on: push\njobs:\n"
                                                  "  shared: {uses: "
                                                  "acme/shared/.github/workflows/x.yml@v2}\n"});
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
        std::shared_ptr<QPromise<Result<QByteArray>>> promise;

        QFuture<Result<QByteArray>> content(const RemoteFile &file) override
        {
            asked.append(file.address());
            promise = std::make_shared<QPromise<Result<QByteArray>>>();
            promise->start();
            return promise->future();
        }
        void answer(const Result<QByteArray> &content) const
        {
            promise->addResult(content);
            promise->finish();
        }
    };

    const CommitId m_commit{s("c41d77e")};
    FakeClock m_clock;
    FakeTree m_tree;
    FakeOthers m_others;
};

QTEST_GUILESS_MAIN(ElsewhereTest)
#include "elsewheretest.moc"
