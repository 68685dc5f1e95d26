#pragma once

#include "base/result.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

namespace pilothouse {

/// Runs the event loop until the answer is there, at most ten seconds. A cancelled future is
/// Cancelled.
template <typename T>
[[nodiscard]] Result<T> await(const QFuture<Result<T>> &future)
{
    if (!future.isFinished()) {
        QEventLoop loop;
        QFutureWatcher<Result<T>> watcher;
        QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(10'000, &loop, &QEventLoop::quit);
        watcher.setFuture(future);
        loop.exec();
    }
    if (!future.isFinished())
        return fail(ErrorKind::Internal, QStringLiteral("the test waited in vain"));
    if (future.isCanceled())
        return fail(ErrorKind::Cancelled, QStringLiteral("cancelled"));
    return future.result();
}

} // namespace pilothouse
