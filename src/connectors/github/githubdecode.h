#pragma once

#include "pipeline/runsource.h"

#include <QByteArray>

namespace pilothouse {

/// GitHub's words to ours: `conclusion` counts once `status` is "completed". A word that is not
/// known is RunStatus::Unknown.
[[nodiscard]] RunStatus runStatus(const QString &status, const QString &conclusion);

/// One page of "list workflow runs". Malformed with the path for what cannot be read.
/// The one run that was asked for by its id.
[[nodiscard]] Result<Run> decodeRun(const QByteArray &body);
[[nodiscard]] Result<QList<Run>> decodeRuns(const QByteArray &page);
/// One page of "list jobs for a workflow run".
[[nodiscard]] Result<QList<Job>> decodeJobs(const QByteArray &page);

} // namespace pilothouse
