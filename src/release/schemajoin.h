#pragma once

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
    SchemaJoin(MigrationController &migrations, CommitFacts &facts, QString environment);

    void tellChanges(const QList<ReleaseTrack> &tracks, const Placed &placed);
    void tellRollout(const ReleaseTrack &track);
    /// Whether the databases have what this commit needs.
    [[nodiscard]] Gate gate(const CommitId &commit);

private:
    [[nodiscard]] ChangeStanding standing(const ChangeView &view) const;
    [[nodiscard]] static QList<PlacedRevision>
    placedIn(const QString &database, const QList<ReleaseTrack> &tracks, const Placed &placed);

    MigrationController &m_migrations;
    CommitFacts &m_facts;
    QString m_environment;
};

} // namespace pilothouse
