#include "connectors/kubernetes/argo/argoactions.h"

#include "base/words.h"
#include "rollout/permissions.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

const QLatin1String promoteOneId("argo.promote-one");
const QLatin1String promoteFullId("argo.promote-full");
const QLatin1String abortId("argo.abort");
const QLatin1String retryId("argo.retry");

ObjectWrite statusWrite(const QJsonObject &status)
{
    ObjectWrite write;
    write.target = ObjectWrite::Target::Status;
    write.merge = {{QStringLiteral("status"), status}};
    return write;
}

void appendUnpause(const ArgoRollout &rollout, QList<ObjectWrite> &writes)
{
    if (!rollout.paused)
        return;
    ObjectWrite write;
    write.merge = {{QStringLiteral("spec"), QJsonObject{{QStringLiteral("paused"), false}}}};
    writes.append(write);
}

ObjectWrite noteOf(const QString &deeds)
{
    ObjectWrite note = annotationWrite(deedsAnnotation, deeds);
    note.need = ObjectWrite::Need::May;
    return note;
}

QString noteWords()
{
    return Words::tr("… this action on top: who, when, why and the intent's id");
}

/// What is sent after a call, and may fail.
void showAfter(PlannedCall &call, const PlannedCall &note)
{
    call.exact += Words::tr("\n\n# and then a note; without it what was done stays done\n%1")
                      .arg(note.exact);
}

int stepAfter(const ArgoRollout &rollout)
{
    return std::min(rollout.stepIndex.value_or(0) + 1, int(rollout.steps.size()));
}

/// Makes the list for one state of the world.
class Actions
{
public:
    Actions(const ArgoWorld &world, const ArgoRollout &rollout, const ObjectPlace &place)
        : m_world(world), m_now(rollout), m_place(place), m_stable(wordOf(rollout.stableHash)),
          m_candidate(wordOf(rollout.currentHash))
    {}

    [[nodiscard]] QList<OwnAction> all() const
    {
        QList<OwnAction> actions{promoteOne(), promoteFull(), abort(), retry()};
        for (const ArgoReplicaSet &revision : m_world.revisions()) {
            if (revision.revision > 0 && revision.hash != m_now.currentHash)
                actions.append(undo(revision));
        }
        return actions;
    }

private:
    [[nodiscard]] QString wordOf(const QString &hash) const
    {
        const auto revision = m_world.revisionOf(hash);
        return revision && !revision->commit.value.isEmpty() ? revisionWord(*revision) : hash;
    }
    [[nodiscard]] QString where() const
    {
        return Words::tr("%1, candidate %2 %")
            .arg(m_now.stepText(m_now.effectiveStep()))
            .arg(m_now.weightAt(m_now.effectiveStep()));
    }
    [[nodiscard]] QString notInFlight() const
    {
        if (m_now.strategy == ArgoRollout::Strategy::BlueGreen)
            return Words::tr("a blue-green Rollout is not moved from here");
        return m_now.isInFlight() ? QString() : Words::tr("nothing is in flight");
    }
    [[nodiscard]] QString promotionOff() const
    {
        if (const QString why = notInFlight(); !why.isEmpty())
            return why;
        if (m_now.aborted)
            return Words::tr("aborted: no promotion moves it; retry it, or undo");
        if (!m_now.isCurrent)
            return Words::tr("Argo Rollouts has not looked at this version yet");
        return {};
    }
    void finish(OwnAction &action, const QList<ObjectWrite> &writes) const
    {
        action.calls = plannedWrites(noted(writes, m_now, noteWords()), m_now.meta.resourceVersion,
                                     m_place, action.title);
    }

    /// A write to the Deployment that has the Pod template; its version is read at the press.
    [[nodiscard]] PlannedCall elsewhere(const ObjectWrite &write, const QString &deployment,
                                        const QString &what) const
    {
        ObjectPlace place = m_place;
        place.resource = QStringLiteral("deployment");
        place.name = deployment;
        place.url.setPath(deploymentPath(m_place.nameSpace, deployment));
        const QString then = Words::tr("(the version that it has at the press)");
        PlannedCall call = plannedLater(
            write, then, place,
            Words::tr("PATCH deployments/%1   %2   if neither it nor the Rollout changes meanwhile")
                .arg(deployment, what));
        showAfter(call, plannedLater(noteOf(noteWords()), then, m_place, {}));
        return call;
    }

