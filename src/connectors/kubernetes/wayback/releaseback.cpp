#include "connectors/kubernetes/wayback/releaseback.h"

#include "base/words.h"
#include "connectors/kubernetes/helm/helmstate.h"
#include "connectors/kubernetes/helm/run/helmrollback.h"

#include <algorithm>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr qsizetype medianOf = 5;
constexpr milliseconds waitedAtLeast{10'000};
constexpr milliseconds forgottenAfter{60 * 60'000}; ///< not one deploy any more

QString revisionName(int number)
{
    return Words::tr("Helm revision %1").arg(number);
}

/// The commit that the newest revision brings, where it came to a good end.
CommitId liveCommit(const ReleaseSight &sight, const HelmRevision &newest)
{
    const auto made = sight.made.constFind(newest.number);
    return newest.status == HelmStatus::Deployed && made != sight.made.cend() && *made
               ? (*made)->commit
               : CommitId();
}

/// Good ones other than the newest, as many as are looked into.
QList<HelmRevision> before(const HelmHistory &history)
{
    QList<HelmRevision> good = goodRevisions(history).good;
    good.removeOne(*history.newest());
    return good.mid(0, looksBack);
}

/// Why a revision does not lead back; empty = it does.
QString notBackBecause(const ReleaseSight &sight, int number, const CommitId &live)
{
    const auto made = sight.made.constFind(number);
    if (made == sight.made.cend() || !*made)
        return Words::tr("revision %1 cannot be read").arg(number);
    if (!(*made)->isThere)
        return Words::tr("revision %1 has no Deployment %2")
            .arg(number)
            .arg(sight.owner.deployment);
    if (sight.stableIsUp && !live.value.isEmpty() && (*made)->commit == live)
        return Words::tr("revision %1 brings %2 as well").arg(number).arg(shortSha(live));
    return {};
}

void tellNone(const ReleaseSight &sight, const QString &why, const QString &instead,
              EarlierDeploy &deploy)
{
    deploy.noneBecause = Words::tr("release %1: %2").arg(sight.owner.release.name, why);
    deploy.instead = instead;
}

/// How long helm took for its deploys, newest first: a revision is superseded, or called deployed,
/// when the deploy has ended.
QList<milliseconds> helmTimes(const HelmHistory &history)
{
    QList<milliseconds> times;
    const auto add = [&times](const HelmRevision &begun, const HelmRevision &ended) {
        if (!begun.at.isValid() || !ended.touchedAt.isValid())
            return;
        const milliseconds took(begun.at.msecsTo(ended.touchedAt));
        if (took.count() >= 0 && took < forgottenAfter)
            times.append(took);
    };
    const QList<HelmRevision> &all = history.revisions;
    for (qsizetype i = 0; i < all.size() && times.size() < medianOf; ++i) {
        if (all[i].status == HelmStatus::Deployed)
            add(all[i], all[i]);
        else if (all[i].status == HelmStatus::Superseded && i + 1 < all.size()
                 && all[i + 1].status == HelmStatus::Superseded)
            add(all[i], all[i + 1]);
    }
    return times;
}

} // namespace

std::optional<int> wantedManifest(const ReleaseSight &sight)
{
    if (!sight.history || !sight.history->newest())
        return {};
    const HelmRevision &newest = *sight.history->newest();
    if (newest.status == HelmStatus::Deployed && !sight.made.contains(newest.number))
        return newest.number;
    const CommitId live = liveCommit(sight, newest);
    for (const HelmRevision &each : before(*sight.history)) {
        if (!sight.made.contains(each.number))
            return each.number;
        if (notBackBecause(sight, each.number, live).isEmpty())
            return {};
    }
    return {};
}

QString lackingWords(const ReleaseSight &sight)
{
    return Words::tr("you lack %1 on secrets in %2, where Helm keeps its history")
        .arg(sight.lacking, sight.owner.release.nameSpace);
}

EarlierDeploy earlierDeployOf(const ReleaseSight &sight)
{
    EarlierDeploy deploy;
    const HelmRelease &release = sight.owner.release;
    deploy.release = release.nameSpace + QLatin1Char('/') + release.name;
    if (!sight.history || !sight.history->newest()) {
        tellNone(sight,
                 sight.history ? Words::tr("it has no revision") : sight.history.error().message,
                 Words::tr("deploy the commit that you want"), deploy);
        return deploy;
    }
    const HelmHistory &history = *sight.history;
    const HelmRevision &newest = *history.newest();
    deploy.live = newest.number;
    deploy.liveName = revisionName(newest.number);
    deploy.liveMark = throughRevision(newest.number);
    deploy.unfinished = isPending(newest.status) ? newest.word : QString();
    for (const HelmRevision &each : history.revisions) {
        if (history.body(newest.number).description == rollbackDescription(each.number))
            deploy.liveGoesBack = each.number;
    }
    if (sight.program) {
        const QString instead = Words::tr("roll back where helm is");
        if (sight.program->kind != ErrorKind::NotFound) {
            tellNone(sight, sight.program->message, instead, deploy);
            return deploy;
        }
        deploy.noneBecause = Words::tr("helm was not found here");
        deploy.instead = instead;
        return deploy;
    }
    if (!sight.lacking.isEmpty()) {
        tellNone(sight, lackingWords(sight), Words::tr("ask who may deploy"), deploy);
        return deploy;
    }
    if (sight.lock.kind == HelmLock::Kind::Deploying) {
        tellNone(sight, sight.lock.sentence, Words::tr("wait until that has ended"), deploy);
        return deploy;
    }
    QStringList why;
    const CommitId live = liveCommit(sight, newest);
    for (const HelmRevision &each : before(history)) {
        const QString bad = notBackBecause(sight, each.number, live);
        if (!bad.isEmpty()) {
            why << bad;
            continue;
        }
        deploy.number = each.number;
        deploy.name = revisionName(each.number);
        deploy.commit = (*sight.made.value(each.number)).commit;
        deploy.takes = deployTook(history, sight.owner.rolledOutIn);
        deploy.action = rollbackActionId(each.number);
        return deploy;
    }
    if (why.isEmpty())
        why << Words::tr("no revision but %1 is there and good").arg(newest.number);
    tellNone(sight, why.join(Words::tr(", ")), Words::tr("deploy the commit that you want"),
             deploy);
    return deploy;
}

std::optional<milliseconds> deployTook(const HelmHistory &history,
                                       std::optional<milliseconds> rolledOutIn)
{
    QList<milliseconds> times = helmTimes(history);
    std::sort(times.begin(), times.end());
    const milliseconds median = times.isEmpty() ? milliseconds(0) : times[(times.size() - 1) / 2];
    if (rolledOutIn)
        return std::max(*rolledOutIn, median);
    return median >= waitedAtLeast ? std::optional(median) : std::nullopt;
}

} // namespace pilothouse
