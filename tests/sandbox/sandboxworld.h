#pragma once

#include "app/sandbox/world/world.h"

#include <memory>

namespace pilothouse::sandbox {

/// The scenario that the product brings; the test ends if it cannot be read.
[[nodiscard]] std::shared_ptr<const Scenario> goodThenBad();

/// SHAs made up from the nicknames: the nickname and zeros.
[[nodiscard]] CommitTable madeUpCommits(const Scenario &scenario);

/// A world that only moves when told to.
[[nodiscard]] std::unique_ptr<World> makeWorld(const WorldOptions &options = {});

/// Moves on in steps of a tenth of a second, as the clock would.
void moveBy(World &world, double seconds);

} // namespace pilothouse::sandbox
