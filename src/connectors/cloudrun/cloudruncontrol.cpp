#include "connectors/cloudrun/cloudruncontrol.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "connectors/cloudrun/cloudrunapi.h"
#include "connectors/cloudrun/cloudrunchosen.h"
#include "connectors/cloudrun/cloudrunlatest.h"
#include "connectors/cloudrun/cloudrunplan.h"
#include "rollout/trafficannotations.h"

#include <algorithm>
#include <functional>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;
using Answer = Reading<TrafficState>;
using Fetched = CloudRunApi::Fetched;

constexpr std::chrono::milliseconds calm = 5s;
constexpr std::chrono::milliseconds busy = 1s;

QString updatePermission()
{
    return QStringLiteral("run.services.update");
}

/// Who came first, when a write met another version of the service than it was made from: a person
/// where a console wrote it ("B. Novak (10 → 50 %)"), else whom Cloud Run names.
QString winnerOf(const CloudRunSnapshot &now, const CloudRunSnapshot &before)
{
    const TrafficState is = now.state();
    const TrafficState was = before.state();
    if (!is.changes.isEmpty() && is.changes.mid(0, 1) != was.changes.mid(0, 1))
        return lastMover(is);
    if (is.hold && is.hold != was.hold)
        return is.hold->by;
    return now.service.lastModifier.isEmpty() ? CloudRunControl::tr("somebody else")
                                              : now.service.lastModifier;
}

} // namespace

class CloudRunControl::Private
{
public:
    Private(CloudRunControl *control, HttpClient &httpClient, Clock &theClock,
            const Settings &theSettings)
        : q(control), clock(theClock), settings(theSettings), api(httpClient, theClock, theSettings)
    {}

    [[nodiscard]] QFuture<Result<Fetched>> fetch();
    void rememberStable(CloudRunSnapshot &snapshot);
    [[nodiscard]] QFuture<Result<Fetched>> fetchAt(const QString &version);
    /// What is written on top of the service as the person saw it.
    using Make = std::function<Result<CloudRunWrite>(const CloudRunSnapshot &)>;
    [[nodiscard]] QFuture<Result<Answer>> writeAt(const QString &version, const Make &make);
    [[nodiscard]] QFuture<Result<DryRun>> tryAt(const QString &version, const Make &make);
    [[nodiscard]] Make weight(const WeightRequest &request);
    [[nodiscard]] Make own(const OwnRequest &request);
    [[nodiscard]] Make hold(const HoldChange &change);
    [[nodiscard]] Make annotation(const QString &key, const QByteArray &value);
    [[nodiscard]] QFuture<Result<Answer>> write(const Fetched &before, const CloudRunWrite &change);
    [[nodiscard]] QFuture<Result<Answer>> refused(const Fetched &before, const Error &conflict);
    [[nodiscard]] Reading<TrafficState> told(const Fetched &fetched) const;
    [[nodiscard]] Reading<TrafficState>
    predicted(const Fetched &before, const CloudRunWrite &change, const Error &readBack) const;
    void schedule(std::chrono::milliseconds delay);
    void poll();
    void followOperation();

    CloudRunControl *q;
    Clock &clock;
    Settings settings;
    CloudRunApi api;
    std::optional<Fetched> last; ///< what the next write stands on
    std::optional<RevisionState> stable;
    QString stableBefore;
    QString alone;        ///< seen last with all the traffic to itself,
    QDateTime aloneNoted; ///< when this was the newest note of ours; invalid = there was none
    qint64 writes = 0;    ///< a fetch that began before a write tells the past
    qint64 scheduled = 0; ///< only the newest schedule polls
    QString operation;    ///< of our last write, while it runs
    QString operationProblem;
    enum class Watching { No, Yes } watching = Watching::No;
};

QFuture<Result<Fetched>> CloudRunControl::Private::fetch()
{
    return converted<Fetched>(
        api.fetch(), q, [this, began = writes](const Result<Fetched> &fetched) -> Result<Fetched> {
            if (!fetched || began != writes)
                return fetched;
            last = *fetched;
            rememberStable(last->snapshot);
            return *last;
        });
}

