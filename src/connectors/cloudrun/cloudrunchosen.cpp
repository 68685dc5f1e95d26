#include "connectors/cloudrun/cloudrunchosen.h"

#include "connectors/cloudrun/cloudrunplan.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr QLatin1String backTo("cloudrun.back:");
constexpr qsizetype mostOffered = 8;
constexpr int fullWeight = 100;

/// Those before the stable one, newest first.
QStringList earlierThan(const CloudRunSnapshot &snapshot, const RevisionState &stable)
{
    const auto madeAt = [&snapshot](const QString &name) {
        return snapshot.revisions.value(name).createdAt;
    };
    const QDateTime before = madeAt(stable.name.value);
    QStringList names;
    for (const CloudRunRevision &each : snapshot.revisions) {
        if (before.isValid() && each.createdAt < before)
            names.append(each.name);
    }
    std::sort(names.begin(), names.end(), [&madeAt](const QString &a, const QString &b) {
        return std::pair(madeAt(b), b) < std::pair(madeAt(a), a);
    });
    return names.mid(0, mostOffered);
}

/// Who has the traffic that is asked for: "9f3c2a1 (backend-00042-bbb) 90 %, …".
QString sharesOf(const CloudRunSnapshot &snapshot)
{
    const QHash<QString, int> asked = snapshot.asked();
    QStringList names = asked.keys();
    names.sort();
    QStringList shares;
    for (const QString &name : std::as_const(names))
        shares.append(CloudRunControl::tr("%1 %2 %")
                          .arg(shownRevision(snapshot, name))
                          .arg(asked.value(name)));
    return shares.join(QLatin1String(", "));
}

/// What was done with this revision before that whoever chooses it has to know.
QStringList spokenAgainst(const TrafficState &state, const RevisionState &target)
{
    const QString format = QStringLiteral("d MMM hh:mm");
    QStringList against;
    for (const Retirement &each : state.retired) {
        const bool isIt = each.what == target.name.value
                          || (!target.commit.value.isEmpty() && each.what == target.commit.value);
        if (!isIt)
            continue;
        against << CloudRunControl::tr("it was retired as a way back by %1, %2")
                       .arg(each.by, each.at.toLocalTime().toString(format));
        break;
    }
    for (const WeightChange &change : state.changes) {
        if (target.commit.value.isEmpty() || change.candidate != target.commit)
            continue;
        if (change.to.percent == 0 && change.from.percent > 0)
            against << CloudRunControl::tr("it was tried and taken back to 0 % by %1, %2")
                           .arg(change.actor, change.at.toLocalTime().toString(format));
        break;
    }
    return against;
}

CloudRunWrite writeTo(const CloudRunSnapshot &snapshot, const TrafficState &state,
                      const RevisionState &target, const Deed &deed)
{
    const QString &name = target.name.value;
    const WeightChange change{deed.at,
                              deed.by,
                              Weight{snapshot.asked().value(name)},
                              Weight{fullWeight},
                              deed.why,
                              deed.intent,
                              target.commit};
    QHash<QString, QString> notes{
        {QLatin1String(changesAnnotation),
         QString::fromUtf8(encodeChanges(remembered(change, state.changes)))}};
    if (state.stable)
        notes.insert(QLatin1String(previousStableAnnotation), state.stable->name.value);
    return wholeWrite(snapshot, {CloudRunTarget::Kind::Revision, name, fullWeight, {}}, deed,
                      notes);
}

OwnAction backAction(const CloudRunControl::Settings &settings, const QUrl &service,
                     const CloudRunSnapshot &snapshot, const TrafficState &state,
                     const RevisionState &target)
{
    const QString shown = shownRevision(snapshot, target.name.value);
    OwnAction back;
    back.id = backTo + target.name.value;
    back.title = CloudRunControl::tr("Cloud Run: back to %1").arg(shown);
    back.verb = CloudRunControl::tr("Roll back");
    back.from = sharesOf(snapshot);
    back.to = CloudRunControl::tr("%1 gets all traffic, pinned by name").arg(shown);
    back.typed = target.commit.value.isEmpty() ? target.name.value : shortSha(target.commit);
    back.typedPrompt = CloudRunControl::tr("Type the revision you want");
    back.chosen = target.commit;
    back.against = spokenAgainst(state, target);
    back.leaves << CloudRunControl::tr("Moves traffic only: schema, data and configuration stay "
                                       "as they are.");
    if (state.stable)
        back.leaves << CloudRunControl::tr("The way back from there is %1.")
                           .arg(shownRevision(snapshot, state.stable->name.value));
    if (target.up == RevisionState::Up::No)
        back.offBecause
            = target.whyDown.isEmpty() ? CloudRunControl::tr("it is not ready") : target.whyDown;
    else
        back.calls = {plannedCall(settings, service, snapshot,
                                  writeTo(snapshot, state, target, deedToCome(back.id)))};
    return back;
}

} // namespace

QList<OwnAction> chosenActions(const CloudRunControl::Settings &settings, const QUrl &service,
                               const CloudRunSnapshot &snapshot)
{
    const TrafficState state = snapshot.state();
    QList<OwnAction> actions;
    if (!state.stable)
        return actions;
    for (const QString &name : earlierThan(snapshot, *state.stable))
        actions.append(backAction(settings, service, snapshot, state, snapshot.revision(name)));
    return actions;
}

bool isChosenAction(const QString &id)
{
    return id.startsWith(backTo);
}

Result<CloudRunWrite> chosenWrite(const CloudRunControl::Settings &settings, const QUrl &service,
                                  const CloudRunSnapshot &snapshot, const OwnRequest &request,
                                  const QDateTime &at)
{
    const QList<OwnAction> actions = chosenActions(settings, service, snapshot);
    const auto action = std::find_if(actions.cbegin(), actions.cend(), [&](const OwnAction &each) {
        return each.id == request.action;
    });
    if (action == actions.cend())
        return fail(
            ErrorKind::Refused,
            CloudRunControl::tr("%1 is no earlier revision of this service now. Read again.")
                .arg(request.action.mid(backTo.size())));
    if (!action->offBecause.isEmpty())
        return fail(ErrorKind::Refused,
                    CloudRunControl::tr("%1 is off: %2.").arg(action->title, action->offBecause));
    return writeTo(snapshot, snapshot.state(), snapshot.revision(request.action.mid(backTo.size())),
                   {at, request.actor, request.action, request.reason, request.intent});
}

} // namespace pilothouse
