#pragma once

#include "pipeline/act/runcontrol.h"

#include <QByteArray>

namespace pilothouse {

[[nodiscard]] Result<QList<PendingEnvironment>> decodePending(const QByteArray &body);
[[nodiscard]] Result<QList<GivenReview>> decodeReviews(const QByteArray &body);
/// 0 where the answer names no run (204).
[[nodiscard]] Result<RunId> decodeDispatch(const QByteArray &body);
[[nodiscard]] Result<RunAccess> decodeAccess(const QByteArray &repository);
[[nodiscard]] Result<QString> decodeLogin(const QByteArray &user);

/// Names of the concurrency groups of a run in which others stand before it.
[[nodiscard]] Result<QStringList> decodeHeldUp(const QByteArray &body, const RunId &run);
/// Who stands before a run in one group: whoever runs, else the first of the queue.
[[nodiscard]] Result<QList<ConcurrencyBlock>> decodeAhead(const QByteArray &body);

} // namespace pilothouse
