#include "connectors/kubernetes/httproute/httproutecontrol.h"

#include "base/chaining.h"
#include "connectors/kubernetes/httproute/routeplaces.h"
#include "connectors/kubernetes/watched/accessreview.h"
#include "connectors/kubernetes/watched/objectchanges.h"
#include "connectors/kubernetes/watched/objectwinner.h"
#include "rollout/trafficannotations.h"

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds pulseEvery{5'000};
/// Changes that come together (a rollout of pods) are told together.
constexpr milliseconds together{50};

ObjectSight sightOf(const KubeRoute &route)
{
    return {route.annotations, route.lastWriter, route.generation};
}

} // namespace

HttpRouteControl::HttpRouteControl(KubernetesApi &api, Clock &clock, Settings settings,
                                   QObject *parent)
    : TrafficControl(parent), m_api(api), m_clock(clock), m_settings(std::move(settings)),
      m_watch(api, clock, m_settings.nameSpace, m_settings.names)
{
    connect(&m_watch, &RouteWatch::changed, this, [this](RoutePart part) {
        if (part == RoutePart::Routes)
            proveByEvent();
        tellSoon();
    });
    connect(&m_watch, &RouteWatch::resumed, this, &HttpRouteControl::tellSoon);
    connect(&m_watch, &RouteWatch::lost, this, &HttpRouteControl::lost);
}

HttpRouteControl::~HttpRouteControl() = default;

QString HttpRouteControl::routePath() const
{
    return pathOf(RoutePart::Routes, m_settings.nameSpace).object(m_settings.names.route);
}

