// The rehearsal knows to the millisecond what the console must work out from whole seconds.
#include "logs/reading/logsteps.h"
#include "app/sandbox/parts/logtexts.h"
#include "logs/logstore.h"
#include "logs/reading/logcopy.h"

#include <QTemporaryDir>
#include <QTest>

namespace pilothouse::sandbox {

class LogStepsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsCalledExactIsExact_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<int>("milliseconds");
        for (const char *job :
             {"build", "unit-tests", "integration-tests", "security-scan", "lint (ruff)",
              "deploy-staging", "smoke", "deploy-candidate", "finish", "cloud-build", "deploy"}) {
            for (const int seconds : {5, 31, 300})
                QTest::addRow("%s in %d s", job, seconds)
                    << QString::fromLatin1(job) << seconds * 1000 + 377;
        }
    }
    void whatIsCalledExactIsExact()
    {
        QFETCH(QString, job);
        QFETCH(int, milliseconds);
        JobRun run;
        run.release = QStringLiteral("b7710fe");
        run.sha = run.release + QString(33, QLatin1Char('a'));
        run.job = job;
        run.startedAt = QDateTime({2026, 11, 24}, {12, 54, 7, 613}, Qt::UTC);
        run.duration = std::chrono::milliseconds(milliseconds);
        QTemporaryDir dir;
        auto log = LogStore::create(dir.path());
        QVERIFY(log && (*log)->append(jobLog(run)) && (*log)->finish());

        QList<LogStep> steps;
        for (const JobStep &step : jobSteps(run)) {
            const bool ran = step.conclusion != QLatin1String("skipped");
            steps.append({step.number, step.name, ran ? wholeSecond(step.startedAt) : QDateTime(),
                          ran ? wholeSecond(step.completedAt) : QDateTime()});
        }
        const QList<StepBegin> begins = stepBegins((*log)->text(), (*log)->marks(), steps);
        QCOMPARE(begins.size(), steps.size());
        int guessed = 0;
        for (qsizetype i = 0; i < begins.size(); ++i) {
            if (!steps[i].startedAt.isValid()) {
                QCOMPARE(begins[i].certainty, StepBegin::Certainty::Nowhere);
                continue;
            }
            const qint64 truth = lineAtTime((*log)->text(), jobSteps(run).at(i).startedAt);
            const QByteArray which = steps[i].name.toUtf8() + " at line "
                                     + QByteArray::number(begins[i].line) + ", in truth "
                                     + QByteArray::number(truth);
            guessed += begins[i].certainty == StepBegin::Certainty::About ? 1 : 0;
            if (begins[i].certainty == StepBegin::Certainty::Exact)
                QVERIFY2(begins[i].line == truth, which);
            else
                QVERIFY2(begins[i].earliest <= truth, which);
            if (milliseconds > 300'000)
                QVERIFY2(begins[i].certainty != StepBegin::Certainty::Nowhere, which);
        }
        // Without the headings it would be nearly all of them.
        QVERIFY2(guessed <= 4, qPrintable(QString::number(guessed)));
    }

private:
    /// As the API tells it.
    static QDateTime wholeSecond(const QDateTime &time)
    {
        return QDateTime::fromSecsSinceEpoch(time.toSecsSinceEpoch(), Qt::UTC);
    }
};

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::LogStepsTest)
#include "logstepstest.moc"
