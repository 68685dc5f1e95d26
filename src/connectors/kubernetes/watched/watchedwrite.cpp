#include "base/chaining.h"
#include "connectors/kubernetes/watched/objectchanges.h"
#include "connectors/kubernetes/watched/objectwinner.h"
#include "connectors/kubernetes/watched/watchedcontrol.h"

// How WatchedControl sends what its heirs want written.

namespace pilothouse {
namespace {

QString resourceVersionOf(const QJsonObject &object)
{
    return object.value(QLatin1String("metadata"))
        .toObject()
        .value(QLatin1String("resourceVersion"))
        .toString();
}

bool hasNoSuchPath(const Error &error)
{
    return error.kind == ErrorKind::NotFound && isOfKubernetes(error);
}

ObjectSight sightOf(const KubeMeta &meta)
{
    return {meta.annotations, meta.writer.manager, meta.generation};
}

} // namespace

/// Writes on their way: those that are left, and what the last answer said.
struct WatchedControl::Sending
{
    QList<ObjectWrite> left;
    QString version;
    std::optional<ObjectSight> madeFrom;
    KubernetesApi::Answer last;
    int taken = 0;
    QStringList changes; ///< of a trial
    QJsonObject before;  ///< of a trial
};

/// The object as it is, if it is at that version; asked for if another one is known.
QFuture<Result<KubernetesApi::Answer>> WatchedControl::atVersion(const QString &expectedVersion)
{
    const WorldWatch::Moment begun = m_watch.moment();
    return askNext<KubernetesApi::Answer>(
        guarded(), this,
        [this, expectedVersion, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<KubernetesApi::Answer>(answer);
            m_watch.takeGuarded(answer->object, begun);
            if (const auto unreadable
                = m_world->store(m_world->guardedPart()).whyUnreadable(m_settings.name))
                return ready<KubernetesApi::Answer>(fail(*unreadable));
            const KubeMeta *meta = m_world->guarded();
            if (meta && meta->resourceVersion == expectedVersion)
                return ready<KubernetesApi::Answer>(answer);
            const QString who = meta ? winnerOf(sightOf(*meta), std::nullopt) : tr("somebody else");
            return ready<KubernetesApi::Answer>(
                fail(ErrorKind::Conflict,
                     tr("%1 was changed since it was read; %2 wrote its spec last. Look at it "
                        "again, then decide.")
                         .arg(spoken(), who)));
        });
}

QFuture<Result<KubernetesApi::Answer>>
WatchedControl::patch(const ObjectWrite &write, const QString &version, KubernetesApi::Write how)
{
    const auto to = [this, write, version, how](const QString &path) {
        return write.isJsonPatch() ? m_api.patch(path, write.operationsAt(version), this, how)
                                   : m_api.mergePatch(path, write.mergeAt(version), this, how);
    };
    if (write.target == ObjectWrite::Target::Object)
        return to(objectPath());
    return askNext<KubernetesApi::Answer>(to(objectPath() + QStringLiteral("/status")), this,
                                          [this, to](const Result<KubernetesApi::Answer> &answer) {
                                              // A kind without a status of its own has it in the
                                              // object.
                                              if (!answer && hasNoSuchPath(answer.error()))
                                                  return to(objectPath());
                                              return ready<KubernetesApi::Answer>(answer);
                                          });
}

QFuture<WatchedControl::Answer> WatchedControl::write(const QString &expectedVersion,
                                                      const MakeWrites &make)
{
    const auto begin = [this, expectedVersion, make]() -> QFuture<Answer> {
        const Writes writes = make();
        if (!writes)
            return ready<Reading<TrafficState>>(fail(writes.error()));
        const auto sending = std::make_shared<Sending>();
        sending->left = *writes;
        sending->version = expectedVersion;
        if (const KubeMeta *meta = m_world->guarded())
            sending->madeFrom = sightOf(*meta);
        return sendNext(sending);
    };
    const KubeMeta *known = m_world->guarded();
    if (known && known->resourceVersion == expectedVersion)
        return begin();
    return askNext<Reading<TrafficState>>(
        atVersion(expectedVersion), this, [begin](const Result<KubernetesApi::Answer> &answer) {
            return answer ? begin() : ready<Reading<TrafficState>>(fail(answer.error()));
        });
}

QFuture<WatchedControl::Answer> WatchedControl::sendNext(const std::shared_ptr<Sending> &sending)
{
    if (sending->left.isEmpty())
        return written(sending->last, {});
    const ObjectWrite next = sending->left.first();
    return askNext<Reading<TrafficState>>(
        patch(next, sending->version, KubernetesApi::Write::Real), this,
        [this, sending, next](const Result<KubernetesApi::Answer> &answer) {
            if (answer) {
                sending->left.removeFirst();
                sending->last = *answer;
                sending->version = resourceVersionOf(answer->object);
                ++sending->taken;
                return sendNext(sending);
            }
            if (next.need == ObjectWrite::Need::May && sending->taken > 0)
                return noteAgain(sending);
            Error error = answer.error();
            if (sending->taken == 0 && error.kind == ErrorKind::Conflict)
                return refused(sending, error);
            if (sending->taken > 0)
                error.message
                    = tr("The first of several writes was taken, then: %1").arg(error.message);
            return ready<Reading<TrafficState>>(fail(error));
        });
}

/// The server says that somebody was faster, and not who. The write is refused whatever comes of
/// this second look.
QFuture<WatchedControl::Answer> WatchedControl::refused(const std::shared_ptr<Sending> &sending,
                                                        const Error &conflict)
{
    const WorldWatch::Moment begun = m_watch.moment();
    return askNext<Reading<TrafficState>>(
        guarded(), this,
        [this, sending, conflict, begun](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Reading<TrafficState>>(fail(conflict));
            m_watch.takeGuarded(answer->object, begun);
            prove(*answer);
            const KubeMeta *now = m_world->guarded();
            if (!now || now->resourceVersion == sending->version)
                return ready<Reading<TrafficState>>(fail(conflict));
            return ready<Reading<TrafficState>>(
                fail(ErrorKind::Conflict,
                     tr("%1 was changed by %2 since it was read. Look at it again, then decide.")
                         .arg(spoken(), winnerOf(sightOf(*now), sending->madeFrom)),
                     conflict.detail));
        });
}

/// The controller answers a write at once with writes of its own: the note is tried once more on
/// the object as it is then.
QFuture<WatchedControl::Answer> WatchedControl::noteAgain(const std::shared_ptr<Sending> &sending)
{
    const ObjectWrite note = sending->left.takeFirst();
    const auto ended = [this, sending](const Result<KubernetesApi::Answer> &answer) {
        return written(
            answer ? *answer : sending->last,
            answer ? QString()
                   : tr("done, but it is not noted on the object: %1").arg(answer.error().message));
    };
    return askNext<Reading<TrafficState>>(
        guarded(), this, [this, note, ended](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ended(answer);
            return askNext<Reading<TrafficState>>(
                patch(note, resourceVersionOf(answer->object), KubernetesApi::Write::Real), this,
                ended);
        });
}

QFuture<WatchedControl::Answer> WatchedControl::writeElsewhere(const QString &expectedVersion,
                                                               const QString &path,
                                                               const ObjectWrite &write,
                                                               const ObjectWrite &note)
{
    const auto failed = [](const Error &error) {
        return ready<Reading<TrafficState>>(fail(error));
    };
    return askNext<Reading<TrafficState>>(
        atVersion(expectedVersion), this,
        [this, path, write, note, failed](const Result<KubernetesApi::Answer> &guarded) {
            if (!guarded)
                return failed(guarded.error());
            return askNext<Reading<TrafficState>>(
                m_api.get(path, this), this,
                [this, path, write, note, failed,
                 guarded = *guarded](const Result<KubernetesApi::Answer> &other) {
                    if (!other)
                        return failed(other.error());
                    return askNext<Reading<TrafficState>>(
                        m_api.patch(path, write.operationsAt(resourceVersionOf(other->object)),
                                    this),
                        this,
                        [this, note, failed, guarded](const Result<KubernetesApi::Answer> &done) {
                            if (!done)
                                return failed(done.error());
                            const auto sending = std::make_shared<Sending>();
                            sending->left = {note};
                            sending->last = guarded;
                            return noteAgain(sending);
                        });
                });
        });
}

QFuture<Result<DryRun>> WatchedControl::trial(const QString &expectedVersion,
                                              const MakeWrites &make)
{
    return askNext<DryRun>(
        atVersion(expectedVersion), this,
        [this, expectedVersion, make](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<DryRun>(fail(answer.error()));
            const Writes writes = make();
            if (!writes)
                return ready<DryRun>(fail(writes.error()));
            const auto sending = std::make_shared<Sending>();
            sending->left = *writes;
            sending->version = expectedVersion;
            sending->before = answer->object;
            return tryNext(sending);
        });
}

QFuture<Result<DryRun>> WatchedControl::trialElsewhere(const QString &expectedVersion,
                                                       const QString &path,
                                                       const ObjectWrite &write,
                                                       const ObjectWrite &note,
                                                       const QString &called)
{
    const auto sending = std::make_shared<Sending>();
    sending->left = {note};
    sending->left.first().need = ObjectWrite::Need::May;
    sending->version = expectedVersion;
    const auto failed = [](const Error &error) {
        return ready<DryRun>(fail(error));
    };
    return askNext<DryRun>(
        atVersion(expectedVersion), this, [=, this](const Result<KubernetesApi::Answer> &guarded) {
            if (!guarded)
                return failed(guarded.error());
            sending->before = guarded->object;
            return askNext<DryRun>(
                m_api.get(path, this), this, [=, this](const Result<KubernetesApi::Answer> &other) {
                    if (!other)
                        return failed(other.error());
                    return askNext<DryRun>(
                        m_api.patch(path, write.operationsAt(resourceVersionOf(other->object)),
                                    this, KubernetesApi::Write::Trial),
                        this,
                        [=, this, was = other->object](const Result<KubernetesApi::Answer> &would) {
                            if (!would)
                                return failed(would.error());
                            for (const QString &change : objectChanges(was, would->object))
                                sending->changes << called + QLatin1Char(' ') + change;
                            return tryNext(sending);
                        });
                });
        });
}

QFuture<Result<DryRun>> WatchedControl::tryNext(const std::shared_ptr<Sending> &sending)
{
    if (sending->left.isEmpty())
        return ready<DryRun>(DryRun{QStringLiteral("dryRun=All"), sending->changes});
    const ObjectWrite next = sending->left.takeFirst();
    return askNext<DryRun>(patch(next, sending->version, KubernetesApi::Write::Trial), this,
                           [this, sending, next](const Result<KubernetesApi::Answer> &answer) {
                               // What need not be taken stops nothing, in earnest either.
                               if (!answer && next.need == ObjectWrite::Need::May)
                                   sending->changes
                                       << tr("no note of it: %1").arg(answer.error().message);
                               else if (!answer)
                                   return ready<DryRun>(fail(answer.error()));
                               else
                                   sending->changes
                                       << objectChanges(sending->before, answer->object);
                               return tryNext(sending);
                           });
}

} // namespace pilothouse
