#pragma once

#include "base/clock.h"
#include "rollout/trafficcontrol.h"

#include <QPromise>

#include <functional>
#include <memory>
#include <vector>

namespace pilothouse {

/// A traffic object in memory with the manners of a real one: each write needs the version it saw,
/// and makes a new one. Answers are ready at once unless `hold` keeps them back.
class FakeTraffic final : public TrafficControl
{
    Q_OBJECT

public:
    explicit FakeTraffic(Clock &clock);

    [[nodiscard]] QString systemName() const override { return system; }
    [[nodiscard]] QString programName() const override { return program; }
    [[nodiscard]] bool movesByProgram() const override { return programMoves; }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> glance() override
    {
        ++glances;
        return read();
    }
    void watch() override { m_watched = true; }
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                     const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &change,
                                       const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planNote(const Deed &deed, const QString &version) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    note(const Deed &deed, const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                             const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    [[nodiscard]] QList<OwnAction> ownActions(const TrafficState & /*now*/) const override
    {
        return own;
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request) override;
    [[nodiscard]] QString showCommand() const override { return QStringLiteral("show it"); }

    /// The world as it is. Nobody is told until `tell()` or the next read.
    TrafficState world;
    QString system = QStringLiteral("FakeRoute");
    QString source = QStringLiteral("Fake"); ///< of its readings
    QString program;                         ///< whose log there is
    bool programMoves = false;               ///< the weights
    /// A write is accepted at once; else `accepted` lags until the test sets it.
    bool acceptsAtOnce = true;
    std::optional<Error> readError;
    std::optional<Error> writeError; ///< of the next write only
    QList<Error> noteErrors;         ///< of the next notes, one each
    QList<Error> annotateErrors;     ///< of the next annotations, one each
    /// Called right before an annotation is compared with the world.
    std::function<void()> beforeAnnotate;
    QList<std::pair<QString, QByteArray>> annotations; ///< every one that was sent, taken or not
    TrafficAccess mayWrite{true, {}};
    /// Called right before a write is compared with the world: what somebody else does just then.
    std::function<void()> beforeWrite;
    std::function<void()> beforeHold; ///< the same for a hold
    std::optional<Error> holdError;   ///< of every hold, while it is set
    std::optional<Error> holdAnswer;  ///< comes after the next hold that is taken
    QList<WeightRequest> writes;      ///< every one that was sent, taken or not
    /// How a write of a weight is told; its own words else.
    std::function<PlannedCall(const WeightRequest &, const TrafficState &)> planned;
    QList<OwnAction> own;                      ///< what it offers besides
    std::function<void(TrafficState &)> onOwn; ///< what one of them does
    QList<OwnRequest> ownRuns;                 ///< every one that was sent, taken or not
    int reads = 0;                             ///< glances too
    int glances = 0;                           ///< of those that were
    QList<WeightRequest> trials;               ///< dry runs that were asked for
    QList<OwnRequest> ownTrials;
    QList<std::pair<HoldChange, QString>> holdTrials; ///< with the version they expect
    /// What the dry runs of all kinds answer, the oldest first; those beyond wait for ever.
    QList<Result<DryRun>> dryRuns;

    /// Somebody else changes the object: it gets a new version.
    void change(const std::function<void(TrafficState &)> &how);
    /// The watch tells the world.
    void tell();
    /// From now on answers wait for `release()`.
    void hold() { m_holding = true; }
    void release();
    [[nodiscard]] bool watched() const { return m_watched; }

private:
    using Answer = Result<Reading<TrafficState>>;

    [[nodiscard]] Reading<TrafficState> reading() const;
    QFuture<Result<DryRun>> answerTrial();
    QFuture<Answer> answer(const std::function<Answer()> &what);
    void bump();

    Clock &m_clock;
    int m_version = 1;
    bool m_watched = false;
    bool m_holding = false;
    std::vector<QPromise<Result<DryRun>>> m_unanswered;
    QList<std::function<void()>> m_held;
};

/// A revision that is ready, n of n.
[[nodiscard]] RevisionState readyRevision(const QString &name, const QString &commit, int pods);

} // namespace pilothouse
