#include "app/cli/judge/vectorfile.h"
#include "rollout/judgement/vectors.h"

#include <QtTest>

#include <cmath>

using namespace pilothouse;

namespace {

using Lines = QList<QJsonObject>;

Lines judged(const QByteArray &file, Solver solver = Solver::KayentaCompatible)
{
    return judgeVectors(file, solver).value_or(Lines());
}

QString failures(const Lines &lines)
{
    QStringList failed;
    for (const QJsonObject &line : lines) {
        if (!line[QLatin1String("ok")].toBool())
            failed << QString::fromUtf8(QJsonDocument(line).toJson(QJsonDocument::Compact));
    }
    return failed.join(QLatin1Char('\n'));
}

QByteArray fileOf(const char *list, const QJsonArray &cases)
{
    return QJsonDocument(QJsonObject{{QLatin1String(list), cases}}).toJson();
}

QByteArray fileOf(const char *list, const char *oneCase)
{
    return fileOf(list, QJsonArray{QJsonDocument::fromJson(oneCase).object()});
}

QJsonArray scaled(const QJsonValue &samples, double factor)
{
    QJsonArray all;
    for (const QJsonValue sample : samples.toArray())
        all.append(sample.isDouble() ? QJsonValue(sample.toDouble() * factor) : sample);
    return all;
}

/// All classifier cases with every sample in another unit. What is expected stays the same.
QByteArray classifiersScaledBy(double factor)
{
    QJsonArray cases;
    for (QJsonObject one : test::vectorCases("canary_judge_vectors.json", "classifier")) {
        one.insert(QStringLiteral("experiment"), scaled(one[QLatin1String("experiment")], factor));
        one.insert(QStringLiteral("control"), scaled(one[QLatin1String("control")], factor));
        cases.append(one);
    }
    return fileOf("classifier", cases);
}

} // namespace

class JudgeVectorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyVectorComesOutAsExpected_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("solver");
        QTest::addColumn<int>("cases");
        const QByteArray tests = test::vectorFile("canary_judge_vectors.json");
        const QByteArray reference = test::vectorFile("mannwhitney_reference.json");
        QTest::newRow("the suite, compatible") << tests << int(Solver::KayentaCompatible) << 45;
        QTest::newRow("the suite, exact") << tests << int(Solver::Exact) << 45;
        QTest::newRow("the reference") << reference << int(Solver::Exact) << 25;
    }

    void everyVectorComesOutAsExpected()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, solver);
        const Lines lines = judged(file, Solver(solver));
        QTEST(int(lines.size()), "cases");
        QCOMPARE(failures(lines), QString());
    }

    void noUnitChangesAnExactVerdict_data()
    {
        QTest::addColumn<int>("power");
        for (int power = -8; power <= 8; ++power)
            QTest::addRow("times 1e%d", power) << power;
    }

    void noUnitChangesAnExactVerdict()
    {
        QFETCH(int, power);
        const Lines lines = judged(classifiersScaledBy(std::pow(10.0, power)), Solver::Exact);
        QCOMPARE(lines.size(), 19);
        QCOMPARE(failures(lines), QString());
    }

    void theCompatibleSolverIsNotSoLucky()
    {
        // Its tolerance is absolute: this is why it is not the one we judge by.
        QVERIFY(!failures(judged(classifiersScaledBy(1e-8))).isEmpty());
    }

    void aWrongExpectationIsFound_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("given");
        const auto row = [](const char *name, const char *list, const char *given) {
            QTest::newRow(name) << QByteArray(list) << QByteArray(given);
        };
        row("a percentile", "statistics",
            R"({"kind":"percentile R-7","data":[1,2],"cases":[{"p":50,"expected":1.6}]})");
        row("a summary", "statistics", R"({"kind":"summary","data":[1,2],"expected":{"mean":2}})");
        row("an effect", "statistics",
            R"({"kind":"meanRatio","experiment":[1],"control":[2],"expected":"NaN"})");
        row("a mark", "detectors",
            R"({"detector":"KSigmaDetector","param":3,"data":[1,1],"outlier":[false,true]})");
        row("cleaned data", "transforms",
            R"({"op":"removeNaNs","data":[1,"NaN"],"expected":[1,0]})");
        row("a score", "scorer",
            R"({"metrics":[{"name":"a","classification":"High","groups":["g"]}],)"
            R"("expected":{"summaryScore":100}})");
        row("the number of groups", "scorer",
            R"({"metrics":[{"name":"a","classification":"High","groups":["g"]}],)"
            R"("expected":{"groupScoresSorted":[0,0]}})");
        row("a class", "classifier",
            R"({"classifier":"MeanInequalityClassifier","experiment":[1],"control":[2],)"
            R"("expected":{"classification":"Pass"}})");
        row("a limit", "mannWhitney",
            R"({"kind":"mannWhitneyUTest","experiment":[10,20,30,40],"control":[1,2,3,4],)"
            R"("expected":{"lower":{"value":6.1,"tolerance":1e-6}}})");
        row("a quantile", "mannWhitney",
            R"({"kind":"zQuant","confidenceLevel":0.95,"expected":1.95})");
        row("a p", "cases", R"({"x":[1,2,3],"y":[4,5,6],"p_exact_less":0.06})");
    }

    void aWrongExpectationIsFound()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, given);
        const Lines lines = judged(fileOf(list, given));
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines[0][QLatin1String("ok")], QJsonValue(false));
        QVERIFY(!lines[0].contains(QLatin1String("why")));
        QVERIFY(!lines[0][QLatin1String("got")].toObject().isEmpty());
        QVERIFY(!lines[0][QLatin1String("expected")].toObject().isEmpty());
    }

    void whatIsNotUnderstoodIsNotSkipped_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const char *list, const char *given,
                            const char *why) {
            QTest::newRow(name) << QByteArray(list) << QByteArray(given) << QString::fromUtf8(why);
        };
        row("a list of another name", "gauges", R"({"a":1})", "cases of \"gauges\"");
        row("another kind of statistic", "statistics", R"({"kind":"mode","data":[1]})", "\"mode\"");
        row("another kind of test", "mannWhitney", R"({"kind":"t","x":[1]})", "\"t\"");
        row("another classifier", "classifier",
            R"({"classifier":"Guess","experiment":[1],"control":[1],"expected":{}})", "\"Guess\"");
        row("another direction", "classifier",
            R"({"classifier":"MannWhitneyClassifier","experiment":[1],"control":[1],)"
            R"("direction":"up","expected":{"classification":"Pass"}})",
            "\"up\"");
        row("another detector", "detectors", R"({"detector":"X","data":[1],"outlier":[false]})",
            "\"X\"");
        row("another operation", "transforms", R"({"op":"square","data":[1],"expected":[1]})",
            "\"square\"");
        row("another class", "scorer", R"({"metrics":[{"classification":"Odd"}],"expected":{}})",
            "\"Odd\"");
        row("another value of a score", "scorer", R"({"metrics":[],"expected":{"grade":1}})",
            "\"grade\"");
        row("another value of the reference", "cases", R"({"x":[1],"y":[2],"p_magic":1})",
            "\"p_magic\"");
        row("an exact p where there are ties", "cases", R"({"x":[1],"y":[1],"p_exact_less":1})",
            "\"p_exact_less\"");
        row("text for a number", "statistics",
            R"({"kind":"summary","data":["one"],"expected":{"mean":1}})", "no number");
        row("samples that are missing", "classifier",
            R"({"classifier":"MannWhitneyClassifier","control":[1],)"
            R"("expected":{"classification":"Pass"}})",
            "\"experiment\"");
        row("a quantile of nothing", "mannWhitney", R"({"kind":"zQuant","expected":1})",
            "which quantile");
        row("nothing expected", "statistics", R"({"kind":"summary","data":[1],"expected":{}})",
            "expects nothing");
    }

    void whatIsNotUnderstoodIsNotSkipped()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, given);
        QFETCH(QString, why);
        const Lines lines = judged(fileOf(list, given));
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines[0][QLatin1String("ok")], QJsonValue(false));
        const QString said = lines[0][QLatin1String("why")].toString();
        QVERIFY2(said.contains(why), qPrintable(said));
    }

    void lesserFormsAreUnderstoodToo_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("given");
        const auto row = [](const char *name, const char *list, const char *given) {
            QTest::newRow(name) << QByteArray(list) << QByteArray(given);
        };
        row("a quantile by confidence", "mannWhitney",
            R"({"kind":"zQuant","confidenceLevel":0.95,"expected":1.9599639845400536})");
        row("a quantile from below", "mannWhitney",
            R"({"kind":"zQuant","cases":[{"p":0.975,"expected":1.9599639845400536},)"
            R"({"sign":-1,"alpha":0.05,"expected":-1.9599639845400536}]})");
        row("a ratio of summaries", "statistics",
            R"({"kind":"meanRatio","experiment":{"mean":10},"control":{"mean":5},"expected":2})");
        row("a distance in deviations", "statistics",
            R"({"kind":"cohenD","experiment":[1,2,3],"control":[3,4,5],"expected":2})");
        row("replaced values", "transforms",
            R"x({"op":"replaceNaNs(-1.5)","data":["NaN",2],"expected":[-1.5,2]})x");
    }

    void lesserFormsAreUnderstoodToo()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, given);
        const Lines lines = judged(fileOf(list, given));
        QCOMPARE(lines.size(), 1);
        QCOMPARE(failures(lines), QString());
    }

    void aFileWithoutCasesIsRefused()
    {
        QVERIFY(!judgeVectors("{", Solver::Exact));
        QVERIFY(!judgeVectors("{}", Solver::Exact));
        QVERIFY(!judgeVectors("[1]", Solver::Exact));
        QCOMPARE(judgeVectors("{\"scorer\":[]}", Solver::Exact).error().kind, ErrorKind::BadInput);
    }
};

QTEST_GUILESS_MAIN(JudgeVectorsTest)
#include "judgevectorstest.moc"
