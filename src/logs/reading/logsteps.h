#pragma once

#include "logs/logfile.h"
#include "logs/logmarks.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QUrl>

#include <optional>

namespace pilothouse {

/// A step of a job, as far as its log is concerned.
struct LogStep
{
    int number = 0; ///< from 1, in the order of running
    QString name;
    QDateTime startedAt;   ///< UTC, whole seconds; invalid = did not run
    QDateTime completedAt; ///< likewise; invalid = not ended

    bool operator==(const LogStep &) const = default;
};

/// What the vendor says about a log beside its bytes.
struct LogOrigin
{
    enum class Anchors {
        None,   ///< the page has no addresses for lines
        ByStep, ///< "#step:4:12"
    };

    QUrl page; ///< empty = none
    Anchors anchors = Anchors::None;
    QList<LogStep> steps;

    bool operator==(const LogOrigin &) const = default;
};

/// Where a step begins in the log of its job.
struct StepBegin
{
    enum class Certainty {
        Nowhere, ///< it has no line: it did not run, or wrote nothing
        About,   ///< it begins in the same second as the end of another, and no heading tells more
        Exact,
    };

    int number = 0;
    qint64 line = -1;
    /// Lines before this one are surely not of this step; `line` where that is exact.
    qint64 earliest = -1;
    Certainty certainty = Certainty::Nowhere;

    bool operator==(const StepBegin &) const = default;
};

/// The first line of each step, in the order of their numbers.
///
/// GitHub gives one text for a job and names no step in it. What is known: lines stand in the order
/// of the steps, each with a stamp of seven digits; a step's times are whole seconds, taken here as
/// cut off, not rounded. So
/// - the first step begins with the log;
/// - a step that begins in a later second than the one before it ended begins with the first line
///   of its second: exact;
/// - steps that share a second are told apart by what the runner writes first: "##[group]Run …",
///   "Post job cleanup." and a few more. That is exact if the heading carries the name of the step,
///   or if there are as many such headings in the second (or, if it has none, in the one after it)
///   as steps to begin in it. A composite
///   action writes the same headings within its step; where they are too many, the first one is a
///   guess, and where there is none, the first line of the second is one: About.
///
/// Cloud Build writes no stamps but "Starting Step #0": exact; a build of a single step says
/// "BUILD" before it. A text with neither has no begins.
[[nodiscard]] QList<StepBegin> stepBegins(const LogText &text, const LogMarks &marks,
                                          const QList<LogStep> &steps);

/// A line as its step counts it.
struct StepPlace
{
    int step = 0;
    qint64 line = 0; ///< from 1

    bool operator==(const StepPlace &) const = default;
};

/// The step of a line and the line's number in it, if both are certain.
[[nodiscard]] std::optional<StepPlace> placeInStep(const QList<StepBegin> &begins, qint64 line);

} // namespace pilothouse
