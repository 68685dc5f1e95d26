#include "app/cli/findingsreport.h"
#include "app/cli/pipelinejson.h"
#include "app/cli/pipelinetext.h"
#include "pipeline/doctor/examine.h"
#include "pipeline/fixtures.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pilothouse;

namespace {

const QByteArray release
    = "name: Release\n"
      "on: {push: {tags: ['v*']}, workflow_dispatch: }\n"
      "jobs:\n"
      "  test:\n"
      "    runs-on: x\n"
      "    strategy: {matrix: {os: [linux, mac], include: [{os: mac, slow: true}]}}\n"
      "    steps: [{run: make}]\n"
      "  plan:\n"
      "    runs-on: [self-hosted, arm]\n"
      "    strategy: {matrix: \"${{ fromJSON(vars.PLAN) }}\"}\n"
      "  never: {runs-on: x, if: false}\n"
      "  deploy:\n"
      "    name: Deploy\n"
      "    needs: [test, plan]\n"
      "    runs-on: x\n"
      "    if: github.ref_type == 'tag'\n"
      "    environment: {name: production, url: example.org}\n"
      "  announce: {needs: deploy, uses: example/shared/.github/workflows/a.yml@v2}\n"
      "  check: {uses: ./check.yml}\n";

QList<Workflow> releaseWithCheck()
{
    return {workflowFrom(release, QStringLiteral("release.yml")),
            workflowFrom("on: workflow_call\njobs: {style: {runs-on: x}}",
                         QStringLiteral("check.yml"))};
}

QJsonObject jsonOf(const QList<Workflow> &workflows)
{
    return pipelineJson(workflows, buildGraph(workflows), examine(workflows));
}

QByteArray compact(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

/// JSON with ` for its quotation marks.
QByteArray quoted(QByteArray json)
{
    return json.replace('`', '"');
}

QJsonObject jobIn(const QJsonObject &json, const QString &id)
{
    for (const QJsonValue workflow : json[QLatin1String("workflows")].toArray()) {
        for (const QJsonValue job : workflow[QLatin1String("jobs")].toArray()) {
            if (job[QLatin1String("id")].toString() == id)
                return job.toObject();
        }
    }
    return {};
}

} // namespace

class PipelineReportTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWorkflowIsNamedWithItsEvents()
    {
        const QJsonObject workflow
            = jsonOf(releaseWithCheck())[QLatin1String("workflows")][0].toObject();
        QCOMPARE(workflow[QLatin1String("path")].toString(), QStringLiteral("release.yml"));
        QCOMPARE(workflow[QLatin1String("name")].toString(), QStringLiteral("Release"));
        QCOMPARE(compact(workflow[QLatin1String("triggers")]),
                 quoted("[`push`,`workflow_dispatch`]"));
        QCOMPARE(workflow[QLatin1String("refused")], QJsonValue(false));
        QCOMPARE(workflow[QLatin1String("jobs")].toArray().size(), 6);
    }

