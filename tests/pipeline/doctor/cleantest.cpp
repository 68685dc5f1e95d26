#include "pipeline/doctor/doctorfixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString cleanFolder = QStringLiteral("clean");

QList<Workflow> cleanWorkflows(const QStringList &files)
{
    QList<Workflow> workflows;
    for (const QString &file : files)
        workflows.append(parseWorkflow({QStringLiteral(".github/workflows/") + file,
                                        doctorText(QStringLiteral("clean/") + file).toUtf8()}));
    return workflows;
}

} // namespace

/// Files as careful people write them: a finding in any of them would be a false one.
class DoctorCleanTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thereAreEnoughOfThem() { QVERIFY(doctorFiles(cleanFolder).size() >= 10); }

    void nothingIsFoundInAFile_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : doctorFiles(cleanFolder))
            QTest::newRow(qPrintable(file)) << file;
    }

    void nothingIsFoundInAFile()
    {
        QFETCH(QString, file);
        const QList<Workflow> workflows = cleanWorkflows({file});
        QCOMPARE(workflows.first().problems, QList<Problem>());
        QVERIFY(!workflows.first().jobs.isEmpty());
        QCOMPARE(toldBy(examine(workflows)), QStringList());
    }

    void nothingIsFoundBetweenThem()
    {
        QCOMPARE(toldBy(examine(cleanWorkflows(doctorFiles(cleanFolder)))), QStringList());
    }

    void oneWrongWordIsFoundAmongThem()
    {
        QList<Workflow> workflows = cleanWorkflows(doctorFiles(cleanFolder));
        const QString file = QStringLiteral("go-release.yml");
        QString text = doctorText(QStringLiteral("clean/") + file);
        text.replace(QLatin1String("--atomic --timeout 10m"), QLatin1String("--timeout 10m"));
        for (Workflow &workflow : workflows) {
            if (workflow.path.endsWith(file))
                workflow = parseWorkflow({workflow.path, text.toUtf8()});
        }
        // Production is then neither taken back, nor asked whether it works, nor is anybody told.
        QStringList told;
        for (const Finding &finding : examine(workflows))
            told.append(finding.rule + QLatin1Char(' ') + finding.job);
        QCOMPARE(told, (QStringList{QStringLiteral("PD-34 production"),
                                    QStringLiteral("PD-47 production"),
                                    QStringLiteral("PD-45 production")}));
    }
};

QTEST_GUILESS_MAIN(DoctorCleanTest)
#include "cleantest.moc"
