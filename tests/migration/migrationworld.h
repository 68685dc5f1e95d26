#pragma once

#include "migration/fakedatabase.h"
#include "migration/fakesource.h"
#include "migration/migrationcontroller.h"
#include "migration/samplechange.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"

namespace pilothouse {

inline ChangeKey key()
{
    return {ChangeName(QStringLiteral("conversations-organization-id")), QStringLiteral("context")};
}
inline MigrationSettings production()
{
    MigrationSettings settings;
    settings.environment = {EnvironmentMark::Kind::Production, QStringLiteral("production")};
    return settings;
}
inline const StepView &step(const ChangeView &view, StepId id)
{
    for (const StepView &one : view.steps) {
        if (one.step.id == id)
            return one;
    }
    qFatal("no such step");
}

/// A controller over a database that does what it is told.
struct World
{
    FakeClock clock;
    MemoryJournal journal;
    ActionRunner actions{journal, QStringLiteral("A. Muster")};
    FakeSource source;
    FakeDatabase database;
    MigrationController controller;

    explicit World(const MigrationSettings &settings = production())
        : controller(settings, source, actions, clock)
    {
        source.content
            = {{QStringLiteral("changes/conversations-organization-id.yaml"), sampleChangeFile()}};
        database.now = untouchedFacts();
        database.receivedAt = clock.sinceBoot();
        controller.addDatabase(QStringLiteral("context"), QStringLiteral("changes"), database);
    }
    ChangeView view() { return *controller.view(key()); }
    void ready()
    {
        controller.setReadiness(key(), {{QStringLiteral("standalone"),
                                         CommitId(QStringLiteral("9f3c2a1bbbb")),
                                         RevisionReadiness::State::Ready,
                                         {},
                                         RevisionReadiness::Role::Traffic}});
    }
    QFuture<Outcome> press(StepId id, const QString &reason = {})
    {
        const Preview preview = *controller.preview(key(), id);
        return controller.run(key(), id, {reason, preview.fingerprint, preview.target});
    }
    /// Statements do to the facts what they would do.
    void obey()
    {
        database.onRun = [this](const StatementGroup &group, const RunTag &) {
            Facts &now = database.now;
            const QString sql = group.statements.first();
            if (sql.startsWith(QLatin1String("CREATE SCHEMA")))
                now.recordKept = true;
            else if (sql.contains(QLatin1String("ADD COLUMN")))
                now.column = expandedFacts().column;
            else if (sql.contains(QLatin1String("ADD CONSTRAINT")))
                now.guard = GuardFacts{{}, false, true};
            else if (sql.contains(QLatin1String("VALIDATE")))
                now.guard->validated = true;
            else if (sql.contains(QLatin1String("SET NOT NULL")))
                now.column->notNull = true;
            else if (sql.contains(QLatin1String("DROP CONSTRAINT")))
                now.guard.reset();
            return TryAnswer::End::Done;
        };
    }
};

} // namespace pilothouse
