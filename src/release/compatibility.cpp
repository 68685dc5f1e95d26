#include "release/compatibility.h"

#include "action/ago.h"
#include "base/words.h"

namespace pilothouse {

namespace {

using Role = RevisionReadiness::Role;

void add(QList<PlacedRevision> &list, const QString &where, const CommitId &commit, Role role)
{
    for (PlacedRevision &known : list) {
        // Unknown commits are not one and the same.
        if (known.where != where || known.commit != commit || commit.value.isEmpty())
            continue;
        if (role == Role::Traffic)
            known.role = role;
        return;
    }
    list.append({where, commit, role});
}

QString shown(const CommitId &commit)
{
    return commit.value.isEmpty() ? Words::tr("a revision of unknown commit") : shortSha(commit);
}

QString columnOf(const ChangeStanding &change)
{
    return change.table + QLatin1Char('.') + change.column;
}

/// NOT NULL holds (or the guard refuses new rows) and no trigger fills the column in.
bool refusesOldWriters(const Facts &facts)
{
    const bool guarded = facts.guard && facts.guard->provesNotNull;
    const bool notNull = facts.column && facts.column->notNull;
    return (guarded || notNull) && !facts.trigger;
}

/// "since C5, 9 Dec", as far as the database remembers it.
QString refusedSince(const Facts &facts)
{
    for (auto record = facts.steps.crbegin(); record != facts.steps.crend(); ++record) {
        if (record->step == StepId::C5) {
            return Words::tr("since C5, %1")
                .arg(record->at.toLocalTime().toString(QStringLiteral("d MMM")));
        }
    }
    return Words::tr("now");
}

/// After so long without a reading facts say nothing of now.
constexpr std::chrono::seconds believedFor{60};

/// Why what holds by the facts is not known now; empty = it is.
QString doubtOf(const ChangeStanding &change)
{
    if (!change.lost.isEmpty())
        return change.lost;
    return change.age > believedFor ? Words::tr("%1 was not read since").arg(change.databaseWords)
                                    : QString();
}

QString unreadWords(const ChangeStanding &change)
{
    return change.lost.isEmpty()
               ? Words::tr("%1 was not read").arg(change.databaseWords)
               : Words::tr("%1 cannot be read: %2").arg(change.databaseWords, change.lost);
}

Reason safe(const ChangeStanding &change, const CommitId &target)
{
    const QString doubt = doubtOf(change);
    if (doubt.isEmpty()) {
        return {Reason::Kind::For,
                Words::tr("safe: %1 works with %2 as it is").arg(shown(target), columnOf(change)),
                {}};
    }
    return {Reason::Kind::Unknown,
            Words::tr("safe %1, not known now: %2 worked with %3 as it was (%4)")
                .arg(agoWords(change.age), shown(target), columnOf(change), doubt),
            {}};
}

} // namespace

QList<PlacedRevision> revisionsOf(const QString &track, const TrafficState &traffic,
                                  const WayBack &wayBack)
{
    QList<PlacedRevision> list;
    const int asked = traffic.asked.percent;
    const int accepted = traffic.accepted.value_or(traffic.asked).percent;
    if (traffic.stable && (asked < 100 || accepted < 100))
        add(list, track, traffic.stable->commit, Role::Traffic);
    if (traffic.candidate && (asked > 0 || accepted > 0))
        add(list, track, traffic.candidate->commit, Role::Traffic);
    for (const RevisionState &revision : traffic.reachable)
        add(list, track, revision.commit, Role::Traffic);
    if (wayBack.target)
        add(list, track, wayBack.target->commit, Role::WayBack);
    // A weight without a revision that could be read still serves somebody.
    if (!traffic.candidate && (asked > 0 || accepted > 0))
        list.append({track, {}, Role::Traffic});
    // Two images behind one name: the one that is not told counts too.
    for (const auto &revision : {traffic.stable, traffic.candidate}) {
        if (revision && revision->mixed)
            list.append({track, {}, Role::Traffic});
    }
    return list;
}

QList<PlacedRevision> revisionsOf(const QList<Workload> &workloads)
{
    QList<PlacedRevision> list;
    for (const Workload &workload : workloads) {
        const bool told = !workload.error && !workload.mixed;
        add(list, workload.name, told ? workload.commit : CommitId(), Role::Worker);
    }
    return list;
}

QList<RevisionReadiness> readinessOf(const QList<PlacedRevision> &revisions, const FileLookup &file)
{
    QList<RevisionReadiness> lines;
    for (const PlacedRevision &revision : revisions) {
        RevisionReadiness line;
        line.where = revision.where;
        line.commit = revision.commit;
        line.role = revision.role;
        if (revision.commit.value.isEmpty()) {
            line.why = Words::tr("unknown commit");
            lines.append(line);
            continue;
        }
        const FileAtCommit at = file(revision.commit);
        line.why = at.why;
        switch (at.state) {
        case FileAtCommit::State::Ready:
            line.state = RevisionReadiness::State::Ready;
            break;
        case FileAtCommit::State::NotReady:
        case FileAtCommit::State::NoFile:
            line.state = RevisionReadiness::State::NotReady;
            break;
        case FileAtCommit::State::CannotTell:
        case FileAtCommit::State::Asked:
            break;
        }
        lines.append(line);
    }
    return lines;
}

QList<Reason> promoteReasons(const ChangeStanding &change, const CommitId &candidate,
                             const FileAtCommit &file)
{
    using State = FileAtCommit::State;
    const QString open = Words::tr("open the change %1").arg(change.name.value);
    if (candidate.value.isEmpty()) {
        return {{Reason::Kind::Unknown,
                 Words::tr("what the candidate needs of %1: its commit is unknown")
                     .arg(columnOf(change)),
                 {}}};
    }
    if (file.state == State::CannotTell) {
        return {{Reason::Kind::Against,
                 Words::tr("what %1 needs of %2 cannot be told: %3")
                     .arg(shown(candidate), columnOf(change), file.why),
                 {}}};
    }
    if (file.state == State::Asked) {
        return {
            {Reason::Kind::Blocks,
             Words::tr("what %1 needs of %2 is being read").arg(shown(candidate), columnOf(change)),
             Words::tr("wait a moment")}};
    }
    if (file.state == State::Ready) {
        if (!change.facts) {
            return {{Reason::Kind::Blocks,
                     Words::tr("%1 writes %2, and %3 was not read")
                         .arg(shown(candidate), columnOf(change), change.databaseWords),
                     Words::tr("connect the database")}};
        }
        if (!expandDone(*change.facts)) {
            return {{Reason::Kind::Blocks,
                     Words::tr("%1 writes %2, which %3 does not have")
                         .arg(shown(candidate), columnOf(change), change.databaseWords),
                     open}};
        }
        const QString doubt = doubtOf(change);
        if (!doubt.isEmpty()) {
            return {{Reason::Kind::Unknown,
                     Words::tr("EXPAND of %1 was done %2, not known now (%3)")
                         .arg(change.name.value, agoWords(change.age), doubt),
                     {}}};
        }
        return {{Reason::Kind::For, Words::tr("EXPAND of %1 is done").arg(change.name.value), {}}};
    }
    if (change.facts && refusesOldWriters(*change.facts)) {
        return {{Reason::Kind::Blocks,
                 Words::tr("%1 inserts without %2 (refused %3)")
                     .arg(shown(candidate), change.column, refusedSince(*change.facts)),
                 open}};
    }
    return {};
}

QList<Reason> rollbackReasons(const ChangeStanding &change, const CommitId &target,
                              const FileAtCommit &file)
{
    using State = FileAtCommit::State;
    const bool known
        = !target.value.isEmpty() && file.state != State::CannotTell && file.state != State::Asked;
    const bool writes = known && file.state == State::Ready;
    if (!change.facts) {
        return {{Reason::Kind::Unknown,
                 Words::tr("whether %1 works with %2: %3")
                     .arg(shown(target), columnOf(change), unreadWords(change)),
                 {}}};
    }
    if (!expandDone(*change.facts)) {
        if (writes) {
            return {{Reason::Kind::Against,
                     Words::tr("BREAKS: %1 writes %2, which %3 does not have")
                         .arg(shown(target), columnOf(change), change.databaseWords),
                     {}}};
        }
        if (!known) {
            return {{Reason::Kind::Unknown,
                     Words::tr("whether %1 writes %2, which %3 does not have: it cannot be told")
                         .arg(shown(target), columnOf(change), change.databaseWords),
                     {}}};
        }
    }
    if (writes || !refusesOldWriters(*change.facts))
        return {safe(change, target)};
    if (!known) {
        return {{Reason::Kind::Unknown,
                 Words::tr("whether %1 fills %2: it cannot be told")
                     .arg(shown(target), columnOf(change)),
                 {}}};
    }
    return {{Reason::Kind::Against,
             Words::tr("BREAKS: %1 inserts without %2 (refused %3)")
                 .arg(shown(target), change.column, refusedSince(*change.facts)),
             {}}};
}

} // namespace pilothouse
