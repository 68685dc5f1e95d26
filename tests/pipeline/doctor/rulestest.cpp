#include "pipeline/doctor/doctorfixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// Places at which one rule finds something, in the order of the file.
QStringList placesOf(const QString &rule, const QString &text)
{
    QList<Position> found;
    for (const Finding &finding : examine(doctorWorkflows(text))) {
        if (finding.rule == rule)
            found.append(finding.at);
    }
    std::sort(found.begin(), found.end());
    QStringList places;
    for (const Position &at : found)
        places.append(QStringLiteral("%1:%2").arg(at.line).arg(at.column));
    return places;
}

void eachRule()
{
    QTest::addColumn<QString>("rule");
    for (const Rule &rule : doctorRules())
        QTest::newRow(qPrintable(rule.id)) << rule.id;
}

} // namespace

class DoctorRulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itFiresWhereTheFixtureSays_data() { eachRule(); }

    void itFiresWhereTheFixtureSays()
    {
        QFETCH(QString, rule);
        const QString text = doctorText(QStringLiteral("rules/%1.wrong.yml").arg(rule));
        QVERIFY(!expectedPlaces(text).isEmpty());
        QCOMPARE(placesOf(rule, text), expectedPlaces(text));
    }

    void itDoesNotFireOnTheRightForm_data() { eachRule(); }

    void itDoesNotFireOnTheRightForm()
    {
        QFETCH(QString, rule);
        const QString text = doctorText(QStringLiteral("rules/%1.right.yml").arg(rule));
        QCOMPARE(placesOf(rule, text), QStringList());
    }

    void everyFixtureIsAWorkflowThatCanBeRead()
    {
        QStringList told;
        for (const QString &file : doctorFiles(QStringLiteral("rules"))) {
            for (const Workflow &workflow :
                 doctorWorkflows(doctorText(QStringLiteral("rules/") + file))) {
                for (const Problem &problem : workflow.problems)
                    told.append(file + QStringLiteral(" ") + problem.toString());
            }
        }
        QCOMPARE(told, QStringList());
    }

    void everyFixtureBelongsToARule()
    {
        for (const QString &file : doctorFiles(QStringLiteral("rules")))
            QVERIFY2(doctorRule(file.section(QLatin1Char('.'), 0, 0)), qPrintable(file));
        QCOMPARE(doctorFiles(QStringLiteral("rules")).size(), 2 * doctorRules().size());
    }
};

QTEST_GUILESS_MAIN(DoctorRulesTest)
#include "rulestest.moc"
