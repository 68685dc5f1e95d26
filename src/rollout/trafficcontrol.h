#pragma once

#include "action/plannedcall.h"
#include "base/id.h"
#include "base/reading.h"
#include "base/result.h"
#include "rollout/guard/guardmark.h"
#include "rollout/nextdeploy.h"
#include "rollout/ownaction.h"
#include "rollout/wayback/earlierdeploy.h"
#include "rollout/wayback/retirement.h"

#include <QDateTime>
#include <QFuture>
#include <QList>
#include <QObject>

#include <optional>
#include <variant>

namespace pilothouse {

/// Per cent of a track's traffic, 0 to 100.
struct Weight
{
    int percent = 0;
    bool operator==(const Weight &) const = default;
    // clang-tidy 14 takes the 0 of a comparison for a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const Weight &) const = default;
};

/// One revision behind a track.
struct RevisionState
{
    RevisionName name;   ///< Service (Kubernetes) or revision (Cloud Run)
    CommitId commit;     ///< empty = unknown commit
    QString imageDigest; ///< empty = cannot be told
    int readyReplicas = 0;
    int wantedReplicas = 0;      ///< 0 = scales from nothing (Cloud Run)
    bool mixed = false;          ///< two images behind one name: blocks
    QStringList pods;            ///< names, for logs; empty on Cloud Run
    std::optional<int> restarts; ///< of the containers of its pods; nullopt = cannot be told
    QString podTemplate = {};    ///< hash of its Pod template; empty = cannot be told, or several
    /// Whether it could serve now, where the system says so itself (Cloud Run): its replicas tell
    /// nothing where it scales from nothing.
    enum class Up { ByReplicas, Yes, No, Unsaid } up = Up::ByReplicas;
    QString whyDown = {};   ///< Up::No: in the system's words; empty = it does not say
    QDateTime upSince = {}; ///< UTC, when the youngest of its pods was made; invalid = not told

    bool operator==(const RevisionState &) const = default;
};

/// A named, dated stop kept on the traffic object.
struct Hold
{
    QString by;
    QDateTime since; ///< UTC
    QString why;
    CommitId commit;      ///< the candidate it refuses; empty = any
    IntentId intent = {}; ///< empty = not set by a console, or by one before it noted them

    bool operator==(const Hold &) const = default;
};

/// The end of a hold. One of nobody is not noted.
struct Lift
{
    QString by;
    QString why;
    IntentId intent;

    bool operator==(const Lift &) const = default;
};
using HoldChange = std::variant<Lift, Hold>;

/// One change of weight as the traffic object itself remembers it (last 20).
struct WeightChange
{
    QDateTime at; ///< UTC
    QString actor;
    Weight from;
    Weight to;
    QString reason;
    IntentId intent; ///< empty = not made by a console, or see `through`
    CommitId candidate;
    /// The record of a program that has no place for an intent ("helm 45"): without an intent
    /// anybody may have run it, a console too.
    QString through = {};
    QString podTemplate = {}; ///< the candidate's; empty = not noted

    bool operator==(const WeightChange &) const = default;
};

/// Something that a console did to a track beside writing a weight, as the traffic object remembers
/// it (last 20): what was done tells by itself of no intent.
struct Deed
{
    QDateTime at; ///< UTC
    QString by;
    QString what; ///< "lift", an OwnAction::id, or a WeightChange::through
    QString why;
    IntentId intent;
    QDateTime since = {}; ///< UTC; "lift": when the hold began; invalid = not noted

    bool operator==(const Deed &) const = default;
};

/// What a traffic control says now. `asked` is what was written, `accepted` what the traffic system
/// says it has taken over; the measured share is the metrics' to tell and not in here.
struct TrafficState
{
    std::optional<RevisionState> stable;
    std::optional<RevisionState> candidate; ///< nullopt = no rollout could begin
    Weight asked;
    std::optional<Weight> accepted; ///< nullopt = not yet, or it does not say
    QString version;                ///< resourceVersion or etag that a write must meet
    QString problem;                ///< a condition that is not well, in the system's words
    QString stableDoubt = {}; ///< why the stable is a guess; empty = it is known who is stable
    std::optional<Hold> hold;
    QList<WeightChange> changes; ///< newest first
    QList<Deed> deeds;           ///< newest first
    QString lastWriter;          ///< field manager or last modifier, "seen"
    /// An account also stands behind what our own console wrote; a program's name is its own.
    enum class WriterIs { Program, Account } writerIs = WriterIs::Program;
    QDateTime lastWrittenAt; ///< UTC
    /// The field manager that wrote annotations last, and when (UTC), where the system tells; empty
    /// = it does not. One that only took some away is not told.
    QString annotatedBy = {};
    QDateTime annotatedAt = {};
    QList<RevisionState> reachable; ///< by tag or header though without weight
    bool onLatest = false; ///< Cloud Run: traffic follows LATEST, the next deploy is no canary
    QString progress;      ///< where steps of the system's own stand: "step 3 of 8: pause 10m"
    /// Why the system itself would not follow a promotion now, with what to do; empty = it would.
    QString promoteOff;
    /// The one weight that a promotion can lead to now, where the system has steps of its own.
    std::optional<Weight> next;
    /// What the program that moves the weights has begun and not ended: "pending-upgrade"; empty =
    /// nothing that can be seen.
    QString atWork;
    /// Of a weight that a console writes; nullopt = no deploy moves the weights here.
    std::optional<NextDeploy> nextDeploy;
    /// The revision before the stable, ready: where the stable's own weight 0 leads, if the system
    /// keeps it; nullopt = there is none.
    std::optional<RevisionState> previous;
    /// What was deployed before; nullopt = nothing is known to deploy the stable from here.
    std::optional<EarlierDeploy> earlier;
    QList<GuardMark> guards;   ///< that say that they watch; whether they still live is not said
    QList<Retirement> retired; ///< newest first (last 20)

