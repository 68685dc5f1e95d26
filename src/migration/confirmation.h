#pragma once

#include "action/preview.h"
#include "migration/database.h"
#include "migration/gate.h"
#include "migration/recipe/backfill.h"

namespace pilothouse {

/// Everything a confirmation is computed from.
struct ConfirmationInput
{
    EnvironmentMark environment;
    QString place; ///< "context-production"
    Change change;
    Facts facts;
    std::chrono::milliseconds age{0}; ///< of the facts
    QList<ChangeStep> steps;          ///< the whole checklist
    QList<RevisionReadiness> readiness;
    Permission may;
    QList<Blocker> inTheWay;
    bool inTheWayKnown = false; ///< the question was answered lately
    QString actor;
    BackfillLimits backfill;
    int tries = 20; ///< of a Short statement
};

/// The confirmation of these steps (the open ones of those that run together), as the design's
/// frame draws it: statements, locks, what is in the way, code, breaks, failure, way back. In
/// production and rehearsal the person types what tells it from its neighbours:
/// "organization_id not null" for C1 to C4, "drop trigger" for C5; nothing for steps that a press
/// takes back without loss. The fingerprint covers statements, catalog, readiness and the kinds of
/// reasons, not what moves by itself (row counts, ages, blockers). Pure.
[[nodiscard]] Preview confirmSteps(const ConfirmationInput &input, const QList<StepId> &steps);

/// The same for the way back of one step.
[[nodiscard]] Preview confirmUndo(const ConfirmationInput &input, StepId step);

/// For ending another session's statement, or the session itself where it is idle in a transaction.
[[nodiscard]] Preview confirmCancel(const EnvironmentMark &environment, const QString &place,
                                    const Blocker &blocker);

} // namespace pilothouse
