#include "ui/rollout/metricchart.h"
#include "ui/rollout/plot/chartcolumn.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr qint64 minute = 60'000;
const QDateTime now = QDateTime(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

QDateTime before(qint64 ms)
{
    return now.addMSecs(-ms);
}

ChartSeries quarterOfAnHour(const QString &name)
{
    ChartSeries made;
    made.check.name = name;
    for (qint64 at = before(15 * minute).toMSecsSinceEpoch(); at <= now.toMSecsSinceEpoch();
         at += 1000)
        made.stable.append({at, 20});
    made.candidate = made.stable;
    made.stablePresence = made.candidatePresence = ChartSeries::Presence::Present;
    made.step = 1s;
    return made;
}

} // namespace

/// Marks in a column of two charts.
class TestChartMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_column = std::make_unique<ChartColumn>();
        m_column->controls()->setParent(m_column.get());
        m_column->resize(800, 500);
        m_column->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_column.get()));
        m_column->setCharts(
            {quarterOfAnHour(QStringLiteral("one")), quarterOfAnHour(QStringLiteral("two"))},
            before(15 * minute), now);
        QCoreApplication::processEvents(); // the layout of new charts
    }

    void marksOfEveryKindStandInEveryChart()
    {
        const auto stripe = [this](int i) {
            const QRectF plot = chart(i)->plotArea();
            return chart(i)->viewport()->grab(
                QRect(int(plot.center().x()) - 3, int(plot.bottom()) - 8, 7, 8));
        };
        const QImage bare = stripe(1).toImage();
        QList<QImage> seen{bare};
        for (const auto kind :
             {ChartMark::Kind::Weight, ChartMark::Kind::Alert, ChartMark::Kind::DatabaseStep}) {
            m_column->setMarks({{kind, double(before(minute * 15 / 2).toMSecsSinceEpoch()),
                                 QStringLiteral("what")}});
            const QImage now = stripe(1).toImage();
            QVERIFY(!seen.contains(now));
            seen.append(now);
        }
        m_column->setMarks({});
        QCOMPARE(stripe(1).toImage(), bare);
    }

    void everyChartSpeaksOfTheMarksInView()
    {
        QList<ChartMark> marks{{ChartMark::Kind::Weight,
                                double(before(30 * minute).toMSecsSinceEpoch()),
                                QStringLiteral("out of view")}};
        for (int i = 1; i <= 7; ++i)
            marks.append({ChartMark::Kind::Alert, double(before(i * minute).toMSecsSinceEpoch()),
                          QStringLiteral("alert %1").arg(i)});
        m_column->setMarks(marks);
        for (const int i : {0, 1}) {
            QVERIFY(describes(i, "alert 1 at "));
            QVERIFY(describes(
                i, qPrintable(before(minute).toLocalTime().toString(QStringLiteral("HH:mm:ss")))));
            QVERIFY(describes(i, "2 earlier ones"));
            QVERIFY(!describes(i, "out of view"));
        }
        m_column->setMarks({});
        QVERIFY(!describes(0, "alert"));
    }

    void wordsOfMarksStandAboveTheFirstChartAlone()
    {
        const double first = chart(0)->plotArea().top();
        const double second = chart(1)->plotArea().top();
        QVERIFY(first > second);
        const auto words = [this](int i) {
            return chart(i)
                ->viewport()
                ->grab(QRect(0, 0, chart(i)->width(), int(chart(i)->plotArea().top()) - 2))
                .toImage();
        };
        const auto plots = [this](int i) {
            const QRect plot = chart(i)->plotArea().toAlignedRect();
            const int x = plot.center().x();
            return chart(i)
                ->viewport()
                ->grab(QRect(x + 2, plot.top() + 1, 100, plot.height() - 10))
                .toImage();
        };
        const QList<QImage> bare{words(0), words(1), plots(0), plots(1)};
        m_column->setMarks(
            {{ChartMark::Kind::Weight, double(before(minute * 15 / 2).toMSecsSinceEpoch()),
              QStringLiteral("a long word over the plot")}});
        QVERIFY(words(0) != bare[0]);
        QCOMPARE(words(1), bare[1]);
        QCOMPARE(plots(0), bare[2]); // no words on the lines
        QCOMPARE(plots(1), bare[3]);
    }

private:
    [[nodiscard]] MetricChart *chart(int i) const
    {
        return m_column->findChild<MetricChart *>(QStringLiteral("chart-%1").arg(i));
    }
    [[nodiscard]] bool describes(int i, const char *words) const
    {
        return chart(i)->accessibleDescription().contains(QString::fromUtf8(words));
    }

    std::unique_ptr<ChartColumn> m_column;
};

QTEST_MAIN(TestChartMarks)
#include "testchartmarks.moc"
