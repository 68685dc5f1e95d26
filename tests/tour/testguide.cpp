#include "app/tour/guide.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

#include <algorithm>

using namespace pilothouse;

namespace {

constexpr int patience = 50; // ms
constexpr qint64 longerThanPatience = 200;

} // namespace

/// The tour's waits: on what is seen, never on how fast a machine is.
class TestGuide final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWorksIsWaitedForHoweverLongItTakes()
    {
        QElapsedTimer clock;
        clock.start();
        qint64 rows = 0;
        m_guide.expectWorking(
            QStringLiteral("slow"), [&] { return clock.elapsed() > longerThanPatience; },
            [&] { return ++rows; }, patience);
        QVERIFY2(rows > 2, "it was asked more than once whether it moves");
        m_guide.picture(QStringLiteral("slow"), {});
        const QJsonObject step = m_guide.record().last().toObject();
        const QJsonObject waited
            = step.value(QLatin1String("expected")).toArray().last().toObject();
        QCOMPARE(waited.value(QLatin1String("what")).toString(), QStringLiteral("slow"));
        QVERIFY(waited.value(QLatin1String("ms")).toInt() > longerThanPatience);
    }

    void whatStandsStillIsGivenUp()
    {
        QVERIFY(givenUp([] { return qint64(7); }));
        QCOMPARE(lastPicture(), QStringLiteral("02-lost.png"));
    }

    void whatMovesAndThenStopsIsGivenUpToo()
    {
        qint64 rows = 0;
        QVERIFY(givenUp([&rows] { return rows = std::min<qint64>(rows + 1, 3); }));
        QCOMPARE(rows, 3);
    }

private:
    bool givenUp(const std::function<qint64()> &done)
    {
        try {
            m_guide.expectWorking(
                QStringLiteral("stuck"), [] { return false; }, done, patience);
        } catch (const Guide::Lost &lost) {
            return lost.what == QLatin1String("stuck");
        }
        return false;
    }
    [[nodiscard]] QString lastPicture() const
    {
        return m_guide.record().last().toObject().value(QLatin1String("picture")).toString();
    }

    QTemporaryDir m_folder;
    QWidget m_window;
    Guide m_guide{m_window, m_folder.path()};
};

QTEST_MAIN(TestGuide)
#include "testguide.moc"