    bool operator==(const TrafficState &) const = default;
};

/// A weight to be written, with what protects it.
struct WeightRequest
{
    Weight candidate;
    QString expectedVersion; ///< of the TrafficState the person saw
    CommitId candidateCommit;
    QString actor;
    QString reason;
    IntentId intent;
    QString podTemplate = {}; ///< the candidate's, to be noted; empty = cannot be told
    /// A rollback: who gets the traffic, as confirmed. A control whose write would give it to
    /// another one refuses; empty = whoever it is.
    RevisionName target = {};
    bool operator==(const WeightRequest &) const = default;
};

/// What this account may do with a track, as the system itself answers.
struct TrafficAccess
{
    bool mayWrite = false;
    QString why; ///< "you lack patch on httproutes in production"; empty if it may
};

/// What the system itself says a write would change, asked without changing anything.
struct DryRun
{
    QString how;         ///< "dryRun=All", "validateOnly"; empty = this system has none
    QStringList changes; ///< "spec.rules[0].backendRefs[1].weight: 10 → 50", in the object's order

    bool operator==(const DryRun &) const = default;
};

/// One way to move a track's traffic. Kubernetes and Cloud Run answer the same interface.
/// GUI thread. Answers that come after destruction are dropped.
class TrafficControl : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// "HTTPRoute", "Cloud Run": the words of the source chip and of the journal.
    [[nodiscard]] virtual QString systemName() const = 0;

    /// The program that does the writes, whose output can be followed as ProgramLog: "helm"; empty
    /// = there is none.
    [[nodiscard]] virtual QString programName() const { return {}; }
    /// Whether the weights are written by that program too.
    [[nodiscard]] virtual bool movesByProgram() const { return false; }

    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>> read() = 0;
    /// For whoever must not wait: only the object that a write must meet is asked for where living
    /// watches keep what stands behind it; else as read().
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>> glance() { return read(); }
    /// Begins to watch (or poll); each change comes as `changed`. Idempotent.
    virtual void watch() = 0;

    /// What setWeight would send for this request on top of `now`. Pure. Without an expectedVersion
    /// its `copyable` is a command that works whatever version is there: for somebody who cannot
    /// look.
    [[nodiscard]] virtual PlannedCall planWeight(const WeightRequest &request,
                                                 const TrafficState &now) const = 0;
    /// Writes the weight if the object is still at expectedVersion; else Conflict, nothing sent
    /// twice. The answer is the state right after the write (accepted may still lag).
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) = 0;

    /// The same request as a trial: what would change, or the refusal that the write would meet.
    [[nodiscard]] virtual QFuture<Result<DryRun>> dryRun(const WeightRequest &request);
    /// The same of runOwn.
    [[nodiscard]] virtual QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request);
    /// The same of setHold.
    [[nodiscard]] virtual QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                             const QString &expectedVersion);

    /// What else can be done here, off ones with their reason; empty = only weights. In an order
    /// that does not change with the state.
    [[nodiscard]] virtual QList<OwnAction> ownActions(const TrafficState &now) const;
    /// Does one of them if the object is still at expectedVersion; else Conflict. Refused where
    /// there is no such action, or it is off.
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request);

    /// What setHold would send on top of `now`, with this time and reason. Pure.
    [[nodiscard]] virtual PlannedCall planHold(const HoldChange &change,
                                               const TrafficState &now) const = 0;
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) = 0;

    /// What note would send at a version that may be told in words. Pure.
    [[nodiscard]] virtual PlannedCall planNote(const Deed &deed, const QString &version) const;
    /// Notes on the object what was done by other means; Refused where it takes no notes.
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>>
    note(const Deed &deed, const QString &expectedVersion);

    /// What annotate would send on top of `now`. Pure.
    [[nodiscard]] virtual PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                                     const TrafficState &now) const;
    /// Puts one small note of ours in the place of the one under that key, and changes nothing
    /// else; empty = removes it. Whoever adds to a list adds to the one that was read at
    /// expectedVersion (see keepAnnotation); else Conflict. Refused where it takes no notes.
    [[nodiscard]] virtual QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion);

    [[nodiscard]] virtual QFuture<Result<TrafficAccess>> access() = 0;

    /// The object at its vendor or as the kubectl/gcloud command that shows it.
    [[nodiscard]] virtual QString showCommand() const = 0;

Q_SIGNALS:
    void changed(const pilothouse::Reading<pilothouse::TrafficState> &state);
    void lost(const pilothouse::Error &error); ///< the watch broke; it goes on trying
};

} // namespace pilothouse
