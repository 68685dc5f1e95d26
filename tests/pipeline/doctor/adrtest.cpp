#include "pipeline/doctor/doctorfixtures.h"

#include <QHash>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

struct Expected
{
    const char *rule;
    const char *place; ///< file, line and column
    const char *there; ///< what stands at that place
};

/// What can be seen in the three files of the ADR, which were only indented.
const Expected all[] = {
    {"PD-01", "standalone:14:13", "unit-tests,"},
    {"PD-01", "coditect:13:13", "unit-tests,"},
    {"PD-02", "standalone:4:3", "push:"},
    {"PD-02", "coditect:4:3", "push:"},
    {"PD-03", "ci:13:3", "build:"},
    {"PD-04", "standalone:11:3", "deploy-staging:"},
    {"PD-04", "coditect:10:3", "deploy-coditect:"},
    {"PD-06", "standalone:6:3", "workflow_dispatch:"},
    {"PD-06b", "coditect:3:1", "on:"},
    {"PD-07", "ci:13:3", "build:"},
    {"PD-07", "standalone:11:3", "deploy-staging:"},
    {"PD-07", "coditect:10:3", "deploy-coditect:"},
    {"PD-08", "ci:13:3", "build:"},
    {"PD-08", "ci:38:3", "unit-tests:"},
    {"PD-08", "ci:60:3", "integration-tests:"},
    {"PD-08", "ci:101:3", "security-scan:"},
    {"PD-08", "ci:125:3", "lint:"},
    {"PD-08", "standalone:11:3", "deploy-staging:"},
    {"PD-08", "standalone:59:3", "deploy-production:"},
    {"PD-08", "coditect:10:3", "deploy-coditect:"},
    {"PD-09", "ci:16:15", "actions/checkout@v4"},
    {"PD-09", "ci:18:15", "docker/setup-buildx-action@v3"},
    {"PD-09", "ci:20:15", "docker/build-push-action@v5"},
    {"PD-09", "ci:44:15", "actions/setup-python@v5"},
    {"PD-09", "ci:48:15", "snok/install-poetry@v1"},
    {"PD-09", "ci:56:15", "codecov/codecov-action@v4"},
    {"PD-09", "ci:118:15", "actions/upload-artifact@v4"},
    {"PD-09", "standalone:16:15", "actions/checkout@v4"},
    {"PD-09", "standalone:18:15", "docker/login-action@v3"},
    {"PD-09", "standalone:23:15", "docker/build-push-action@v5"},
    {"PD-09", "standalone:32:15", "azure/setup-helm@v3"},
    {"PD-09", "standalone:36:15", "azure/k8s-set-context@v3"},
    {"PD-09", "coditect:15:15", "actions/checkout@v4"},
    {"PD-09", "coditect:17:15", "google-github-actions/auth@v2"},
    {"PD-09", "coditect:21:15", "google-github-actions/setup-gcloud@v2"},
    {"PD-10", "standalone:61:18", "production"},
    {"PD-10", "coditect:12:18", "coditect-production"},
    {"PD-11", "ci:28:11", "load:"},
    {"PD-11", "ci:36:11", "load:"},
    {"PD-12", "ci:64:7", "postgres:"},
    {"PD-12", "ci:74:7", "redis:"},
    {"PD-13", "ci:54:44", "--cov=core"},
    {"PD-13b", "ci:54:50", "core"},
    {"PD-14", "ci:56:15", "codecov/codecov-action@v4"},
    {"PD-14b", "ci:56:15", "codecov/codecov-action@v4"},
    {"PD-14c", "ci:58:11", "file:"},
    {"PD-17", "ci:117:9", "name:"},
    {"PD-17b", "ci:114:25", "bandit"},
    {"PD-18", "ci:116:25", "safety"},
    {"PD-19", "standalone:23:15", "docker/build-push-action@v5"},
    {"PD-22", "ci:65:16", "postgres:15"},
    {"PD-22", "ci:75:16", "redis:7-alpine"},
    {"PD-23", "ci:88:15", "snok/install-poetry@v1"},
    {"PD-24", "ci:30:15", "docker/build-push-action@v5"},
    {"PD-25", "ci:54:25", "pytest"},
    {"PD-25", "ci:99:25", "pytest"},
    {"PD-27", "standalone:23:15", "docker/build-push-action@v5"},
    {"PD-28", "standalone:30:13", "${{"},
    {"PD-28b", "standalone:46:19", "image.tag=${{"},
    {"PD-28b", "standalone:75:19", "image.tag=${{"},
    {"PD-28b", "coditect:45:21", "gcr.io/${{"},
    {"PD-29", "standalone:46:19", "image.tag=${{"},
    {"PD-29", "standalone:75:19", "image.tag=${{"},
    {"PD-30", "standalone:75:19", "image.tag=${{"},
    {"PD-31", "standalone:86:19", "canary.enabled=false"},
    {"PD-32", "standalone:80:14", "sleep"},
    {"PD-33", "standalone:59:3", "deploy-production:"},
    {"PD-34", "standalone:72:11", "helm"},
    {"PD-35", "standalone:77:19", "canary.weight=10"},
    {"PD-36", "standalone:87:13", "--reuse-values"},
    {"PD-37", "standalone:86:19", "canary.enabled=false"},
    {"PD-38", "standalone:47:19", "postgresql.enabled=true"},
    {"PD-39", "standalone:39:11", "kubeconfig:"},
    {"PD-39", "standalone:69:11", "kubeconfig:"},
    {"PD-40", "standalone:21:11", "password:"},
    {"PD-41", "standalone:72:11", "helm"},
    {"PD-42", "standalone:32:15", "azure/setup-helm@v3"},
    {"PD-42", "standalone:36:15", "azure/k8s-set-context@v3"},
    {"PD-42", "standalone:66:15", "azure/k8s-set-context@v3"},
    {"PD-43", "standalone:53:23", "smoke-test"},
    {"PD-43b", "standalone:54:21", "curlimages/curl:latest"},
    {"PD-43c", "standalone:58:26", "curl"},
    {"PD-43c", "coditect:56:11", "curl"},
    {"PD-44", "standalone:9:3", "HELM_CHART_VERSION:"},
    {"PD-45", "standalone:83:11", "helm"},
    {"PD-46", "standalone:29:13", "${{"},
    {"PD-47", "standalone:59:3", "deploy-production:"},
    {"PD-47", "coditect:10:3", "deploy-coditect:"},
    {"PD-48", "coditect:25:21", "https://github.com/coditect-ai/coditect-backend.git"},
    {"PD-49", "coditect:38:11", "gcloud"},
    {"PD-49b", "coditect:30:11", "cd"},
    {"PD-50", "coditect:45:21", "gcr.io/${{"},
    {"PD-51", "coditect:27:11", "cp"},
    {"PD-51b", "coditect:29:35", "/tmp/coditect/requirements.txt"},
    {"PD-52", "coditect:34:28", "makemigrations"},
    {"PD-53", "coditect:34:11", "python"},
    {"PD-54", "coditect:35:11", "python"},
    {"PD-55", "coditect:44:11", "gcloud"},
    {"PD-56", "coditect:48:13", "--allow-unauthenticated"},
    {"PD-57", "coditect:49:13",
     "--set-env-vars=\"DJANGO_SETTINGS_MODULE=coditect.settings.production\""},
    {"PD-58", "coditect:52:17", "gcloud"},
    {"PD-58b", "coditect:44:11", "gcloud"},
    {"PD-58c", "coditect:56:19", "$URL/health"},
    {"PD-59", "coditect:19:11", "credentials_json:"},
    {"PD-60", "coditect:45:21", "gcr.io/${{"},
    {"PD-60b", "coditect:46:13", "--platform=managed"},
    {"PD-60b", "coditect:53:13", "--platform=managed"},
    {"PD-60c", "coditect:44:11", "gcloud"},
    {"PD-61", "coditect:10:3", "deploy-coditect:"},
};

