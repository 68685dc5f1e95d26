#include "release/things/namedthings.h"

#include "base/words.h"
#include "pipeline/act/runorder.h"

#include <QRegularExpression>

namespace pilothouse {
namespace {

QString spaced(const QString &first, const QString &second)
{
    return second.isEmpty() ? first : QStringLiteral("%1 %2").arg(first, second);
}

QString fileName(const QString &path)
{
    return path.section(QLatin1Char('/'), -1);
}

} // namespace

Thing commitThing(const CommitId &commit, const QString &subject)
{
    return {Thing::Kind::Commit, commit.value, {}, spaced(shortSha(commit), subject), {}};
}

Thing runThing(const Run &run)
{
    Thing thing;
    thing.kind = Thing::Kind::Run;
    thing.id = QString::number(run.id.value);
    thing.words = spaced(fileName(run.workflowPath), runWords(run));
    if (run.attempt > 1)
        thing.words += Words::tr(" attempt %1").arg(run.attempt);
    if (!run.commit.value.isEmpty())
        thing.words += Words::tr(" of %1").arg(shortSha(run.commit));
    return thing;
}

Thing jobThing(const Job &job)
{
    return {Thing::Kind::Job,
            QString::number(job.id.value),
            QString::number(job.run.value),
            Words::tr("%1 of run %2").arg(job.name).arg(job.run.value),
            {}};
}

Thing buildThing(const Run &build)
{
    return {Thing::Kind::Build,
            build.hostId,
            build.commit.value,
            Words::tr("%1 of %2").arg(runWords(build), shortSha(build.commit)),
            {}};
}

Thing trackThing(const TrackName &track, const QString &tells)
{
    return {Thing::Kind::Track, track.value, {}, Words::tr("track %1").arg(track.value), tells};
}

Thing revisionThing(const TrackName &track, const RevisionState &revision, const QString &role)
{
    const QString commit
        = revision.commit.value.isEmpty() ? Words::tr("unknown commit") : shortSha(revision.commit);
    return {Thing::Kind::Revision, revision.name.value, track.value,
            Words::tr("%1 %2 of %3").arg(role, commit, track.value),
            revision.wantedReplicas > 0
                ? Words::tr("%1/%2 ready").arg(revision.readyReplicas).arg(revision.wantedReplicas)
                : QString()};
}

Thing podThing(const TrackName &track, const QString &pod)
{
    return {
        Thing::Kind::Pod, pod, track.value, Words::tr("pod %1 of %2").arg(pod, track.value), {}};
}

Thing alertThing(const QString &name, const QString &tells)
{
    return {Thing::Kind::Alert, name, {}, Words::tr("alert %1").arg(name), tells};
}

Thing changeThing(const ChangeKey &change, const QString &tells)
{
    return {Thing::Kind::Change, change.change.value, change.database,
            Words::tr("change %1 in %2").arg(change.change.value, change.database), tells};
}

Thing workloadThing(const QString &name)
{
    return {Thing::Kind::Workload, name, {}, name, {}};
}

Thing onCallThing()
{
    return {Thing::Kind::OnCall, {}, {}, Words::tr("on call"), {}};
}

QList<Thing> recordThings(const Record &record)
{
    static const QRegularExpression change(QStringLiteral("^change (\\S+) in (\\S.*)$"));
    static const QRegularExpression run(QStringLiteral("^run ([1-9]\\d{0,17})$"));
    static const QRegularExpression track(QStringLiteral("^\\S+$"));
    Thing thing;
    thing.kind = Thing::Kind::History;
    thing.words = record.subject;
    if (const auto named = change.match(record.subject); named.hasMatch()) {
        thing.kind = Thing::Kind::Change;
        thing.id = named.captured(1);
        thing.within = named.captured(2);
    } else if (const auto numbered = run.match(record.subject); numbered.hasMatch()) {
        thing.kind = Thing::Kind::Run;
        thing.id = numbered.captured(1);
    } else if (record.kind != RecordKind::Note && track.match(record.subject).hasMatch()) {
        thing = trackThing(TrackName(record.subject));
    }
    QList<Thing> things{thing};
    const QString commit = record.body[QLatin1String("targetCommit")].toString();
    if (!commit.isEmpty())
        things.append(commitThing(CommitId(commit)));
    return things;
}

} // namespace pilothouse
