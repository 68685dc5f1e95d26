#include "rollout/alerts/firings.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

/// ALERTS as a server answers it, with a sample at each of these seconds after noon.
Series series(const QList<int> &seconds, const QString &version = QStringLiteral("c41d77e"))
{
    Series made;
    made.labels = {{QStringLiteral("alertname"), QStringLiteral("HighErrorRatio")},
                   {QStringLiteral("alertstate"), QStringLiteral("firing")},
                   {QStringLiteral("__name__"), QStringLiteral("ALERTS")},
                   {QStringLiteral("version"), version}};
    for (const int second : seconds)
        made.samples.append({noon.addSecs(second).toMSecsSinceEpoch(), 1});
    return made;
}

SeriesSet answer(const QList<Series> &all)
{
    return {all, 10s, {}};
}

/// "60-90" in seconds after noon.
QStringList shown(const QList<Firing> &firings)
{
    QStringList texts;
    for (const Firing &each : firings)
        texts << QStringLiteral("%1-%2")
                     .arg(noon.secsTo(each.alert.activeAt))
                     .arg(noon.secsTo(each.until));
    return texts;
}

Firing firing(int from, int until, std::chrono::milliseconds within = 10s)
{
    Firing made;
    made.alert.name = QStringLiteral("HighErrorRatio");
    made.alert.labels = {{QStringLiteral("alertname"), made.alert.name},
                         {QStringLiteral("version"), QStringLiteral("c41d77e")}};
    made.alert.activeAt = noon.addSecs(from);
    made.until = noon.addSecs(until);
    made.within = within;
    return made;
}

} // namespace

/// When alerts fired, as ranges of samples and those who watch tell it.
class TestFirings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunOfSamplesIsOneFiring_data()
    {
        QTest::addColumn<QList<int>>("seconds");
        QTest::addColumn<QStringList>("firings");
        const auto row = [](const char *name, const QList<int> &seconds, const QStringList &told) {
            QTest::newRow(name) << seconds << told;
        };
        row("none", {}, {});
        row("one", {60, 70, 80}, {QStringLiteral("60-80")});
        row("a moment", {60}, {QStringLiteral("60-60")});
        row("twice", {60, 70, 100, 110}, {QStringLiteral("60-70"), QStringLiteral("100-110")});
        row("from before the range", {0, 10, 20}, {});
        row("from before, and again", {0, 10, 50, 60}, {QStringLiteral("50-60")});
        row("with the second point", {10, 20}, {QStringLiteral("10-20")});
    }
    void aRunOfSamplesIsOneFiring()
    {
        QFETCH(QList<int>, seconds);
        QFETCH(QStringList, firings);
        QCOMPARE(shown(firingsOf(answer({series(seconds)}), noon)), firings);
    }

    void aFiringHasItsNameAndTheLabelsOfItsAlert()
    {
        const Alert alert = firingsOf(answer({series({60})}), noon).first().alert;
        QCOMPARE(alert.name, QStringLiteral("HighErrorRatio"));
        QCOMPARE(alert.state, QStringLiteral("firing"));
        QCOMPARE(alert.labels.size(), 2);
        QCOMPARE(alert.labels.value(QStringLiteral("version")), QStringLiteral("c41d77e"));
    }

    void twoSeriesAreTwoAlerts()
    {
        const auto two
            = firingsOf(answer({series({60}), series({60}, QStringLiteral("9f3c2a1"))}), noon);
        QCOMPARE(two.size(), 2);
        FiringLog log;
        QVERIFY(log.take(two));
        QCOMPARE(log.firings().size(), 2);
    }

    void whatOverlapsIsTheSameOneFromItsEarliestTime()
    {
        FiringLog log;
        QVERIFY(log.take({firing(60, 80)}));
        QVERIFY(!log.take({firing(64, 120)})); // another grid, a later look
        QCOMPARE(shown(log.firings()), QStringList{QStringLiteral("60-120")});
        QVERIFY(log.take({firing(55, 130)}));
        QCOMPARE(shown(log.firings()), QStringList{QStringLiteral("55-130")});
        QVERIFY(!log.take({firing(55, 130)}));
    }

    void theFinestLookCounts()
    {
        FiringLog log;
        QVERIFY(log.take({firing(200, 200, 100s)})); // within the 100 s before it
        QVERIFY(log.take({firing(110, 130, 1s), firing(160, 190, 1s)}));
        QCOMPARE(shown(log.firings()),
                 (QStringList{QStringLiteral("110-130"), QStringLiteral("160-190")}));
        QVERIFY(!log.take({firing(200, 200, 100s)}));
        QVERIFY(log.take({firing(95, 130, 0s)})); // who watched saw when it became active
        QVERIFY(!log.take({firing(110, 130, 1s)}));
        QCOMPARE(shown(log.firings()),
                 (QStringList{QStringLiteral("95-130"), QStringLiteral("160-190")}));
    }

    void whatIsApartIsAnother()
    {
        FiringLog log;
        QVERIFY(log.take({firing(200, 220)}));
        QVERIFY(log.take({firing(60, 80)}));
        QCOMPARE(shown(log.firings()),
                 (QStringList{QStringLiteral("60-80"), QStringLiteral("200-220")}));
        Firing other = firing(60, 80);
        other.alert.labels.insert(QStringLiteral("version"), QStringLiteral("9f3c2a1"));
        QVERIFY(log.take({other}));
        QCOMPARE(log.firings().size(), 3);
    }

    void onlyTheNewestAreKept()
    {
        FiringLog log;
        QList<Firing> many;
        for (int i = 0; i < 250; ++i)
            many.append(firing(i * 100, i * 100 + 10));
        QVERIFY(log.take(many));
        QCOMPARE(log.firings().size(), 200);
        QCOMPARE(noon.secsTo(log.firings().first().alert.activeAt), 5'000);
    }

    void theQuestionHasItsStepInIt()
    {
        QVERIFY(firingQuery(1500ms).contains(
            QStringLiteral("max_over_time(ALERTS{alertstate=\"firing\"}[1500ms])")));
    }
};

QTEST_GUILESS_MAIN(TestFirings)
#include "testfirings.moc"
