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

/// What of a run waits in a concurrency group: the run, or one job of it.
struct HeldUp
{
    QString group;
    RunId run;
    JobId job; ///< 0 = the run as a whole

    bool operator==(const HeldUp &) const = default;
};

/// The places of a run at which it waits behind others.
[[nodiscard]] Result<QList<HeldUp>> decodeHeldUp(const QByteArray &body, const RunId &run);
/// Who stands before `item` in its group: whoever has it, else the first of the queue. GitHub lists
/// `item` itself too, last where only those before it were asked for.
[[nodiscard]] Result<QList<ConcurrencyBlock>> decodeAhead(const QByteArray &body,
                                                          const HeldUp &item);

} // namespace pilothouse
