#include "connectors/kubernetes/helm/helmmove.h"

#include "base/words.h"

namespace pilothouse {
namespace {

HelmMove onTheRoute(const QString &because)
{
    HelmMove move;
    move.means = HelmMove::Means::Route;
    move.because = because;
    return move;
}

/// Helm begins an upgrade at the deployed revision; where there is none, at the newest.
const HelmRevision &startOf(const HelmHistory &history)
{
    const HelmRevision *deployed = history.deployed();
    return deployed ? *deployed : *history.newest();
}

std::optional<int> sameWithoutTraffic(const HelmHistory &history, const HelmRevision &start)
{
    const HelmBody now = history.body(start.number);
    for (const HelmRevision &good : goodRevisions(history).good) {
        const HelmBody body = history.body(good.number);
        // Of an older revision the body was not read; its fingerprint is empty then.
        if (body.weight && body.weight->percent == 0 && !body.besides.isEmpty()
            && body.besides == now.besides && (good != *history.newest() || now.isServerSide()))
            return good.number;
    }
    return {};
}

} // namespace

std::optional<Weight> askedWeight(const HelmHistory &history)
{
    for (const HelmRevision &revision : history.revisions) {
        if (revision.status == HelmStatus::Failed)
            continue;
        const auto weight = history.body(revision.number).weight;
        return weight ? std::optional(Weight{weight->percent}) : std::nullopt;
    }
    return {};
}

Result<HelmMove> moveFor(const HelmSight &sight, Weight wanted)
{
    const bool isRollback = wanted == Weight{};
    if (!sight.history || !sight.history->newest()) {
        const Error why = sight.history ? Error{ErrorKind::NotFound,
                                                Words::tr("Helm has no revision of this release."),
                                                {},
                                                {}}
                                        : sight.history.error();
        return isRollback ? Result<HelmMove>(onTheRoute(why.message)) : fail(why);
    }
    const HelmHistory &history = *sight.history;
    const HelmRevision &start = startOf(history);
    const HelmBody body = history.body(start.number);
    const bool saysSo = body.weight && body.weight->percent == wanted.percent;
    // What the server applies can be forced to be applied again; see below.
    const bool isForced = isRollback && body.isServerSide();
    if (saysSo && start == *history.newest() && sight.onRoute != wanted && !isForced)
        return onTheRoute(
            Words::tr("Helm revision %1 says %2 % already and would send nothing: the "
                      "route was moved besides it.")
                .arg(start.number)
                .arg(wanted.percent));
    HelmMove move;
    move.serverSide = body.isServerSide();
    if (isRollback) {
        if (const auto revision = sameWithoutTraffic(history, start)) {
            move.means = HelmMove::Means::Rollback;
            move.revision = *revision;
            return move;
        }
    }
    if (sight.lock.kind != HelmLock::Kind::None) {
        if (isRollback)
            return onTheRoute(sight.lock.sentence);
        return sight.lock.kind == HelmLock::Kind::Deploying
                   ? fail(ErrorKind::Conflict, sight.lock.sentence)
                   : fail(ErrorKind::Refused, sight.lock.sentence);
    }
    move.weight = {wanted.percent, body.weight ? body.weight->form : HelmValue::Form::Number};
    move.chartVersion = body.chartVersion;
    return move;
}

} // namespace pilothouse
