#include "workspace/workspacereader.h"

#include "support/places.h"

#include <QFile>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QByteArray around(const QByteArray &checks)
{
    return "pilothouse: 1\nname: n\nrepository: {path: .}\n"
           "prometheus: {url: https://p.example}\n"
           "tracks:\n  t:\n    plan: [{weight: 100}]\n    scrape: 5s\n"
           "    control: {kind: http-route, context: c, namespace: n, name: r, stable: a, "
           "candidate: b}\n"
           "    series: {label: version, stable: old, candidate: new}\n"
           "    analysis:\n"
           + checks;
}

/// The only check of a file, or a failed test that says why not.
Check checkOf(const QByteArray &check)
{
    const auto workspace
        = readWorkspace(around("      - " + check), QStringLiteral("/w/pilothouse.yaml"));
    if (workspace)
        return workspace->tracks.first().analysis.first();
    QTest::qFail(qPrintable(workspace.error().toError().detail), __FILE__, __LINE__);
    return {};
}

} // namespace

/// What a check of a workspace can say.
class ChecksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void templatesAskForBothSidesInOneQuery_data()
    {
        QTest::addColumn<QByteArray>("check");
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("unit");
        QTest::newRow("error ratio")
            << QByteArray("{name: e, template: error-ratio, requests: http_requests_total, "
                          "failed: 'code=~\"5..\"'}")
            << QStringLiteral("(sum by (version) (rate(http_requests_total{code=~\"5..\"}[60s])) "
                              "or 0 * sum by "
                              "(version) (rate(http_requests_total[60s]))) / sum by (version) "
                              "(rate(http_requests_total[60s]))")
            << QStringLiteral("ratio");
        QTest::newRow("error ratio of some, over another range")
            << QByteArray("{name: e, template: error-ratio, requests: r, failed: 'ok=\"no\"', "
                          "match: 'app=\"a\", rev=\"${revision}\"', range: 12500ms}")
            << QStringLiteral(
                   "(sum by (version) (rate(r{app=\"a\", rev=\"${revision}\",ok=\"no\"}[12500ms])) "
                   "or 0 * sum by (version) (rate(r{app=\"a\", rev=\"${revision}\"}[12500ms]))) / "
                   "sum by (version) (rate(r{app=\"a\", rev=\"${revision}\"}[12500ms]))")
            << QStringLiteral("ratio");
        QTest::newRow("p95") << QByteArray("{name: l, template: p95, buckets: d_seconds_bucket}")
                             << QStringLiteral("histogram_quantile(0.95, sum by (le, version) "
                                               "(rate(d_seconds_bucket[60s])))")
                             << QStringLiteral("s");
        QTest::newRow("p95 of a histogram in milliseconds")
            << QByteArray("{name: l, template: p95, buckets: d_bucket, unit: ms}")
            << QStringLiteral("histogram_quantile(0.95, sum by (le, version) "
                              "(rate(d_bucket[60s])))")
            << QStringLiteral("ms");
        QTest::newRow("saturation of a metric")
            << QByteArray("{name: p, template: saturation, used: in_use, capacity: size, range: "
                          "15s}")
            << QStringLiteral("sum by (version) (avg_over_time(in_use[15s])) / sum by (version) "
                              "(avg_over_time(size[15s]))")
            << QStringLiteral("ratio");
        QTest::newRow("saturation of a number")
            << QByteArray("{name: p, template: saturation, used: in_use, capacity: 20}")
            << QStringLiteral("sum by (version) (avg_over_time(in_use[60s])) / 20")
            << QStringLiteral("ratio");
    }
    void templatesAskForBothSidesInOneQuery()
    {
        QFETCH(QByteArray, check);
        QFETCH(QString, query);
        QFETCH(QString, unit);
        const Check read = checkOf(check);
        QCOMPARE(read.query, query);
        QCOMPARE(read.unit, unit);
        QVERIFY(read.kind != CheckTemplate::None);
    }

    void haveDefaults()
    {
        const Check check = checkOf("{name: q, query: 'x by (version)', unit: s}");
        QVERIFY(check.kind == CheckTemplate::None);
        QVERIFY(check.method == JudgeMethod::Threshold);
        QVERIFY(check.direction == Direction::Increase);
        QVERIFY(check.scales == Scaling::Fixed);
        QVERIFY(!check.window && !check.min && !check.max && !check.capacity);
    }

    void sayHowTheyAreJudged()
    {
        const Check check
            = checkOf("{name: q, query: 'x by (version)', unit: s, method: mann-whitney, "
                      "direction: either, window: 10m, min_samples: 60, critical: "
                      "true}");
        QVERIFY(check.method == JudgeMethod::MannWhitney);
        QVERIFY(check.direction == Direction::Either);
        QVERIFY(check.window == 10min);
        QVERIFY(check.critical);
        const Check lower = checkOf(
            "{name: q, query: 'x by (version)', unit: ratio, direction: decrease, min: 0.8}");
        QVERIFY(lower.direction == Direction::Decrease);
        QCOMPARE(limitOf(lower), std::optional<double>(0.8));
    }

    void sayWhatGetsFull()
    {
        const Check share = checkOf("{name: p, template: saturation, used: u, capacity: c, of: the "
                                    "pool, scales: true}");
        QVERIFY(share.scales == Scaling::WithWeight);
        QCOMPARE(share.capacity, std::optional<double>(1));
        QCOMPARE(share.fills, QStringLiteral("the pool"));
        QVERIFY(share.saturationQuery.isEmpty());

        const Check held = checkOf("{name: h, query: 'x by (version)', unit: s, scales: true, "
                                   "saturation: {used: u, capacity: c, range: 15s, of: the pool}}");
        QVERIFY(!held.capacity);
        QCOMPARE(held.fills, QStringLiteral("the pool"));
        QCOMPARE(held.saturationQuery,
                 QStringLiteral("sum by (version) (avg_over_time(u[15s])) / sum by (version) "
                                "(avg_over_time(c[15s]))"));

        const Check own = checkOf("{name: c, query: 'x by (version)', unit: count, scales: true, "
                                  "capacity: 8, of: the cores}");
        QCOMPARE(own.capacity, std::optional<double>(8));
        QCOMPARE(own.fills, QStringLiteral("the cores"));
    }

    void theExampleHasOneOfEach()
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/pilothouse.yaml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto workspace = readWorkspace(file.readAll(), QStringLiteral("/w/pilothouse.yaml"));
        QVERIFY(workspace);
        const QList<Check> &checks = workspace->tracks.first().analysis;
        QCOMPARE(checks.size(), 5);
        QVERIFY(checks[0].kind == CheckTemplate::ErrorRatio);
        QVERIFY(checks[1].kind == CheckTemplate::P95);
        QVERIFY(checks[1].method == JudgeMethod::MannWhitney);
        QVERIFY(checks[2].kind == CheckTemplate::Saturation);
        QVERIFY(checks[3].scales == Scaling::WithWeight && !checks[3].saturationQuery.isEmpty());
        QVERIFY(checks[4].min.has_value());
    }

    void mistakesAreToldAtTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("check");
        QTest::addColumn<QString>("problem");
        const QByteArray own = "name: q, query: 'x by (version)', unit: s";
        const QByteArray error = "name: e, template: error-ratio, requests: r";
        const auto row = [](const char *name, const QByteArray &check, const char *problem) {
            QTest::newRow(name) << check << QString::fromUtf8(problem);
        };
        row("a template that is misspelled", "name: e, template: ¦error_ratio",
            "template: expected one of none, error-ratio, p95, saturation, found "
            "\"error_ratio\"; did you mean \"error-ratio\"?");
        row("a key that is misspelled", error + ", ¦faild: 'a=\"b\"'",
            "\"faild\" is no key of a check; expected one of name, template, requests, failed, "
            "match, range, unit, direction, max, min, method, critical, min_samples, window, "
            "scales, saturation; did you mean \"failed\"?");
        row("a query beside a template", error + ", failed: 'a=\"b\"', ¦query: 'x by (version)'",
            "\"query\" is no key of a check; expected one of name, template, requests, failed, "
            "match, range, unit, direction, max, min, method, critical, min_samples, window, "
            "scales, saturation");
        row("a metric with braces",
            "name: e, template: error-ratio, failed: 'a=\"b\"', requests: ¦'r{a=\"b\"}'",
            "requests: expected the name of a metric, found \"r{a=\"b\"}\"; what comes in braces "
            "goes to \"match\"");
        row("matchers that are none", error + ", failed: ¦'code=5xx'",
            "failed: expected label matchers such as code=~\"5..\", found \"code=5xx\"");
        row("matchers in braces", error + ", failed: 'a=\"b\"', match: ¦'{a=\"b\"}'",
            "match: expected label matchers such as code=~\"5..\", found \"{a=\"b\"}\"");
        row("a place that nothing is put in for",
            error + ", failed: 'a=\"b\"', match: ¦'a=\"${comit}\"'",
            "match: expected one of ${stable.revision}, ${stable.commit}, ${candidate.revision}, "
            "${candidate.commit}, ${commit}, ${revision} in it, found \"${comit}\"; did you mean "
            "\"commit\"?");
        row("a range of one scrape", error + ", failed: 'a=\"b\"', range: ¦5s",
            "range: expected at least two scrapes, 10s, found 5s");
        row("a histogram without buckets", "name: l, template: p95, buckets: ¦d_seconds",
            "buckets: expected a histogram's series that ends in _bucket, found \"d_seconds\"");
        row("another unit than the template gives", error + ", failed: 'a=\"b\"', unit: ¦s",
            "unit: expected ratio, which this template gives, found s");
        row("no capacity to speak of", "name: p, template: saturation, used: u, capacity: ¦0",
            "capacity: expected a metric or a number over 0, found \"0\"");
        row("a method that is misspelled", own + ", method: ¦mann-whitny",
            "method: expected one of threshold, mann-whitney, found \"mann-whitny\"; did you mean "
            "\"mann-whitney\"?");
        row("a limit for a test", own + ", method: mann-whitney, max: ¦0.1",
            "max: expected no limit beside method mann-whitney, which compares with the stable");
        row("an upper limit though a decrease is bad", own + ", direction: decrease, max: ¦1",
            "max: expected min beside direction decrease");
        row("a lower limit though an increase is bad", own + ", min: ¦1",
            "min: expected direction decrease or either beside it");
        row("limits the wrong way round", own + ", direction: either, max: 1, min: ¦2",
            "min: expected no more than max, 1, found 2");
        row("a window too short for its samples", own + ", min_samples: 20, window: ¦90s",
            "window: expected room for 20 samples, 100s, found 90s");
        row("scaling to nothing", own + ", scales: ¦true",
            "scales: expected a saturation, or a capacity, beside it: what gets full as the weight "
            "grows");
        row("a capacity that nothing is projected to", own + ", capacity: ¦20",
            "expected \"scales: true\" beside it, as it is for projections");
        row("a saturation without a capacity", own + ", scales: true, saturation: ¦{used: u}",
            "expected the key \"capacity\" in a saturation");
    }
    void mistakesAreToldAtTheirPlace()
    {
        QFETCH(QByteArray, check);
        QFETCH(QString, problem);
        const QByteArray line = "      - {" + check + "}\n";
        const QString shown = QString::fromUtf8(line);
        const QByteArray content
            = around(shown.contains(u'¦') ? QString(shown).remove(u'¦').toUtf8() : line);
        const int row = int(around({}).count('\n')) + 1;
        const auto workspace = readWorkspace(content, QStringLiteral("/w/pilothouse.yaml"));
        QVERIFY(!workspace);
        QStringList told;
        for (const Problem &each : workspace.error().list())
            told.append(each.toString());
        QCOMPARE(told, QStringList{QStringLiteral("/w/pilothouse.yaml:%1:%2: %3")
                                       .arg(row)
                                       .arg(shown.indexOf(u'¦') + 1)
                                       .arg(problem)});
    }
};

QTEST_GUILESS_MAIN(ChecksTest)

#include "checkstest.moc"
