#pragma once

#include "action/plannedcall.h"
#include "base/id.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// Something that only one kind of traffic control has beside moving a weight: an abort, a retry,
/// an undo to a chosen revision, a lock that somebody left behind. It goes the way of every action:
/// reasons, confirmation, journal, effect, outcome.
struct OwnAction
{
    /// What it does to the candidate's traffic: what stands against a promotion stands against an
    /// action that gives more, too.
    enum class Effect { NoMoreTraffic, MoreTraffic };

    QString id;               ///< "argo.abort", "argo.undo:4": stable, stands in the journal
    QString title;            ///< "Abort the rollout": in the menu and over the dialog
    QString verb;             ///< on the button: "Abort"
    QString from;             ///< "step 3 of 8, 20 %"
    QString to;               ///< "stable 9f3c2a1 gets all traffic"
    QStringList leaves;       ///< what it skips or leaves behind, a sentence each
    QList<PlannedCall> calls; ///< exactly what would be sent, in order
    QString typed;            ///< what the person types; never empty
    QString typedPrompt;      ///< "Type the revision you want"
    QString offBecause;       ///< why it cannot be done now; empty = it can
    QStringList against;      ///< what speaks against it, a sentence each: a reason is asked
    /// The commit that gets the traffic, where that is an earlier one that a person chooses: what
    /// the schema says of it is asked of release. Empty = unknown commit; nullopt = it is not so.
    std::optional<CommitId> chosen = {};
    Effect effect = Effect::NoMoreTraffic;

    bool operator==(const OwnAction &) const = default;
};

/// One OwnAction that was confirmed.
struct OwnRequest
{
    QString action;          ///< OwnAction::id
    QString expectedVersion; ///< of the TrafficState the person saw
    QString actor;
    QString reason;
    IntentId intent;

    bool operator==(const OwnRequest &) const = default;
};

} // namespace pilothouse
