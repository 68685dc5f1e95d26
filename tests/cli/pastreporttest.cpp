#include "app/cli/past/pastreport.h"

#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC);

CheckResult judged(Verdict verdict)
{
    CheckResult result;
    result.name = QStringLiteral("p95");
    result.unit = QStringLiteral("s");
    result.verdict = verdict;
    result.critical = true;
    result.candidate = 0.205;
    result.limit = 0.1;
    result.sentence = QStringLiteral("205 ms is over 100 ms, in 60 of 60 samples");
    result.evidence.label = QStringLiteral("version");
    result.evidence.stableSamples = 59;
    result.evidence.candidateSamples = 60;
    result.evidence.shift = ShiftInterval{0.140, 0.148, 0.144};
    result.evidence.p = 1e-12;
    return result;
}

PastReport report(Verdict verdict)
{
    PastWindow window;
    window.from = now;
    window.to = now.addSecs(60);
    window.weight = Weight{50};
    window.candidate = CommitId(QString(40, QLatin1Char('c')));
    return {TrackName(QStringLiteral("standalone")), window, {judged(verdict)}};
}

} // namespace

class PastReportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTextTellsTheWholeAndEveryCheck()
    {
        QCOMPARE(pastText(report(Verdict::Fail)),
                 QStringLiteral("standalone: ccccccc at 50 %, 2026-11-24T13:00:00Z to "
                                "2026-11-24T13:01:00Z: FAIL\n"
                                "  FAIL      p95: 205 ms is over 100 ms, in 60 of 60 samples\n"
                                "            60 samples against 59: +144 ms (+140 ms to +148 ms at "
                                "98 % confidence)\n"));
    }

    void withoutAnIntervalThereIsNoLineForIt()
    {
        PastReport one = report(Verdict::NoData);
        one.results[0].evidence.shift.reset();
        QCOMPARE(pastText(one).count(QLatin1Char('\n')), 2);
        QVERIFY(pastJson(one)[QLatin1String("checks")][0][QLatin1String("difference")].isNull());
    }

    void theJsonHasTheEvidence()
    {
        const QJsonObject line = pastJson(report(Verdict::Marginal));
        QCOMPARE(line[QLatin1String("track")].toString(), QStringLiteral("standalone"));
        QCOMPARE(line[QLatin1String("verdict")].toString(), QStringLiteral("MARGINAL"));
        QCOMPARE(line[QLatin1String("weight")].toInt(), 50);
        QCOMPARE(line[QLatin1String("from")].toString(),
                 QStringLiteral("2026-11-24T13:00:00.000Z"));
        const QJsonValue check = line[QLatin1String("checks")][0];
        QCOMPARE(check[QLatin1String("candidate")].toDouble(), 0.205);
        QVERIFY(check[QLatin1String("stable")].isNull());
        QCOMPARE(check[QLatin1String("samples")][QLatin1String("stable")].toInt(), 59);
        QCOMPARE(check[QLatin1String("difference")][QLatin1String("estimate")].toDouble(), 0.144);
        QCOMPARE(check[QLatin1String("method")].toString(), QStringLiteral("threshold"));
    }

    void theExitCodeIsTheContracts()
    {
        QCOMPARE(exitCodeOf(Verdict::Pass), 0);
        QCOMPARE(exitCodeOf(Verdict::Fail), 1);
        QCOMPARE(exitCodeOf(Verdict::NoData), 3);
        QCOMPARE(exitCodeOf(Verdict::Marginal), 5);
    }

    void aMomentIsNowOrSoLongAgoOrAsWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<std::optional<QDateTime>>("moment");
        QTest::newRow("now") << QStringLiteral("now") << std::optional(now);
        QTest::newRow("ago") << QStringLiteral("15m") << std::optional(now.addSecs(-900));
        QTest::newRow("UTC") << QStringLiteral("2026-11-24T12:30:00Z")
                             << std::optional(now.addSecs(-1800));
        QTest::newRow("another zone")
            << QStringLiteral("2026-11-24T13:30:00+01:00") << std::optional(now.addSecs(-1800));
        QTest::newRow("nothing") << QString() << std::optional<QDateTime>();
        QTest::newRow("no time") << QStringLiteral("yesterday") << std::optional<QDateTime>();
    }
    void aMomentIsNowOrSoLongAgoOrAsWritten()
    {
        QFETCH(QString, text);
        QFETCH(std::optional<QDateTime>, moment);
        QCOMPARE(momentOf(text, now), moment);
    }
};

QTEST_GUILESS_MAIN(PastReportTest)

#include "pastreporttest.moc"
