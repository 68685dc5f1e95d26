#pragma once

#include "action/preview.h"
#include "rollout/rolloutviews.h"

namespace pilothouse {

/// What a preview needs besides the facts of the rollout.
struct PreviewContext
{
    EnvironmentMark environment;
    TrackName track;
    QList<PlannedCall> calls; ///< of this action
    QList<PreviewRow> trial;  ///< what a dry run of it says
    QStringList leaves;       ///< OwnAction::leaves of the deploy that leads back
    QDateTime now;            ///< UTC, for "5 min ago"
    QStringList notMoved;     ///< what a rollback leaves as it is
    QString configMaps;       ///< the same of its pods' config maps, a sentence; may be empty
    PreviewRow runs;          ///< of a rollback: what could still move the traffic, RunsLine::row
    PreviewRow runsBeside;    ///< of another weight: RunsLine::beside
    QString guard;            ///< "rolls back at 3 failed judgements"; empty = none is armed
    QString metricsAge;       ///< "8 s old", "4 min old, Prometheus lost"; empty = none
    StepRules::AfterFull afterFull = StepRules::AfterFull::StableIsReplaced;
};

/// Promote to the plan's next weight; typed: that weight.
[[nodiscard]] Preview promotePreview(const RolloutFacts &facts, const PreviewContext &context);
/// One of the traffic control's own actions; typed: what it says itself. A new version of the
/// object alone changes nothing of it.
[[nodiscard]] Preview ownPreview(const OwnAction &action, const RolloutFacts &facts,
                                 const PreviewContext &context);
/// All traffic to the way back's target; typed: its short SHA.
[[nodiscard]] Preview rollbackPreview(const RolloutFacts &facts, const PreviewContext &context);
/// One stage down; typed: that weight.
[[nodiscard]] Preview backPreview(const RolloutFacts &facts, const PreviewContext &context);
[[nodiscard]] Preview holdPreview(const RolloutFacts &facts, const PreviewContext &context);
[[nodiscard]] Preview liftPreview(const RolloutFacts &facts, const PreviewContext &context);
/// Gives up the way back; typed: its short SHA.
[[nodiscard]] Preview retirePreview(const RolloutFacts &facts, const PreviewContext &context);

/// Whether what was confirmed still holds: the same world, and nothing against it that was not
/// shown. An objection that is gone does not send anybody back.
[[nodiscard]] bool stillHolds(const QString &confirmedFingerprint, const QString &fingerprintNow);

/// Who moved the weight since the fingerprint was made; empty = nobody did, or nobody is known.
[[nodiscard]] QString moverSince(const QString &confirmedFingerprint, const TrafficState &now);

/// The text by which targets of a rollback are compared.
[[nodiscard]] QString targetText(const PinnedCandidate &target);

} // namespace pilothouse
