#pragma once

#include <QList>
#include <QString>

namespace pilothouse {

/// One reason under a button. Unknown is never counted as For.
struct Reason
{
    enum class Kind {
        For,
        Against, ///< allowed, but the person is asked for a reason
        Unknown,
        Blocks, ///< the action is off until this is settled
    };

    Kind kind = Kind::Unknown;
    QString text;   ///< "baked 5:00 of 5:00", "c41d77e is not contract-ready"
    QString settle; ///< for Blocks: what to do about it

    bool operator==(const Reason &) const = default;
};

/// The answer of the one object that is asked "may I?": every reason at once.
struct Permission
{
    QList<Reason> reasons;

    [[nodiscard]] bool allowed() const { return count(Reason::Kind::Blocks) == 0; }
    [[nodiscard]] int count(Reason::Kind kind) const
    {
        int n = 0;
        for (const Reason &reason : reasons)
            n += reason.kind == kind ? 1 : 0;
        return n;
    }
    /// The text of the first reason of a kind, empty if there is none.
    [[nodiscard]] QString first(Reason::Kind kind) const
    {
        for (const Reason &reason : reasons) {
            if (reason.kind == kind)
                return reason.text;
        }
        return {};
    }
    bool operator==(const Permission &) const = default;
};

} // namespace pilothouse
