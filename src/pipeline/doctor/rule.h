#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/doctor/scene.h"

#include <QList>

namespace pilothouse {

/// A place where a rule does not hold, and what is wrong there with its names.
struct Match
{
    Position at;
    QString job;
    int step = 0;
    QString sentence;
    QString rightForm{}; ///< for this place; empty = the rule's
};

/// Where a rule does not hold in one file; the scene is there for what shows only between files.
using Matcher = QList<Match> (*)(const Scene &scene, const SceneFile &file);

/// One rule of the pipeline doctor. The number in an id is that of the item in the review of the
/// ADR from which the rule comes ("PD-14b" is the second rule of item 14); it never changes.
struct Rule
{
    QString id;
    Finding::Severity severity = Finding::Severity::Hygiene;
    QString title;
    QString explanation; ///< why it matters
    QString rightForm;   ///< YAML
    Matcher matcher = nullptr;
};

} // namespace pilothouse
