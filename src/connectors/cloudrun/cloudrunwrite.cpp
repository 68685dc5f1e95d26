#include "connectors/cloudrun/cloudrunwrite.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {
namespace {

/// Who gets the weight and who the rest.
struct Sides
{
    QString target;
    QString other;
};

tl::unexpected<Error> conflict(const QString &message)
{
    return fail(ErrorKind::Conflict, message);
}

QString nameOf(const std::optional<RevisionState> &revision)
{
    return revision ? revision->name.value : QString();
}

/// The stable gives its traffic up, also where a candidate of the same commit waits at 0 %.
bool leavesStable(const TrafficState &state, const WeightRequest &request)
{
    return state.stable->commit == request.candidateCommit && state.previous
           && state.previous->name == request.target;
}

Result<Sides> sidesFor(const CloudRunSnapshot &snapshot, const TrafficState &state,
                       const WeightRequest &request)
{
    const CommitId &commit = request.candidateCommit;
    if (!state.stable)
        return conflict(Words::tr("No revision has the traffic of this service. Read again."));
    const QString stable = nameOf(state.stable);
    if (leavesStable(state, request))
        return Sides{stable, nameOf(state.previous)};
    if (commit.value.isEmpty() || (state.candidate && state.candidate->commit == commit)) {
        if (!state.candidate)
            return conflict(Words::tr("There is no candidate to give traffic to. Read again."));
        return Sides{nameOf(state.candidate), stable};
    }
    if (state.stable->commit == commit) {
        if (request.candidate.percent == 100)
            return Sides{stable, stable};
        if (!state.previous)
            return conflict(Words::tr("%1 has all the traffic, and the revision before it is not "
                                      "known. Choose the revision to go back to.")
                                .arg(shortSha(commit)));
        return Sides{stable, nameOf(state.previous)};
    }
    const QString chosen = snapshot.newestOf(commit);
    if (chosen.isEmpty())
        return conflict(Words::tr("No ready revision of %1 is there any more. Read again.")
                            .arg(shortSha(commit)));
    return Sides{chosen, stable};
}

QList<CloudRunTarget> split(const Sides &sides, Weight weight, const QList<CloudRunTarget> &before)
{
    QList<CloudRunTarget> targets;
    const auto add = [&](const QString &revision, int percent) {
        if (percent > 0)
            targets.append({CloudRunTarget::Kind::Revision, revision, percent, {}});
    };
    add(sides.other, 100 - weight.percent);
    add(sides.target, weight.percent);
    for (CloudRunTarget target : before) {
        if (target.tag.isEmpty())
            continue;
        target.percent = 0;
        targets.append(target);
    }
    return targets;
}

QJsonObject json(const CloudRunTarget &target)
{
    QJsonObject object;
    if (target.kind == CloudRunTarget::Kind::Latest) {
        object.insert(QStringLiteral("type"),
                      QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"));
    } else {
        object.insert(QStringLiteral("type"),
                      QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"));
        object.insert(QStringLiteral("revision"), target.revision);
    }
    if (target.percent > 0)
        object.insert(QStringLiteral("percent"), target.percent);
    if (!target.tag.isEmpty())
        object.insert(QStringLiteral("tag"), target.tag);
    return object;
}

QJsonObject guarded(const CloudRunSnapshot &snapshot, const CloudRunWrite &write)
{
    QJsonObject annotations;
    for (auto it = write.annotations.begin(); it != write.annotations.end(); ++it)
        annotations.insert(it.key(), it.value());
    return {{QStringLiteral("name"), snapshot.service.name},
            {QStringLiteral("etag"), snapshot.service.etag},
            {QStringLiteral("annotations"), annotations}};
}

/// A write of the annotations alone, as they are.
CloudRunWrite notesOf(const CloudRunSnapshot &snapshot)
{
    CloudRunWrite write;
    write.updateMask = QStringLiteral("annotations");
    write.traffic = snapshot.service.traffic;
    write.annotations = snapshot.service.annotations;
    return write;
}

CloudRunWrite withBody(const CloudRunSnapshot &snapshot, CloudRunWrite write)
{
    write.body = QJsonDocument(guarded(snapshot, write)).toJson(QJsonDocument::Compact);
    return write;
}

} // namespace

Result<CloudRunWrite> weightWrite(const CloudRunSnapshot &snapshot, const WeightRequest &request,
                                  const QDateTime &at)
{
    const TrafficState state = snapshot.state();
    const auto sides = sidesFor(snapshot, state, request);
    if (!sides)
        return fail(sides.error());
    const QString &confirmed = request.target.value;
    if (!confirmed.isEmpty() && sides->other != confirmed)
        return conflict(Words::tr("%1 would get the traffic now, and %2 was confirmed. Read again.")
                            .arg(sides->other, confirmed));

    const WeightChange change{at,
                              request.actor,
                              Weight{snapshot.asked().value(sides->target)},
                              request.candidate,
                              request.reason,
                              request.intent,
                              snapshot.revision(sides->target).commit};
    CloudRunWrite write;
    write.traffic = split(*sides, request.candidate, snapshot.service.traffic);
    write.annotations = snapshot.service.annotations;
    write.annotations.insert(QLatin1String(changesAnnotation),
                             QString::fromUtf8(encodeChanges(remembered(change, state.changes))));
    if (sides->other != sides->target)
        write.annotations.insert(QLatin1String(previousStableAnnotation), sides->other);
    return trafficWrite(snapshot, std::move(write));
}

CloudRunWrite trafficWrite(const CloudRunSnapshot &snapshot, CloudRunWrite write)
{
    QJsonArray traffic;
    for (const CloudRunTarget &target : std::as_const(write.traffic))
        traffic.append(json(target));
    QJsonObject body = guarded(snapshot, write);
    body.insert(QStringLiteral("traffic"), traffic);
    write.updateMask = QStringLiteral("traffic,annotations");
    write.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return write;
}

CloudRunWrite wholeWrite(const CloudRunSnapshot &snapshot, const CloudRunTarget &target,
                         const Deed &deed, const QHash<QString, QString> &notes)
{
    CloudRunWrite write;
    write.traffic = {target};
    for (CloudRunTarget tagged : snapshot.service.traffic) {
        tagged.percent = 0;
        if (!tagged.tag.isEmpty())
            write.traffic.append(tagged);
    }
    write.annotations = snapshot.service.annotations;
    write.annotations.insert(notes);
    const QString key = QLatin1String(deedsAnnotation);
    write.annotations.insert(
        key, QString::fromUtf8(encodedWith(deed, write.annotations.value(key).toUtf8())));
    return trafficWrite(snapshot, std::move(write));
}

CloudRunWrite holdWrite(const CloudRunSnapshot &snapshot, const HoldChange &change,
                        const QDateTime &at)
{
    CloudRunWrite write = notesOf(snapshot);
    if (const Hold *hold = std::get_if<Hold>(&change)) {
        Hold dated = *hold;
        if (!dated.since.isValid())
            dated.since = at;
        write.annotations.insert(QLatin1String(holdAnnotation),
                                 QString::fromUtf8(encodeHold(dated)));
    } else {
        const QString held = write.annotations.take(QLatin1String(holdAnnotation));
        const QString key = QLatin1String(deedsAnnotation);
        if (const auto deed = deedOf(std::get<Lift>(change), at, held.toUtf8()))
            write.annotations.insert(
                key, QString::fromUtf8(encodedWith(*deed, write.annotations.value(key).toUtf8())));
    }
    return withBody(snapshot, std::move(write));
}

CloudRunWrite annotationWrite(const CloudRunSnapshot &snapshot, const QString &key,
                              const QByteArray &value)
{
    CloudRunWrite write = notesOf(snapshot);
    if (value.isEmpty())
        write.annotations.remove(key);
    else
        write.annotations.insert(key, QString::fromUtf8(value));
    return withBody(snapshot, std::move(write));
}

QByteArray readableBody(const CloudRunWrite &write)
{
    return QJsonDocument::fromJson(write.body).toJson(QJsonDocument::Indented).trimmed();
}

} // namespace pilothouse