    [[nodiscard]] OwnAction promoteOne() const;
    [[nodiscard]] OwnAction promoteFull() const;
    [[nodiscard]] OwnAction abort() const;
    [[nodiscard]] OwnAction retry() const;
    [[nodiscard]] OwnAction undo(const ArgoReplicaSet &revision) const;
    [[nodiscard]] QString stepsOf(const ArgoReplicaSet &revision) const;

    const ArgoWorld &m_world;
    const ArgoRollout &m_now;
    const ObjectPlace &m_place;
    QString m_stable;
    QString m_candidate;
};

OwnAction Actions::promoteOne() const
{
    OwnAction action;
    action.id = promoteOneId;
    action.effect = OwnAction::Effect::MoreTraffic;
    action.title = Words::tr("Promote one step");
    action.verb = Words::tr("Promote one step");
    const int to = stepAfter(m_now);
    action.from = where();
    action.to = Words::tr("%1, candidate %2 %").arg(m_now.stepText(to)).arg(m_now.weightAt(to));
    action.typed = QString::number(to + 1);
    action.typedPrompt = Words::tr("Type the number of the step it goes to");
    action.offBecause = promotionOff();
    if (action.offBecause.isEmpty() && m_now.isResumed())
        action.offBecause = Words::tr("it was resumed and is on its way to the next step");
    else if (action.offBecause.isEmpty() && m_now.stepIndex.value_or(0) >= m_now.steps.size())
        action.offBecause = Words::tr("all its steps are done");
    for (const ArgoAnalysis &run : m_now.analyses) {
        if (run.role == ArgoAnalysis::Role::Step && run.status == QLatin1String("Running"))
            action.leaves << Words::tr("analysis run %1 is not waited for").arg(run.name);
    }
    if (m_now.isInconclusive())
        action.leaves << Words::tr("the inconclusive analysis counts as passed by you");
    if (m_now.paused)
        action.leaves << Words::tr("spec.paused is taken back too");
    action.leaves << Words::tr("a timed pause after that step ends by itself");
    finish(action, promoteOneWrites(m_now));
    return action;
}

OwnAction Actions::promoteFull() const
{
    OwnAction action;
    action.id = promoteFullId;
    action.effect = OwnAction::Effect::MoreTraffic;
    action.title = Words::tr("Promote in full");
    action.verb = Words::tr("Promote in full");
    action.from = where();
    action.to = Words::tr("%1 is the stable and gets all traffic").arg(m_candidate);
    action.typed = QStringLiteral("full");
    action.typedPrompt = Words::tr("Type the word");
    action.offBecause = promotionOff();
    QStringList skipped;
    for (int i = m_now.effectiveStep(); i < m_now.steps.size(); ++i)
        skipped << stepWords(m_now.steps[i]);
    if (!skipped.isEmpty())
        action.leaves << Words::tr("skips: %1").arg(skipped.join(QStringLiteral(", ")));
    action.leaves << Words::tr("no analysis of the Rollout looks at it any more");
    finish(action, promoteFullWrites(m_now));
    return action;
}

OwnAction Actions::abort() const
{
    OwnAction action;
    action.id = abortId;
    action.title = Words::tr("Abort the rollout");
    action.verb = Words::tr("Abort");
    action.from = where();
    action.to = Words::tr("stable %1 gets all traffic").arg(m_stable);
    action.typed = QStringLiteral("abort");
    action.typedPrompt = Words::tr("Type the word");
    action.offBecause = notInFlight();
    if (action.offBecause.isEmpty() && m_now.aborted)
        action.offBecause = Words::tr("it is aborted already");
    action.leaves << Words::tr("this is no undo: the Rollout still wants %1, and a retry or any "
                               "change of its template starts it again")
                         .arg(m_candidate)
                  << Words::tr("its phase is Degraded from then on, though users are well")
                  << Words::tr("no promotion moves it until it is retried or undone");
    if (m_now.sharing == ArgoRollout::Sharing::ByRatio)
        action.leaves << Words::tr("not instant: the stable's Pods are scaled up first");
    else
        action.leaves << Words::tr("the candidate's Pods stay up for a while");
    if (m_now.dynamicStableScale)
        action.leaves << Words::tr("the stable was scaled down with its share "
                                   "(dynamicStableScale): watch the accepted weight until it is 0");
    finish(action, abortWrites());
    return action;
}

