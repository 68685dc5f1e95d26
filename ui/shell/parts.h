#pragma once

#include "action/preview.h"
#include "base/clock.h"
#include "release/compare/comparer.h"
#include "release/things/vendorpages.h"

#include <QList>
#include <QString>

namespace pilothouse {

class ActionRunner;
class BuildStage;
class HeadlessGuard;
class Journal;
class LastGreen;
class LogController;
class MigrationController;
class NoticeDesk;
class OnCall;
class PipelineController;
class ReleaseController;
class Reminders;
class RunActions;
class RunControl;
class RolloutController;
class RunSearch;
class ShownDiff;
class SignInDesk;
class SourceTree;
class TrackPods;

/// A build service beside the CI host, and acting upon its builds.
struct BuildParts
{
    BuildStage *stage = nullptr;
    RunActions *actions = nullptr;
};

/// What the window shows. All of it outlives the window; the composition root owns it.
struct Parts
{
    EnvironmentMark environment;
    QString workspaceName;
    bool readOnly = false;
    Clock &clock;
    Journal &journal;
    ActionRunner &actions;
    ReleaseController &release;
    const ShownDiff &diff;
    CompareSources compare;
    PipelineController &pipeline;
    LogController &jobLogs;
    LogController &podLogs;
    MigrationController &migrations;
    OnCall &onCall;
    QList<RolloutController *> tracks;
    QList<BuildParts> builds;
    RunActions *runActions = nullptr; ///< nullptr = no CI host is set up
    RunSearch *runSearch = nullptr;   ///< the same
    LastGreen *lastGreen = nullptr;   ///< the same
    HeadlessGuard *headlessGuard = nullptr;
    NoticeDesk *notices = nullptr;
    VendorPages vendorPages{};   ///< where what is shown is seen at its own system
    SourceTree *files = nullptr; ///< finds the commit of a link
    RunControl *runs = nullptr;  ///< finds the run of a link; nullptr = no CI host is set up
    QList<TrackPods *> pods{};
    Reminders *reminders = nullptr;
    SignInDesk *signIn = nullptr;
};

} // namespace pilothouse
