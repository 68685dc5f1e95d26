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
};

QTEST_GUILESS_MAIN(CronTest)
#include "crontest.moc"
