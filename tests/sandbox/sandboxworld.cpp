#include "sandboxworld.h"

#include "support/places.h"

namespace pilothouse::sandbox {

std::shared_ptr<const Scenario> goodThenBad()
{
    auto scenario = Scenario::load(
        QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/scenarios/good-then-bad.yaml"));
    if (!scenario)
        qFatal("%s", qPrintable(scenario.error().message));
    return std::make_shared<const Scenario>(std::move(*scenario));
}

CommitTable madeUpCommits(const Scenario &scenario)
{
    CommitTable table;
    for (const QString &nickname : scenario.revisions.keys())
        table.insert(nickname, nickname.leftJustified(40, QLatin1Char('0')));
    return table;
}

std::unique_ptr<World> makeWorld(const WorldOptions &options)
{
    auto scenario = goodThenBad();
    CommitTable commits = madeUpCommits(*scenario);
    return std::make_unique<World>(std::move(scenario), options, std::move(commits));
}

void moveBy(World &world, double seconds)
{
    const double until = world.second() + seconds;
    while (world.second() < until - 1e-9)
        world.moveTo(std::min(until, world.second() + 0.1));
}

} // namespace pilothouse::sandbox
