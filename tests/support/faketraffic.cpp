#include "support/faketraffic.h"

#include "base/future.h"
#include "rollout/trafficannotations.h"

#include <utility>

namespace pilothouse {

FakeTraffic::FakeTraffic(Clock &clock) : m_clock(clock)
{
    world.version = QStringLiteral("1");
    world.accepted = Weight{0};
}

Reading<TrafficState> FakeTraffic::reading() const
{
    Reading<TrafficState> reading;
    reading.value = world;
    reading.source = source;
    reading.serverAt = m_clock.now();
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return reading;
}

QFuture<FakeTraffic::Answer> FakeTraffic::answer(const std::function<Answer()> &what)
{
    if (!m_holding)
        return ready<Reading<TrafficState>>(what());
    const auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    m_held.append([promise, what] {
        promise->addResult(what());
        promise->finish();
    });
    return promise->future();
}

void FakeTraffic::release()
{
    m_holding = false;
    for (const auto &held : std::exchange(m_held, {}))
        held();
}

void FakeTraffic::bump()
{
    world.version = QString::number(++m_version);
}

void FakeTraffic::change(const std::function<void(TrafficState &)> &how)
{
    how(world);
    bump();
}

void FakeTraffic::tell()
{
    Q_EMIT changed(reading());
}

QFuture<Result<Reading<TrafficState>>> FakeTraffic::read()
{
    ++reads;
    return answer([this]() -> Answer {
        if (readError)
            return fail(*readError);
        return reading();
    });
}

PlannedCall FakeTraffic::planWeight(const WeightRequest &request, const TrafficState &now) const
{
    if (planned)
        return planned(request, now);
    PlannedCall call;
    call.summary = QStringLiteral("PUT weight %1 if version is still %2")
                       .arg(request.candidate.percent)
                       .arg(now.version);
    call.exact = call.summary;
    call.copyable = QStringLiteral("fake %1 weight %2%3")
                        .arg(system)
                        .arg(request.candidate.percent)
                        .arg(request.expectedVersion.isEmpty()
                                 ? QString()
                                 : QStringLiteral(" --if-version ") + request.expectedVersion);
    return call;
}

PlannedCall FakeTraffic::planHold(const HoldChange &change, const TrafficState &now) const
{
    const Hold *hold = std::get_if<Hold>(&change);
    PlannedCall call;
    call.summary
        = QStringLiteral("PUT %1 if version is still %2")
              .arg(hold ? QStringLiteral("hold: %1").arg(hold->why) : QStringLiteral("no hold"),
                   now.version);
    call.exact = call.summary;
    return call;
}

QFuture<Result<Reading<TrafficState>>> FakeTraffic::setWeight(const WeightRequest &request)
{
    writes.append(request);
    return answer([this, request]() -> Answer {
        if (const auto before = std::exchange(beforeWrite, nullptr))
            before();
        if (writeError)
            return fail(*std::exchange(writeError, std::nullopt));
        if (request.expectedVersion != world.version)
            return fail(ErrorKind::Conflict, QStringLiteral("the object has been modified"));
        world.changes.prepend({m_clock.now(), request.actor, world.asked, request.candidate,
                               request.reason, request.intent, request.candidateCommit});
        world.asked = request.candidate;
        world.accepted = acceptsAtOnce ? std::optional<Weight>(request.candidate) : std::nullopt;
        bump();
        return reading();
    });
}

QFuture<Result<DryRun>> FakeTraffic::dryRun(const WeightRequest &request)
{
    trials.append(request);
    return answerTrial();
}

QFuture<Result<DryRun>> FakeTraffic::dryRunOwn(const OwnRequest &request)
{
    ownTrials.append(request);
    return answerTrial();
}

QFuture<Result<DryRun>> FakeTraffic::dryRunHold(const HoldChange &change,
                                                const QString &expectedVersion)
{
    holdTrials.append({change, expectedVersion});
    return answerTrial();
}

QFuture<Result<DryRun>> FakeTraffic::answerTrial()
{
    const qsizetype asked = trials.size() + ownTrials.size() + holdTrials.size();
    QPromise<Result<DryRun>> promise;
    promise.start();
    if (asked <= dryRuns.size()) {
        promise.addResult(dryRuns[asked - 1]);
        promise.finish();
        return promise.future();
    }
    m_unanswered.push_back(std::move(promise));
    return m_unanswered.back().future();
}

QFuture<Result<Reading<TrafficState>>> FakeTraffic::setHold(const HoldChange &change,
                                                            const QString &expectedVersion)
{
    return answer([this, change, expectedVersion]() -> Answer {
        if (const auto before = std::exchange(beforeHold, nullptr))
            before();
        if (holdError)
            return fail(*holdError);
        if (expectedVersion != world.version)
            return fail(ErrorKind::Conflict, QStringLiteral("the object has been modified"));
        const auto before = std::exchange(world.hold, std::nullopt);
        if (const Hold *hold = std::get_if<Hold>(&change))
            world.hold = *hold;
        else if (const auto deed = deedOf(std::get<Lift>(change), m_clock.now(),
                                          before ? encodeHold(*before) : QByteArray()))
            world.deeds.prepend(*deed);
        bump();
        if (holdAnswer)
            return fail(*std::exchange(holdAnswer, std::nullopt));
        return reading();
    });
}

PlannedCall FakeTraffic::planNote(const Deed &deed, const QString &version) const
{
    PlannedCall call;
    call.exact
        = QStringLiteral("NOTE %1 by %2 if version is still %3").arg(deed.what, deed.by, version);
    return call;
}

QFuture<Result<Reading<TrafficState>>> FakeTraffic::note(const Deed &deed,
                                                         const QString &expectedVersion)
{
    return answer([this, deed, expectedVersion]() -> Answer {
        if (!noteErrors.isEmpty())
            return fail(noteErrors.takeFirst());
        if (expectedVersion != world.version)
            return fail(ErrorKind::Conflict, QStringLiteral("the object has been modified"));
        world.deeds.prepend(deed);
        bump();
        return reading();
    });
}

PlannedCall FakeTraffic::planAnnotation(const QString &key, const QByteArray &value,
                                        const TrafficState &now) const
{
    PlannedCall call;
    call.summary
        = QStringLiteral("PUT %1 %2 if version is still %3")
              .arg(key, value.isEmpty() ? QStringLiteral("(none)") : QString::fromUtf8(value),
                   now.version);
    call.exact = call.summary;
    return call;
}

QFuture<Result<Reading<TrafficState>>>
FakeTraffic::annotate(const QString &key, const QByteArray &value, const QString &expectedVersion)
{
    annotations.append({key, value});
    return answer([this, key, value, expectedVersion]() -> Answer {
        if (const auto before = std::exchange(beforeAnnotate, nullptr))
            before();
        if (!annotateErrors.isEmpty())
            return fail(annotateErrors.takeFirst());
        if (expectedVersion != world.version)
            return fail(ErrorKind::Conflict, QStringLiteral("the object has been modified"));
        if (key == QLatin1String(guardsAnnotation))
            world.guards = decodeGuards(value);
        else if (key == QLatin1String(retiredAnnotation))
            world.retired = decodeRetired(value);
        bump();
        return reading();
    });
}

QFuture<Result<Reading<TrafficState>>> FakeTraffic::runOwn(const OwnRequest &request)
{
    ownRuns.append(request);
    return answer([this, request]() -> Answer {
        if (const auto before = std::exchange(beforeWrite, nullptr))
            before();
        if (writeError)
            return fail(*std::exchange(writeError, std::nullopt));
        if (request.expectedVersion != world.version)
            return fail(ErrorKind::Conflict, QStringLiteral("the object has been modified"));
        if (onOwn)
            onOwn(world);
        bump();
        return reading();
    });
}

QFuture<Result<TrafficAccess>> FakeTraffic::access()
{
    return ready<TrafficAccess>(mayWrite);
}

RevisionState readyRevision(const QString &name, const QString &commit, int pods)
{
    RevisionState revision;
    revision.name = RevisionName(name);
    revision.commit = CommitId(commit);
    revision.imageDigest = QStringLiteral("sha256:") + commit;
    revision.readyReplicas = pods;
    revision.wantedReplicas = pods;
    return revision;
}

} // namespace pilothouse
