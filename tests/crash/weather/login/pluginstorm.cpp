#include "crash/weather/lanes.h"
#include "crash/weather/login/faultyplugin.h"
#include "crash/weather/trackpass.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int lanes = 10;

PassResult passWith(const PluginFault &fault, const QString &step)
{
    FaultyPlugin plugin(fault, step, Scene::token());
    const auto scene = makeRouteScene();
    PassResult result = runTrackPass(*scene, FaultyServer::Speaks::Http, {}, &plugin);
    if (result.failure.isEmpty())
        result.failure = plugin.wrong();
    return result;
}

} // namespace

/// A promotion and a rollback by a console that signs in with a kubeconfig's own program, which
/// goes wrong in every way at every step: it is said, nothing is taken for done that was never
/// sent, nothing is done twice, and once the program works again so does the console.
class PluginStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverTheProgramDoesThereIsAWayOn()
    {
        QList<NamedPass> passes;
        for (const char *step : {"start", "dry run", "promote", "roll back"}) {
            for (const PluginFault &fault : pluginFaults())
                passes.append({QStringLiteral("%1 at %2").arg(fault.name, QLatin1String(step)),
                               [&fault, step] {
                                   return passWith(fault, QLatin1String(step));
                               }});
        }
        const StormResult result = stormOf(QStringLiteral("Sign-in program"), passes, lanes);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QCOMPARE(result.missed, 0);
        QVERIFY(result.tried >= 100);
    }
};

QTEST_GUILESS_MAIN(PluginStorm)
#include "pluginstorm.moc"
