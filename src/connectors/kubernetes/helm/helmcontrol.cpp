#include "connectors/kubernetes/helm/helmcontrol.h"

#include "base/chaining.h"
#include "connectors/kubernetes/helm/run/helmrights.h"

namespace pilothouse {
namespace {

/// The route can tell a change with every Pod; the history is not read for each of them.
constexpr std::chrono::milliseconds historyRests{1'000};
/// A helm that does not end leaves a rollback the time to be done on the route, before it counts as
/// not accepted.
constexpr std::chrono::seconds rollbackWaits{30};

/// Of the newest revision; 0 = it cannot be seen.
int numberOf(const HelmSight &sight)
{
    const HelmRevision *newest = sight.history ? sight.history->newest() : nullptr;
    return newest ? newest->number : 0;
}

} // namespace

HelmControl::HelmControl(KubernetesApi &api, CommandRunner &runner, Clock &clock, HelmTarget target,
                         std::unique_ptr<TrafficControl> route, QObject *parent)
    : TrafficControl(parent), m_api(api), m_clock(clock), m_target(std::move(target)),
      m_route(std::move(route)),
      m_storage(api, {m_target.nameSpace, m_target.release, m_target.value}),
      m_program(runner, m_target.program), m_chart(m_program, m_target)
{
    connect(&m_chart, &HelmChart::changed, this, [this] {
        if (m_view)
            Q_EMIT changed(told(*m_view));
    });
    connect(&m_program, &HelmProgram::output, this, &HelmControl::output);
    connect(m_route.get(), &TrafficControl::changed, this, &HelmControl::follow);
    connect(m_route.get(), &TrafficControl::lost, this, &HelmControl::lost);
}

HelmControl::~HelmControl() = default;

HelmSight HelmControl::sightOf(const Result<HelmStorage::Seen> &seen, const State &route) const
{
    if (!seen)
        return {fail(seen.error()), {}, route.value.asked};
    const QDateTime now = seen->serverAt.isValid() ? seen->serverAt : m_clock.now();
    return {seen->history, lockOf(seen->history, now), route.value.asked};
}

HelmControl::State HelmControl::told(const View &view) const
{
    State state = view.route;
    state.value = helmState(view.route.value, view.sight, m_target.value);
    QStringList problems{state.value.problem};
    if (const auto &problem = m_program.problem()) {
        state.value.promoteOff = problem->message;
        problems << problem->message;
    }
    if (view.sight.history && view.sight.history->newest())
        problems << m_chart.difference(view.sight.history->body(deployedOf(view)));
    problems.removeAll(QString());
    state.value.problem = problems.join(QStringLiteral("; "));
    return state;
}

/// Somebody may have installed it, or put another chart there.
void HelmControl::findProgram()
{
    m_program.find();
    m_chart.find();
}

void HelmControl::take(const View &view)
{
    if (!m_view || m_view->route.receivedSinceBoot <= view.route.receivedSinceBoot)
        m_view = view;
    m_historyAt = m_clock.sinceBoot();
}

/// A history that cannot be seen is no failure: the route is what has the traffic.
QFuture<Result<HelmControl::View>> HelmControl::look()
{
    return askNext<View>(m_route->read(), this, [this](const Answer &route) {
        if (!route)
            return ready<View>(fail(route.error()));
        return converted<View>(
            m_storage.read(), this,
            [this, route = *route](const Result<HelmStorage::Seen> &seen) -> Result<View> {
                View view{route, sightOf(seen, route)};
                take(view);
                return view;
            });
    });
}

QFuture<HelmControl::Answer> HelmControl::read()
{
    findProgram();
    return converted<State>(look(), this, [this](const Result<View> &view) -> Answer {
        return view ? Answer(told(*view)) : fail(view.error());
    });
}

void HelmControl::watch()
{
    findProgram();
    m_route->watch();
}

/// Helm's Secrets are not watched: a watch would bring their bodies. The route's own pulse asks for
/// their labels.
void HelmControl::follow(const State &route)
{
    const bool rested = m_clock.sinceBoot() - m_historyAt >= historyRests;
    if (m_view && (!rested || m_following == Following::History)) {
        View view{route, m_view->sight};
        view.sight.onRoute = route.value.asked;
        m_view = view;
        Q_EMIT changed(told(view));
        return;
    }
    m_following = Following::History;
    findProgram();
    whenDone(
        m_storage.read(), this,
        [this, route](const Result<HelmStorage::Seen> &seen) {
            m_following = Following::Nothing;
            // The route may have been told again meanwhile.
            const bool overtaken
                = m_view && m_view->route.receivedSinceBoot > route.receivedSinceBoot;
            const State &latest = overtaken ? m_view->route : route;
            const View view{latest, sightOf(seen, latest)};
            take(view);
            Q_EMIT changed(told(view));
        },
        [this] { m_following = Following::Nothing; });
}

QFuture<Result<HelmControl::View>> HelmControl::lookFor(const QString &expectedVersion)
{
    const auto expected = HelmVersion::from(expectedVersion);
    if (!expected)
        return ready<View>(fail(expected.error()));
    return converted<View>(
        look(), this, [expected = *expected](const Result<View> &view) -> Result<View> {
            if (!view)
                return view;
            const HelmRevision *newest
                = view->sight.history ? view->sight.history->newest() : nullptr;
            if (newest && newest->number != expected.revision)
                return fail(ErrorKind::Conflict,
                            tr("Helm revision %1 (%2) was made since this was read. Look at it "
                               "again, then decide.")
                                .arg(newest->number)
                                .arg(newest->word));
            if (view->route.value.version != expected.route) {
                const QString &who = view->route.value.lastWriter;
                return fail(ErrorKind::Conflict,
                            tr("The route was changed by %1 since it was read. Look at it again, "
                               "then decide.")
                                .arg(who.isEmpty() ? tr("somebody else") : who));
            }
            return view;
        });
}

QFuture<HelmControl::Answer> HelmControl::setWeight(const WeightRequest &request)
{
    return askNext<State>(lookFor(request.expectedVersion), this,
                          [this, request](const Result<View> &view) {
                              if (!view)
                                  return ready<State>(fail(view.error()));
                              const auto way = moveFor(view->sight, request.candidate);
                              if (!way)
                                  return ready<State>(fail(way.error()));
                              return move(*view, *way, request);
                          });
}

QFuture<HelmControl::Answer> HelmControl::move(const View &view, const HelmMove &move,
                                               const WeightRequest &request)
{
    if (move.means == HelmMove::Means::Route)
        return moveRoute(view, request);
    const bool isRollback = request.candidate == Weight{};
    // What helm could not do for a rollback, or did without an effect on the route, is done without
    // it; a conflict is decided again by whoever asked.
    const HelmRollback rollback{move.revision,
                                view.sight.history->newest()->number,
                                {m_clock.now(), request.actor, {}, request.reason, request.intent}};
    const auto orRoute = [this, request, isRollback, rollback](const Answer &answer) {
        if (!isRollback || (!answer && answer.error().kind == ErrorKind::Conflict))
            return ready<State>(answer);
        if (answer)
            return m_view && m_view->sight.onRoute != request.candidate
                       ? moveRoute(*m_view, request)
                       : noted(rollback, answer);
        return askNext<State>(look(), this, [this, request, answer](const Result<View> &now) {
            if (!now)
                return ready<State>(answer);
            if (now->route.value.asked == request.candidate)
                return ready<State>(told(*now));
            return moveRoute(*now, request);
        });
    };
    const auto start = [this, view, move, request,
                        isRollback](const Result<HelmGeneration> &which) {
        if (!which)
            return ready<State>(fail(which.error()));
        Command command
            = helmCommand(m_target, argumentsOf(move, request, *which, view.route.value.asked));
        if (isRollback)
            command.timeout = rollbackWaits;
        return run(command, {request.intent, request.candidate, numberOf(view.sight)});
    };
    return askNext<State>(askNext<State>(m_program.generation(), this, start), this, orRoute);
}

QFuture<HelmControl::Answer> HelmControl::moveRoute(const View &view, const WeightRequest &request)
{
    WeightRequest onRoute = request;
    onRoute.expectedVersion = view.route.value.version;
    return converted<State>(m_route->setWeight(onRoute), this,
                            [this, sight = view.sight](const Answer &answer) -> Answer {
                                if (!answer)
                                    return answer;
                                View after{*answer, sight};
                                after.sight.onRoute = answer->value.asked;
                                take(after);
                                return told(after);
                            });
}

QFuture<HelmControl::Answer> HelmControl::run(const Command &command, const HelmWrite &write)
{
    return askNext<State>(
        m_program.follow(command), this, [this, write](const Result<CommandOutput> &output) {
            if (output)
                return afterwards(write);
            const Error error = output.error();
            return converted<State>(
                look(), this, [this, error, write](const Result<View> &view) -> Answer {
                    const auto failed
                        = view ? afterFailure(error, view->sight, write) : std::optional(error);
                    return failed ? Answer(fail(*failed)) : Answer(told(*view));
                });
        });
}

/// helm says that the write is done: what else goes wrong must not look as if it were not.
QFuture<HelmControl::Answer> HelmControl::afterwards(const HelmWrite &write)
{
    return converted<State>(look(), this, [this, write](const Result<View> &view) -> Answer {
        if (view && write.before > 0 && numberOf(view->sight) == write.before)
            return fail(ErrorKind::Malformed,
                        tr("helm says that all is well, and made no revision of the release. Look "
                           "at what it printed."));
        if (view)
            return told(*view);
        State state = m_view ? told(*m_view) : State();
        state.value.accepted.reset();
        state.value.problem
            = tr("written, but it could not be read back: %1").arg(view.error().message);
        return state;
    });
}

QFuture<HelmControl::Answer> HelmControl::setHold(const HoldChange &change,
                                                  const QString &expectedVersion)
{
    const auto expected = HelmVersion::from(expectedVersion);
    if (!expected)
        return ready<State>(fail(expected.error()));
    return converted<State>(m_route->setHold(change, expected->route), this,
                            [this](const Answer &answer) { return onRoute(answer); });
}

QFuture<HelmControl::Answer> HelmControl::annotate(const QString &key, const QByteArray &value,
                                                   const QString &expectedVersion)
{
    const auto expected = HelmVersion::from(expectedVersion);
    if (!expected)
        return ready<State>(fail(expected.error()));
    return converted<State>(m_route->annotate(key, value, expected->route), this,
                            [this](const Answer &answer) { return onRoute(answer); });
}

HelmControl::Answer HelmControl::onRoute(const Answer &answer)
{
    if (!answer || !m_view)
        return answer;
    const View after{*answer, m_view->sight};
    take(after);
    return told(after);
}

QFuture<Result<TrafficAccess>> HelmControl::access()
{
    const auto told = [this](const Result<QString> &lacking) -> Result<TrafficAccess> {
        if (!lacking)
            return fail(lacking.error());
        if (lacking->isEmpty())
            return TrafficAccess{true, {}};
        return TrafficAccess{true, tr("you lack %1 on secrets in %2, where Helm keeps its history: "
                                      "only a rollback can be done, on the route itself")
                                       .arg(*lacking, m_target.nameSpace)};
    };
    return askNext<TrafficAccess>(
        m_route->access(), this, [this, told](const Result<TrafficAccess> &onRoute) {
            if (!onRoute || !onRoute->mayWrite)
                return ready<TrafficAccess>(onRoute);
            return converted<TrafficAccess>(lackingSecretRight(m_api, this, m_target.nameSpace),
                                            this, told);
        });
}

} // namespace pilothouse
