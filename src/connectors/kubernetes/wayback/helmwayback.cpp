#include "connectors/kubernetes/wayback/helmwayback.h"

#include "base/chaining.h"
#include "connectors/kubernetes/helm/run/helmrights.h"

#include <QtConcurrentRun>

namespace pilothouse {
namespace {

/// Deploys are rare; a change of the stable's Deployment is told with the route at once.
constexpr std::chrono::milliseconds releaseLearntEvery{10'000};

/// What a manifest says of the stable is known by the Secret it came from.
QString madeKey(const ReleaseSight &sight, int number)
{
    const HelmRevision *revision = sight.history->find(number);
    return revision ? QStringLiteral("%1@%2/%3")
                          .arg(revision->secret, revision->resourceVersion, sight.owner.deployment)
                    : QString();
}

/// One Pod more or less is not another target.
bool isUp(const std::optional<RevisionState> &stable)
{
    return stable && !stable->mixed && stable->readyReplicas > 0;
}

} // namespace

HelmWayBack::HelmWayBack(KubernetesApi &api, CommandRunner &runner, Clock &clock, Settings settings,
                         std::unique_ptr<HttpRouteControl> route, QObject *parent)
    : TrafficControl(parent), m_api(api), m_clock(clock), m_settings(std::move(settings)),
      m_route(std::move(route)), m_program(runner, m_settings.program)
{
    connect(m_route.get(), &TrafficControl::changed, this, &HelmWayBack::follow);
    connect(m_route.get(), &TrafficControl::lost, this, &HelmWayBack::lost);
    connect(&m_program, &HelmProgram::output, this, &HelmWayBack::output);
    connect(&m_program, &HelmProgram::known, this, [this] {
        if (m_seen)
            Q_EMIT changed(told(*m_seen));
    });
}

HelmWayBack::~HelmWayBack() = default;

HelmTarget HelmWayBack::target() const
{
    HelmTarget target;
    target.program = m_settings.program;
    target.kubeconfig = m_settings.kubeconfig;
    target.context = m_settings.context;
    if (m_sight) {
        target.nameSpace = m_sight->owner.release.nameSpace;
        target.release = m_sight->owner.release.name;
    }
    return target;
}

HelmWayBack::State HelmWayBack::told(const State &route) const
{
    State state = route;
    if (m_sight) {
        ReleaseSight now = sightNow();
        now.stableIsUp = isUp(route.value.stable);
        state.value.earlier = earlierDeployOf(now);
    } else if (!m_isLearnt) {
        EarlierDeploy unread;
        unread.noneBecause = tr("its Helm release has not been read yet");
        unread.instead = tr("wait until it has answered");
        state.value.earlier = unread;
    }
    return state;
}

ReleaseSight HelmWayBack::sightNow() const
{
    ReleaseSight now = *m_sight;
    now.program = m_program.problem();
    now.lacking = m_rightsOf == now.owner.release.nameSpace ? m_lacking : QString();
    return now;
}

/// Nobody waits for it: until the server has said it, nothing is lacking.
void HelmWayBack::askForRights(const QString &nameSpace)
{
    if (m_rightsOf == nameSpace)
        return;
    m_rightsOf = nameSpace;
    m_lacking.clear();
    const auto again = [this] {
        m_rightsOf.clear(); // with the next look at the release
    };
    whenDone(
        lackingSecretRight(m_api, this, nameSpace), this,
        [this, again](const Result<QString> &lacking) {
            if (!lacking) {
                again();
                return;
            }
            m_lacking = *lacking;
            if (m_seen && !m_lacking.isEmpty())
                Q_EMIT changed(told(*m_seen));
        },
        again);
}

QFuture<HelmWayBack::Answer> HelmWayBack::asTold(const QFuture<Answer> &route)
{
    return converted<State>(route, this, [this](const Answer &answer) -> Answer {
        return answer ? Answer(told(*answer)) : answer;
    });
}

QFuture<HelmWayBack::Answer> HelmWayBack::read()
{
    return askNext<State>(m_route->read(), this, [this](const Answer &route) {
        if (!route)
            return ready<State>(route);
        m_seen = *route;
        return converted<State>(
            learn(route->value), this,
            [this, route = *route](const Result<Sight> &) -> Answer { return told(route); });
    });
}

QFuture<HelmWayBack::Answer> HelmWayBack::glance()
{
    return asTold(m_route->glance());
}

void HelmWayBack::follow(const State &route)
{
    m_seen = route;
    Q_EMIT changed(told(route));
    const bool rested
        = m_learntAt.count() == 0 || m_clock.sinceBoot() - m_learntAt >= releaseLearntEvery;
    if (m_learning || !rested)
        return;
    m_learning = true;
    const auto before = told(route).value.earlier;
    whenDone(
        learn(route.value), this,
        [this, route, before](const Result<Sight> &) {
            m_learning = false;
            if (told(route).value.earlier != before)
                Q_EMIT changed(told(route));
        },
        [this] { m_learning = false; });
}

/// What cannot be seen is known by its error afterwards.
QFuture<Result<HelmWayBack::Sight>> HelmWayBack::learn(const TrafficState &route)
{
    m_learntAt = m_clock.sinceBoot();
    const auto owner = stableOwner(m_route->stableDeployments(), m_settings.nameSpace);
    if (!owner) {
        keep({});
        return ready<Sight>(Sight());
    }
    m_program.find();
    askForRights(owner->release.nameSpace);
    if (!m_storage || !(m_stored == owner->release)) {
        m_stored = owner->release;
        m_storage = std::make_shared<HelmStorage>(
            m_api, HelmStorage::Settings{owner->release.nameSpace, owner->release.name, {}});
    }
    // It lives until it has answered, even if another release has its place by then.
    return askNext<Sight>(m_storage->read(), this,
                          [this, storage = m_storage, owner = *owner,
                           up = isUp(route.stable)](const Result<HelmStorage::Seen> &seen) {
                              ReleaseSight sight{owner, {}, {}, {}, up, {}};
                              if (!seen) {
                                  sight.history = fail(seen.error());
                                  keep(sight);
                                  return ready<Sight>(Sight(sight));
                              }
                              sight.history = seen->history;
                              sight.lock
                                  = lockOf(seen->history, seen->serverAt.isValid() ? seen->serverAt
                                                                                   : m_clock.now());
                              return readManifests(storage, sight);
                          });
}

QFuture<Result<HelmWayBack::Sight>>
HelmWayBack::readManifests(const std::shared_ptr<HelmStorage> &storage, const ReleaseSight &sight)
{
    ReleaseSight filled = sight;
    auto next = wantedManifest(filled);
    for (; next && m_made.contains(madeKey(filled, *next)); next = wantedManifest(filled))
        filled.made.insert(*next, m_made.value(madeKey(filled, *next)));
    if (!next) {
        keep(filled);
        return ready<Sight>(Sight(filled));
    }
    const auto decode = [owner = filled.owner, settings = m_settings](const QString &manifest) {
        return stableIn(manifest, owner, settings.nameSpace, settings.commitFrom);
    };
    const auto made = askNext<StableMade>(
        storage->manifest(*next), this, [decode, storage](const Result<QString> &manifest) {
            return manifest ? QtConcurrent::run(decode, *manifest)
                            : ready<StableMade>(fail(manifest.error()));
        });
    return askNext<Sight>(made, this,
                          [this, storage, filled, number = *next](const Result<StableMade> &one) {
                              ReleaseSight more = filled;
                              more.made.insert(number, one);
                              if (one)
                                  m_made.insert(madeKey(filled, number), one);
                              return readManifests(storage, more);
                          });
}

void HelmWayBack::keep(const Sight &sight)
{
    m_sight = sight;
    m_isLearnt = true;
    if (!sight)
        m_made.clear();
}

QFuture<HelmWayBack::Answer> HelmWayBack::setWeight(const WeightRequest &request)
{
    return asTold(m_route->setWeight(request));
}

QFuture<HelmWayBack::Answer> HelmWayBack::setHold(const HoldChange &change,
                                                  const QString &expectedVersion)
{
    return asTold(m_route->setHold(change, expectedVersion));
}

QFuture<HelmWayBack::Answer> HelmWayBack::note(const Deed &deed, const QString &expectedVersion)
{
    return asTold(m_route->note(deed, expectedVersion));
}

QFuture<HelmWayBack::Answer> HelmWayBack::annotate(const QString &key, const QByteArray &value,
                                                   const QString &expectedVersion)
{
    return asTold(m_route->annotate(key, value, expectedVersion));
}

QList<OwnAction> HelmWayBack::ownActions(const TrafficState &now) const
{
    QList<OwnAction> actions;
    if (!m_sight || !m_sight->history || !m_sight->history->newest())
        return actions;
    const HelmHistory &history = *m_sight->history;
    const Deed deed{m_clock.now(), tr("(you)"), {}, tr("(the reason that you give)"), {}};
    for (const HelmRevision &good : goodRevisions(history).good) {
        if (actions.size() == looksBack)
            break;
        if (good == *history.newest())
            continue;
        OwnAction action
            = rollbackAction(history, good,
                             rollbackCall(target(), m_program.likely(), history, good.number,
                                          shownNote(*m_route, history, deed)));
        if (now.nextDeploy)
            action.leaves << tr("To the weights it is a deploy: %1.").arg(now.nextDeploy->words);
        if (const ReleaseSight sight = sightNow(); !sight.lacking.isEmpty())
            action.offBecause = lackingWords(sight);
        else if (sight.lock.kind == HelmLock::Kind::Deploying)
            action.offBecause = sight.lock.sentence;
        actions.append(action);
    }
    return actions;
}

} // namespace pilothouse
