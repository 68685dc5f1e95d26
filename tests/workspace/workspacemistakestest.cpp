#include "workspace/workspacereader.h"

#include <QTest>

using namespace pilothouse;

namespace {

// One of everything, and right.
const char right[] = R"(pilothouse: 1
name: demo
environment: {name: production, kind: production}
repository: {path: ., github: o/r, api: https://ghe.example/api/v3, credential: gh}
pipelines: [.github/workflows/ci.yml, deploy.yaml]
prometheus: {url: https://prometheus.example, credential: none}
alertmanager: {url: https://alerts.example, match: ['team="context"']}
tracks:
  web:
    budget: 10m
    control: {kind: http-route, context: prod, namespace: space, name: route, stable: web, candidate: canary}
    commit_from: image-tag
    plan:
      - {weight: 10, bake: 5m}
      - {weight: 50, bake: 7m}
      - {weight: 100}
    analysis:
      - {name: errors, query: 'sum by (version) (x)', unit: ratio, max: 0.01, critical: true, min_samples: 20}
      - {name: latency, query: 'max by (version) (y)', unit: s}
    series: {label: version, stable: old, candidate: new}
    guard: {arm: with-rollout, after: 3}
    database: main
    judge_every: 20s
    scrape: 30s
  run:
    control: {kind: cloud-run, project: p, region: r, service: s, credential: gcloud, api: https://run.example}
    plan: [{weight: 99}, {weight: 100}]
databases:
  main: {service: production, changes: migrations/changes, via: ssh -N gate, rows_per_second: 500}
  other: {host: db.example, port: 5433, dbname: d, user: u}
also_live:
  - {name: worker, deployment: workload, namespace: workspace, context: prod, database: main}
  - {name: beat, deployment: beats, namespace: workspace, context: prod, database: main}
limits: {stale_after: 10s, refuse_after: 60s}
freeze:
  - {from: Fri 16:00, to: Mon 08:00, zone: Europe/Vienna, why: weekend}
)";

constexpr QChar mark(u'¦');

/// `right` with its only occurrence of `old` replaced; a ¦ in `replacement` says where the problem
/// is (without one: nowhere), and is taken out.
struct Broken
{
    QByteArray content;
    QString place;
};

Broken broken(const QString &old, const QString &replacement)
{
    QString text = QString::fromUtf8(right);
    if (text.count(old) != 1)
        return {};
    text.replace(old, replacement);
    const qsizetype at = text.indexOf(mark);
    if (at < 0)
        return {text.toUtf8(), {}};
    const QString before = text.left(at);
    text.remove(mark);
    return {text.toUtf8(), QStringLiteral("%1:%2")
                               .arg(before.count(QLatin1Char('\n')) + 1)
                               .arg(at - before.lastIndexOf(QLatin1Char('\n')))};
}

QStringList lines(const tl::expected<Workspace, Problems> &result)
{
    QStringList all;
    if (!result) {
        for (const Problem &problem : result.error().list())
            all.append(problem.toString());
    }
    return all;
}

} // namespace

class WorkspaceMistakesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRightFileHasNone();
    void areTold_data();
    void areTold();
    void areToldAllAtOnce();
    void ofTheTextAreToldLikeTheOthers();
    void neverRepeatASecret_data();
    void neverRepeatASecret();

private:
    void addStructure();
    void addRepositoryAndServers();
    void addControls();
    void addPlanAndAnalysis();
    void addTheRest();
};

namespace {

void row(const char *name, const char *old, const char *replacement, const char *message)
{
    QTest::newRow(name) << QString::fromUtf8(old) << QString::fromUtf8(replacement)
                        << QString::fromUtf8(message);
}

} // namespace

void WorkspaceMistakesTest::theRightFileHasNone()
{
    QCOMPARE(lines(readWorkspace(right, QStringLiteral("/w/f.yaml"))), QStringList());
}

void WorkspaceMistakesTest::areTold_data()
{
    QTest::addColumn<QString>("old");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("message");
    addStructure();
    addRepositoryAndServers();
    addControls();
    addPlanAndAnalysis();
    addTheRest();
}

void WorkspaceMistakesTest::addStructure()
{
    row("no version", "pilothouse: 1\nname", "¦name",
        "expected the key \"pilothouse\" in a workspace");
    row("a later version", "pilothouse: 1", "pilothouse: ¦2",
        "pilothouse: expected 1, the version that this program reads, found 2");
    row("no name", "name: demo\n", "", "1:1: expected the key \"name\" in a workspace");
    row("no repository",
        "repository: {path: ., github: o/r, api: https://ghe.example/api/v3, credential: gh}\n", "",
        "1:1: expected the key \"repository\" in a workspace");
    row("no path", "{path: ., github", "¦{github", "expected the key \"path\" in a repository");
    row("a misspelled key at the top", "pipelines:", "¦pipeline:",
        "\"pipeline\" is no key of a workspace; expected one of pilothouse, name, environment, "
        "repository, pipelines, prometheus, alertmanager, databases, tracks, also_live, limits, "
        "freeze; did you "
        "mean "
        "\"pipelines\"?");
    row("a misspelled required key is said once", "name: demo", "¦nmae: demo",
        "\"nmae\" is no key of a workspace; expected one of pilothouse, name, environment, "
        "repository, "
        "pipelines, prometheus, alertmanager, databases, tracks, also_live, limits, freeze; did "
        "you mean "
        "\"name\"?");
    row("a misspelled key of a stage", "bake: 5m", "¦bkae: 5m",
        "\"bkae\" is no key of a stage; expected one of weight, bake; did you mean \"bake\"?");
    row("a misspelled key of a track", "budget: 10m", "¦budgets: 10m",
        "\"budgets\" is no key of the track \"web\"; expected one of budget, control, workflow, "
        "build, "
        "commit_from, "
        "plan, "
        "judge_every, scrape, series, analysis, guard, database; did you mean \"budget\"?");
    row("a dash for an underscore", "min_samples: 20", "¦min-samples: 20",
        "\"min-samples\" is no key of a check; expected one of name, template, query, unit, "
        "direction, max, min, method, critical, min_samples, window, scales, capacity, of, "
        "saturation; did you mean \"min_samples\"?");
    row("a key twice", "budget: 10m", "budget: 10m\n    ¦budget: 5m",
        "\"budget\" stands twice in this map; the first one is in line 10");
    row("a database under two names", "  other: {host: db.example, port: 5433, dbname: d, user: u}",
        "  other: {host: db.example, port: 5433, dbname: d, user: u}\n"
        "  ¦again: {host: db.example, port: 5433, dbname: d, user: someone}",
        "\"again\" is the database that is called \"other\" already; expected one name for it, so "
        "that CONTRACT counts everything that uses it");
    row("a service under two names", "  other: {host: db.example, port: 5433, dbname: d, user: u}",
        "  ¦other: {service: production, via: ssh -N gate}",
        "\"other\" is the database that is called \"main\" already; expected one name for it, so "
        "that CONTRACT counts everything that uses it");
    row("a track twice", "  run:\n", "  ¦web:\n",
        "\"web\" stands twice in this map; the first one is in line 9");
    row("a merge key", "- {weight: 100}", "- {weight: 100, ¦<<: {bake: 1m}}",
        "the merge key \"<<\" is not read here; expected the keys themselves, or an alias for the "
        "whole "
        "value");
    row("a list for a map", "prometheus: {url: https://prometheus.example, credential: none}",
        "prometheus: ¦[https://prometheus.example]", "prometheus: expected a map, found a list");
    row("a text for a stage", "- {weight: 10, bake: 5m}", "- ¦10 %",
        "expected a map for a stage, found \"10 %\"");
    row("a key with nothing behind it",
        "freeze:\n  - {from: Fri 16:00, to: Mon 08:00, zone: "
        "Europe/Vienna, why: weekend}",
        "¦freeze:", "freeze: expected a list, found nothing");
    row("a name with a blank", "  run:\n", "  ¦my run:\n",
        "expected a name of letters, digits, \"-\", \"_\" and \".\", found \"my run\"");
}

void WorkspaceMistakesTest::addRepositoryAndServers()
{
    row("an environment of no kind", "kind: production}", "kind: ¦prodution}",
        "kind: expected one of production, rehearsal, other, found \"prodution\"; did you mean "
        "\"production\"?");
    row("a repository without an owner", "github: o/r", "github: ¦r",
        "github: expected owner/name, found \"r\"");
    row("an address for owner/name", "github: o/r", "github: ¦https://github.com/o/r",
        "github: expected owner/name, found \"https://github.com/o/r\"");
    row("an api of nothing", "github: o/r, api: https", "api: ¦https",
        "api: expected \"github: owner/name\" beside it");
    row("a credential that is misspelled", "credential: gcloud", "credential: ¦gclod",
        "credential: expected one of gcloud, keychain, env NAME, none; a token itself does not "
        "belong in "
        "this file; did you mean \"gcloud\"?");
    row("GitHub's login for another server", "credential: none}", "credential: ¦gh}",
        "credential: expected one of none, keychain, env NAME, file PATH; a token itself does not "
        "belong in this file");
    row("a variable without a name", "credential: gh}", "credential: ¦env}",
        "credential: expected one of gh, keychain, env NAME, none; a token itself does not belong "
        "in "
        "this file");
    row("a token in place of gh's account", "credential: gh}",
        "credential: ¦gh ghp_abcdefghijklmnopqrstuvwxyz0123456789}",
        "credential: expected one of gh, keychain, env NAME, none; a token itself does not belong "
        "in this file");
    row("http to another machine", "url: https://prometheus.example",
        "url: ¦http://prometheus.example",
        "url: expected https, or \"allow_http: true\" beside it for a server that has no TLS");
    row("a host that only looks like this machine", "url: https://prometheus.example",
        "url: ¦http://127.0.0.1.evil.example",
        "url: expected https, or \"allow_http: true\" beside it for a server that has no TLS");
    row("a credential over http though http is allowed",
        "api: https://ghe.example/api/v3, credential: gh",
        "api: http://ghe.example/api/v3, allow_http: true, credential: ¦gh",
        "credential: expected none, as no credential is sent over http; use https for ghe.example; "
        "did "
        "you mean \"none\"?");
    row("Cloud Run's own credential over http though nobody wrote it",
        "{kind: cloud-run, project: p, region: r, service: s, credential: gcloud, api: "
        "https://run.example}",
        "¦{kind: cloud-run, project: p, region: r, service: s, api: http://run.example, "
        "allow_http: true}",
        "credential: expected none, as no credential is sent over http; use https for run.example; "
        "did "
        "you mean \"none\"?");
    row("a workflow file outside", "pipelines: [.github", "pipelines: [¦../x.yml, .github",
        "expected a path within the repository, from its root, found \"../x.yml\"");
    row("a workflow file from the root of the disk", "deploy.yaml", "¦/deploy.yaml",
        "expected a path within the repository, from its root, found \"/deploy.yaml\"");
    row("a workflow file that is none", "deploy.yaml", "¦deploy.json",
        "pipelines: expected a file that ends in .yml or .yaml, found \"deploy.json\"");
    row("a workflow file twice", "deploy.yaml", "deploy.yaml, ¦./deploy.yaml",
        "pipelines: expected each file once, found \"./deploy.yaml\" again");
}

void WorkspaceMistakesTest::addControls()
{
    row("a control of a later version", "kind: http-route", "kind: ¦ingress",
        "kind: expected one of http-route, cloud-run, argo-rollout, nginx-canary, istio, flagger, "
        "helm-value, found \"ingress\"");
    row("a control that is misspelled", "kind: cloud-run", "kind: ¦cloudrun",
        "kind: expected one of http-route, cloud-run, argo-rollout, nginx-canary, istio, flagger, "
        "helm-value, found \"cloudrun\"; did you mean "
        "\"cloud-run\"?");
    row("a control without a kind", "{kind: http-route, context", "¦{context",
        "expected the key \"kind\" in a control");
    row("a kind that is misspelled", "{kind: http-route", "{¦knid: http-route",
        "\"knid\" is no key of a control; expected one of kind; did you mean \"kind\"?");
    row("a key of the other kind", "service: s, credential",
        "service: s, ¦namespace: x, credential",
        "\"namespace\" is no key of a control; expected one of kind, project, region, service, "
        "credential, allow_http, api");
    row("no context", "control: {kind: http-route, context: prod, ",
        "control: ¦{kind: http-route, ", "expected the key \"context\" in a control");
    row("a name that Kubernetes does not take", "name: route", "name: ¦My_Route",
        "name: expected a Kubernetes name (small letters, digits, \"-\" and \".\"), found "
        "\"My_Route\"");
    row("one Service for both", "candidate: canary", "candidate: ¦web",
        "candidate: expected another Service than stable, found \"web\" for both");
    row("a commit from nowhere", "commit_from: image-tag", "commit_from: ¦image_tags",
        "commit_from: expected image-tag, label or \"label NAME\", found \"image_tags\"; did you "
        "mean "
        "\"image-tag\"?");
    row("no control at all",
        "    control: {kind: cloud-run, project: p, region: r, service: s, credential: "
        "gcloud, api: https://run.example}\n    plan",
        "    ¦plan", "expected the key \"control\" in the track \"run\"");
}

void WorkspaceMistakesTest::addPlanAndAnalysis()
{
    row("a plan that does not end at 100", "{weight: 100}\n", "{weight: ¦90}\n",
        "weight: expected 100 in the last stage of a plan, found 90");
    row("a plan without stages", "[{weight: 99}, {weight: 100}]", "¦[]",
        "plan: expected at least one element in the list");
    row("a weight that falls", "weight: 50", "weight: ¦5",
        "weight: expected more than 10, the weight of the stage before, found 5");
    row("a weight that repeats", "weight: 50", "weight: ¦10",
        "weight: expected more than 10, the weight of the stage before, found 10");
    row("a weight over all", "weight: 100}\n", "weight: ¦110}\n",
        "weight: expected a whole number from 1 to 100, found \"110\"");
    row("a weight with a sign", "weight: 50", "weight: ¦50%",
        "weight: expected a whole number from 1 to 100, found \"50%\"");
    row("a bake time without a unit", "bake: 5m", "bake: ¦5",
        "bake: expected a duration such as 500ms, 30s, 5m, 2h or 3d, found \"5\"");
    row("a bake time in a wrong unit", "bake: 5m", "bake: ¦5min",
        "bake: expected a duration such as 500ms, 30s, 5m, 2h or 3d, found \"5min\"");
    row("a workflow that is no pipeline", "budget: 10m", "budget: 10m\n    workflow: ¦deploy.yml",
        "workflow: expected one of \"pipelines\" (.github/workflows/ci.yml, deploy.yaml), found "
        "\"deploy.yml\"");
    row("a budget of no time", "budget: 10m", "budget: ¦0s", "budget: expected more than no time");
    row("a query without the series label", "'sum by (version) (x)'", "¦'sum by (versions) (x)'",
        "query: expected the series label \"version\" of the track \"web\" in it, such as: sum by "
        "(version) (…)");
    row("a place that nothing is put in for", "'max by (version) (y)'",
        "¦'max by (version) (y{c=\"${comit}\"})'",
        "query: expected one of ${stable.revision}, ${stable.commit}, ${candidate.revision}, "
        "${candidate.commit}, ${commit}, ${revision} in it, found \"${comit}\"; did you mean "
        "\"commit\"?");
    row("a unit that is none", "unit: ratio", "unit: ¦ration",
        "unit: expected one of ratio, s, ms, 1/s, bytes, count, found \"ration\"; did you mean "
        "\"ratio\"?");
    row("per cent for a ratio", "max: 0.01", "max: ¦5",
        "max: expected 0 to 1 as the unit is ratio (0.01 is 1 %), found 5");
    row("a negative maximum", "max: 0.01", "max: ¦-1", "max: expected 0 or more, found -1");
    row("a maximum with a unit", "max: 0.01", "max: ¦1%",
        "max: expected a number such as 0.01, found \"1%\"");
    row("yes for true", "critical: true", "critical: ¦yes",
        "critical: expected true or false, found \"yes\"");
    row("no samples", "min_samples: 20", "min_samples: ¦0",
        "min_samples: expected a whole number from 1 to 2147483647, found \"0\"");
    row("two checks of one name", "name: latency", "name: ¦errors",
        "name: expected a name that no other check of this track has, found \"errors\" again");
    row("an analysis without series", "    series: {label: version, stable: old, candidate: new}\n",
        "",
        "18:7: analysis: expected \"series\" beside it, which tells the label and its values for "
        "stable "
        "and candidate");
    row("a label that Prometheus does not take", "label: version", "label: ¦my-version",
        "label: expected a Prometheus label (letters, digits and \"_\"), found \"my-version\"");
    row("one value for both", "candidate: new", "candidate: ¦old",
        "candidate: expected another value than stable, found \"old\" for both");
    row("a side that is misspelled", "stable: old", "stable: ¦'${stabel.revision}'",
        "stable: expected one of ${stable.revision}, ${stable.commit}, ${candidate.revision}, "
        "${candidate.commit} in it, found \"${stabel.revision}\"; did you mean "
        "\"stable.revision\"?");
    row("an analysis without a metrics server",
        "prometheus: {url: https://prometheus.example, credential: none}\n", "",
        "17:7: analysis: expected \"prometheus\" in the workspace, as its queries need a server");
    row("a guard that is armed by nobody known", "arm: with-rollout", "arm: ¦with-rollot",
        "arm: expected one of by-hand, with-rollout, found \"with-rollot\"; did you mean "
        "\"with-rollout\"?");
    row("a guard that acts before it judged", "after: 3", "after: ¦0",
        "after: expected a whole number from 1 to 100, found \"0\"");
    row("a misspelled key of a guard", "after: 3", "¦aftre: 3",
        "\"aftre\" is no key of a guard; expected one of arm, after; did you mean \"after\"?");
    row("a guard that nothing sets off", "critical: true, ", "",
        "21:12: guard: expected a check with \"critical: true\" under \"analysis\", as only those "
        "make it roll back");
    row("a matcher that is none", "match: ['team=\"context\"']", "match: [¦team]",
        "match: expected a matcher such as 'team=\"context\"', found \"team\"");
    row("a judgement without a pause", "judge_every: 20s", "judge_every: ¦0s",
        "judge_every: expected 100ms or more");
    row("a scrape that is too fast", "scrape: 30s", "scrape: ¦10ms",
        "scrape: expected 100ms or more");
}

void WorkspaceMistakesTest::addTheRest()
{
    row("a database that is not there", "    database: main", "    database: ¦mian",
        "database: expected one of main, other, found \"mian\"; did you mean \"main\"?");
    row("a service and a host", "{service: production,", "{service: production, host: ¦x,",
        "host: expected either \"service\" or \"host\", \"port\", \"dbname\" and \"user\", found "
        "both");
    row("neither service nor host", "{host: db.example, port: 5433, dbname: d, user: u}",
        "¦{user: u}",
        "expected \"service\" (a libpq service), or \"host\" and \"dbname\", in a database");
    row("a host without a dbname", "dbname: d, ", "",
        "30:10: expected \"service\" (a libpq service), or "
        "\"host\" and \"dbname\", in a database");
    row("a port that is none", "port: 5433", "port: ¦543300",
        "port: expected a whole number from 1 to 65535, found \"543300\"");
    row("changes outside of the repository", "changes: migrations/changes", "changes: ¦../changes",
        "expected a path within the repository, from its root, found \"../changes\"");
    row("a way that is no command", "via: ssh -N gate", "via: ¦{ssh: gate}",
        "via: expected text, found a map");
    row("a way that is empty", "via: ssh -N gate", "via: ¦[]",
        "via: expected a command, such as kubectl port-forward …");
    row("no rows a second", "rows_per_second: 500", "rows_per_second: ¦0",
        "rows_per_second: expected a whole number from 1 to 2147483647, found \"0\"");
    row("a worker without a database",
        "{name: beat, deployment: beats, namespace: workspace, context: "
        "prod, database: main}",
        "¦{name: beat, deployment: beats, namespace: workspace, context: prod}",
        "expected the key \"database\" in an entry of also_live");
    row("two workers of one name", "name: beat", "name: ¦worker",
        "name: expected a name that no other entry of also_live has, found \"worker\" again");
    row("data refused before it is old", "refuse_after: 60s", "refuse_after: ¦5s",
        "refuse_after: expected no less than stale_after (10s)");
    row("data that is always old", "stale_after: 10s", "stale_after: ¦0s",
        "stale_after: expected 1s or more");
    row("a day that is misspelled", "Fri 16:00", "¦Fir 16:00",
        "from: expected a day (Mon, Tue, Wed, Thu, Fri, Sat, Sun) and a time, such as \"Fri "
        "16:00\", "
        "found \"Fir 16:00\"; did you mean \"Fri\"?");
    row("an hour that does not exist", "Fri 16:00", "¦Fri 24:00",
        "from: expected a day (Mon, Tue, Wed, Thu, Fri, Sat, Sun) and a time, such as \"Fri "
        "16:00\", "
        "found \"Fri 24:00\"");
    row("a day without a time", "Mon 08:00", "¦Mon",
        "to: expected a day (Mon, Tue, Wed, Thu, Fri, Sat, Sun) and a time, such as \"Fri 16:00\", "
        "found "
        "\"Mon\"");
    row("a zone that is misspelled", "zone: Europe/Vienna", "zone: ¦Europe/Wienna",
        "zone: expected a time zone such as Europe/Vienna, found \"Europe/Wienna\"; did you mean "
        "\"Europe/Vienna\"?");
    row("a window without an end", "to: Mon 08:00", "to: ¦Fri 16:00",
        "to: expected another moment of the week than from");
    row("a window without a reason",
        "{from: Fri 16:00, to: Mon 08:00, zone: Europe/Vienna, why: weekend}",
        "¦{from: Fri 16:00, to: Mon 08:00, zone: Europe/Vienna}",
        "expected the key \"why\" in a freeze window");
}

void WorkspaceMistakesTest::areTold()
{
    QFETCH(QString, old);
    QFETCH(QString, replacement);
    QFETCH(QString, message);
    const Broken file = broken(old, replacement);
    QVERIFY2(!file.content.isEmpty(),
             "the row's text does not stand exactly once in the right file");
    QString expected = QStringLiteral("/w/f.yaml:") + message;
    if (!file.place.isEmpty())
        expected = QStringLiteral("/w/f.yaml:%1: %2").arg(file.place, message);
    QCOMPARE(lines(readWorkspace(file.content, QStringLiteral("/w/f.yaml"))),
             QStringList{expected});
}

void WorkspaceMistakesTest::areToldAllAtOnce()
{
    const auto result = readWorkspace("pilothouse: 1\n"
                                      "name: [demo]\n"
                                      "repository: {}\n"
                                      "tracks:\n"
                                      "  web:\n"
                                      "    control: {kind: cloud-run, project: p, region: r}\n"
                                      "    plan: [{weight: 50, bake: 5}, {weigt: 100}]\n"
                                      "extra: 1\n",
                                      QStringLiteral("f"));
    QStringList places;
    for (const Problem &problem : result.error().list())
        places.append(QStringLiteral("%1:%2").arg(problem.line).arg(problem.column));
    QCOMPARE(places,
             (QStringList{QStringLiteral("2:7"), QStringLiteral("3:13"), QStringLiteral("6:14"),
                          QStringLiteral("7:31"), QStringLiteral("7:36"), QStringLiteral("8:1")}));
}

void WorkspaceMistakesTest::ofTheTextAreToldLikeTheOthers()
{
    QCOMPARE(
        lines(readWorkspace("", QStringLiteral("f"))),
        QStringList{QStringLiteral("f:1:1: the file is empty; expected \"key: value\" lines")});
    QCOMPARE(lines(readWorkspace("pilothouse: 1\n\tname: x\n", QStringLiteral("f"))),
             QStringList{QStringLiteral("f:2:1: a tab indents this line; expected spaces")});
    QCOMPARE(lines(readWorkspace("- 1\n", QStringLiteral("f"))),
             QStringList{QStringLiteral("f:1:1: expected a map for a workspace, found a list")});
}

void WorkspaceMistakesTest::neverRepeatASecret_data()
{
    QTest::addColumn<QString>("old");
    QTest::addColumn<QString>("replacement");
    QTest::newRow("a token as the credential")
        << QStringLiteral("credential: gh}") << QStringLiteral("credential: hunter2}");
    QTest::newRow("a token behind env")
        << QStringLiteral("credential: gh}") << QStringLiteral("credential: env hunter2-x}");
    QTest::newRow("a password in an address") << QStringLiteral("https://prometheus.example")
                                              << QStringLiteral("https://me:hunter2@p.example");
    QTest::newRow("a password of a database")
        << QStringLiteral("{service: production,")
        << QStringLiteral("{service: production, password: hunter2,");
}

void WorkspaceMistakesTest::neverRepeatASecret()
{
    QFETCH(QString, old);
    QFETCH(QString, replacement);
    const QStringList found
        = lines(readWorkspace(broken(old, replacement).content, QStringLiteral("f")));
    QCOMPARE(found.size(), 1);
    QVERIFY2(!found.first().contains(QStringLiteral("hunter2")), qPrintable(found.first()));
}

QTEST_GUILESS_MAIN(WorkspaceMistakesTest)
#include "workspacemistakestest.moc"
