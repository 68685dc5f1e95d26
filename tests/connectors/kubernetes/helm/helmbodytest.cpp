#include "helmobjects.h"

#include "connectors/kubernetes/helm/helmbody.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString weight = QStringLiteral("canary.weight");

QJsonObject secretWith(const QByteArray &release)
{
    return {{QStringLiteral("data"),
             QJsonObject{{QStringLiteral("release"), QString::fromLatin1(release)}}}};
}

HelmBody bodyOf(const HelmSecret &secret)
{
    return decodeBody(releaseObject(secret), weight);
}

} // namespace

class HelmBodyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReleaseIsTwiceInBase64AndGzipped()
    {
        HelmSecret secret;
        secret.number = 41;
        const auto release = unpackRelease(secretObject(secret));
        QVERIFY2(release, qPrintable(release ? QString() : release.error().detail));
        QCOMPARE(*release, releaseObject(secret));
    }

    void anOldReleaseThatWasNotGzippedIsReadToo()
    {
        const auto release
            = unpackRelease(secretWith(QByteArray(R"({"version": 3})").toBase64().toBase64()));
        QVERIFY(release);
        QCOMPARE(release->value(QLatin1String("version")).toInt(), 3);
    }

    void whatIsNoReleaseIsMalformedAndSaysWhere_data()
    {
        QTest::addColumn<QJsonObject>("secret");
        QTest::addColumn<QString>("detail");
        const QByteArray zipped = gzipped("{}");
        QTest::newRow("nothing") << QJsonObject() << QStringLiteral("data.release: not there");
        QTest::newRow("plain text") << secretWith("!!!") << QStringLiteral("twice in Base64");
        QTest::newRow("once in Base64")
            << secretWith(zipped.toBase64()) << QStringLiteral("twice in Base64");
        QTest::newRow("cut short") << secretWith(zipped.chopped(9).toBase64().toBase64())
                                   << QStringLiteral("gzip is damaged");
        QTest::newRow("no JSON") << secretWith(gzipped("name: web").toBase64().toBase64())
                                 << QStringLiteral("data.release: ");
        QTest::newRow("a list") << secretWith(gzipped("[1]").toBase64().toBase64())
                                << QStringLiteral("data.release: ");
    }
    void whatIsNoReleaseIsMalformedAndSaysWhere()
    {
        QFETCH(const QJsonObject, secret);
        QFETCH(const QString, detail);
        const auto release = unpackRelease(secret);
        QVERIFY(!release);
        QCOMPARE(release.error().kind, ErrorKind::Malformed);
        QVERIFY2(release.error().detail.contains(detail), qPrintable(release.error().detail));
    }

    void whatUnpacksToTooMuchIsRefused()
    {
        const QByteArray bomb = gzipped(QByteArray((64 << 20) + (1 << 17), ' '));
        const auto release = unpackRelease(secretWith(bomb.toBase64().toBase64()));
        QVERIFY(!release);
        QVERIFY(release.error().detail.contains(QStringLiteral("too large")));
    }

    void theBodyTellsChartAndHowItWasApplied()
    {
        HelmSecret secret;
        secret.applyMethod = "ssa";
        const HelmBody body = bodyOf(secret);
        QCOMPARE(body.chart, QStringLiteral("web"));
        QCOMPARE(body.chartVersion, QStringLiteral("1.4.0"));
        QCOMPARE(body.appVersion, QStringLiteral("9f3c2a1"));
        QVERIFY(body.isServerSide());
        QVERIFY(!bodyOf({}).isServerSide());
    }

    void theWeightComesFromTheReleaseElseFromTheChart_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<int>("percent"); // -1 = none
        QTest::addColumn<bool>("isText");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const char *config, int percent, bool isText,
                            const char *problem) {
            QTest::newRow(name) << QByteArray(config) << percent << isText
                                << QString::fromLatin1(problem);
        };
        row("of the release", "{'canary': {'weight': 50}}", 50, false, "");
        row("a text", "{'canary': {'weight': '50'}}", 50, true, "");
        row("of the chart", "{'image': {}}", 5, false, "");
        row("beside other values", "{'canary': {'enabled': true}}", 5, false, "");
        row("taken away", "{'canary': null}", -1, false, "has a value canary.weight");
        row("no whole number", "{'canary': {'weight': 12.5}}", -1, false, "no whole number");
        row("too much", "{'canary': {'weight': 101}}", -1, false, "no whole number");
        row("words", "{'canary': {'weight': 'ten'}}", -1, false, "no whole number");
    }
    void theWeightComesFromTheReleaseElseFromTheChart()
    {
        QFETCH(const QByteArray, config);
        QFETCH(const int, percent);
        QFETCH(const bool, isText);
        QFETCH(const QString, problem);
        HelmSecret secret;
        secret.config = config;
        secret.chartValues = "{'canary': {'weight': 5}}";
        const HelmBody body = bodyOf(secret);
        QCOMPARE(body.weight ? body.weight->percent : -1, percent);
        QCOMPARE(body.weight && body.weight->form == HelmValue::Form::Text, isText);
        QVERIFY2(problem.isEmpty() ? body.weightProblem.isEmpty()
                                   : body.weightProblem.contains(problem),
                 qPrintable(body.weightProblem));
    }

    void revisionsThatDifferInTheWeightAloneHaveOneFingerprint()
    {
        HelmSecret ten;
        HelmSecret fifty = ten;
        fifty.number = 9;
        fifty.config.replace("10", "50");
        // What --reuse-values makes of the chart's own values.
        fifty.chartValues = "{'canary': {'weight': 10}, 'image': {'tag': 'b'}}";
        QCOMPARE(bodyOf(fifty).besides, bodyOf(ten).besides);

        HelmSecret image = ten;
        image.config.replace("'b'", "'c'");
        QVERIFY(bodyOf(image).besides != bodyOf(ten).besides);
        HelmSecret chart = ten;
        chart.chartVersion = "1.5.0";
        QVERIFY(bodyOf(chart).besides != bodyOf(ten).besides);
    }

    void aWeightThatIsNotSetYetChangesNoFingerprint()
    {
        HelmSecret without;
        without.config = "{}";
        without.chartValues = "{}";
        HelmSecret with = without;
        with.config = "{'canary': {'weight': 10}}";
        QCOMPARE(bodyOf(with).besides, bodyOf(without).besides);
    }

    void whenHelm4ReadTheChartsFilesDoesNotMatter()
    {
        QJsonObject release = releaseObject({});
        const QByteArray before = decodeBody(release, weight).besides;
        release
            = with(release, "chart.templates.0.modtime", QStringLiteral("2026-11-24T12:00:00Z"));
        QCOMPARE(decodeBody(release, weight).besides, before);
        release = with(release, "chart.templates.0.data", QStringLiteral("eyJ9"));
        QVERIFY(decodeBody(release, weight).besides != before);
    }

    void aDescriptionIsCutAndMaskedForTheScreen()
    {
        HelmSecret secret;
        secret.description
            = QStringLiteral("Upgrade \"web\" failed: cannot patch\npassword=hunter2 ")
              + QString(10'000, QLatin1Char('x'));
        const HelmBody body = bodyOf(secret);
        QVERIFY(body.description.size() <= 240);
        QVERIFY(body.description.startsWith(
            QStringLiteral("Upgrade \"web\" failed: cannot patch password=***")));
        QVERIFY(body.description.endsWith(QChar(0x2026)));
        QCOMPARE(shownDescription(QStringLiteral("Rollback to 3")),
                 QStringLiteral("Rollback to 3"));
    }

    void theDescriptionSaysWhetherItFailed_data()
    {
        QTest::addColumn<QString>("description");
        QTest::addColumn<bool>("failed");
        const auto row = [](const char *description, bool failed) {
            QTest::newRow(description) << QString::fromLatin1(description) << failed;
        };
        row("Install complete", false);
        row("Upgrade complete", false);
        row("Rollback to 41", false);
        row("the fix for what failed: billing", false);
        row("Upgrade \"web\" failed: timed out", true);
        row("Release \"web\" failed: post-install: timed out", true);
        row("Rollback \"web\" failed: conflict", true);
    }
    void theDescriptionSaysWhetherItFailed()
    {
        QFETCH(const QString, description);
        HelmSecret secret;
        secret.description = description;
        QTEST(bodyOf(secret).failed, "failed");
    }

    void theManifestIsGivenOnlyOnDemand()
    {
        HelmSecret secret;
        secret.manifest = QStringLiteral("kind: Secret\n");
        QCOMPARE(manifestOf(releaseObject(secret)), secret.manifest);
    }
};

QTEST_GUILESS_MAIN(HelmBodyTest)
#include "helmbodytest.moc"
