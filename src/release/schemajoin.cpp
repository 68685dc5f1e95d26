#include "release/schemajoin.h"

#include "base/words.h"
#include "migration/migrationcontroller.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Why = Reason::Kind;

/// A message as a part of a sentence.
QString clause(const Error &error)
{
    QString text = error.message.section(QLatin1Char('\n'), 0, 0).trimmed();
    while (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

CommitId commitOf(const std::optional<RevisionState> &revision)
{
    return revision ? revision->commit : CommitId();
}

} // namespace

SchemaJoin::SchemaJoin(MigrationController &migrations, CommitFacts &facts, Clock &clock,
                       QString environment)
    : m_migrations(migrations), m_facts(facts), m_clock(clock),
      m_environment(std::move(environment))
{}

ChangeStanding SchemaJoin::standing(const ChangeView &view) const
{
    ChangeStanding standing;
    standing.name = view.key.change;
    standing.database = view.key.database;
    standing.databaseWords = m_environment;
    standing.table = view.change.table.name;
    standing.column = view.change.column;
    if (view.facts) {
        standing.facts = view.facts->value;
        standing.age = view.facts->age(m_clock);
    }
    if (view.error)
        standing.lost = clause(*view.error);
    return standing;
}

QList<ChangeView> SchemaJoin::changesIn(const QString &database) const
{
    QList<ChangeView> views;
    for (const ChangeKey &key : m_migrations.keys()) {
        if (key.database != database)
            continue;
        if (const auto view = m_migrations.view(key))
            views.append(*view);
    }
    return views;
}

bool SchemaJoin::listIsComing() const
{
    return m_migrations.loading() && m_migrations.keys().isEmpty();
}

QList<PlacedRevision> SchemaJoin::placedIn(const QString &database,
                                           const QList<ReleaseTrack> &tracks, const Placed &placed)
{
    QList<PlacedRevision> revisions;
    for (const ReleaseTrack &track : tracks) {
        if (track.database != database)
            continue;
        const QString where = track.rollout->track().value;
        if (track.rollout->traffic()) {
            revisions
                += revisionsOf(where, track.rollout->traffic()->value, track.rollout->wayBack());
        } else {
            revisions.append({where, {}, RevisionReadiness::Role::Traffic});
        }
    }
    for (auto it = placed.databaseOf.cbegin(); it != placed.databaseOf.cend(); ++it) {
        if (it.value() != database)
            continue;
        QList<Workload> mine;
        for (const Workload &workload : placed.workloads) {
            if (workload.name == it.key())
                mine.append(workload);
        }
        // What runs there now is not known: it may be anything.
        if (mine.isEmpty() || placed.lost)
            revisions.append({it.key(), {}, RevisionReadiness::Role::Worker});
        else
            revisions += revisionsOf(mine);
    }
    return revisions;
}

void SchemaJoin::tellChanges(const QList<ReleaseTrack> &tracks, const Placed &placed)
{
    for (const ChangeKey &key : m_migrations.keys()) {
        const auto view = m_migrations.view(key);
        if (!view)
            continue;
        const auto readiness
            = readinessOf(placedIn(key.database, tracks, placed),
                          [&](const CommitId &at) { return m_facts.file(at, view->change.path); });
        if (!view->readinessKnown || readiness != view->readiness)
            m_migrations.setReadiness(key, readiness);
    }
}

QList<Reason> SchemaJoin::promoteReasons(const ReleaseTrack &track)
{
    QList<Reason> reasons;
    if (listIsComing()) {
        reasons.append({Why::Blocks, Words::tr("the list of changes is being read"),
                        Words::tr("wait a moment")});
    }
    if (const auto error = m_migrations.listError()) {
        reasons.append(
            {Why::Against,
             Words::tr("the schema: the list of changes cannot be read: %1").arg(error->message),
             {}});
    }
    const auto &candidate = track.rollout->traffic()->value.candidate;
    if (!candidate)
        return reasons;
    for (const ChangeView &view : changesIn(track.database)) {
        reasons += pilothouse::promoteReasons(standing(view), candidate->commit,
                                              m_facts.file(candidate->commit, view.change.path));
    }
    return reasons;
}

QList<Reason> SchemaJoin::notChecked() const
{
    QList<Reason> reasons;
    if (listIsComing())
        reasons.append(
            {Why::Unknown, Words::tr("not checked: the list of changes is being read"), {}});
    if (const auto error = m_migrations.listError()) {
        reasons.append(
            {Why::Unknown,
             Words::tr("not checked: the list of changes cannot be read: %1").arg(clause(*error)),
             {}});
    }
    for (const BrokenChange &broken : m_migrations.broken()) {
        reasons.append({Why::Unknown,
                        Words::tr("not checked against %1, which cannot be read: %2")
                            .arg(broken.path.section(QLatin1Char('/'), -1), clause(broken.error)),
                        {}});
    }
    return reasons;
}

QList<Reason> SchemaJoin::rollbackReasons(const ReleaseTrack &track)
{
    const WayBack back = track.rollout->wayBack();
    return back.target ? reasonsOfTarget(track, back.target->commit, revisionWord(*back.target))
                       : QList<Reason>();
}

QList<Reason> SchemaJoin::reasonsOfTarget(const ReleaseTrack &track, const CommitId &target,
                                          const QString &word)
{
    if (track.database.isEmpty()) {
        return {{Why::Unknown,
                 Words::tr("not checked: pilothouse.yaml names no database for %1")
                     .arg(track.rollout->track().value),
                 {}}};
    }
    QList<Reason> reasons = notChecked();
    for (const ChangeView &view : changesIn(track.database)) {
        reasons += pilothouse::rollbackReasons(standing(view), target,
                                               m_facts.file(target, view.change.path));
    }
    if (reasons.isEmpty()) {
        reasons.append(
            {Why::For, Words::tr("no change of %1 concerns %2").arg(m_environment, word), {}});
    }
    return reasons;
}

void SchemaJoin::tellChosen(const ReleaseTrack &track)
{
    QHash<QString, QList<Reason>> reasons;
    for (const OwnAction &own : track.rollout->ownActions()) {
        if (!own.chosen || reasons.contains(own.chosen->value))
            continue;
        RevisionState target;
        target.commit = *own.chosen;
        reasons.insert(own.chosen->value,
                       reasonsOfTarget(track, target.commit, revisionWord(target)));
    }
    track.rollout->setChosenReasons(reasons);
}

void SchemaJoin::tellRollout(const ReleaseTrack &track)
{
    if (!track.rollout->traffic())
        return;
    track.rollout->setExternalReasons(
        track.database.isEmpty() ? QList<Reason>() : promoteReasons(track), rollbackReasons(track));
    tellChosen(track);
}

bool SchemaJoin::isAwaited(const ReleaseTrack &track)
{
    if (!track.rollout->traffic())
        return true;
    if (track.database.isEmpty())
        return false;
    if (listIsComing())
        return true;
    const auto isAsked = [this](const CommitId &commit, const ChangeView &view) {
        return !commit.value.isEmpty()
               && m_facts.file(commit, view.change.path).state == FileAtCommit::State::Asked;
    };
    const CommitId candidate = commitOf(track.rollout->traffic()->value.candidate);
    const CommitId target = commitOf(track.rollout->wayBack().target);
    const QList<ChangeView> changes = changesIn(track.database);
    return std::any_of(changes.cbegin(), changes.cend(), [&](const ChangeView &view) {
        return (!view.facts && !view.error) || isAsked(candidate, view) || isAsked(target, view);
    });
}

Gate SchemaJoin::gate(const CommitId &commit)
{
    Gate gate;
    gate.name = Words::tr("schema");
    gate.text = Words::tr("no change that %1 depends on").arg(shortSha(commit));
    for (const ChangeKey &key : m_migrations.keys()) {
        const auto view = m_migrations.view(key);
        if (!view || commit.value.isEmpty())
            continue;
        const FileAtCommit file = m_facts.file(commit, view->change.path);
        for (const Reason &reason : pilothouse::promoteReasons(standing(*view), commit, file)) {
            const bool blocks = reason.kind == Reason::Kind::Blocks;
            if (gate.state == Gate::State::Fail || (gate.state == Gate::State::Pass && !blocks))
                continue;
            gate.state = blocks                             ? Gate::State::Fail
                         : reason.kind == Reason::Kind::For ? Gate::State::Pass
                                                            : Gate::State::NoData;
            gate.text = reason.text;
            gate.at = view->facts ? view->facts->value.at : QDateTime();
        }
    }
    return gate;
}

} // namespace pilothouse
