#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/rollout/trackview.h"
#include "ui/rollout/weightbar.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

WeightView weights(std::optional<int> asked, std::optional<int> accepted,
                   std::optional<double> measured)
{
    WeightView made;
    if (asked)
        made.asked = Weight{*asked};
    if (accepted)
        made.accepted = Weight{*accepted};
    made.measured = measured;
    if (asked)
        made.trafficAge = 2s;
    made.measuredAge = 5s;
    return made;
}

} // namespace

/// The bar of asked, accepted and measured.
class TestWeightBar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_bar = std::make_unique<WeightBar>();
        m_bar->resize(m_bar->sizeHint().width() + 400, 26);
    }

    void itsNameHasTheNumbersAndTheirDifferences_data()
    {
        QTest::addColumn<WeightView>("weights");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *name, const WeightView &given, const char *said) {
            QTest::newRow(name) << given
                                << QStringLiteral("Weight of the candidate: ")
                                       + QString::fromUtf8(said);
        };
        row("all the same", weights(50, 50, 50.0),
            "asked 50 %; accepted 50 % (2 s); measured 50.0 % (5 s)");
        row("not taken over", weights(50, 10, 9.4),
            "asked 50 %; accepted 10 % (2 s), 40 points less than asked; measured 9.4 % (5 s), "
            "0.6 points less than accepted");
        row("more than asked", weights(0, 50, 51.0),
            "asked 0 %; accepted 50 % (2 s), 50 points more than asked; measured 51.0 % (5 s), "
            "1 points more than accepted");
        row("not yet, and nobody counts", weights(50, {}, {}),
            "asked 50 %; accepted not yet (2 s); measured no data");
        row("nothing was read", weights({}, {}, {}),
            "asked no data; accepted no data; measured no data");
    }
    void itsNameHasTheNumbersAndTheirDifferences()
    {
        QFETCH(WeightView, weights);
        QFETCH(QString, name);
        m_bar->setWeights(weights, WeightBar::Age::Fresh);
        QCOMPARE(m_bar->accessibleName(), name);
    }

    void everyDifferenceIsSeen()
    {
        QList<QImage> seen;
        for (const WeightView &each :
             {weights(50, 50, 50.0), weights(50, 10, 50.0), weights(50, 50, 9.4),
              weights(10, 50, 50.0), weights(50, {}, 50.0), weights(50, 50, {}),
              weights({}, {}, {}), weights(0, 0, 0.0)}) {
            const QImage now = barOf(each);
            QVERIFY(!seen.contains(now));
            seen << now;
        }
    }

    /// What was accepted and is no longer asked for still has the traffic; what is to come has
    /// none.
    void whatIsToBeTakenAwayStillShowsItsFill()
    {
        const auto inked = [this](const WeightView &each) {
            m_bar->setWeights(each, WeightBar::Age::Fresh);
            const QImage picture = m_bar->grab().toImage();
            const QColor fill = Theme::instance().color(ColorRole::SeriesCandidate);
            int pixels = 0;
            for (int x = int(m_bar->xOf(12)); x < int(m_bar->xOf(48)); ++x)
                pixels += picture.pixelColor(x, int(m_bar->bar().center().y())) == fill ? 1 : 0;
            return pixels;
        };
        QVERIFY(inked(weights(10, 50, {})) > 20);
        QCOMPARE(inked(weights(50, 10, {})), 0);
        QVERIFY(inked(weights(10, 50, {})) < inked(weights(50, 50, {})));
    }

    void oldValuesLookOld()
    {
        QVERIFY(barOf(weights(50, 10, 9.0), WeightBar::Age::Old)
                != barOf(weights(50, 10, 9.0), WeightBar::Age::Fresh));
    }

    /// The signs stand where the numbers are, whatever the colours: in grey they are there, too.
    void theSignsStandAtTheirNumbers()
    {
        m_bar->setWeights(weights(50, 10, 80.0), WeightBar::Age::Fresh);
        const QImage picture = m_bar->grab().toImage().convertToFormat(QImage::Format_Grayscale8);
        const QRectF bar = m_bar->bar();
        const auto isInked = [&](double percent, double y) {
            const int x = int(m_bar->xOf(percent));
            return std::abs(qGray(picture.pixel(x, int(y)))
                            - qGray(picture.pixel(picture.width() - 2, 1)))
                   > 60;
        };
        QVERIFY(isInked(50, bar.top() - 5));
        QVERIFY(!isInked(10, bar.top() - 5));
        QVERIFY(!isInked(80, bar.top() - 5));
        QVERIFY(isInked(80, bar.bottom() + 3));
        QVERIFY(!isInked(50, bar.bottom() + 3));
    }

    void withoutDataNoSignStandsOnIt()
    {
        m_bar->setWeights(weights({}, {}, {}), WeightBar::Age::Fresh);
        const QImage picture = m_bar->grab().toImage();
        const QRectF bar = m_bar->bar();
        const QColor ground = picture.pixelColor(picture.width() - 2, 1);
        for (int x = 0; x < int(bar.right()); ++x) {
            QCOMPARE(picture.pixelColor(x, int(bar.top()) - 4), ground);
            QCOMPARE(picture.pixelColor(x, int(bar.bottom()) + 4), ground);
            if (x > int(bar.left()) && x < int(bar.right()) - 2)
                QCOMPARE(picture.pixelColor(x, int(bar.center().y())), ground);
        }
    }

    void inLessRoomTheBarIsShorterAndTheWordsAreWhole()
    {
        m_bar->setWeights(weights(50, 10, 9.4), WeightBar::Age::Fresh);
        m_bar->resize(m_bar->sizeHint());
        const double wide = m_bar->bar().width();
        m_bar->resize(m_bar->minimumSizeHint());
        QVERIFY(m_bar->bar().width() < wide);
        QVERIFY(m_bar->bar().width() > 90);
    }

    void thePageFeedsIt()
    {
        QTemporaryDir dir;
        RolloutBench bench;
        LogController logs(std::vector<LogSource *>{}, dir.path(), bench.clock);
        TrackView view(*bench.rollout, logs);
        view.resize(1200, 800);
        view.show();
        const auto *bar = view.findChild<WeightBar *>(QStringLiteral("weightBar"));
        QVERIFY(bar && bar->isVisible());
        bench.traffic.change([](TrafficState &t) {
            t.asked = Weight{50};
            t.accepted = Weight{10};
        });
        bench.traffic.tell();
        QTRY_VERIFY2(bar->accessibleName().contains(QStringLiteral("40 points less than asked")),
                     qPrintable(bar->accessibleName()));
        // For whoever looks: PILOTHOUSE_PICTURES names a folder.
        if (const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES"); !folder.isEmpty()) {
            for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
                Theme::instance().setScheme(scheme);
                view.grab().save(QDir(folder).filePath(scheme == Theme::Scheme::Dark
                                                           ? QStringLiteral("canary-dark.png")
                                                           : QStringLiteral("canary-light.png")));
            }
        }
    }

private:
    [[nodiscard]] QImage barOf(const WeightView &weights,
                               WeightBar::Age age = WeightBar::Age::Fresh)
    {
        m_bar->setWeights(weights, age);
        const QRectF bar = m_bar->bar().adjusted(-4, -9, 4, 9);
        return m_bar->grab(bar.toAlignedRect()).toImage();
    }

    std::unique_ptr<WeightBar> m_bar;
};

QTEST_MAIN(TestWeightBar)
#include "testweightbar.moc"
