#pragma once

#include <QStringList>

namespace pilothouse {

/// `guard [--workspace W] [--track T] [--for 5m] [--no-data-after TIME] [--json]`: watches a
/// rollout, and rolls it back by itself when a critical check fails often enough or an alert fires.
/// Takes the place of `sleep` in a workflow. Prints a line for each judgement. It deploys nothing:
/// where only a deploy leads back, it cannot act. What it cannot do it tries again, until
/// --no-data-after has passed. Exit 0 pass, 1 the candidate has no traffic any more ("rolled back",
/// or "rolled back by another"), 2 usage, 3 no data, 4 could not act (also where another candidate
/// took this one's place), 5 marginal.
[[nodiscard]] int guardCommand(const QStringList &arguments);

} // namespace pilothouse