OwnAction Actions::retry() const
{
    OwnAction action;
    action.id = retryId;
    action.effect = OwnAction::Effect::MoreTraffic;
    action.title = Words::tr("Retry the rollout");
    action.verb = Words::tr("Retry");
    action.from = Words::tr("aborted, stable %1 has all traffic").arg(m_stable);
    action.to = Words::tr("%1 from the first step: %2").arg(m_candidate, m_now.stepText(0));
    action.typed = QStringLiteral("retry");
    action.typedPrompt = Words::tr("Type the word");
    action.offBecause = notInFlight();
    if (action.offBecause.isEmpty() && !m_now.aborted)
        action.offBecause = Words::tr("it is not aborted");
    action.leaves
        << Words::tr("the same version is tried again: what made it fail may still be in it")
        << Words::tr("the first steps give it traffic without asking, up to the first pause");
    finish(action, retryWrites());
    return action;
}

/// Which steps an undo runs: none to the stable, none within rollbackWindow, else all.
QString Actions::stepsOf(const ArgoReplicaSet &revision) const
{
    if (revision.hash == m_now.stableHash)
        return Words::tr("it is the stable: no step runs, the candidate goes");
    qint64 stable = 0;
    const QList<ArgoReplicaSet> revisions = m_world.revisions();
    for (const ArgoReplicaSet &each : revisions) {
        if (each.hash == m_now.stableHash)
            stable = each.revision;
    }
    const auto between = std::count_if(revisions.cbegin(), revisions.cend(), [&](const auto &each) {
        return each.revision > revision.revision && each.revision <= stable;
    });
    if (between > 0 && between <= m_now.rollbackWindow)
        return Words::tr("no step runs: rollbackWindow reaches back %1 revisions")
            .arg(m_now.rollbackWindow);
    return Words::tr("not instant: all %1 steps run again, from the first").arg(m_now.steps.size());
}

OwnAction Actions::undo(const ArgoReplicaSet &revision) const
{
    const RevisionState state = m_world.revisionOf(revision);
    const QString word = state.commit.value.isEmpty() ? revision.hash : revisionWord(state);
    OwnAction action;
    action.id = argoUndoId + QString::number(revision.revision);
    action.title = Words::tr("Undo to revision %1 (%2)").arg(revision.revision).arg(word);
    action.verb = Words::tr("Undo to revision %1").arg(revision.revision);
    qint64 present = 0;
    qint64 newest = 0;
    for (const ArgoReplicaSet &each : m_world.revisions()) {
        newest = std::max(newest, each.revision);
        if (each.hash == m_now.currentHash)
            present = each.revision;
    }
    action.from = Words::tr("revision %1 (%2)").arg(present).arg(m_candidate);
    action.to = Words::tr("revision %1 (%2), which becomes revision %3")
                    .arg(revision.revision)
                    .arg(word)
                    .arg(newest + 1);
    action.typed = QString::number(revision.revision);
    action.typedPrompt = Words::tr("Type the revision you want");
    if (m_now.strategy == ArgoRollout::Strategy::BlueGreen)
        action.offBecause = notInFlight();
    else if (!m_now.workload.isEmpty() && m_now.workloadDeployment().isEmpty())
        action.offBecause
            = Words::tr("its Pod template stands in %1: undo that").arg(m_now.workload);
    else if (!m_now.isCurrent)
        action.offBecause = Words::tr("Argo Rollouts has not looked at this version yet");
    else if (!m_now.workload.isEmpty())
        action.offBecause = m_world.undoRefusal();
    action.leaves << stepsOf(revision);
    if (m_now.isInFlight() && revision.hash != m_now.stableHash)
        action.leaves << Words::tr("the rollout of %1 ends").arg(m_candidate);
    action.leaves << Words::tr("moves Pods only: config maps, schema and data stay as they are");
    if (const QString deployment = m_now.workloadDeployment(); !deployment.isEmpty()) {
        action.calls = {elsewhere(undoWrites(revision).first(), deployment, action.title)};
        action.leaves
            << Words::tr("writes to the Deployment %1, which has the Pod template").arg(deployment);
    } else {
        finish(action, undoWrites(revision));
    }
    return action;
}

} // namespace

QString deploymentPath(const QString &nameSpace, const QString &deployment)
{
    return ResourcePath{QStringLiteral("apis/apps/v1"), nameSpace, QStringLiteral("deployments")}
        .object(deployment);
}

