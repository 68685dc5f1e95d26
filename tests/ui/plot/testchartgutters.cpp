#include "ui/rollout/plot/chartgutters.h"
#include "ui/widgets/theme.h"

#include <QFontMetricsF>
#include <QTest>

using namespace pilothouse;

class TestChartGutters final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void aNameThatFitsStandsInOneLine()
    {
        QCOMPARE(lines("error ratio", 2), QStringList{QStringLiteral("error ratio")});
    }

    void aLongerOneIsBrokenAtASpace()
    {
        QCOMPARE(lines("connections held", 2),
                 (QStringList{QStringLiteral("connections"), QStringLiteral("held")}));
    }

    void whereThereIsNoFurtherLineItIsShortened()
    {
        const QStringList one = lines("connections held open", 1);
        QCOMPARE(one.size(), 1);
        QVERIFY(one.first().startsWith(QLatin1String("connections")));
        QVERIFY(one.first().endsWith(QChar(0x2026)));
        const QStringList two = lines("connections held open by every worker", 2);
        QCOMPARE(two.size(), 2);
        QCOMPARE(two.first(), QStringLiteral("connections"));
        QVERIFY(two.last().endsWith(QChar(0x2026)));
    }

    void aWordThatFitsNowhereIsShortened()
    {
        const QStringList found = lines("http_server_request_duration_seconds", 2);
        QCOMPARE(found.size(), 1);
        QVERIFY(metrics().horizontalAdvance(found.first()) <= width());
    }

    void nothingIsNoLine() { QCOMPARE(lines("", 2), QStringList()); }

    void theValuesHaveRoomAwayFromNowToo()
    {
        const QFontMetricsF small(Theme::instance().smallFont());
        QVERIFY(gutterWidths().right
                > small.horizontalAdvance(QStringLiteral("candidate now 348 ms")));
    }

private:
    [[nodiscard]] static QFontMetricsF metrics()
    {
        return QFontMetricsF(Theme::instance().textFont());
    }
    [[nodiscard]] static double width()
    {
        return metrics().horizontalAdvance(QStringLiteral("connections h"));
    }
    [[nodiscard]] static QStringList lines(const char *name, int most)
    {
        return nameLines(QString::fromUtf8(name), metrics(), width(), most);
    }
};

QTEST_MAIN(TestChartGutters)
#include "testchartgutters.moc"
