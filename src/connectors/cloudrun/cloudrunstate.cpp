#include "connectors/cloudrun/cloudrunstate.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

QHash<QString, int> weights(const QList<CloudRunTarget> &targets, const QString &latest)
{
    QHash<QString, int> result;
    for (const CloudRunTarget &target : targets) {
        const bool moves = target.kind == CloudRunTarget::Kind::Latest;
        // An observed LATEST names the revision it stands for.
        const QString name = moves && target.revision.isEmpty() ? latest : target.revision;
        if (target.percent > 0 && !name.isEmpty())
            result[name] += target.percent;
    }
    return result;
}

QStringList sharing(const CloudRunSnapshot &snapshot)
{
    const QHash<QString, int> asked = snapshot.asked();
    const QHash<QString, int> observed = snapshot.observed();
    QStringList names = asked.keys();
    for (auto it = observed.begin(); it != observed.end(); ++it) {
        if (!names.contains(it.key()))
            names.append(it.key());
    }
    std::sort(names.begin(), names.end(), [&](const QString &a, const QString &b) {
        return std::make_pair(-asked.value(a), a) < std::make_pair(-asked.value(b), b);
    });
    return names;
}

QString newest(const CloudRunSnapshot &snapshot, const QStringList &names)
{
    return *std::max_element(names.begin(), names.end(), [&](const QString &a, const QString &b) {
        return snapshot.revisions.value(a).createdAt < snapshot.revisions.value(b).createdAt;
    });
}

/// Whether our last change still tells that this one is tried: nobody has moved it since, and what
/// has all traffic is tried only while the stable of that change serves.
bool isTried(const CloudRunSnapshot &snapshot, const QStringList &names, const WeightChange &change,
             const QString &name)
{
    if (change.candidate.value.isEmpty() || snapshot.revision(name).commit != change.candidate
        || snapshot.asked().value(name) != change.to.percent)
        return false;
    return change.to.percent < 100
           || names.contains(
               snapshot.service.annotations.value(QLatin1String(previousStableAnnotation)));
}

/// The revision that all the traffic is known to have had before it was shared; empty = nobody
/// tells.
QString stableAmong(const CloudRunSnapshot &snapshot, const QStringList &names,
                    const QList<WeightChange> &changes)
{
    if (names.contains(snapshot.alone))
        return snapshot.alone;
    if (!changes.isEmpty() && changes.first().to.percent >= 100) {
        QStringList full;
        for (const QString &name : names) {
            const CommitId commit = snapshot.revision(name).commit;
            if (!commit.value.isEmpty() && commit == changes.first().candidate)
                full.append(name);
        }
        if (!full.isEmpty())
            return newest(snapshot, full);
    }
    const QString beside
        = snapshot.service.annotations.value(QLatin1String(previousStableAnnotation));
    return names.contains(beside) ? beside : QString();
}

/// The latest ready one, else the one made last.
QString latestAmong(const CloudRunSnapshot &snapshot, const QStringList &names)
{
    return names.contains(snapshot.service.latestReady) ? snapshot.service.latestReady
                                                        : newest(snapshot, names);
}

/// Who is who among several revisions that share the traffic.
struct Roles
{
    QString stable;
    QString candidate;
    enum class Stable { Known, Guessed } who = Stable::Known;
};

Roles rolesAmong(const CloudRunSnapshot &snapshot, QStringList names,
                 const QList<WeightChange> &changes)
{
    QStringList ours;
    for (const QString &name : std::as_const(names)) {
        if (!changes.isEmpty() && isTried(snapshot, names, changes.first(), name))
            ours.append(name);
    }
    Roles roles;
    if (ours.isEmpty())
        roles.stable = stableAmong(snapshot, names, changes);
    if (!roles.stable.isEmpty()) {
        names.removeOne(roles.stable);
        roles.candidate = latestAmong(snapshot, names);
        return roles;
    }
    roles.candidate = ours.isEmpty() ? latestAmong(snapshot, names) : newest(snapshot, ours);
    roles.stable = names.first() == roles.candidate ? names.at(1) : names.first();
    // What is tried begins with little: with half or more it may as well be what served before.
    if (ours.isEmpty() && snapshot.asked().value(roles.candidate) >= 50)
        roles.who = Roles::Stable::Guessed;
    return roles;
}

QString doubtOf(const CloudRunService &service, const Roles &roles)
{
    return Words::tr("who is the stable cannot be told: the weight was moved by %1, not through a "
                     "console; %2 is taken for it")
        .arg(service.lastModifier.isEmpty() ? Words::tr("somebody") : service.lastModifier,
             roles.stable);
}

RevisionState::Up upOf(CloudRunRevision::Ready ready)
{
    switch (ready) {
    case CloudRunRevision::Ready::Yes:
        return RevisionState::Up::Yes;
    case CloudRunRevision::Ready::No:
        return RevisionState::Up::No;
    case CloudRunRevision::Ready::Unsaid:
        break;
    }
    return RevisionState::Up::Unsaid;
}

QString problemOf(const CloudRunService &service, const QStringList &sharing)
{
    if (service.state == QLatin1String("CONDITION_FAILED"))
        return service.message.isEmpty() ? Words::tr("the service is not ready") : service.message;
    if (service.isSettled() && sharing.size() > 2)
        return Words::tr("%1 revisions share the traffic: %2")
            .arg(sharing.size())
            .arg(sharing.join(QLatin1String(", ")));
    return {};
}

} // namespace