/// Items of the review that no rule finds in a workflow file, and why.
struct NotInTheFiles
{
    int item;
    const char *why;
};

const NotInTheFiles elsewhere[] = {
    {5, "Whether a merge waits for a person before production stands in the environment's settings "
        "at the host. That no version can be chosen is told by PD-06."},
    {15, "Only the ADR's prose promises OWASP ZAP. A file without a dynamic scan is as good as any "
         "other to one who has not read that promise."},
    {16, "Only the prose promises p95 < 100 ms; the console measures it as a gate of the rollout, "
         "outside of the files."},
    {20, "That the program needs Weaviate, Celery and Django in its tests stands in its sources; a "
         "workflow file names only what it starts."},
    {21, "That a migration blocks nobody is tested against tables with rows in them: how full the "
         "database is, and which code runs on it, is no matter of the files. The change's own "
         "rules and proofs are the migration pages'."},
    {26, "The artifacts are drawn in the ADR's picture alone. A chart's version that is named and "
         "read by nobody is told by PD-44."},
    {62, "Who owns a table stands in the migrations and models of the two programs."},
    {63, "The index is made by a migration, which is linted as SQL; no workflow shows it."},
    {64, "SET NOT NULL stands in the migration; the linter of migrations tells it."},
    {65, "Lock and statement time limits are set in the migration's session, not in a workflow."},
    {66, "Writing both columns is the program's own code."},
    {67, "The loop that fills the column is Python of the migration."},
    {68, "Rows without a value are in the database."},
    {69, "How often a task is delivered again is configured in Celery and Redis."},
    {70, "The name of a decorator is Python, and no workflow's."},
    {71, "Revision files lie beside the workflows; the migration pages read them."},
    {72, "Foreign keys and row security are SQL."},
    {73, "When a contract may happen depends on facts of the database and the cluster."},
    {74,
     "Which revision of the program fits which phase is no fact of a workflow file; the console "
     "asks it of the change before it rolls back."},
    {75, "Reminders stand in nobody's file; the console lists open changes with their age."},
    {76, "A contradiction between two sentences of the ADR."},
    {77, "An estimate of the whole time; the console measures it against the track's budget. The "
         "wait of five minutes in it is told by PD-32."},
    {78, "An estimate of the whole time, measured likewise."},
    {79, "A sum of claims; what of them stands in the files is told by the rules of 13 to 19."},
    {80, "How long a way back takes shows when it is gone; that there is none is told by PD-34."},
    {81, "A rate that nothing measures: a metric, no line of a file."},
    {82, "Backups are the database's host's."},
    {83, "Alternatives that the ADR does not weigh."},
    {84, "Where a chart's images come from stands in the chart, not in a workflow."},
    {85, "The ADR's mark for itself and its empty references."},
};

