#include "connectors/kubernetes/watched/watchedcontrol.h"

#include "base/chaining.h"
#include "rollout/trafficannotations.h"

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds proofEvery{5'000};
/// Changes that come together (a rollout of pods) are told together.
constexpr milliseconds toldTogether{50};

ObjectWrite smallNote(const QString &key, const QByteArray &value)
{
    return annotationWrite(key.toLatin1().constData(), value.isEmpty()
                                                           ? QJsonValue(QJsonValue::Null)
                                                           : QJsonValue(QString::fromUtf8(value)));
}

} // namespace

WatchedControl::WatchedControl(KubernetesApi &api, Clock &clock, Settings settings,
                               std::unique_ptr<ClusterWorld> world, QObject *parent)
    : TrafficControl(parent), m_api(api), m_clock(clock), m_settings(std::move(settings)),
      m_world(std::move(world)), m_watch(api, clock, *m_world),
      m_deploys(api, clock, m_settings.nameSpace, m_settings.fields)
{
    connect(&m_watch, &WorldWatch::changed, this, [this](qsizetype part) {
        if (part == m_world->guardedPart())
            proveByEvent();
        tellSoon();
    });
    connect(&m_watch, &WorldWatch::resumed, this, &WatchedControl::tellSoon);
    connect(&m_watch, &WorldWatch::lost, this, &WatchedControl::lost);
    connect(&m_deploys, &DeployWatch::changed, this, [this] {
        if (m_watch.isStarted())
            tellSoon();
    });
}

WatchedControl::~WatchedControl() = default;

QString WatchedControl::objectPath() const
{
    return m_world->path(m_world->guardedPart()).object(m_settings.name);
}

QFuture<Result<KubernetesApi::Answer>> WatchedControl::guarded()
{
    return m_api.get(objectPath(), this, HttpRequest::Connection::OfWrites);
}

ObjectPlace WatchedControl::place() const
{
    return {m_settings.context, m_settings.nameSpace, m_settings.resource, m_settings.name,
            m_api.url(objectPath())};
}

/// The lists one after the other, then the guarded object itself.
QFuture<Result<KubernetesApi::Answer>>
WatchedControl::readFrom(qsizetype part, const std::shared_ptr<QList<ListIntake>> &lists)
{
    if (part == m_world->guardedPart())
        return guarded();
    lists->append(m_world->store(part).intake());
    return askNext<KubernetesApi::Answer>(
        m_api.list(m_world->path(part), lists->last(), this), this,
        [this, part, lists](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<KubernetesApi::Answer>(answer);
            return readFrom(part + 1, lists);
        });
}

Result<TrafficState> WatchedControl::stateNow() const
{
    Result<TrafficState> state = m_world->state();
    if (const KubeMeta *object = m_world->guarded(); state && object)
        state->nextDeploy = m_deploys.nextDeploy(*object);
    return state;
}

void WatchedControl::followDeploys()
{
    if (const KubeMeta *object = m_world->guarded())
        m_deploys.follow(*object);
}

QFuture<WatchedControl::Answer> WatchedControl::read()
{
    return askNext<Reading<TrafficState>>(readWorld(), this, [this](const Answer &answer) {
        const KubeMeta *object = m_world->guarded();
        if (!answer || !object || !m_deploys.isNew(*object)) {
            followDeploys();
            return ready<Reading<TrafficState>>(answer);
        }
        return converted<Reading<TrafficState>>(
            m_deploys.learn(*object), this,
            [this, told = *answer](const Result<ReleaseChart> &) -> Answer {
                const auto state = stateNow();
                if (!state)
                    return fail(state.error());
                Reading<TrafficState> now = told;
                now.value = *state;
                return now;
            });
    });
}

QFuture<WatchedControl::Answer> WatchedControl::readWorld()
{
    const auto lists = std::make_shared<QList<ListIntake>>();
    const WorldWatch::Moment begun = m_watch.moment();
    return askNext<Reading<TrafficState>>(
        readFrom(0, lists), this,
        [this, lists, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Reading<TrafficState>>(fail(answer.error()));
            for (qsizetype part = 0; part < lists->size(); ++part)
                m_watch.takeList(part, lists->at(part), begun);
            m_watch.takeGuarded(answer->object, begun);
            prove(*answer);
            // Not of what was found: a write or an event may have overtaken it.
            const auto state = stateNow();
            if (!state)
                return ready<Reading<TrafficState>>(fail(state.error()));
            return ready<Reading<TrafficState>>(answer->reading(*state));
        });
}

