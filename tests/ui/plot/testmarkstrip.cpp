#include "ui/rollout/plot/markstrip.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QTest>

using namespace pilothouse;

namespace {

/// A second is a pixel.
const PlotFrame frame{0, 600'000, 0, 1, QRectF(52, 52, 600, 100)};
const QRectF strip(52, 22, 648, 26);
constexpr double signHalf = 4;

ChartMark mark(int second, const char *words, ChartMark::Kind kind = ChartMark::Kind::Weight)
{
    return {kind, second * 1000.0, QString::fromUtf8(words)};
}

QFontMetricsF metrics()
{
    return QFontMetricsF(Theme::instance().smallFont());
}

QList<MarkLabel> placed(const QList<ChartMark> &marks)
{
    return placedMarks(marks, frame, strip, metrics());
}

QStringList words(const QList<MarkLabel> &labels)
{
    QStringList all;
    for (const MarkLabel &label : labels)
        all << label.words;
    return all;
}

/// What stands on something else; empty = nothing does.
QString collision(const QList<MarkLabel> &labels)
{
    for (qsizetype i = 0; i < labels.size(); ++i) {
        if (labels[i].words.isEmpty())
            continue;
        if (!strip.contains(labels[i].place))
            return labels[i].words + QStringLiteral(" outside");
        if (metrics().horizontalAdvance(labels[i].words) > labels[i].place.width())
            return labels[i].words + QStringLiteral(" cut");
        for (qsizetype k = 0; k < labels.size(); ++k) {
            const double row = strip.height() / 2;
            const double top = labels[k].isAbove ? strip.top() : strip.top() + row;
            const QRectF sign(labels[k].x - signHalf, top, 2 * signHalf, strip.bottom() - top);
            const bool onWords = k != i && !labels[k].words.isEmpty()
                                 && labels[i].place.intersects(labels[k].place);
            if (onWords || labels[i].place.intersects(sign))
                return labels[i].words + QStringLiteral(" on ") + labels[k].words;
        }
    }
    return {};
}

} // namespace

/// The words of marks in their own strip above a plot.
class TestMarkStrip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void wordsStandRightOfTheirSign()
    {
        const auto labels = placed({mark(100, "→ 10 %"), mark(300, "→ 50 %")});
        QCOMPARE(words(labels), (QStringList{QStringLiteral("→ 50 %"), QStringLiteral("→ 10 %")}));
        for (const MarkLabel &label : labels)
            QVERIFY(label.place.left() > label.x);
        QCOMPARE(labels[0].x, 352.5);
        QCOMPARE(collision(labels), QString());
    }

    void whatIsNotInViewHasNone()
    {
        QVERIFY(placed({mark(-1, "before"), mark(601, "after")}).isEmpty());
    }

    void whereTheRightIsTakenTheyStandLeft()
    {
        const auto labels = placed({mark(300, "HighErrorRatio", ChartMark::Kind::Alert),
                                    mark(330, "→ 50 %"), mark(350, "→ 0 %")});
        QCOMPARE(words(labels).last(), QStringLiteral("HighErrorRatio"));
        QVERIFY(labels.last().place.right() < labels.last().x);
        QCOMPARE(collision(labels), QString());
    }

    void whereThereIsNoRoomBesideTheSignTheyStandAbove()
    {
        const auto labels = placed(
            {mark(20, "AVeryLongNameOfAnAlert", ChartMark::Kind::Alert), mark(50, "→ 50 %")});
        QCOMPARE(words(labels).last(), QStringLiteral("AVeryLongNameOfAnAlert"));
        QVERIFY(labels.last().isAbove && labels.last().place.top() == strip.top());
        QVERIFY(!labels.first().isAbove);
        QCOMPARE(collision(labels), QString());
    }

    void whereThereIsNoneAtAllTheyAreShortened()
    {
        const QString endless(300, QLatin1Char('x'));
        const auto labels
            = placed({mark(20, qPrintable(endless), ChartMark::Kind::Alert), mark(590, "→ 50 %")});
        QVERIFY2(labels.last().words.endsWith(QStringLiteral("…")),
                 qPrintable(labels.last().words));
        QCOMPARE(collision(labels), QString());
    }

    void thoseAtOnePlaceAreCountedAndAnAlertSpeaksForThem()
    {
        const auto labels
            = placed({mark(300, "HighErrorRatio", ChartMark::Kind::Alert), mark(303, "→ 50 %"),
                      mark(305, "M2", ChartMark::Kind::DatabaseStep)});
        QCOMPARE(labels.size(), 1);
        QCOMPARE(labels[0].words, QStringLiteral("HighErrorRatio +2"));
        QVERIFY(labels[0].kind == ChartMark::Kind::Alert);
    }

    void nothingEverStandsOnAnything_data()
    {
        QTest::addColumn<int>("apart");
        for (const int apart : {1, 5, 12, 20, 33, 60, 120})
            QTest::addRow("every %d px", apart) << apart;
    }
    void nothingEverStandsOnAnything()
    {
        QFETCH(int, apart);
        const char *names[] = {"→ 10 %", "HighErrorRatio", "M2 backfill", "p95"};
        QList<ChartMark> marks;
        for (int i = 0; i * apart <= 600; ++i)
            marks << mark(i * apart, names[i % 4], ChartMark::Kind(i % 3));
        const auto labels = placed(marks);
        QVERIFY(!labels.isEmpty());
        QCOMPARE(collision(labels), QString());
    }

    void itPaintsInsideItsStripAlone()
    {
        QImage image(720, 160, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paintMarkStrip(&painter,
                       {mark(100, "→ 10 %"), mark(300, "HighErrorRatio", ChartMark::Kind::Alert)},
                       frame, strip);
        painter.end();
        int inside = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y).alpha() == 0)
                    continue;
                QVERIFY2(y >= strip.top() - 1 && y <= strip.bottom() + 1,
                         qPrintable(QString::number(y)));
                ++inside;
            }
        }
        QVERIFY(inside > 50);
    }
};

QTEST_MAIN(TestMarkStrip)
#include "testmarkstrip.moc"
