#pragma once

#include "journal/journal.h"
#include "migration/migrationcontroller.h"
#include "pipeline/runsource.h"
#include "release/things/thing.h"
#include "repository/sourcetree.h"
#include "rollout/rolloutviews.h"

namespace pilothouse {

/// What the pages show, as things that can be told to others.
[[nodiscard]] Thing commitThing(const CommitId &commit, const QString &subject = {});
[[nodiscard]] Thing runThing(const Run &run);
[[nodiscard]] Thing jobThing(const Job &job);
/// A run of a build service, for the commit that it was made of.
[[nodiscard]] Thing buildThing(const Run &build);
[[nodiscard]] Thing trackThing(const TrackName &track, const QString &tells = {});
/// `role` is "stable" or "candidate" as a person reads it.
[[nodiscard]] Thing revisionThing(const TrackName &track, const RevisionState &revision,
                                  const QString &role);
[[nodiscard]] Thing podThing(const TrackName &track, const QString &pod);
[[nodiscard]] Thing alertThing(const QString &name, const QString &tells = {});
[[nodiscard]] Thing changeThing(const ChangeKey &change, const QString &tells = {});
[[nodiscard]] Thing workloadThing(const QString &name);
[[nodiscard]] Thing onCallThing();
/// What a record is about: its track, change or run, else the history; then the commit that it
/// moved, if it names one.
[[nodiscard]] QList<Thing> recordThings(const Record &record);

} // namespace pilothouse