QFuture<WatchedControl::Answer> WatchedControl::glance()
{
    if (!m_watch.isWhole() || m_watch.trouble())
        return readWorld();
    const WorldWatch::Moment begun = m_watch.moment();
    return converted<Reading<TrafficState>>(
        guarded(), this, [this, begun](const Result<KubernetesApi::Answer> &answer) -> Answer {
            if (!answer)
                return fail(answer.error());
            m_watch.takeGuarded(answer->object, begun);
            prove(*answer);
            const auto state = stateNow();
            if (!state)
                return fail(state.error());
            return answer->reading(*state);
        });
}

void WatchedControl::watch()
{
    if (m_watch.isStarted())
        return;
    m_watch.start();
    pulse();
}

/// The proof of life: an answer of the server, five seconds old at most.
void WatchedControl::pulse()
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
            readWorld(), this,
            [this, failed](const Answer &answer) {
                if (!answer)
                    return failed(answer.error());
                tell();
                followDeploys();
                pulseAgain();
            },
            givenUp);
        return;
    }
    const WorldWatch::Moment begun = m_watch.moment();
    whenDone(
        guarded(), this,
        [this, failed, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return failed(answer.error());
            m_watch.takeGuarded(answer->object, begun);
            prove(*answer);
            tell();
            followDeploys();
            pulseAgain();
        },
        givenUp);
}

void WatchedControl::pulseAgain()
{
    m_clock.after(proofEvery, this, [this] { pulse(); });
}

void WatchedControl::prove(const KubernetesApi::Answer &answer)
{
    if (answer.receivedSinceBoot >= m_proof.receivedSinceBoot)
        m_proof = answer;
}

/// An event of the object's watch is an answer of this moment too; only the server's clock has to
/// be carried on to it.
void WatchedControl::proveByEvent()
{
    const milliseconds now = m_clock.sinceBoot();
    if (m_proof.serverAt.isValid())
        m_proof.serverAt = m_proof.serverAt.addMSecs((now - m_proof.receivedSinceBoot).count());
    m_proof.receivedSinceBoot = now;
}

void WatchedControl::tellSoon()
{
    if (m_telling == Telling::Soon)
        return;
    m_telling = Telling::Soon;
    m_clock.after(toldTogether, this, [this] {
        m_telling = Telling::Nothing;
        tell();
    });
}

void WatchedControl::tell()
{
    if (!m_watch.isWhole())
        return; // what is missing tells its own failure
    const auto state = stateNow();
    if (!state) {
        Q_EMIT lost(state.error());
        return;
    }
    Q_EMIT changed(m_proof.reading(*state));
    if (const auto trouble = m_watch.trouble())
        Q_EMIT lost(*trouble);
}

/// From here on the write is done: what else goes wrong must not look as if it were not.
QFuture<WatchedControl::Answer> WatchedControl::written(const KubernetesApi::Answer &answer,
                                                        const QString &remark)
{
    m_watch.takeGuarded(answer.object, m_watch.moment());
    prove(answer);
    const auto remarked = [remark](TrafficState state) {
        if (!remark.isEmpty())
            state.problem += (state.problem.isEmpty() ? QString() : QStringLiteral("; ")) + remark;
        return state;
    };
    const auto unread = [this, answer, remarked](const Error &why) {
        TrafficState state = m_world->guardedState();
        state.problem = tr("written, but it could not be read back: %1").arg(why.message);
        return answer.reading(remarked(state));
    };
    if (m_watch.isWhole()) {
        if (m_watch.isStarted())
            tellSoon();
        const auto state = stateNow();
        return ready<Reading<TrafficState>>(state ? answer.reading(remarked(*state))
                                                  : unread(state.error()));
    }
    return askNext<Reading<TrafficState>>(
        readWorld(), this, [remarked, unread](const Answer &again) {
            if (!again)
                return ready<Reading<TrafficState>>(unread(again.error()));
            Reading<TrafficState> told = *again;
            told.value = remarked(told.value);
            return ready<Reading<TrafficState>>(told);
        });
}

