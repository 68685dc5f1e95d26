#pragma once

#include "action/plannedcall.h"
#include "action/reason.h"

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// What the environment is, shown by colour and word in the window and in every dialog.
struct EnvironmentMark
{
    enum class Kind { Production, Rehearsal, Other };
    Kind kind = Kind::Other;
    QString name; ///< "production"
    bool operator==(const EnvironmentMark &) const = default;
};

/// One line of a confirmation: a label on the left, a sentence on the right.
struct PreviewRow
{
    /// Live is measured or asked for anew while the confirmation is open: another text of it is no
    /// change of the world.
    enum class Kind { Plain, For, Against, Unknown, Changed, Live };
    Kind kind = Kind::Plain;
    QString label; ///< "From", "To", "Sends", "Evidence", "Schema", "Lately", "Then", "Way back" …
    QString text;
    bool operator==(const PreviewRow &) const = default;
};

/// Something that an action does besides, unless the person takes it away.
struct PreviewOption
{
    QString label;   ///< of its line, as PreviewRow::label: it stands before the rows of that label
    QString text;    ///< beside the box: "hold standalone"
    QString whenOn;  ///< what that means: "refuses c41d77e until the hold is lifted"
    QString whenOff; ///< and what it means without: a warning
    bool on = true;  ///< at first

    bool operator==(const PreviewOption &) const = default;
};

/// Everything a confirmation shows. The one dialog frame draws it; subjects only fill it in.
struct Preview
{
    EnvironmentMark environment;
    QString scope; ///< "standalone", "context-production"
    QString title; ///< "Promote 10 → 50", "Roll back to 9f3c2a1"
    QString verb;  ///< on the button: "Promote to 50 %", "Roll back"
    QList<PreviewRow> rows;
    std::optional<PreviewOption> option;
    /// Age of what is confirmed, which is read again at the press; nullopt = it is not told.
    std::optional<std::chrono::milliseconds> readAge;
    QList<PlannedCall> calls; ///< exact requests or statements, in order
    QString typed;            ///< what the person must type; empty = nothing, Cancel is default
    QString typedPrompt;      ///< "Type the new weight"
    bool reasonRequired = false;
    bool takesReason = true; ///< false = nothing would keep it
    QString fingerprint;     ///< changes when anything that matters changed; compared at the press
    QString target;          ///< a rollback compares only this

    bool operator==(const Preview &) const = default;
};

/// The row of `preview` before which its option stands.
[[nodiscard]] inline qsizetype placeOfOption(const Preview &preview)
{
    for (qsizetype i = 0; preview.option && i < preview.rows.size(); ++i) {
        if (preview.rows[i].label == preview.option->label)
            return i;
    }
    return preview.rows.size();
}

/// What the person answered.
struct Confirmation
{
    QString reason;
    QString fingerprint; ///< of the Preview that was confirmed
    QString target;
    bool option = true; ///< Preview::option as the person left it
};

} // namespace pilothouse