// The way back after full weight, as whoever watches has seen it too.
void CloudRunControl::Private::rememberStable(CloudRunSnapshot &snapshot)
{
    const QList<WeightChange> changes = snapshot.state().changes;
    const QDateTime noted = changes.isEmpty() ? QDateTime() : changes.first().at;
    if (const QString sole = snapshot.sole(); !sole.isEmpty()) {
        alone = sole;
        aloneNoted = noted;
    }
    snapshot.alone = noted == aloneNoted ? alone : QString();
    const std::optional<RevisionState> now = snapshot.state().stable;
    if (now && stable && now->commit != stable->commit)
        stableBefore = stable->name.value;
    if (now)
        stable = now;
    snapshot.stableBefore = stableBefore;
}

// The service as the person saw it; Conflict if it is not that any more.
QFuture<Result<Fetched>> CloudRunControl::Private::fetchAt(const QString &version)
{
    if (last && last->snapshot.service.etag == version)
        return ready<Fetched>(*last);
    return converted<Fetched>(
        fetch(), q, [version](const Result<Fetched> &fetched) -> Result<Fetched> {
            if (!fetched || fetched->snapshot.service.etag == version)
                return fetched;
            return fail(ErrorKind::Conflict,
                        CloudRunControl::tr("The service was changed by %1 since it was read. Read "
                                            "again.")
                            .arg(fetched->snapshot.service.lastModifier.isEmpty()
                                     ? CloudRunControl::tr("somebody else")
                                     : fetched->snapshot.service.lastModifier));
        });
}

Reading<TrafficState> CloudRunControl::Private::told(const Fetched &fetched) const
{
    Reading<TrafficState> reading = fetched.reading();
    if (reading.value.problem.isEmpty())
        reading.value.problem = operationProblem;
    return reading;
}

// The write was taken; not being able to read it back must not look like a failure of the write.
Reading<TrafficState> CloudRunControl::Private::predicted(const Fetched &before,
                                                          const CloudRunWrite &change,
                                                          const Error &readBack) const
{
    Fetched after = before;
    after.snapshot.service.etag.clear();
    after.snapshot.service.traffic = change.traffic;
    after.snapshot.service.annotations = change.annotations;
    after.snapshot.service.reconciling = CloudRunService::Reconciling::Yes;
    after.receivedSinceBoot = clock.sinceBoot();
    Reading<TrafficState> reading = after.reading();
    reading.value.problem
        = CloudRunControl::tr("written, but it could not be read back: %1").arg(readBack.message);
    return reading;
}

QFuture<Result<Answer>> CloudRunControl::Private::write(const Fetched &before,
                                                        const CloudRunWrite &change)
{
    return askNext<Answer>(
        api.patch(change), q,
        [this, before, change](const Result<CloudRunOperation> &taken) -> QFuture<Result<Answer>> {
            if (!taken)
                return taken.error().kind == ErrorKind::Conflict
                           ? refused(before, taken.error())
                           : ready<Answer>(fail(taken.error()));
            if (taken->error)
                return ready<Answer>(fail(*taken->error));
            ++writes;
            last.reset();
            operationProblem.clear();
            operation
                = taken->progress == CloudRunOperation::Progress::Running ? taken->name : QString();
            if (watching == Watching::Yes)
                schedule(busy);
            return converted<Answer>(
                fetch(), q,
                [this, before, change](const Result<Fetched> &fetched) -> Result<Answer> {
                    const Answer reading
                        = fetched ? told(*fetched) : predicted(before, change, fetched.error());
                    if (watching == Watching::Yes)
                        Q_EMIT q->changed(reading);
                    return reading;
                });
        });
}

// The server says that somebody was faster, and not who. The write is refused whatever comes of
// this second look.
QFuture<Result<Answer>> CloudRunControl::Private::refused(const Fetched &before,
                                                          const Error &conflict)
{
    return converted<Answer>(
        fetch(), q, [before, conflict](const Result<Fetched> &fetched) -> Result<Answer> {
            if (!fetched || fetched->snapshot.service.etag == before.snapshot.service.etag)
                return fail(conflict);
            return fail(ErrorKind::Conflict,
                        CloudRunControl::tr("The service was changed by %1 since it was read. Look "
                                            "at it again, then decide.")
                            .arg(winnerOf(fetched->snapshot, before.snapshot)),
                        conflict.detail);
        });
}

QFuture<Result<Answer>> CloudRunControl::Private::writeAt(const QString &version, const Make &make)
{
    return askNext<Answer>(fetchAt(version), q,
                           [this, make](const Result<Fetched> &fetched) -> QFuture<Result<Answer>> {
                               if (!fetched)
                                   return ready<Answer>(fail(fetched.error()));
                               const auto change = make(fetched->snapshot);
                               if (!change)
                                   return ready<Answer>(fail(change.error()));
                               return write(*fetched, *change);
                           });
}

