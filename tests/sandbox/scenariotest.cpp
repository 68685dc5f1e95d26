#include "sandboxworld.h"

#include "support/places.h"

#include <QFile>
#include <QTest>

using namespace pilothouse::sandbox;

class ScenarioTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theProductsScenarioIsRead();
    void mistakesNameTheirPlace_data();
    void mistakesNameTheirPlace();
    void aMissingFileIsNamed();
    void beatsBeginWithWhatCameBefore_data();
    void beatsBeginWithWhatCameBefore();
};

void ScenarioTest::theProductsScenarioIsRead()
{
    const auto scenario = goodThenBad();
    QCOMPARE(scenario->releases.size(), 2);
    QCOMPARE(scenario->releases[0].revision, QStringLiteral("9f3c2a1"));
    QCOMPARE(scenario->releases[1].runs.value(QStringLiteral("deploy-standalone.yml")), 7012);
    const PlannedWorkflow ci = scenario->workflows.value(QStringLiteral("ci.yml"));
    QCOMPARE(ci.jobs.size(), 7);
    QCOMPARE(ci.jobs[2].needs, QStringList{QStringLiteral("build")});
    QVERIFY(!scenario->revisions.value(QStringLiteral("4be81c0")).writesOrganization);
    QCOMPARE(scenario->history.last().failed, QStringList{QStringLiteral("integration-tests")});
    QCOMPARE(scenario->history.last().age, 660.0);
}

void ScenarioTest::mistakesNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("says");
    QTest::newRow("a missing key names the key") << QByteArray("stable: 4be81c0\n") << QByteArray()
                                                 << QStringLiteral("\"stable\" is missing");
    QTest::newRow("a wrong number names its line")
        << QByteArray("time_constant: 6 ") << QByteArray("time_constant: six ")
        << QStringLiteral("bad conversion");
    QTest::newRow("an age without a unit says what was expected")
        << QByteArray("age: 11m") << QByteArray("age: 11") << QStringLiteral("an age such as 11m");
}

void ScenarioTest::mistakesNameTheirPlace()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, says);
    QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/scenarios/good-then-bad.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray text = file.readAll();
    QVERIFY(text.contains(from));
    text.replace(from, to);
    const auto scenario = Scenario::parse(text, QStringLiteral("mine.yaml"));
    QVERIFY(!scenario);
    QCOMPARE(scenario.error().kind, pilothouse::ErrorKind::BadInput);
    QVERIFY2(scenario.error().message.contains(says), qPrintable(scenario.error().message));
    QVERIFY(scenario.error().message.startsWith(QStringLiteral("mine.yaml:")));
}

void ScenarioTest::aMissingFileIsNamed()
{
    const auto scenario = Scenario::load(QStringLiteral("/nowhere/none.yaml"));
    QVERIFY(!scenario);
    QCOMPARE(scenario.error().kind, pilothouse::ErrorKind::NotFound);
    QVERIFY(scenario.error().message.contains(QStringLiteral("/nowhere/none.yaml")));
}

void ScenarioTest::beatsBeginWithWhatCameBefore_data()
{
    QTest::addColumn<int>("beat");
    QTest::addColumn<QString>("stable");
    QTest::addColumn<QString>("candidate");
    QTest::addColumn<int>("weight");
    QTest::addColumn<int>("pushed");
    QTest::addColumn<bool>("expanded");
    const QString old = QStringLiteral("4be81c0");
    const QString good = QStringLiteral("9f3c2a1");
    const QString bad = QStringLiteral("c41d77e");
    QTest::newRow("1: nothing has happened") << 1 << old << QString() << 0 << 0 << false;
    QTest::newRow("3: the first release is built") << 3 << old << QString() << 0 << 1 << false;
    QTest::newRow("4: and has a candidate") << 4 << old << good << 0 << 1 << false;
    QTest::newRow("6: which gets 10 %") << 6 << old << good << 10 << 1 << true;
    QTest::newRow("8: and is through") << 8 << good << QString() << 0 << 1 << true;
    QTest::newRow("9: the second one gets 10 %") << 9 << good << bad << 10 << 2 << true;
    QTest::newRow("11: the alert fires at 50 %") << 11 << good << bad << 50 << 2 << true;
    QTest::newRow("13: it is rolled back") << 13 << good << bad << 0 << 2 << true;
}

void ScenarioTest::beatsBeginWithWhatCameBefore()
{
    QFETCH(int, beat);
    QFETCH(QString, stable);
    QFETCH(QString, candidate);
    QFETCH(int, weight);
    QFETCH(int, pushed);
    QFETCH(bool, expanded);
    const StartState state = startState(*goodThenBad(), beat);
    const TrackTraffic traffic = state.traffic.value(QStringLiteral("standalone"));
    QCOMPARE(traffic.stable, stable);
    QCOMPARE(traffic.candidate, candidate);
    QCOMPARE(traffic.weight, weight);
    QCOMPARE(state.pushedAt.size(), pushed);
    QCOMPARE(state.expanded, expanded);
    QCOMPARE(state.traffic.value(QStringLiteral("coditect")).weight, 0);
}

QTEST_GUILESS_MAIN(ScenarioTest)
#include "scenariotest.moc"
