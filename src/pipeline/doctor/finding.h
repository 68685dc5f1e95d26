#pragma once

#include "document/position.h"

#include <QMetaType>
#include <QString>

namespace pilothouse {

/// What a rule of the pipeline doctor says about one place of one workflow file.
struct Finding
{
    enum class Severity {
        Blocks,  ///< cannot work as it is written
        Risk,    ///< works, and hurts in production
        Gate,    ///< a check that the file seems to make, and does not
        Hygiene, ///< costs later
    };

    QString rule; ///< "PD-07"
    Severity severity = Severity::Hygiene;
    QString path; ///< of the workflow file
    Position at;
    QString job;  ///< key of the job it belongs to; empty = the file as a whole
    int step = 0; ///< 1-based among the job's steps; 0 = the job as a whole
    QString sentence;
    QString rightForm; ///< YAML to write instead

    bool operator==(const Finding &) const = default;
};

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::Finding)
