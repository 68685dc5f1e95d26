#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <utility>

namespace pilothouse {

/// Calls `done(result)` in `context`'s thread when the future has its answer, or `givenUp()` if it
/// was cancelled or its promise died. At once for an answer that is already there. Neither is
/// called once `context` is gone: unlike QFuture::then(context, …), which asserts in Qt 6.4 when
/// its context died before the answer came.
template <typename T, typename Done, typename GivenUp>
void whenDone(const QFuture<T> &future, QObject *context, Done done, GivenUp givenUp)
{
    auto deliver
        = [done = std::move(done), givenUp = std::move(givenUp)](const QFuture<T> &answer) mutable {
              if (answer.resultCount() > 0)
                  done(answer.result());
              else
                  givenUp();
          };
    if (future.isFinished()) {
        auto now = deliver;
        now(future);
        return;
    }
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, context, [watcher, deliver]() mutable {
        watcher->deleteLater();
        deliver(watcher->future());
    });
    watcher->setFuture(future);
}

/// The same for an answer that says nothing: calls `ended()`, whether it came or was given up.
template <typename Ended>
void whenEnded(const QFuture<void> &future, QObject *context, Ended ended)
{
    if (future.isFinished()) {
        ended();
        return;
    }
    auto *watcher = new QFutureWatcher<void>(context);
    QObject::connect(watcher, &QFutureWatcher<void>::finished, context,
                     [watcher, ended = std::move(ended)]() mutable {
                         watcher->deleteLater();
                         ended();
                     });
    watcher->setFuture(future);
}

} // namespace pilothouse