QFuture<Result<DryRun>> CloudRunControl::Private::tryAt(const QString &version, const Make &make)
{
    return askNext<DryRun>(
        fetchAt(version), q,
        [this, make](const Result<Fetched> &fetched) -> QFuture<Result<DryRun>> {
            if (!fetched)
                return ready<DryRun>(fail(fetched.error()));
            const auto change = make(fetched->snapshot);
            if (!change)
                return ready<DryRun>(fail(change.error()));
            const QStringList changes = writeChanges(fetched->snapshot, *change);
            return converted<DryRun>(
                api.patch(*change, CloudRunApi::Write::Trial), q,
                [changes](const Result<CloudRunOperation> &checked) -> Result<DryRun> {
                    if (!checked)
                        return fail(checked.error());
                    if (checked->error)
                        return fail(*checked->error);
                    return DryRun{QStringLiteral("validateOnly"), changes};
                });
        });
}

CloudRunControl::Private::Make CloudRunControl::Private::weight(const WeightRequest &request)
{
    return [this, request](const CloudRunSnapshot &snapshot) {
        return weightWrite(snapshot, request, clock.now());
    };
}

CloudRunControl::Private::Make CloudRunControl::Private::own(const OwnRequest &request)
{
    return [this, request](const CloudRunSnapshot &snapshot) {
        return isChosenAction(request.action)
                   ? chosenWrite(settings, api.serviceUrl(), snapshot, request, clock.now())
                   : latestWrite(settings, api.serviceUrl(), snapshot, request, clock.now());
    };
}

CloudRunControl::Private::Make CloudRunControl::Private::hold(const HoldChange &change)
{
    return [this, change](const CloudRunSnapshot &snapshot) {
        return holdWrite(snapshot, change, clock.now());
    };
}

CloudRunControl::Private::Make CloudRunControl::Private::annotation(const QString &key,
                                                                    const QByteArray &value)
{
    return [key, value](const CloudRunSnapshot &snapshot) {
        return annotationWrite(snapshot, key, value);
    };
}

void CloudRunControl::Private::schedule(std::chrono::milliseconds delay)
{
    const qint64 mine = ++scheduled;
    clock.after(delay, q, [this, mine] {
        if (mine == scheduled)
            poll();
    });
}

void CloudRunControl::Private::followOperation()
{
    if (operation.isEmpty())
        return;
    whenDone(
        api.operation(operation), q,
        [this, asked = operation](const Result<CloudRunOperation> &answer) {
            // The service itself tells how it stands; a lost operation is no reason to stop.
            const bool over = answer ? answer->progress == CloudRunOperation::Progress::Done
                                     : answer.error().kind == ErrorKind::NotFound;
            if (asked != operation || !over)
                return;
            operation.clear();
            if (answer && answer->error)
                operationProblem = answer->error->message;
        },
        [] {});
}

void CloudRunControl::Private::poll()
{
    followOperation();
    whenDone(
        fetch(), q,
        [this, began = writes](const Result<Fetched> &fetched) {
            if (began != writes)
                return; // the write has scheduled the next one
            if (!fetched) {
                Q_EMIT q->lost(fetched.error());
                const auto &retryAt = fetched.error().retryAt;
                const auto wait
                    = retryAt ? std::chrono::milliseconds(clock.now().msecsTo(*retryAt)) : calm;
                schedule(std::max(wait, calm));
                return;
            }
            schedule(fetched->snapshot.service.isSettled() && operation.isEmpty() ? calm : busy);
            Q_EMIT q->changed(told(*fetched));
        },
        [this] { schedule(calm); });
}

CloudRunControl::CloudRunControl(HttpClient &http, Clock &clock, const Settings &settings,
                                 QObject *parent)
    : TrafficControl(parent), d(std::make_unique<Private>(this, http, clock, settings))
{}

CloudRunControl::~CloudRunControl() = default;

QString CloudRunControl::systemName() const
{
    return QStringLiteral("Cloud Run");
}

QFuture<Result<Answer>> CloudRunControl::read()
{
    return converted<Answer>(d->fetch(), this,
                             [this](const Result<Fetched> &fetched) -> Result<Answer> {
                                 if (!fetched)
                                     return fail(fetched.error());
                                 return d->told(*fetched);
                             });
}

