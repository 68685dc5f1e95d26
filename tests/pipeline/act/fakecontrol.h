#pragma once

#include "base/clock.h"
#include "pipeline/act/runcontrol.h"

#include <QHash>
#include <QStringList>

#include <functional>

namespace pilothouse {

/// A CI host in memory that takes orders. Answers at once. What an order brings about is the
/// test's: `onSend` changes the world.
class FakeControl final : public RunControl
{
public:
    explicit FakeControl(Clock &clock) : m_clock(clock) {}

    [[nodiscard]] QString systemName() const override { return system; }
    [[nodiscard]] PlannedCall plan(const RunOrder &order) const override;
    [[nodiscard]] QFuture<Result<TakenOrder>> send(const RunOrder &order) override;
    [[nodiscard]] QFuture<Result<Reading<Run>>> run(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<PendingEnvironment>>> waiting(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<GivenReview>>> reviews(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<ConcurrencyBlock>>> blocks(const RunId &run) override;
    [[nodiscard]] QFuture<Result<QList<Run>>> active() override;
    [[nodiscard]] QFuture<Result<QList<Run>>>
    dispatched(const QString &workflowPath, const QDateTime &since, const QString &login) override;
    [[nodiscard]] QFuture<Result<RunAccess>> access() override;

    QHash<RunId, Run> runs;
    QString system = QStringLiteral("FakeHub");
    QHash<RunId, QList<PendingEnvironment>> pending;
    QHash<RunId, QList<GivenReview>> given;
    QList<ConcurrencyBlock> ahead;
    QList<Run> started;
    QList<Run> goingOn;
    RunAccess mayAct;
    std::optional<Error> readError;
    std::optional<Error> blocksError;
    std::function<Result<TakenOrder>(const RunOrder &)> onSend;

    bool holdDispatched = false; ///< answers to `dispatched` wait for releaseDispatched()
    bool holdBlocks = false;     ///< answers to `blocks` wait for releaseBlocks()
    void releaseDispatched() { release(m_dispatched); }
    void releaseBlocks() { release(m_blocks); }

    QList<RunOrder> sent;
    QStringList asked; ///< "run 7012", "waiting 7012" …

private:
    template <typename T>
    QFuture<Result<T>> answer(const QString &question, const T &value);
    using Held = QList<std::function<void()>>;
    static void release(Held &held);
    template <typename T>
    static QFuture<Result<T>> later(const Result<T> &result, Held &held);

    Held m_dispatched;
    Held m_blocks;
    Clock &m_clock;
};

} // namespace pilothouse
