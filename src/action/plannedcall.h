#pragma once

#include <QString>

namespace pilothouse {

/// What would be sent, as text, so that a confirmation shows exactly what happens.
struct PlannedCall
{
    enum class Language { Http, Sql, Shell };

    Language language = Language::Http;
    QString summary; ///< one line: "PATCH httproutes/context-intelligence   weights 90/10 → 50/50
                     ///< if version is still 81723"
    QString exact;   ///< the whole request or statement, secrets masked
    QString copyable; ///< the same as a command line (kubectl, curl, psql); empty = none

    bool operator==(const PlannedCall &) const = default;
};

} // namespace pilothouse