constexpr int items = 85;

const QStringList tracks{QStringLiteral("ci"), QStringLiteral("standalone"),
                         QStringLiteral("coditect")};

QString fileOf(const QString &track)
{
    return track == QLatin1String("ci") ? QStringLiteral("ci.yml")
                                        : QStringLiteral("deploy-%1.yml").arg(track);
}

QString textOf(const QString &track)
{
    return doctorText(QStringLiteral("adr/") + fileOf(track));
}

QList<Workflow> adrWorkflows()
{
    QList<Workflow> workflows;
    for (const QString &track : tracks)
        workflows.append(parseWorkflow(
            {QStringLiteral(".github/workflows/") + fileOf(track), textOf(track).toUtf8()}));
    return workflows;
}

/// "ci:13:3" in the order of the files.
QStringList placesOf(const QString &rule)
{
    static const QList<Finding> findings = examine(adrWorkflows());
    QStringList places;
    for (const QString &track : tracks) {
        QList<Position> found;
        for (const Finding &finding : findings) {
            if (finding.rule == rule && finding.path.endsWith(QLatin1Char('/') + fileOf(track)))
                found.append(finding.at);
        }
        std::sort(found.begin(), found.end());
        for (const Position &at : found)
            places.append(QStringLiteral("%1:%2:%3").arg(track).arg(at.line).arg(at.column));
    }
    return places;
}

QStringList expectedOf(const QString &rule)
{
    QStringList places;
    for (const Expected &expected : all) {
        if (rule == QLatin1String(expected.rule))
            places.append(QLatin1String(expected.place));
    }
    return places;
}

} // namespace

class DoctorAdrTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFilesAreWorkflowsOnceTheyAreIndented()
    {
        for (const Workflow &workflow : adrWorkflows())
            QCOMPARE(workflow.problems, QList<Problem>());
    }

    void eachRuleFindsItsDefects_data()
    {
        QTest::addColumn<QString>("rule");
        for (const Rule &rule : doctorRules())
            QTest::newRow(qPrintable(rule.id)) << rule.id;
    }

    void eachRuleFindsItsDefects()
    {
        QFETCH(QString, rule);
        QCOMPARE(placesOf(rule), expectedOf(rule));
    }

    void eachPlaceIsThatOfTheDefect()
    {
        for (const Expected &expected : all) {
            const QStringList place = QString::fromLatin1(expected.place).split(QLatin1Char(':'));
            const QString line
                = textOf(place[0]).split(QLatin1Char('\n')).value(place[1].toInt() - 1);
            QCOMPARE(line.mid(place[2].toInt() - 1).section(QLatin1Char(' '), 0, 0),
                     QString::fromLatin1(expected.there));
        }
    }

    void everyItemIsFoundOrItIsSaidWhyNot()
    {
        QHash<int, int> rules; // item → rules that come from it and find something in the files
        for (const Rule &rule : doctorRules()) {
            if (!placesOf(rule.id).isEmpty())
                ++rules[rule.id.mid(3, 2).toInt()];
        }
        QHash<int, QString> reasons;
        for (const NotInTheFiles &item : elsewhere) {
            QVERIFY2(!reasons.contains(item.item), qPrintable(QString::number(item.item)));
            reasons.insert(item.item, QString::fromLatin1(item.why));
        }
        for (int item = 1; item <= items; ++item) {
            const QByteArray number = QByteArray::number(item);
            QVERIFY2(rules.contains(item) != reasons.contains(item), number);
            QVERIFY2(rules.contains(item) || reasons[item].endsWith(QLatin1Char('.')), number);
        }
        QCOMPARE(rules.size() + reasons.size(), qsizetype(items));
    }

    void theItemsThatMustBeSeenAreSeen()
    {
        QList<int> missing;
        const QList<QPair<int, int>> asked
            = {{1, 4},   {6, 9},   {11, 14}, {17, 17}, {19, 19}, {22, 22}, {25, 25},
               {28, 34}, {36, 36}, {39, 44}, {45, 45}, {46, 46}, {47, 47}, {48, 60}};
        for (const auto &[from, to] : asked) {
            for (int item = from; item <= to; ++item) {
                const auto isOfItem = [item](const Expected &expected) {
                    return QString::fromLatin1(expected.rule).mid(3, 2).toInt() == item;
                };
                if (std::none_of(std::begin(all), std::end(all), isOfItem))
                    missing.append(item);
            }
        }
        QCOMPARE(missing, QList<int>());
    }

    void aFindingNamesItsJobAndStep()
    {
        for (const Finding &finding : examine(adrWorkflows())) {
            if (finding.rule != QLatin1String("PD-32"))
                continue;
            QCOMPARE(finding.path, QStringLiteral(".github/workflows/deploy-standalone.yml"));
            QCOMPARE(finding.job, QStringLiteral("deploy-production"));
            QCOMPARE(finding.step, 4);
            QCOMPARE(finding.severity, Finding::Severity::Gate);
            QVERIFY2(finding.sentence.contains(QLatin1String("300 s")),
                     qPrintable(finding.sentence));
            return;
        }
        QFAIL("the wait was not found");
    }

    void oneFileAloneShowsWhatIsWrongInIt()
    {
        const QList<Finding> findings = examine({adrWorkflows().last()});
        QStringList rules;
        for (const Finding &finding : findings)
            rules.append(finding.rule);
        QVERIFY(rules.contains(QStringLiteral("PD-01")));
        QVERIFY(rules.contains(QStringLiteral("PD-52")));
        QVERIFY2(!rules.contains(QStringLiteral("PD-02")), "there are no tests to race with");
    }
};

QTEST_GUILESS_MAIN(DoctorAdrTest)
#include "adrtest.moc"
