#pragma once

#include "app/sandbox/world/queuemodel.h"
#include "base/result.h"

#include <QHash>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace pilothouse::sandbox {

/// A job as the scenario plans it. Times in scenario seconds.
struct PlannedJob
{
    QString name; ///< as GitHub reports it
    double duration = 0;
    QStringList needs;
    QString environment; ///< empty = none
    bool gate = false;   ///< waits for an approval of its environment
    bool build = false;  ///< hands a build over to Cloud Build, which lives as long as it
    QString deploys;     ///< track that gets a candidate at weight 0 when it ends
    QString finishes;    ///< track whose stable becomes the candidate when it ends
};

struct PlannedWorkflow
{
    QString file; ///< "ci.yml"
    QString name;
    QString event;
    QString concurrency;        ///< group: one run of it at a time, one more waits; empty = none
    bool startable = false;     ///< a person may start it
    QStringList requiredInputs; ///< when a person does
    QList<PlannedJob> jobs;
};

/// A run that had ended before the start.
struct PastRun
{
    qint64 run = 0;
    QString workflow;
    QString revision;
    double age = 0; ///< seconds on the clock
    QStringList failed;
    QStringList cancelled;
};

/// A release that is pushed while the rehearsal runs, and the ids of its runs by workflow file.
struct PlannedRelease
{
    QString revision;
    QHash<QString, qint64> runs;
};

struct PlannedTrack
{
    double demand = 0;
    double noise = 0;
    int stablePods = 0;
    int candidatePods = 0;
    int connectionsPerPod = 0;
};

/// What B. Novak does. Times in scenario seconds.
struct PlannedColleague
{
    QString name;
    QString takesThrough; ///< revision that coditect gets from this colleague
    QList<int> steps;
    double pause = 0;
    double afterDryRun = 0;
    int weightAfterDryRun = 0;
    double nagsAfter = 0;
    QString nag;
    double rollsBackAfter = 0;
};

struct PlannedAlert
{
    QString name;
    double over = 0; ///< error ratio
    double pending = 0;
    double window = 0;
};

/// Pods of the bad release end and are started again, from firing on, while nobody acts. Scenario
/// seconds.
struct PlannedRestarts
{
    double after = 0;
    double every = 0;
};

/// A rehearsal as its file tells it.
struct Scenario
{
    QString name;
    QString owner, repository, branch;
    QString nameSpace;
    QString image;
    QString cloudProject, cloudRegion, cloudService, cloudImage;
    QMap<QString, Behaviour> revisions; ///< by nickname
    QMap<QString, PlannedTrack> tracks;
    double timeConstant = 6;
    double poolTimeConstant = 1;
    QString stable;
    QString worker;
    QMap<QString, PlannedWorkflow> workflows; ///< by file
    QList<PastRun> history;
    QList<PlannedRelease> releases;
    PlannedColleague colleague;
    PlannedAlert alert;
    PlannedRestarts restarts;
    double workerRollsAfter = 60;
    double routeAcceptsAfter = 0.3; ///< on the clock
    double podsReadyAfter = 2;

    /// BadInput names the file, the line and what was expected.
    [[nodiscard]] static Result<Scenario> load(const QString &file);
    [[nodiscard]] static Result<Scenario> parse(const QByteArray &text, const QString &name);
};

} // namespace pilothouse::sandbox
