#include "pipeline/reading/cron.h"

#include <QTest>

using namespace pilothouse;

class CronTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aScheduleHasFiveFields_data()
    {
        QTest::addColumn<bool>("isCron");
        const auto row = [](const char *text, bool isCron) {
            QTest::newRow(*text ? text : "nothing") << isCron;
        };
        row("* * * * *", true);
        row("0 0 1 1 0", true);
        row("59 23 31 12 6", true);
        row("*/15 9-17 * * MON-FRI", true);
        row("0,30 1-5/2 1,15 jan,jul *", true);
        row("0  0  *  *  *", true);
        row("", false);
        row("@daily", false);
        row("0 0 * *", false);
        row("0 0 * * * *", false);
        row(" 0 0 * * *", false);
        row("60 0 * * *", false);
        row("0 24 * * *", false);
        row("0 0 0 * *", false);
        row("0 0 * 13 *", false);
        row("0 0 * * 7", false);
        row("5-1 0 * * *", false);
        row("*/0 0 * * *", false);
        row("*/ 0 * * *", false);
        row("1/2/3 0 * * *", false);
        row("1-2-3 0 * * *", false);
        row("1, 0 * * *", false);
        row("- 0 * * *", false);
        row("a 0 * * *", false);
        row("0 0 * mon *", false);
        row("0 0 * * jan", false);
    }

    void aScheduleHasFiveFields()
    {
        const QByteArray tag = QTest::currentDataTag();
        QTEST(isCron(tag == "nothing" ? QString() : QString::fromLatin1(tag)), "isCron");
    }

    void fiveMinutesAreTheLeast_data()
    {
        QTest::addColumn<bool>("isTooOften");
        const auto row = [](const char *text, bool isTooOften) {
            QTest::newRow(text) << isTooOften;
        };
        row("* * * * *", true);
        row("*/4 * * * *", true);
        row("*/5 * * * *", false);
        row("0,30,33 * * * *", true);
        row("0-20/5 * * * *", false);
        row("10-12 0 * * *", true);
        row("50/2 0 * * *", true);
        row("0 * * * *", false);
        row("58,2 * * * *", false);
        row("*/00 * * * *", true);
        row("every minute", false);
    }

    void fiveMinutesAreTheLeast()
    {
        QTEST(isTooOften(QString::fromLatin1(QTest::currentDataTag())), "isTooOften");
    }
};

QTEST_GUILESS_MAIN(CronTest)
#include "crontest.moc"
