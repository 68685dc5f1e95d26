#include "connectors/cloudrun/cloudrunlatest.h"

#include "connectors/cloudrun/cloudrunplan.h"

#include <algorithm>

namespace pilothouse {
namespace {

const QString pinId = QStringLiteral("cloudrun.pin");
const QString giveBackId = QStringLiteral("cloudrun.latest");
constexpr int all = 100;

/// Why neither can be done now; empty = one of them can.
QString notNow(const CloudRunSnapshot &snapshot, const QString &holder)
{
    if (!snapshot.service.isSettled())
        return CloudRunControl::tr("Cloud Run is still at work on the last change");
    if (holder.isEmpty())
        return CloudRunControl::tr("more than one revision has traffic");
    return {};
}

CloudRunTarget whole(CloudRunTarget::Kind kind, const QString &revision)
{
    return {kind, revision, all, {}};
}

OwnAction pinAction(const CloudRunControl::Settings &settings, const QUrl &service,
                    const CloudRunSnapshot &snapshot)
{
    const TrafficState state = snapshot.state();
    const QString holder = snapshot.holder();
    OwnAction pin;
    pin.id = pinId;
    pin.title = CloudRunControl::tr("Cloud Run: pin the traffic to its revision");
    pin.verb = CloudRunControl::tr("Pin");
    pin.from = CloudRunControl::tr("traffic follows LATEST");
    pin.typedPrompt = CloudRunControl::tr("Type the revision that keeps the traffic");
    pin.typed = holder.isEmpty() ? snapshot.service.latestReady : holder;
    pin.to = CloudRunControl::tr("%1 keeps all traffic").arg(shownRevision(snapshot, pin.typed));
    pin.leaves << CloudRunControl::tr("The next deploy starts at 0 %: it is a canary.");
    pin.offBecause = notNow(snapshot, holder);
    if (!state.onLatest)
        pin.offBecause = CloudRunControl::tr("the traffic is pinned already");
    if (pin.offBecause.isEmpty())
        pin.calls = {plannedCall(settings, service, snapshot,
                                 wholeWrite(snapshot, whole(CloudRunTarget::Kind::Revision, holder),
                                            deedToCome(pinId)))};
    return pin;
}

OwnAction giveBackAction(const CloudRunControl::Settings &settings, const QUrl &service,
                         const CloudRunSnapshot &snapshot)
{
    const TrafficState state = snapshot.state();
    const QString holder = snapshot.holder();
    const QString latest = snapshot.service.latestReady;
    OwnAction give;
    give.id = giveBackId;
    give.title = CloudRunControl::tr("Cloud Run: give the traffic back to LATEST");
    give.verb = CloudRunControl::tr("Give Back");
    give.from = CloudRunControl::tr("pinned to %1").arg(shownRevision(snapshot, holder));
    give.to = CloudRunControl::tr("traffic follows LATEST, which is %1 now")
                  .arg(shownRevision(snapshot, latest));
    give.typedPrompt = CloudRunControl::tr("Type LATEST");
    give.typed = QStringLiteral("LATEST");
    give.leaves << CloudRunControl::tr(
        "From then on every deploy gets all traffic at once: it is no canary.");
    give.offBecause = notNow(snapshot, holder);
    if (state.onLatest)
        give.offBecause = CloudRunControl::tr("the traffic follows LATEST already");
    else if (give.offBecause.isEmpty() && latest != holder)
        give.offBecause
            = CloudRunControl::tr("the latest ready revision is %1, and the traffic is on %2")
                  .arg(shownRevision(snapshot, latest), shownRevision(snapshot, holder));
    else if (give.offBecause.isEmpty() && state.hold)
        give.offBecause = CloudRunControl::tr("held by %1").arg(state.hold->by);
    if (give.offBecause.isEmpty())
        give.calls = {plannedCall(
            settings, service, snapshot,
            wholeWrite(snapshot, whole(CloudRunTarget::Kind::Latest, {}), deedToCome(giveBackId)))};
    return give;
}

} // namespace

QList<OwnAction> latestActions(const CloudRunControl::Settings &settings, const QUrl &service,
                               const CloudRunSnapshot &snapshot)
{
    return {pinAction(settings, service, snapshot), giveBackAction(settings, service, snapshot)};
}

Result<CloudRunWrite> latestWrite(const CloudRunControl::Settings &settings, const QUrl &service,
                                  const CloudRunSnapshot &snapshot, const OwnRequest &request,
                                  const QDateTime &at)
{
    const QList<OwnAction> actions = latestActions(settings, service, snapshot);
    const auto action = std::find_if(actions.cbegin(), actions.cend(), [&](const OwnAction &each) {
        return each.id == request.action;
    });
    if (action == actions.cend())
        return fail(ErrorKind::Refused,
                    CloudRunControl::tr("Cloud Run has no action %1.").arg(request.action));
    if (!action->offBecause.isEmpty())
        return fail(ErrorKind::Refused,
                    CloudRunControl::tr("%1 is off: %2.").arg(action->title, action->offBecause));
    const CloudRunTarget target = action->id == pinId
                                      ? whole(CloudRunTarget::Kind::Revision, snapshot.holder())
                                      : whole(CloudRunTarget::Kind::Latest, {});
    return wholeWrite(snapshot, target,
                      {at, request.actor, request.action, request.reason, request.intent});
}

} // namespace pilothouse
