#include "argofixture.h"

#include "connectors/kubernetes/argo/argoanalysis.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString runPath
    = QStringLiteral("/apis/argoproj.io/v1alpha1/namespaces/production/analysisruns/web-3");

/// One metric that was measured five times, and one that was not yet.
QJsonObject runObject(const char *value = "[0.981]", const char *phase = "Running")
{
    return parsed(
        QByteArray("{'metadata': {'name': 'web-3'}, 'spec': {'metrics': ["
                   "   {'name': 'success-rate', 'failureLimit': 2}, {'name': 'latency'}]},"
                   " 'status': {'phase': 'Running', 'metricResults': ["
                   "   {'name': 'success-rate', 'phase': '")
        + phase
        + "', 'count': 5, 'failed': 1, 'measurements': [{'phase': 'Failed',"
          "     'value': '[0.2]'}, {'phase': 'Successful', 'value': '"
        + value + "'}, {'phase': 'Running'}]}]}}");
}

/// With a background analysis of this phase.
QJsonObject analysed(const char *phase = "Running")
{
    return with(rolloutObject(), "status.canary.currentBackgroundAnalysisRunStatus",
                parsed(QByteArray("{'name': 'web-3', 'status': '") + phase + "'}"));
}

ArgoMetric metric(const char *value, int measured = 5)
{
    ArgoMetric made;
    made.name = QStringLiteral("success-rate");
    made.value = QString::fromUtf8(value);
    made.measured = measured;
    return made;
}

} // namespace

class ArgoAnalysisTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunTellsWhatItMeasured()
    {
        const auto run = decodeAnalysisRun(runObject());
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->name, QStringLiteral("web-3"));
        QVERIFY(!run->isOver());
        QCOMPARE(run->metrics.size(), 2);
        QCOMPARE(metricWords(run->metrics[0]),
                 QStringLiteral("success-rate 0.981, 5 measured, 1 failed of 2 tolerated"));
        QCOMPARE(metricWords(run->metrics[1]), QStringLiteral("latency not measured yet"));
        QCOMPARE(analysisProblems(*run), QStringList());
    }

    void aRunWithoutStatusHasNothingYet()
    {
        const auto run = decodeAnalysisRun(parsed("{'metadata': {'name': 'web-3'}}"));
        QVERIFY(run && run->metrics.isEmpty() && !run->isOver());
    }

    void aLimitMayBeTextOrAnExpression()
    {
        const auto text = decodeAnalysisRun(
            with(runObject(), "spec.metrics.0.failureLimit", QStringLiteral("3")));
        QCOMPARE(text->metrics[0].failuresTolerated, std::optional(3));
        const auto expression = decodeAnalysisRun(
            with(runObject(), "spec.metrics.0.failureLimit", QStringLiteral("{{args.limit}}")));
        QCOMPARE(expression->metrics[0].failuresTolerated, std::optional<int>());
        QVERIFY(metricWords(expression->metrics[0]).endsWith(QStringLiteral("1 failed")));
    }

    void noDataIsNeverAValue_data()
    {
        QTest::addColumn<QString>("value");
        for (const char *value : {"[]", "NaN", "[NaN]", "[nan]"})
            QTest::newRow(value) << QString::fromLatin1(value);
    }
    void noDataIsNeverAValue()
    {
        QFETCH(QString, value);
        const ArgoMetric without = metric(qPrintable(value));
        QVERIFY(without.hasNoData());
        QCOMPARE(metricWords(without),
                 QStringLiteral("success-rate no data (%1), 5 measured").arg(value));
    }

    void infiniteAndManyAreValues()
    {
        QVERIFY(!metric("+Inf").hasNoData());
        QCOMPARE(metricWords(metric("[0.1,0.2]")),
                 QStringLiteral("success-rate [0.1,0.2], 5 measured"));
        QVERIFY(!metric("").hasNoData());
    }

    void errorsInARowAreCounted()
    {
        ArgoMetric failing = metric("", 0);
        failing.errors = 3;
        QCOMPARE(metricWords(failing),
                 QStringLiteral("success-rate, 0 measured, 3 errors in a row"));
    }

    void aMetricThatPassedWithoutDataIsSaid()
    {
        const auto passed = decodeAnalysisRun(runObject("[]", "Successful"));
        QCOMPARE(analysisProblems(*passed).join(QString()),
                 QStringLiteral("metric success-rate of analysis run web-3 has no data ([]), and "
                                "Argo Rollouts counts it as passed"));
        const auto failed
            = decodeAnalysisRun(with(runObject("[0.2]", "Failed"), "status.metricResults.0.message",
                                     QStringLiteral("2 failed")));
        QCOMPARE(analysisProblems(*failed).join(QString()),
                 QStringLiteral("metric success-rate of analysis run web-3 Failed: 2 failed"));
    }

    void whileItRunsItIsReadWithEachProofOfLifeAndToldWithTheRollout()
    {
        ArgoFixture f;
        f.object = analysed();
        f.http.scripted.requests.clear();
        answerWatch(f, runObject());
        QCOMPARE(asked(f), 1);
        QVERIFY2(f.told.last().value.progress.contains(
                     QStringLiteral("background analysis Running (success-rate 0.981, 5 measured, "
                                    "1 failed of 2 tolerated; latency not measured yet)")),
                 qPrintable(f.told.last().value.progress));
        f.answer(analysed());
        f.answer(runObject("[]"));
        f.clock.advance(5s);
        f.clock.advance(50ms);
        QCOMPARE(asked(f), 2);
        QVERIFY2(f.told.last().value.problem.contains(QStringLiteral("has no data ([])")),
                 qPrintable(f.told.last().value.problem));
    }

    void whenItIsOverItIsNotReadAgain()
    {
        ArgoFixture f;
        f.object = analysed("Successful");
        answerWatch(f, with(runObject(), "status.phase", QStringLiteral("Successful")));
        f.answer(f.object);
        f.clock.advance(5s);
        QCOMPARE(asked(f), 1);
    }

    void oneThatMayNotBeReadIsSaidAndTheRolloutIsToldAllTheSame()
    {
        ArgoFixture f;
        f.object = analysed();
        answerWatch(f, {}, 403);
        QCOMPARE(f.told.last().value.asked, Weight{10});
        QVERIFY2(f.told.last().value.problem.startsWith(
                     QStringLiteral("what analysis run web-3 measured cannot be read: ")),
                 qPrintable(f.told.last().value.problem));
        QVERIFY(f.losses.isEmpty());
    }

    void anUndoInADeploymentIsOffWhereThatMayNotBeWritten()
    {
        ArgoFixture f;
        f.object = with(rolloutObject(), "spec.workloadRef",
                        parsed("{'kind': 'Deployment', 'name': 'w'}"));
        f.watch();
        QVERIFY(undoOff(f).isEmpty()); // not known: the server will say it
        f.answer(f.object);
        f.http.scripted.answer(201, "{\"status\": {\"allowed\": false}}");
        f.clock.advance(5s);
        f.clock.advance(50ms);
        QCOMPARE(undoOff(f), QStringLiteral("you lack patch on deployments in production"));
    }

private:
    /// What comes when it begins to watch, and then for the analysis run.
    static void answerWatch(ArgoFixture &f, const QJsonObject &run, int status = 200)
    {
        for (const QJsonArray &list : std::as_const(f.lists))
            f.answer(listObject(list));
        f.answer(listObject({f.object}));
        f.answer(f.object);
        f.http.scripted.answer(status, bytes(run));
        f.control.watch();
        for (const auto &stream : std::as_const(f.http.streams))
            stream->start();
        f.clock.advance(50ms);
        f.clock.advance(50ms);
    }
    static int asked(const ArgoFixture &f)
    {
        const auto isOfRun = [](const HttpRequest &request) {
            return request.url.path() == runPath;
        };
        return int(std::count_if(f.http.scripted.requests.cbegin(), f.http.scripted.requests.cend(),
                                 isOfRun));
    }
    static QString undoOff(const ArgoFixture &f)
    {
        for (const OwnAction &action : f.control.ownActions({})) {
            if (action.id == QLatin1String("argo.undo:1"))
                return action.offBecause;
        }
        return QStringLiteral("there is no undo");
    }
};

QTEST_GUILESS_MAIN(ArgoAnalysisTest)
#include "argoanalysistest.moc"
