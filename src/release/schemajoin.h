#pragma once

#include "base/clock.h"
#include "release/commitfacts.h"
#include "release/gate.h"
#include "release/releaserows.h"

#include <QHash>

namespace pilothouse {

/// Carries the compatibility of code and schema to both sides: to each change which revisions are
/// ready, to each rollout what the schema has against it. Keeps nothing.
class SchemaJoin
{
public:
    /// What runs beside the tracks.
    struct Placed
    {
        QList<Workload> workloads;
        QHash<QString, QString> databaseOf; ///< by Workload::name
        bool lost = false;                  ///< `workloads` is what was known before
    };

    /// All outlive it. `environment` names whose database a sentence speaks of.
    SchemaJoin(MigrationController &migrations, CommitFacts &facts, Clock &clock,
               QString environment);

    void tellChanges(const QList<ReleaseTrack> &tracks, const Placed &placed);
    /// What the schema has against more traffic, against a rollback and against each commit that a
    /// person may choose instead. Of those there is always a word: what was not checked is Unknown.
    void tellRollout(const ReleaseTrack &track);
    /// What tellRollout would say of this track waits for an answer that is on its way.
    [[nodiscard]] bool isAwaited(const ReleaseTrack &track);
    /// Whether the databases have what this commit needs.
    [[nodiscard]] Gate gate(const CommitId &commit);

private:
    [[nodiscard]] ChangeStanding standing(const ChangeView &view) const;
    [[nodiscard]] QList<ChangeView> changesIn(const QString &database) const;
    [[nodiscard]] bool listIsComing() const;
    [[nodiscard]] QList<Reason> promoteReasons(const ReleaseTrack &track);
    [[nodiscard]] QList<Reason> rollbackReasons(const ReleaseTrack &track);
    /// `word` names the target in a sentence.
    [[nodiscard]] QList<Reason> reasonsOfTarget(const ReleaseTrack &track, const CommitId &target,
                                                const QString &word);
    void tellChosen(const ReleaseTrack &track);
    /// Why what is known of the changes is not all; empty = it is.
    [[nodiscard]] QList<Reason> notChecked() const;
    [[nodiscard]] static QList<PlacedRevision>
    placedIn(const QString &database, const QList<ReleaseTrack> &tracks, const Placed &placed);

    MigrationController &m_migrations;
    CommitFacts &m_facts;
    Clock &m_clock;
    QString m_environment;
};

} // namespace pilothouse