ObjectWrite WatchedControl::holdWrite(const HoldChange &change) const
{
    if (const Hold *hold = std::get_if<Hold>(&change)) {
        Hold dated = *hold;
        if (!dated.since.isValid())
            dated.since = m_clock.now();
        return annotationWrite(holdAnnotation, QString::fromUtf8(encodeHold(dated)));
    }
    const ObjectWrite removed = annotationWrite(holdAnnotation, QJsonValue::Null);
    const auto deed
        = deedOf(std::get<Lift>(change), m_clock.now(), annotationNow(holdAnnotation).toUtf8());
    return deed ? withAnnotation(removed, deedsAnnotation, deedsWith(*deed)) : removed;
}

PlannedCall WatchedControl::planHold(const HoldChange &change, const TrafficState &now) const
{
    const QString what = std::holds_alternative<Hold>(change) ? tr("hold") : tr("lift the hold");
    return plannedWrite(holdWrite(change), now.version, place(),
                        tr("PATCH %1/%2   %3   if version is still %4")
                            .arg(m_settings.resource, m_settings.name, what, now.version));
}

QFuture<WatchedControl::Answer> WatchedControl::setHold(const HoldChange &change,
                                                        const QString &expectedVersion)
{
    return write(expectedVersion,
                 [this, change]() -> Writes { return QList<ObjectWrite>{holdWrite(change)}; });
}

QFuture<Result<DryRun>> WatchedControl::dryRunHold(const HoldChange &change,
                                                   const QString &expectedVersion)
{
    return trial(expectedVersion,
                 [this, change]() -> Writes { return QList<ObjectWrite>{holdWrite(change)}; });
}

QString WatchedControl::annotationNow(const char *name) const
{
    const KubeMeta *meta = m_world->guarded();
    return meta ? meta->annotations.value(QLatin1String(name)) : QString();
}

QString WatchedControl::deedsWith(const Deed &deed) const
{
    return QString::fromUtf8(encodedWith(deed, annotationNow(deedsAnnotation).toUtf8()));
}

ObjectWrite WatchedControl::deedNote(const Deed &deed) const
{
    return annotationWrite(deedsAnnotation, deedsWith(deed));
}

PlannedCall WatchedControl::planNote(const Deed &deed, const QString &version) const
{
    return plannedWrite(
        deedNote(deed), version, place(),
        tr("PATCH %1/%2   a note of who did it").arg(m_settings.resource, m_settings.name));
}

QFuture<WatchedControl::Answer> WatchedControl::note(const Deed &deed,
                                                     const QString &expectedVersion)
{
    return write(expectedVersion,
                 [this, deed]() -> Writes { return QList<ObjectWrite>{deedNote(deed)}; });
}

PlannedCall WatchedControl::planAnnotation(const QString &key, const QByteArray &value,
                                           const TrafficState &now) const
{
    return plannedWrite(smallNote(key, value), now.version, place(),
                        tr("PATCH %1/%2   %3   if version is still %4")
                            .arg(m_settings.resource, m_settings.name, key, now.version));
}

QFuture<WatchedControl::Answer> WatchedControl::annotate(const QString &key,
                                                         const QByteArray &value,
                                                         const QString &expectedVersion)
{
    return write(expectedVersion,
                 [key, value]() -> Writes { return QList<ObjectWrite>{smallNote(key, value)}; });
}

QString WatchedControl::changesWith(const WeightRequest &request, Weight from) const
{
    // What cannot be read was said with the state; a rollback does not wait for its repair.
    QList<WeightChange> before;
    if (const KubeMeta *meta = m_world->guarded()) {
        const QString known = meta->annotations.value(QLatin1String(changesAnnotation));
        before = decodeChanges(known.toUtf8()).value_or(QList<WeightChange>());
    }
    const WeightChange change{
        m_clock.now(),  request.actor,           from, request.candidate,  request.reason,
        request.intent, request.candidateCommit, {},   request.podTemplate};
    return QString::fromUtf8(encodeChanges(remembered(change, before)));
}

ObjectWrite WatchedControl::changeNote(const WeightRequest &request, Weight from) const
{
    return annotationWrite(changesAnnotation, changesWith(request, from));
}

} // namespace pilothouse
