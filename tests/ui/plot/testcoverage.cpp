#include "ui/rollout/plot/coverage.h"

#include <QColor>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <random>

using namespace pilothouse;

namespace {

constexpr QRect area(7, 5, 150, 211); ///< more than three words of rows, none of them whole at last

/// A line's columns: one or two pixels wide, some longer dashes, some of them beyond the picture.
QList<QRect> columnsOf(std::mt19937 &random)
{
    const auto any = [&random](int low, int high) {
        return std::uniform_int_distribution(low, high)(random);
    };
    const int pen = any(1, 2);
    QList<QRect> columns;
    for (int x = area.left() - 4; x <= area.right() + 4; ++x)
        columns.append(
            QRect(x, any(-20, area.bottom() + 20), any(0, 20) == 0 ? 9 : pen, any(1, 90)));
    return columns;
}

void fill(QImage &image, const QList<QRect> &columns, int line)
{
    QPainter painter(&image);
    painter.setClipRect(area);
    for (const QRect &column : columns)
        painter.fillRect(column, QColor::fromHsv(line * 15, 200, 180));
}

QImage empty()
{
    QImage image(area.right() + 12, area.bottom() + 12, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    return image;
}

} // namespace

class CoverageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePictureIsThatOfAllColumns_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void thePictureIsThatOfAllColumns()
    {
        QFETCH(const int, seed);
        std::mt19937 random{unsigned(seed)};
        std::vector<QList<QRect>> lines(20);
        std::generate(lines.begin(), lines.end(), [&] { return columnsOf(random); });

        Coverage coverage(area);
        std::vector<QList<QRect>> seen(lines.size());
        for (size_t i = lines.size(); i-- > 0;)
            seen[i] = coverage.uncovered(lines[i]);
        QImage all = empty();
        QImage few = empty();
        for (size_t i = 0; i < lines.size(); ++i) {
            fill(all, lines[i], int(i));
            fill(few, seen[i], int(i));
        }
        QCOMPARE(few, all);
    }

    void noPixelIsFilledTwice()
    {
        std::mt19937 random(3);
        Coverage coverage(area);
        QHash<QPoint, int> filled;
        for (int line = 0; line < 20; ++line) {
            QList<QRect> columns = columnsOf(random);
            for (QRect &column : columns)
                column.setWidth(1);
            for (const QRect &part : coverage.uncovered(columns)) {
                for (int y = part.top(); y <= part.bottom(); ++y)
                    ++filled[QPoint(part.left(), y)];
            }
        }
        QVERIFY(filled.size() > 20'000);
        QCOMPARE(*std::max_element(filled.cbegin(), filled.cend()), 1);
    }

    void whatIsBesideThePictureIsLeftOut()
    {
        Coverage coverage(area);
        QCOMPARE(coverage.uncovered({QRect(0, 0, 6, 300), QRect(20, area.bottom() + 1, 1, 9)}),
                 QList<QRect>());
        QCOMPARE(coverage.uncovered({QRect(20, -40, 1, 500)}),
                 (QList<QRect>{QRect(20, area.top(), 1, area.height())}));
    }

    void aWideColumnIsSeenWhereOneOfItsPixelsIs()
    {
        Coverage coverage(QRect(0, 0, 10, 100));
        (void)coverage.uncovered({QRect(3, 0, 1, 50), QRect(4, 30, 1, 40)});
        QCOMPARE(coverage.uncovered({QRect(3, 10, 2, 80)}),
                 (QList<QRect>{QRect(3, 10, 2, 20), QRect(3, 50, 2, 40)}));
    }
};

QTEST_APPLESS_MAIN(CoverageTest)
#include "testcoverage.moc"
