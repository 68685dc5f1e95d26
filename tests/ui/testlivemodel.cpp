#include "release/releaserows.h"
#include "rollout/rolloutbench.h"
#include "ui/release/livemodel.h"
#include "ui/widgets/theme.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

/// Which rows of LIVE look fresh, over a track with everything below its ports in memory.
class TestLiveModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_bench = std::make_unique<RolloutBench>();
        QTRY_VERIFY(m_bench->rollout->traffic());
    }
    void cleanup() { m_bench.reset(); }

    void whatIsReadIsInkAndHasItsAge()
    {
        show();
        QCOMPARE(m_model.rowCount(), 1);
        QCOMPARE(greyColumns(), 0);
        QVERIFY(!ageWords().contains(QLatin1String("old")));
        QVERIFY(toolTip().isEmpty());
    }

    void whatCannotBeReadIsGreyAndSaysHowOldItIs()
    {
        m_bench->traffic.readError
            = Error{ErrorKind::Unavailable, QStringLiteral("Nobody answers."), {}, {}};
        QTRY_VERIFY(passes([this] { return m_bench->rollout->trafficSource().error; }));
        show();
        QCOMPARE(greyColumns(), int(LiveModel::ColumnCount));
        QVERIFY2(ageWords().startsWith(QLatin1String("lost, ")), qPrintable(ageWords()));
        QVERIFY2(ageWords().endsWith(QLatin1String(" old")), qPrintable(ageWords()));
        QCOMPARE(toolTip(), QStringLiteral("Nobody answers."));
        m_bench->traffic.readError.reset();
        QTRY_VERIFY(passes([this] { return !m_bench->rollout->trafficSource().error; }));
        show();
        QCOMPARE(greyColumns(), 0);
    }

    /// Neither an answer nor an error: nobody knows whether it is still so.
    void whatWasNotReadInTimeIsGreyToo()
    {
        m_bench->traffic.hold();
        m_bench->clock.advance(17s);
        QCoreApplication::processEvents();
        show();
        QCOMPARE(greyColumns(), int(LiveModel::ColumnCount));
        QVERIFY2(ageWords().startsWith(QLatin1String("old 1")), qPrintable(ageWords()));
        QCOMPARE(toolTip(), QStringLiteral("Nothing newer came in time."));
        m_bench->traffic.release();
        QTRY_VERIFY(passes([this] {
            return m_bench->rollout->trafficSource().health == SourceState::Health::Live;
        }));
        show();
        QCOMPARE(greyColumns(), 0);
    }

private:
    /// Time goes on until something is so.
    template <typename Condition>
    bool passes(const Condition &condition)
    {
        m_bench->clock.advance(5s);
        QCoreApplication::processEvents();
        return bool(condition());
    }
    void show() { m_model.setRows({liveRow(*m_bench->rollout)}); }
    [[nodiscard]] QVariant cell(int column, int role) const
    {
        return m_model.index(0, column).data(role);
    }
    [[nodiscard]] int greyColumns() const
    {
        int grey = 0;
        for (int column = 0; column < LiveModel::ColumnCount; ++column) {
            const QVariant ink = cell(column, Qt::ForegroundRole);
            grey += ink.value<QColor>() == Theme::instance().color(ColorRole::Faint) ? 1 : 0;
        }
        return grey;
    }
    [[nodiscard]] QString ageWords() const
    {
        return cell(LiveModel::AgeColumn, Qt::DisplayRole).toString();
    }
    [[nodiscard]] QString toolTip() const
    {
        return cell(LiveModel::StableColumn, Qt::ToolTipRole).toString();
    }

    LiveModel m_model;
    std::unique_ptr<RolloutBench> m_bench;
};

QTEST_MAIN(TestLiveModel)
#include "testlivemodel.moc"