void CloudRunControl::watch()
{
    if (d->watching == Private::Watching::Yes)
        return;
    d->watching = Private::Watching::Yes;
    d->poll();
}

PlannedCall CloudRunControl::planWeight(const WeightRequest &request, const TrafficState &now) const
{
    PlannedCall planned;
    if (!d->last || d->last->snapshot.service.etag != now.version) {
        planned.summary = tr("The service was changed since it was read. Read again.");
        return planned;
    }
    const CloudRunSnapshot &snapshot = d->last->snapshot;
    // The time of the change is filled in when it is sent: the same plan reads the same.
    const auto write = weightWrite(snapshot, request, {});
    if (write)
        return plannedCall(d->settings, d->api.serviceUrl(), snapshot, *write);
    planned.summary = write.error().message;
    return planned;
}

QFuture<Result<Answer>> CloudRunControl::setWeight(const WeightRequest &request)
{
    return d->writeAt(request.expectedVersion, d->weight(request));
}

QFuture<Result<DryRun>> CloudRunControl::dryRun(const WeightRequest &request)
{
    return d->tryAt(request.expectedVersion, d->weight(request));
}

QList<OwnAction> CloudRunControl::ownActions(const TrafficState &now) const
{
    if (!d->last || d->last->snapshot.service.etag != now.version)
        return {};
    return latestActions(d->settings, d->api.serviceUrl(), d->last->snapshot)
           + chosenActions(d->settings, d->api.serviceUrl(), d->last->snapshot);
}

QFuture<Result<Answer>> CloudRunControl::runOwn(const OwnRequest &request)
{
    return d->writeAt(request.expectedVersion, d->own(request));
}

QFuture<Result<DryRun>> CloudRunControl::dryRunOwn(const OwnRequest &request)
{
    return d->tryAt(request.expectedVersion, d->own(request));
}

PlannedCall CloudRunControl::planHold(const HoldChange &change, const TrafficState &now) const
{
    PlannedCall planned;
    if (d->last && d->last->snapshot.service.etag == now.version)
        return plannedHold(d->settings, d->api.serviceUrl(), d->last->snapshot, change,
                           d->clock.now());
    planned.summary = tr("The service was changed since it was read. Read again.");
    return planned;
}

QFuture<Result<Answer>> CloudRunControl::setHold(const HoldChange &change,
                                                 const QString &expectedVersion)
{
    return d->writeAt(expectedVersion, d->hold(change));
}

QFuture<Result<DryRun>> CloudRunControl::dryRunHold(const HoldChange &change,
                                                    const QString &expectedVersion)
{
    return d->tryAt(expectedVersion, d->hold(change));
}

PlannedCall CloudRunControl::planAnnotation(const QString &key, const QByteArray &value,
                                            const TrafficState &now) const
{
    PlannedCall planned;
    if (d->last && d->last->snapshot.service.etag == now.version)
        return plannedAnnotation(d->settings, d->api.serviceUrl(), d->last->snapshot, key, value);
    planned.summary = tr("The service was changed since it was read. Read again.");
    return planned;
}

QFuture<Result<Answer>> CloudRunControl::annotate(const QString &key, const QByteArray &value,
                                                  const QString &expectedVersion)
{
    return d->writeAt(expectedVersion, d->annotation(key, value));
}

QFuture<Result<TrafficAccess>> CloudRunControl::access()
{
    return converted<TrafficAccess>(
        d->api.permissions({updatePermission()}), this,
        [this](const Result<QStringList> &held) -> Result<TrafficAccess> {
            if (held && held->contains(updatePermission()))
                return TrafficAccess{true, {}};
            const QString lacking
                = tr("you lack %1 on %2 in %3")
                      .arg(updatePermission(), d->settings.service, d->settings.project);
            if (held)
                return TrafficAccess{false, lacking};
            switch (held.error().kind) {
            case ErrorKind::NotAllowed:
                return TrafficAccess{false, lacking};
            case ErrorKind::NotFound:
            case ErrorKind::BadInput:
            case ErrorKind::Malformed:
                return TrafficAccess{true, tr("whether you may change the traffic could not be "
                                              "checked: this server does not tell")};
            default:
                return fail(held.error());
            }
        });
}

QString CloudRunControl::showCommand() const
{
    return QStringLiteral("gcloud run services describe %1 --project=%2 --region=%3")
        .arg(d->settings.service, d->settings.project, d->settings.region);
}

} // namespace pilothouse