    void aJobHasItsFacts_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *job, const char *field, const char *json) {
            QTest::addRow("%s %s", job, field)
                << QString::fromLatin1(job) << QString::fromLatin1(field) << quoted(json);
        };
        row("deploy", "name", "`Deploy`");
        row("test", "name", "\"test\"");
        row("deploy", "needs", "[`test`,`plan`]");
        row("test", "needs", "[]");
        row("plan", "runs_on", "\"self-hosted, arm\"");
        row("deploy", "if", "\"github.ref_type == 'tag'\"");
        row("deploy", "environment", "{`name`:`production`,`url`:`example.org`}");
        row("test", "environment", "null");
        row("test", "matrix",
            "{`kind`:`known`,`legs`:[{`os`:`linux`},{`os`:`mac`,`slow`:`true`}]}");
        row("plan", "matrix", "{`kind`:`dynamic`}");
        row("deploy", "matrix", "null");
        row("announce", "calls",
            "{`kind`:`remote`,`path`:`.github/workflows/a.yml`,`ref`:`v2`,"
            "`repository`:`example/shared`}");
        row("check", "calls", "{`kind`:`local`,`path`:`check.yml`}");
        row("test", "calls", "null");
        row("test", "steps", "[`Run make`]");
        row("test", "line", "4");
    }

    void aJobHasItsFacts()
    {
        QFETCH(QString, job);
        QFETCH(QString, field);
        QTEST(compact(jobIn(jsonOf(releaseWithCheck()), job)[field]), "json");
    }

    void theGraphHasNodesAndEdges()
    {
        const QJsonObject json = jsonOf(releaseWithCheck());
        QStringList nodes;
        for (const QJsonValue node : json[QLatin1String("nodes")].toArray())
            nodes.append(QStringLiteral("%1 %2 %3")
                             .arg(node[QLatin1String("id")].toString(),
                                  QString::number(node[QLatin1String("legs")].toInt()),
                                  node[QLatin1String("condition")].toString()));
        QCOMPARE(nodes, (QStringList{QStringLiteral("release.yml#test 2 true"),
                                     QStringLiteral("release.yml#plan 0 true"),
                                     QStringLiteral("release.yml#never 1 false"),
                                     QStringLiteral("release.yml#deploy 1 unknown"),
                                     QStringLiteral("release.yml#announce 1 true"),
                                     QStringLiteral("release.yml#check/style 1 true")}));
        QCOMPARE(json[QLatin1String("edges")].toArray().size(), 3);
        QCOMPARE(compact(json[QLatin1String("edges")][0]),
                 quoted("{`closes_cycle`:false,`from`:`release.yml#test`,`kind`:`needs`,"
                        "`to`:`release.yml#deploy`}"));
    }

    void aProblemHasItsPlace()
    {
        const QList<Workflow> workflows{workflowFrom("on: push\njobs:\n  build: {runs-on: x}\n"
                                                     "  test: {runs-on: x, needs: biuld}\n")};
        const QJsonObject json = jsonOf(workflows);
        QCOMPARE(compact(json[QLatin1String("problems")]),
                 quoted("[{`column`:29,`file`:`w.yml`,`hint`:`build`,`line`:4,"
                        "`message`:`there is no job \\`biuld\\` in this file`,"
                        "`severity`:`error`}]"));
        QCOMPARE(json[QLatin1String("workflows")][0][QLatin1String("refused")], QJsonValue(true));
    }

    void aWarningRefusesNothing()
    {
        const QList<Workflow> workflows{
            workflowFrom("on: {workflow_run: {workflows: [CI]}}\njobs: {a: {runs-on: x}}")};
        const QJsonObject json = jsonOf(workflows);
        QCOMPARE(json[QLatin1String("problems")][0][QLatin1String("severity")].toString(),
                 QStringLiteral("warning"));
        QCOMPARE(json[QLatin1String("workflows")][0][QLatin1String("refused")], QJsonValue(false));
    }

    void aPersonReadsOneLineForAJob()
    {
        const QList<Workflow> workflows = releaseWithCheck();
        QCOMPARE(pipelineText(workflows, buildGraph(workflows), {}),
                 QStringLiteral("release.yml (Release) on push, workflow_dispatch\n"
                                "  test: 2 job(s): linux, mac true\n"
                                "  plan: how many jobs, a run decides\n"
                                "  never: never runs, as its \"if\" says\n"
                                "  deploy: needs test, plan; environment production\n"
                                "  announce: needs deploy; calls "
                                "example/shared/.github/workflows/a.yml@v2\n"
                                "  check: calls ./check.yml\n"
                                "\n"
                                "check.yml on workflow_call\n"
                                "  style\n"
                                "\n"));
    }

    void aFindingHasItsRuleItsPlaceAndItsRightForm()
    {
        const QList<Workflow> workflows{workflowFrom(
            "on: push\npermissions: {contents: read}\njobs:\n  build:\n    runs-on: x\n"
            "    timeout-minutes: 5\n    steps:\n      - uses: actions/cache@v3\n")};
        QJsonObject old;
        for (const QJsonValue finding : jsonOf(workflows)[QLatin1String("findings")].toArray()) {
            if (finding[QLatin1String("id")] == QLatin1String("PD-42"))
                old = finding.toObject();
        }
        const Rule *rule = doctorRule(QStringLiteral("PD-42"));
        QCOMPARE(old[QLatin1String("severity")].toString(), QStringLiteral("hygiene"));
        QCOMPARE(old[QLatin1String("title")].toString(), rule->title);
        QCOMPARE(old[QLatin1String("explanation")].toString(), rule->explanation);
        QCOMPARE(old[QLatin1String("file")].toString(), QStringLiteral("w.yml"));
        QCOMPARE(old[QLatin1String("line")].toInt(), 8);
        QCOMPARE(old[QLatin1String("column")].toInt(), 15);
        QCOMPARE(old[QLatin1String("job")].toString(), QStringLiteral("build"));
        QCOMPARE(old[QLatin1String("step")].toInt(), 1);
        QVERIFY(old[QLatin1String("sentence")].toString().contains(QLatin1String("cache@v3")));
        QCOMPARE(old[QLatin1String("right_form")].toString(),
                 QStringLiteral("- uses: actions/cache@<commit SHA> # v4\n"));
    }

    void everySeverityHasAName()
    {
        for (const Rule &rule : doctorRules())
            QCOMPARE(severityNamed(severityName(rule.severity)).value(), rule.severity);
        QVERIFY(!severityNamed(QStringLiteral("error")));
        QVERIFY(!severityNamed({}));
    }

    void aPersonReadsARuleOnceWithAllItsPlaces()
    {
        const QList<Workflow> workflows{
            workflowFrom("on: push\npermissions: {contents: read}\njobs:\n"
                         "  a: {runs-on: x, steps: [{run: make}]}\n"
                         "  b: {runs-on: x, steps: [{run: make}]}\n")};
        const QString text = pipelineText(workflows, buildGraph(workflows), examine(workflows));
        const QStringList lines = text.split(QLatin1Char('\n'));
        const Rule *rule = doctorRule(QStringLiteral("PD-08"));
        const qsizetype head = lines.indexOf(QStringLiteral("hygiene: PD-08 ") + rule->title);
        QVERIFY2(head > 0, qPrintable(text));
        QVERIFY2(lines[head + 1].startsWith(QStringLiteral("  w.yml:4:3: ")), qPrintable(text));
        QVERIFY2(lines[head + 2].startsWith(QStringLiteral("  w.yml:5:3: ")), qPrintable(text));
        QCOMPARE(lines[head + 3], QStringLiteral("    ") + rule->explanation);
        QCOMPARE(lines[head + 4], QStringLiteral("    right form:"));
        QCOMPARE(lines[head + 5],
                 QStringLiteral("      ") + rule->rightForm.section(QLatin1Char('\n'), 0, 0));
        QCOMPARE(text.count(rule->explanation), 1);
    }

    void aPersonReadsTheProblemsLast()
    {
        const QList<Workflow> workflows{
            workflowFrom("on: push\njobs: {a: {runs-on: x, needs: other}}")};
        const QString text = pipelineText(workflows, buildGraph(workflows), {});
        QVERIFY2(text.endsWith(
                     QStringLiteral("error: w.yml:2:31: there is no job \"other\" in this file\n")),
                 qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(PipelineReportTest)
#include "pipelinereporttest.moc"
