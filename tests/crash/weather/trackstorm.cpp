#include "crash/weather/lanes.h"
#include "crash/weather/trackpass.h"

#include <QTest>

using namespace pilothouse;

/// A promotion and a rollback by the real controller and a real control, with every call of theirs
/// going wrong in turn, in every way: always a state that says why, a way on, and nothing lost or
/// done twice.
class TrackStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongThereIsAWayOn()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            const auto scene = SCENE();
            return runTrackPass(*scene, speaks, disturbance);
        };
        const StormResult result = storm(QStringLiteral(SCENE_NAME), pass, SCENE_READS);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 10);
        QVERIFY(result.tried >= (SCENE_READS == Reads::Each ? 15 * result.calls : 350));
        QVERIFY(result.missed * 5 <= result.tried); // how often a weight is looked at differs
    }
};

QTEST_GUILESS_MAIN(TrackStorm)
#include "trackstorm.moc"
