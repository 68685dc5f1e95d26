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
    QString copyable; ///< the same by the vendor's own program (kubectl, gcloud, gh); empty = none
    QString curl;     ///< the same by curl, its credential in $TOKEN; empty = none

    bool operator==(const PlannedCall &) const = default;
};

} // namespace pilothouse
