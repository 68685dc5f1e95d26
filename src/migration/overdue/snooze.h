#pragma once

#include "action/preview.h"
#include "migration/overdue/opencontract.h"

namespace pilothouse {

/// No reminder is put off for longer at a time: what needs more is another contract_due in the
/// change file, which a commit explains.
inline constexpr int longestSnooze = 31; // days

/// Everything that the confirmation of a snooze is computed from.
struct SnoozeInput
{
    EnvironmentMark environment;
    QString database; ///< the workspace's name for it
    QString place;
    bool readOnly = false; ///< the console may not write
    ChangeName change;
    QDate until;
    std::optional<OpenContract> contract; ///< nullopt: it is not open there
    Traces traces;
    QString actor;
};

/// May it be put off until then? Every reason at once. Pure.
[[nodiscard]] Permission maySnooze(const SnoozeInput &input);
/// The confirmation; a reason is required, for it is shown to everybody until then. Pure.
[[nodiscard]] Preview confirmSnooze(const SnoozeInput &input);

/// What is sent, with what is not there yet. Pure.
[[nodiscard]] QStringList snoozeStatements(const Traces &traces, const Snooze &snooze);

} // namespace pilothouse