/// Services, Deployments and Pods one after the other, then the route itself.
QFuture<Result<KubernetesApi::Answer>>
HttpRouteControl::readFrom(size_t part, const std::shared_ptr<RouteWorld> &found)
{
    const RoutePart what = routeParts[part];
    if (what == RoutePart::Routes)
        return m_api.get(routePath(), this);
    const ListIntake intake = intakeOf(*found, what, m_settings.names);
    return askNext<KubernetesApi::Answer>(
        m_api.list(pathOf(what, m_settings.nameSpace), intake, this), this,
        [this, part, found, intake](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<KubernetesApi::Answer>(answer);
            intake.keep();
            return readFrom(part + 1, found);
        });
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::read()
{
    const auto found = std::make_shared<RouteWorld>();
    const RouteWatch::Moment begun = m_watch.moment();
    return askNext<Reading<TrafficState>>(
        readFrom(0, found), this,
        [this, found, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Reading<TrafficState>>(fail(answer.error()));
            found->put(RoutePart::Routes, answer->object, m_settings.names);
            m_watch.take(*found, begun);
            prove(*answer);
            // Not of what was found: a write or an event may have overtaken it.
            const auto state = trafficState(m_watch.world(), m_settings.names);
            if (!state)
                return ready<Reading<TrafficState>>(fail(state.error()));
            return ready<Reading<TrafficState>>(answer->reading(*state));
        });
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::glance()
{
    m_api.expectWrite();
    if (!m_watch.isWhole() || m_watch.trouble())
        return read();
    const RouteWatch::Moment begun = m_watch.moment();
    return converted<Reading<TrafficState>>(
        m_api.get(routePath(), this), this,
        [this, begun](const Result<KubernetesApi::Answer> &answer) -> Answer {
            if (!answer)
                return fail(answer.error());
            m_watch.takeRoute(answer->object, begun);
            prove(*answer);
            const auto state = trafficState(m_watch.world(), m_settings.names);
            if (!state)
                return fail(state.error());
            return answer->reading(*state);
        });
}

void HttpRouteControl::watch()
{
    if (m_watch.isStarted())
        return;
    m_watch.start();
    pulse();
}

/// The proof of life: an answer of the server, five seconds old at most.
void HttpRouteControl::pulse()
{
    const auto failed = [this](const Error &error) {
        Q_EMIT lost(error);
        pulseAgain();
    };
    const auto givenUp = [this] {
        pulseAgain();
    };
    if (m_watch.trouble()) {
        whenDone(
            read(), this,
            [this, failed](const Answer &answer) {
                if (!answer)
                    return failed(answer.error());
                tell();
                pulseAgain();
            },
            givenUp);
        return;
    }
    const RouteWatch::Moment begun = m_watch.moment();
    whenDone(
        m_api.get(routePath(), this), this,
        [this, failed, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return failed(answer.error());
            m_watch.takeRoute(answer->object, begun);
            prove(*answer);
            tell();
            pulseAgain();
        },
        givenUp);
}

void HttpRouteControl::pulseAgain()
{
    m_clock.after(pulseEvery, this, [this] { pulse(); });
}

void HttpRouteControl::prove(const KubernetesApi::Answer &answer)
{
    if (answer.receivedSinceBoot >= m_proof.receivedSinceBoot)
        m_proof = answer;
}

/// An event of the route's watch is an answer of this moment too; only the server's clock has to be
/// carried on to it.
void HttpRouteControl::proveByEvent()
{
    const milliseconds now = m_clock.sinceBoot();
    if (m_proof.serverAt.isValid())
        m_proof.serverAt = m_proof.serverAt.addMSecs((now - m_proof.receivedSinceBoot).count());
    m_proof.receivedSinceBoot = now;
}

void HttpRouteControl::tellSoon()
{
    if (m_telling == Telling::Soon)
        return;
    m_telling = Telling::Soon;
    m_clock.after(together, this, [this] {
        m_telling = Telling::Nothing;
        tell();
    });
}

void HttpRouteControl::tell()
{
    if (!m_watch.isWhole())
        return; // what is missing tells its own failure
    const auto state = trafficState(m_watch.world(), m_settings.names);
    if (!state) {
        Q_EMIT lost(state.error());
        return;
    }
    Q_EMIT changed(m_proof.reading(*state));
    if (const auto trouble = m_watch.trouble())
        Q_EMIT lost(*trouble);
}

QFuture<Result<KubernetesApi::Answer>> HttpRouteControl::atVersion(const QString &expectedVersion)
{
    return converted<KubernetesApi::Answer>(
        m_api.get(routePath(), this), this,
        [expectedVersion](
            const Result<KubernetesApi::Answer> &answer) -> Result<KubernetesApi::Answer> {
            if (!answer)
                return answer;
            const auto route = decodeRoute(answer->object);
            if (!route)
                return fail(route.error());
            if (route->resourceVersion == expectedVersion)
                return answer;
            return fail(overtakenBy(winnerOf(sightOf(*route), std::nullopt)));
        });
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::write(const QString &expectedVersion,
                                                          const MakePatch &make)
{
    const auto &known = m_watch.world().route;
    if (known && known->resourceVersion == expectedVersion)
        return send(*known, make);
    return askNext<Reading<TrafficState>>(
        atVersion(expectedVersion), this,
        [this, make](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Reading<TrafficState>>(fail(answer.error()));
            return send(*decodeRoute(answer->object), make);
        });
}

Error HttpRouteControl::overtakenBy(const QString &who)
{
    return {ErrorKind::Conflict,
            tr("The route was changed by %1 since it was read. Look at it again, then decide.")
                .arg(who),
            {},
            {}};
}

/// The server says that somebody was faster, and not who. The write is refused whatever comes of
/// this second look.
QFuture<HttpRouteControl::Answer> HttpRouteControl::refused(const Error &conflict,
                                                            const KubeRoute &before)
{
    const RouteWatch::Moment begun = m_watch.moment();
    return askNext<Reading<TrafficState>>(
        m_api.get(routePath(), this), this,
        [this, conflict, before, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Reading<TrafficState>>(fail(conflict));
            const auto route = decodeRoute(answer->object);
            if (!route || route->resourceVersion == before.resourceVersion)
                return ready<Reading<TrafficState>>(fail(conflict));
            m_watch.takeRoute(answer->object, begun);
            prove(*answer);
            Error told = overtakenBy(winnerOf(sightOf(*route), sightOf(before)));
            told.detail = conflict.detail;
            return ready<Reading<TrafficState>>(fail(told));
        });
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::send(const KubeRoute &route,
                                                         const MakePatch &make)
{
    const auto patch = make(route);
    if (!patch)
        return ready<Reading<TrafficState>>(fail(patch.error()));
    return askNext<Reading<TrafficState>>(
        m_api.patch(routePath(), *patch, this), this,
        [this, route](const Result<KubernetesApi::Answer> &answer) {
            if (answer)
                return written(*answer);
            if (answer.error().kind == ErrorKind::Conflict)
                return refused(answer.error(), route);
            return ready<Reading<TrafficState>>(fail(answer.error()));
        });
}

/// From here on the write is done: what else goes wrong must not look as if it were not.
QFuture<HttpRouteControl::Answer> HttpRouteControl::written(const KubernetesApi::Answer &answer)
{
    m_watch.takeRoute(answer.object, m_watch.moment());
    prove(answer);
    if (m_watch.isWhole()) {
        if (m_watch.isStarted())
            tellSoon();
        const auto state = trafficState(m_watch.world(), m_settings.names);
        return ready<Reading<TrafficState>>(state ? Answer(answer.reading(*state))
                                                  : unreadBack(answer, state.error()));
    }
    return askNext<Reading<TrafficState>>(read(), this, [this, answer](const Answer &again) {
        return ready<Reading<TrafficState>>(again ? again : unreadBack(answer, again.error()));
    });
}

HttpRouteControl::Answer HttpRouteControl::unreadBack(const KubernetesApi::Answer &answer,
                                                      const Error &why) const
{
    TrafficState state;
    if (const auto route = decodeRoute(answer.object))
        state = routeState(*route, m_settings.names).value_or(state);
    state.problem = tr("written, but it could not be read back: %1").arg(why.message);
    return answer.reading(state);
}

HttpRouteControl::MakePatch HttpRouteControl::weightOf(const WeightRequest &request) const
{
    return [this, request](const KubeRoute &route) {
        const auto before
            = decodeChanges(route.annotations.value(QLatin1String(changesAnnotation)).toUtf8());
        const WeightChange change{
            m_clock.now(),          request.actor,  shareOf(placesOf(route, m_settings.names)),
            request.candidate,      request.reason, request.intent,
            request.candidateCommit};
        // What cannot be read was said with the state; a rollback does not wait for its repair.
        return weightPatch(route, m_settings.names, request.candidate,
                           remembered(change, before.value_or(QList<WeightChange>())));
    };
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::setWeight(const WeightRequest &request)
{
    return write(request.expectedVersion, weightOf(request));
}

QFuture<Result<DryRun>> HttpRouteControl::dryRun(const WeightRequest &request)
{
    return askNext<DryRun>(
        atVersion(request.expectedVersion), this,
        [this, make = weightOf(request)](const Result<KubernetesApi::Answer> &now) {
            if (!now)
                return ready<DryRun>(fail(now.error()));
            const auto patch = make(*decodeRoute(now->object));
            if (!patch)
                return ready<DryRun>(fail(patch.error()));
            return converted<DryRun>(
                m_api.patch(routePath(), *patch, this, KubernetesApi::Write::Trial), this,
                [before
                 = now->object](const Result<KubernetesApi::Answer> &would) -> Result<DryRun> {
                    if (!would)
                        return fail(would.error());
                    return DryRun{QStringLiteral("dryRun=All"),
                                  objectChanges(before, would->object)};
                });
        });
}

QFuture<HttpRouteControl::Answer> HttpRouteControl::setHold(const std::optional<Hold> &hold,
                                                            const QString &expectedVersion)
{
    std::optional<Hold> dated = hold;
    if (dated && !dated->since.isValid())
        dated->since = m_clock.now();
    return write(expectedVersion, [dated](const KubeRoute &route) -> Result<QJsonArray> {
        return holdPatch(route, dated);
    });
}

QFuture<Result<TrafficAccess>> HttpRouteControl::access()
{
    return mayPatch(m_api, this,
                    {m_settings.nameSpace,
                     QStringLiteral("gateway.networking.k8s.io"),
                     {QStringLiteral("httproutes")},
                     m_settings.names.route});
}

} // namespace pilothouse