QHash<QString, int> CloudRunSnapshot::asked() const
{
    if (service.traffic.isEmpty() && !service.latestReady.isEmpty())
        return {{service.latestReady, 100}};
    return weights(service.traffic, service.latestReady);
}

QHash<QString, int> CloudRunSnapshot::observed() const
{
    return weights(service.observed, service.latestReady);
}

QString CloudRunSnapshot::sole() const
{
    const QStringList names = sharing(*this);
    return names.size() == 1 ? names.first() : QString();
}

QString CloudRunSnapshot::holder() const
{
    const QHash<QString, int> now = asked();
    return now.size() == 1 ? now.constBegin().key() : QString();
}

RevisionState CloudRunSnapshot::revision(const QString &name) const
{
    RevisionState state;
    state.name = RevisionName(name);
    state.up = RevisionState::Up::Unsaid;
    const auto known = revisions.constFind(name);
    if (known == revisions.constEnd())
        return state;
    state.commit = commitOf(commitFrom, known->image, known->labels);
    state.imageDigest = digestOfImage(known->image);
    state.wantedReplicas = known->minInstances;
    state.readyReplicas = known->ready == CloudRunRevision::Ready::Yes ? known->minInstances : 0;
    state.up = upOf(known->ready);
    state.whyDown = known->message;
    return state;
}

QString CloudRunSnapshot::newestOf(const CommitId &commit) const
{
    QStringList names;
    for (const CloudRunRevision &known : revisions) {
        if (known.ready == CloudRunRevision::Ready::Yes
            && commitOf(commitFrom, known.image, known.labels) == commit)
            names.append(known.name);
    }
    return names.isEmpty() || commit.value.isEmpty() ? QString() : newest(*this, names);
}

QStringList CloudRunSnapshot::named() const
{
    QStringList names{service.latestReady};
    for (const auto &list : {service.traffic, service.observed}) {
        for (const CloudRunTarget &target : list)
            names.append(target.revision);
    }
    names.removeAll(QString());
    names.removeDuplicates();
    return names;
}

QString CloudRunSnapshot::revisionBefore(const TrafficState &now) const
{
    if (!now.stable)
        return {};
    const auto isOther = [this, stable = now.stable->name.value](const QString &name) {
        return name != stable && revisions.value(name).ready == CloudRunRevision::Ready::Yes;
    };
    if (isOther(stableBefore))
        return stableBefore;
    for (const WeightChange &change : now.changes) {
        if (change.to.percent < 100 || change.candidate == now.stable->commit)
            continue;
        if (QString name = newestOf(change.candidate); !name.isEmpty())
            return name;
    }
    const QString told = service.annotations.value(QLatin1String(previousStableAnnotation));
    return isOther(told) ? told : QString();
}

TrafficState CloudRunSnapshot::state() const
{
    TrafficState state;
    state.version = service.etag;
    state.lastWriter = service.lastModifier;
    state.writerIs = TrafficState::WriterIs::Account;
    state.lastWrittenAt = service.updatedAt;
    tellNotes(
        [this](const char *key) { return service.annotations.value(QLatin1String(key)).toUtf8(); },
        state);

    const QStringList names = sharing(*this);
    state.problem = problemOf(service, names);
    const auto changes
        = decodeChanges(service.annotations.value(QLatin1String(changesAnnotation)).toUtf8());
    if (changes)
        state.changes = *changes;
    else if (state.problem.isEmpty())
        state.problem = changes.error().message;

    QString stable;
    QString candidate;
    if (names.size() > 1) {
        const Roles roles = rolesAmong(*this, names, state.changes);
        stable = roles.stable;
        candidate = roles.candidate;
        if (roles.who == Roles::Stable::Guessed)
            state.stableDoubt = doubtOf(service, roles);
    } else if (names.size() == 1) {
        stable = names.first();
        if (service.latestReady != stable)
            candidate = service.latestReady;
    }
    if (!stable.isEmpty())
        state.stable = revision(stable);
    if (!candidate.isEmpty())
        state.candidate = revision(candidate);
    if (const QString before = revisionBefore(state); !before.isEmpty())
        state.previous = revision(before);
    state.asked = Weight{asked().value(candidate)};
    if (service.isSettled() && !service.observed.isEmpty())
        state.accepted = Weight{observed().value(candidate)};

    state.nextDeploy
        = NextDeploy{NextDeploy::Kind::Keeps,
                     Words::tr("a weight written here pins both revisions: the next gcloud run "
                               "deploy starts at 0 %; a tool that writes the whole service brings "
                               "its own traffic"),
                     {}};
    state.onLatest = service.traffic.isEmpty();
    QStringList tagged;
    for (const CloudRunTarget &target : service.traffic) {
        if (target.kind == CloudRunTarget::Kind::Latest && target.percent > 0)
            state.onLatest = true;
        const QString name
            = target.kind == CloudRunTarget::Kind::Latest ? service.latestReady : target.revision;
        if (!target.tag.isEmpty() && !names.contains(name) && !tagged.contains(name)) {
            tagged.append(name);
            state.reachable.append(revision(name));
        }
    }
    return state;
}

} // namespace pilothouse
