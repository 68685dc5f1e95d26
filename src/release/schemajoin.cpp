#include "release/schemajoin.h"

#include "base/words.h"
#include "migration/migrationcontroller.h"
#include "rollout/rolloutcontroller.h"

namespace pilothouse {

SchemaJoin::SchemaJoin(MigrationController &migrations, CommitFacts &facts, QString environment)
    : m_migrations(migrations), m_facts(facts), m_environment(std::move(environment))
{}

ChangeStanding SchemaJoin::standing(const ChangeView &view) const
{
    ChangeStanding standing;
    standing.name = view.key.change;
    standing.database = view.key.database;
    standing.databaseWords = m_environment;
    standing.table = view.change.table.name;
    standing.column = view.change.column;
    if (view.facts)
        standing.facts = view.facts->value;
    return standing;
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

void SchemaJoin::tellRollout(const ReleaseTrack &track)
{
    const auto &reading = track.rollout->traffic();
    if (track.database.isEmpty() || !reading)
        return;
    QList<Reason> promote;
    QList<Reason> rollback;
    const WayBack back = track.rollout->wayBack();
    if (m_migrations.loading() && m_migrations.keys().isEmpty()) {
        promote.append({Reason::Kind::Blocks, Words::tr("the list of changes is being read"),
                        Words::tr("wait a moment")});
    }
    if (const auto error = m_migrations.listError()) {
        promote.append(
            {Reason::Kind::Against,
             Words::tr("the schema: the list of changes cannot be read: %1").arg(error->message),
             {}});
    }
    for (const ChangeKey &key : m_migrations.keys()) {
        const auto view = m_migrations.view(key);
        if (!view || key.database != track.database)
            continue;
        const ChangeStanding change = standing(*view);
        if (reading->value.candidate) {
            const CommitId candidate = reading->value.candidate->commit;
            promote
                += promoteReasons(change, candidate, m_facts.file(candidate, view->change.path));
        }
        if (back.target) {
            const CommitId target = back.target->commit;
            rollback += rollbackReasons(change, target, m_facts.file(target, view->change.path));
        }
    }
    track.rollout->setExternalReasons(promote, rollback);
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
        for (const Reason &reason : promoteReasons(standing(*view), commit, file)) {
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
