#pragma once

#include "pipeline/act/runorder.h"

namespace pilothouse {

/// What a look at the CI host shows of one order. Only what the order asks for is filled in.
struct RunSight
{
    std::optional<Run> run;
    QList<PendingEnvironment> waiting;
    QList<GivenReview> reviews;
    QList<Run> dispatched;

    bool operator==(const RunSight &) const = default;
};

/// Whether the world shows that an order was carried out.
struct SeenOrder
{
    enum class Kind {
        Done,
        NotYet,
        Otherwise, ///< it will not come any more, or cannot be told: the text says why
    };
    Kind kind = Kind::NotYet;
    QString text;
    RunId run; ///< what it began or was about

    bool operator==(const SeenOrder &) const = default;
};

/// How many of the decisions say the same about the same environments.
[[nodiscard]] qsizetype reviewsLike(const ReviewEnvironments &order,
                                    const QList<GivenReview> &given);

[[nodiscard]] SeenOrder seen(const RunOrder &order, const BeforeOrder &before,
                             const RunSight &sight);

/// Asks the host for what `seen` needs. Changes nothing.
[[nodiscard]] QFuture<Result<RunSight>> lookFor(RunControl &control, const RunOrder &order,
                                                const BeforeOrder &before, QObject *context);

} // namespace pilothouse
