#pragma once

#include "base/future.h"
#include "base/whendone.h"

#include <memory>

namespace pilothouse {

/// What `next` makes of an answer: it is called with the Result<T> in `context`'s thread and gives
/// a QFuture<Result<R>>. Cancelled, without a call of `next`, if `future` was cancelled or
/// `context` is gone (see whenDone).
template <typename R, typename T, typename Next>
[[nodiscard]] QFuture<Result<R>> chain(const QFuture<Result<T>> &future, QObject *context,
                                       Next next)
{
    auto promise = std::make_shared<QPromise<Result<R>>>();
    promise->start();
    const QFuture<Result<R>> chained = promise->future();
    const auto giveUp = [promise] {
        promise->future().cancel();
        promise->finish();
    };
    whenDone(
        future, context,
        [promise, context, next, giveUp](const Result<T> &answer) mutable {
            whenDone(
                next(answer), context,
                [promise](const Result<R> &last) {
                    promise->addResult(last);
                    promise->finish();
                },
                giveUp);
        },
        giveUp);
    return chained;
}

} // namespace pilothouse
