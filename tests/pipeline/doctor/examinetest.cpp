#include "document/yamlparser.h"
#include "pipeline/doctor/doctorfixtures.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace pilothouse;

namespace {

QList<Finding> examineText(const QString &text)
{
    return examine(doctorWorkflows(text));
}

const QString twoJobs = QStringLiteral("on: push\n"
                                       "jobs:\n"
                                       "  b:\n"
                                       "    runs-on: x\n"
                                       "    permissions: {}\n"
                                       "    steps:\n"
                                       "      - uses: actions/checkout@v3\n"
                                       "  a:\n"
                                       "    needs: nobody\n"
                                       "    runs-on: x\n"
                                       "    permissions: {}\n"
                                       "    steps: [{run: make}]\n");

} // namespace

class ExamineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRuleIsWhole()
    {
        static const QRegularExpression form(QStringLiteral("^PD-\\d\\d[a-z]?$"));
        QSet<QString> ids;
        for (const Rule &rule : doctorRules()) {
            QVERIFY2(form.match(rule.id).hasMatch(), qPrintable(rule.id));
            QVERIFY2(!ids.contains(rule.id), qPrintable(rule.id));
            ids.insert(rule.id);
            QVERIFY2(!rule.title.isEmpty() && !rule.title.endsWith(QLatin1Char('.')),
                     qPrintable(rule.id));
            QVERIFY2(rule.explanation.endsWith(QLatin1Char('.')), qPrintable(rule.id));
            QVERIFY2(rule.matcher, qPrintable(rule.id));
        }
        QVERIFY(ids.size() > 50);
    }

    void everyRightFormIsYaml()
    {
        for (const Rule &rule : doctorRules()) {
            Problems problems(rule.id);
            static_cast<void>(parseYaml(rule.rightForm.toUtf8(), problems));
            QVERIFY2(!rule.rightForm.isEmpty() && !problems.hasErrors(),
                     qPrintable(
                         rule.id + QLatin1Char(' ')
                         + (problems.isEmpty() ? QString() : problems.list().first().toString())));
        }
    }

    void aRuleIsFoundByItsId()
    {
        QCOMPARE(doctorRule(QStringLiteral("PD-08"))->id, QStringLiteral("PD-08"));
        QVERIFY(!doctorRule(QStringLiteral("PD-99")));
    }

    void nothingIsFoundInNothing() { QCOMPARE(toldBy(examine({})), QStringList()); }

    void theGravestComesFirstThenPathAndPlace()
    {
        const QList<Finding> findings = examineText(twoJobs);
        QStringList places;
        for (const Finding &finding : findings)
            places.append(QStringLiteral("%1 %2").arg(finding.rule).arg(finding.at.line));
        QCOMPARE(places, (QStringList{QStringLiteral("PD-01 9"), QStringLiteral("PD-08 3"),
                                      QStringLiteral("PD-09 7"), QStringLiteral("PD-42 7"),
                                      QStringLiteral("PD-08 8")}));
    }

    void aFindingSaysWhereItBelongs()
    {
        const QList<Finding> findings = examineText(twoJobs);
        QCOMPARE(findings[0].path, QStringLiteral(".github/workflows/w.yml"));
        QCOMPARE(findings[0].at, (Position{9, 12}));
        QCOMPARE(findings[0].job, QStringLiteral("a"));
        QCOMPARE(findings[0].step, 0);
        QCOMPARE(findings[0].severity, Finding::Severity::Blocks);
        QVERIFY(findings[0].sentence.contains(QLatin1String("nobody")));
        QCOMPARE(findings[0].rightForm, doctorRule(QStringLiteral("PD-01"))->rightForm);
        QCOMPARE(findings[2].job, QStringLiteral("b"));
        QCOMPARE(findings[2].step, 1);
    }

    void theRightFormIsThatOfTheActionThatIsFound()
    {
        QStringList forms;
        for (const Finding &finding :
             examineText(doctorText(QStringLiteral("rules/PD-42.wrong.yml"))))
            if (finding.rule == QLatin1String("PD-42"))
                forms.append(finding.rightForm.trimmed());
        QCOMPARE(
            forms,
            (QStringList{QStringLiteral("- uses: actions/upload-artifact@<commit SHA> # v4"),
                         QStringLiteral("- uses: azure/setup-helm@<commit SHA> # v4"),
                         QStringLiteral("- uses: actions/cache/restore@<commit SHA> # v4"),
                         QStringLiteral("- uses: GitHub/codeql-action/init@<commit SHA> # v3")}));
    }

    void productionThatTheConsoleMigratesIsNoGap()
    {
        const auto migrationFindings = [](Surroundings::Migrations migrations) {
            const QList<Finding> all = examine(
                doctorWorkflows(doctorText(QStringLiteral("rules/PD-33.wrong.yml"))), {migrations});
            return std::count_if(all.begin(), all.end(), [](const Finding &finding) {
                return finding.rule == QLatin1String("PD-33");
            });
        };
        QCOMPARE(migrationFindings(Surroundings::Migrations::InWorkflows), 1);
        QCOMPARE(migrationFindings(Surroundings::Migrations::ByConsole), 0);
    }

    void whatTheConsoleDoesChangesNoOtherRule()
    {
        const QList<Workflow> workflows = doctorWorkflows(twoJobs);
        QCOMPARE(examine(workflows, {Surroundings::Migrations::ByConsole}), examine(workflows));
    }

    void aFileThatIsNoYamlFromSomeLineOnIsNotJudged()
    {
        QVERIFY(!examine(doctorWorkflows(twoJobs)).isEmpty());
        const QList<Workflow> workflows = doctorWorkflows(twoJobs + QStringLiteral("  c: [\n"));
        QCOMPARE(workflows[0].jobs.size(), 2);
        QCOMPARE(examine(workflows), QList<Finding>());
    }

    void aStageMayStandWhereAFileIsNoYaml()
    {
        const QString shift = QStringLiteral("    runs-on: x\n    steps:\n      - run: gcloud run "
                                             "services update-traffic api --to-tags=new=%1\n");
        const QString first
            = QStringLiteral("name: First\non: push\njobs:\n  tenth:\n") + shift.arg(10);
        const QString then = QStringLiteral("# file: then.yml\non: {workflow_run: {workflows: "
                                            "[First]}}\njobs:\n  rest:\n")
                             + shift.arg(100);
        const auto leaps = [](const QString &text) {
            const QStringList told = toldBy(examineText(text));
            return told.filter(QStringLiteral("PD-31"));
        };
        QCOMPARE(leaps(first + then),
                 QStringList(QStringLiteral(
                     "PD-31 then.yml:14:63 Job rest goes from the 10 % of the traffic that job "
                     "tenth of w.yml left to all of it in one step")));
        QCOMPARE(leaps(first + QStringLiteral("  half: [\n") + then), QStringList());
    }

    void theSameFilesGiveTheSameFindings()
    {
        const QList<Workflow> workflows = doctorWorkflows(twoJobs);
        QVERIFY(!examine(workflows).isEmpty());
        QCOMPARE(examine(workflows), examine(workflows));
    }

    void everyFindingNamesAJobAndAStepThatAreThere()
    {
        for (const QString &file : doctorFiles(QStringLiteral("rules"))) {
            const QList<Workflow> workflows
                = doctorWorkflows(doctorText(QStringLiteral("rules/") + file));
            for (const Finding &finding : examine(workflows)) {
                const auto owner = std::find_if(
                    workflows.begin(), workflows.end(),
                    [&](const Workflow &workflow) { return workflow.path == finding.path; });
                QVERIFY(owner != workflows.end());
                QVERIFY2(finding.at.line > 0 && finding.at.column > 0, qPrintable(file));
                QVERIFY2(!finding.sentence.isEmpty(), qPrintable(file));
                QVERIFY2(!finding.sentence.contains(QLatin1String("%1")),
                         qPrintable(finding.sentence));
                if (finding.job.isEmpty())
                    continue;
                const WorkflowJob *job = owner->job(finding.job);
                QVERIFY2(job, qPrintable(finding.sentence));
                QVERIFY(finding.step >= 0 && finding.step <= job->steps.size());
            }
        }
    }

    void brokenFilesAreExaminedAsFarAsTheyCanBeRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("a list") << QStringLiteral("- a");
        QTest::newRow("no jobs") << QStringLiteral("on: push");
        QTest::newRow("a job that is a text") << QStringLiteral("on: push\njobs: {a: b}");
        QTest::newRow("steps that are a text")
            << QStringLiteral("on: push\njobs: {a: {runs-on: x, steps: y}}");
        QTest::newRow("a step that is a text")
            << QStringLiteral("on: push\njobs: {a: {runs-on: x, steps: [y]}}");
        QTest::newRow("an empty step")
            << QStringLiteral("on: push\njobs: {a: {runs-on: x, steps: [{}, {run: }, {uses: }]}}");
        QTest::newRow("needs of itself")
            << QStringLiteral("on: push\njobs: {a: {runs-on: x, needs: a, steps: [{run: helm "
                              "upgrade}]}}");
        QTest::newRow("commands without words")
            << QStringLiteral("on: push\njobs: {a: {runs-on: x, steps: [{run: 'kubectl run'}, "
                              "{run: 'docker push'}, {run: 'helm upgrade --set'}, {run: 'cp -r'}, "
                              "{run: 'git clone'}, {run: 'docker build'}, {run: 'cd'}]}}");
    }

    void brokenFilesAreExaminedAsFarAsTheyCanBeRead()
    {
        QFETCH(QString, text);
        for (const Finding &finding : examineText(text))
            QVERIFY(doctorRule(finding.rule));
    }

    void everyBeginningOfAFileIsExamined()
    {
        for (const QString &file : doctorFiles(QStringLiteral("adr"))) {
            const QStringList lines
                = doctorText(QStringLiteral("adr/") + file).split(QLatin1Char('\n'));
            QString text;
            qsizetype most = 0;
            for (const QString &line : lines) {
                // Also in the middle of a line, where words and quotes are open.
                most = std::max(most, examineText(text + line.left(line.size() * 2 / 3)).size());
                text += line + QLatin1Char('\n');
            }
            QVERIFY2(most > 10, qPrintable(file));
        }
    }

    void wordsThatAreMissingAreNoCrash()
    {
        QString steps;
        for (const char *script : {"kubectl run",
                                   "kubectl set image",
                                   "gcloud run deploy --image",
                                   "gcloud builds submit",
                                   "gcloud run services update-traffic --to-tags",
                                   "bandit",
                                   "safety check",
                                   "poetry run",
                                   "sleep",
                                   "cd",
                                   "curl",
                                   "env",
                                   "A=1",
                                   "git clone",
                                   "cp -r",
                                   "docker build -t",
                                   "docker login -p",
                                   "helm upgrade --set",
                                   "helm upgrade --set canary.weight=",
                                   "> x",
                                   "| |",
                                   "$(",
                                   "python -m",
                                   "sudo -E",
                                   "cat >> requirements.txt"})
            steps += QStringLiteral("      - run: \"%1\"\n").arg(QLatin1String(script));
        const QString text = QStringLiteral("on: push\njobs:\n  a:\n    environment: production\n"
                                            "    runs-on: x\n    steps:\n")
                             + steps;
        QVERIFY(examineText(text).size() > 5);
    }

    void aFoldedScriptIsToldAtItsBeginning()
    {
        const QList<Finding> findings
            = examineText(QStringLiteral("on: push\n"
                                         "permissions: {}\n"
                                         "concurrency: x\n"
                                         "jobs:\n"
                                         "  a:\n"
                                         "    runs-on: x\n"
                                         "    timeout-minutes: 5\n"
                                         "    steps:\n"
                                         "      - run: >-\n"
                                         "          helm upgrade context ./chart\n"
                                         "          --reuse-values\n"));
        QCOMPARE(findings.size(), 1);
        QCOMPARE(findings.first().rule, QStringLiteral("PD-36"));
        QCOMPARE(findings.first().at, (Position{9, 14}));
    }
};

QTEST_GUILESS_MAIN(ExamineTest)
#include "examinetest.moc"
