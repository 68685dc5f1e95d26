#pragma once

#include "base/future.h"
#include "base/whendone.h"

#include <memory>

namespace pilothouse {

/// What `convert` makes of an answer: called with the Result<T> in `context`'s thread, gives a
/// Result<R>. Cancelled, without a call, if `future` was cancelled or `context` is gone.
template <typename R, typename T, typename Convert>
[[nodiscard]] QFuture<Result<R>> converted(const QFuture<Result<T>> &future, QObject *context,
                                           Convert convert)
{
    // Whoever holds the last reference to a promise that has no answer cancels it.
    auto promise = std::make_shared<QPromise<Result<R>>>();
    promise->start();
    QFuture<Result<R>> result = promise->future();
    whenDone(
        future, context,
        [promise, convert = std::move(convert)](const Result<T> &answer) mutable {
            promise->addResult(convert(answer));
            promise->finish();
        },
        [promise] {
            promise->future().cancel();
            promise->finish();
        });
    return result;
}

/// The same for a `next` that asks on and gives a QFuture<Result<R>>.
template <typename R, typename T, typename Next>
[[nodiscard]] QFuture<Result<R>> askNext(const QFuture<Result<T>> &future, QObject *context,
                                         Next next)
{
    auto promise = std::make_shared<QPromise<Result<R>>>();
    promise->start();
    QFuture<Result<R>> result = promise->future();
    const auto giveUp = [promise] {
        promise->future().cancel();
        promise->finish();
    };
    whenDone(
        future, context,
        [promise, context, giveUp, next = std::move(next)](const Result<T> &answer) mutable {
            whenDone(
                next(answer), context,
                [promise](const Result<R> &last) {
                    promise->addResult(last);
                    promise->finish();
                },
                giveUp);
        },
        giveUp);
    return result;
}

} // namespace pilothouse
