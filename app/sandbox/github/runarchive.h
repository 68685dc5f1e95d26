#pragma once

#include "app/sandbox/github/runviews.h"

namespace pilothouse::sandbox {

/// All logs of a run that has ended, as GitHub packs them: "0_build.txt" for each job that ran, and
/// "build/1_Set up job.txt" for each of its steps. A zip file.
[[nodiscard]] QByteArray runArchive(const RunFacts &facts, const RunRecord &run);

} // namespace pilothouse::sandbox
