#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

using Kind = NextDeploy::Kind;

NextDeploy next(Kind kind, const char *words, std::optional<int> brings = {})
{
    return {kind, QString::fromUtf8(words), brings};
}

} // namespace

/// What the page of a track says of the next deploy.
class TestNextDeploy : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    /// Empty = nothing is shown.
    QString shown(const std::optional<NextDeploy> &deploy, const char *unless = "")
    {
        RolloutBench bench;
        LogController logs(std::vector<LogSource *>{}, m_dir.path(), bench.clock);
        bench.traffic.world.nextDeploy = deploy;
        bench.traffic.world.onLatest = QLatin1String(unless) == QLatin1String("LATEST");
        bench.toWeight(10);
        TrackView view(*bench.rollout, logs);
        view.show();
        const auto *label = view.findChild<QLabel *>(QStringLiteral("nextDeployLabel"));
        return label && label->isVisible() ? label->text() : QString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
    }

    void whatIsKnownIsSaid()
    {
        QCOMPARE(shown(next(Kind::Overwrites, "the next deploy overwrites it", 0)),
                 QStringLiteral("Then: the next deploy overwrites it"));
        QCOMPARE(shown(next(Kind::Keeps, "the next deploy keeps it")),
                 QStringLiteral("Then: the next deploy keeps it"));
    }

    void whatIsNotKnownIsSaidAsPlainly()
    {
        QCOMPARE(shown(unknownNextDeploy(QStringLiteral("you lack list on secrets."))),
                 QStringLiteral("Then: what the next deploy does to this weight is not known: you "
                                "lack list on secrets"));
    }

    void aDeployThatBringsThePresentWeightIsNoDanger()
    {
        QCOMPARE(shown(next(Kind::Conflicts, "the next deploy fails", 10)),
                 QStringLiteral("Then: the next deploy brings the same weight, 10 %"));
    }

    void trafficThatFollowsLatestIsSaidAndWhatToDo()
    {
        QCOMPARE(shown(next(Kind::Keeps, "the next deploy starts at 0 %"), "LATEST"),
                 QStringLiteral("Then: traffic follows LATEST, so the next deploy gets all of it "
                                "at once and is no canary. More… pins it."));
    }

    void whereNoDeployMovesTheWeightNothingIsSaid()
    {
        QCOMPARE(shown({}), QString());
        QCOMPARE(shown(next(Kind::NoDeploys, "no deploy is known")), QString());
    }
};

QTEST_MAIN(TestNextDeploy)
#include "testnextdeploy.moc"