QList<ObjectWrite> promoteOneWrites(const ArgoRollout &rollout)
{
    const auto key = [](const char *name) {
        return QString::fromLatin1(name);
    };
    QJsonObject status{{key("pauseConditions"), QJsonValue::Null}};
    // Either the pause goes or the step moves, never both: a second press must not skip one.
    if (rollout.isInconclusive()) {
        status.insert(key("controllerPause"), false);
        status.insert(key("currentStepIndex"), stepAfter(rollout));
    } else if (rollout.pauseReasons.isEmpty()) {
        status.insert(key("currentStepIndex"), stepAfter(rollout));
    }
    QList<ObjectWrite> writes{statusWrite(status)};
    appendUnpause(rollout, writes);
    return writes;
}

QList<ObjectWrite> promoteFullWrites(const ArgoRollout &rollout)
{
    QList<ObjectWrite> writes;
    if (rollout.currentHash != rollout.stableHash)
        writes.append(statusWrite({{QStringLiteral("promoteFull"), true}}));
    appendUnpause(rollout, writes);
    return writes;
}

QList<ObjectWrite> abortWrites()
{
    return {statusWrite({{QStringLiteral("abort"), true}})};
}

QList<ObjectWrite> retryWrites()
{
    return {statusWrite({{QStringLiteral("abort"), false}})};
}

QList<ObjectWrite> undoWrites(const ArgoReplicaSet &revision)
{
    ObjectWrite write;
    write.operations = {QJsonObject{{QStringLiteral("op"), QStringLiteral("replace")},
                                    {QStringLiteral("path"), QStringLiteral("/spec/template")},
                                    {QStringLiteral("value"), revision.podTemplate}}};
    return {write};
}

QList<ObjectWrite> noted(QList<ObjectWrite> writes, const ArgoRollout &rollout,
                         const QString &deeds)
{
    if (writes.isEmpty())
        return writes;
    ObjectWrite &last = writes.last();
    if (last.target == ObjectWrite::Target::Status) {
        writes.append(noteOf(deeds));
        return writes;
    }
    if (last.isJsonPatch() && rollout.meta.annotations.isEmpty())
        last.operations.append(
            QJsonObject{{QStringLiteral("op"), QStringLiteral("add")},
                        {QStringLiteral("path"), QStringLiteral("/metadata/annotations")},
                        {QStringLiteral("value"), QJsonObject()}});
    last = withAnnotation(last, deedsAnnotation, deeds);
    return writes;
}

QList<OwnAction> argoActions(const ArgoWorld &world, const ObjectPlace &place)
{
    const ArgoRollout *rollout = world.rollout();
    return rollout ? Actions(world, *rollout, place).all() : QList<OwnAction>();
}

Result<QList<ObjectWrite>> argoWrites(const ArgoWorld &world, const QString &action)
{
    if (const ArgoRollout *rollout = world.rollout()) {
        if (action == promoteOneId)
            return promoteOneWrites(*rollout);
        if (action == promoteFullId)
            return promoteFullWrites(*rollout);
        if (action == abortId)
            return abortWrites();
        if (action == retryId)
            return retryWrites();
        for (const ArgoReplicaSet &revision : world.revisions()) {
            if (action == argoUndoId + QString::number(revision.revision))
                return undoWrites(revision);
        }
    }
    return fail(ErrorKind::NotFound,
                Words::tr("Argo Rollouts has no action %1 here any more.").arg(action));
}

QList<PlannedCall> plannedWrites(const QList<ObjectWrite> &writes, const QString &version,
                                 const ObjectPlace &place, const QString &what)
{
    QList<PlannedCall> calls;
    for (const ObjectWrite &write : writes) {
        const bool first = calls.isEmpty();
        if (write.need == ObjectWrite::Need::May && !first) {
            const QString left = Words::tr("(the version that the requests before leave)");
            showAfter(calls.last(), plannedLater(write, left, place, {}));
            continue;
        }
        const QString at
            = first ? version : Words::tr("(the version that the first request leaves)");
        const bool status = write.target == ObjectWrite::Target::Status;
        const QString summary
            = Words::tr("PATCH rollouts/%1%2   %3   if version is still %4")
                  .arg(place.name, status ? QStringLiteral("/status") : QString(), what, at);
        calls.append(first ? plannedWrite(write, at, place, summary)
                           : plannedLater(write, at, place, summary));
    }
    return calls;
}

} // namespace pilothouse
