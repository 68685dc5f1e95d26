#pragma once

#include "base/result.h"

#include <QFuture>
#include <QPromise>

namespace pilothouse {

/// A finished future, for answers that are already known.
template <typename T>
[[nodiscard]] QFuture<Result<T>> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace pilothouse
