#pragma once

#include "base/result.h"

#include <QFuture>
#include <QTest>

namespace pilothouse {

/// Runs the event loop until the answer is there.
template <typename T>
[[nodiscard]] Result<T> answerOf(const QFuture<Result<T>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        return fail(ErrorKind::TimedOut, QStringLiteral("no answer within 20 s"));
    if (future.resultCount() == 0)
        return fail(ErrorKind::Cancelled, QStringLiteral("the future was cancelled"));
    return future.result();
}

/// For answers that must be good: the value, or a failed test with the reason.
template <typename T>
[[nodiscard]] T valueOf(const QFuture<Result<T>> &future)
{
    const Result<T> answer = answerOf(future);
    if (!answer) {
        qWarning("unexpected failure: %s (%s)", qPrintable(answer.error().message),
                 qPrintable(answer.error().detail));
        QTest::qFail("an answer that must be good is a failure", __FILE__, __LINE__);
        return T{};
    }
    return *answer;
}

} // namespace pilothouse
