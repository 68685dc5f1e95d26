#pragma once

#include "pipeline/act/runcontrol.h"

#include <QByteArray>

namespace pilothouse {

/// What GitHub is sent for an order, under "/repos/owner/name/actions".
struct GithubOrder
{
    enum class Details {
        None,
        Asked, ///< the run that a dispatch begins is asked for
    };

    QString path;    ///< "/runs/7012/cancel"
    QByteArray body; ///< JSON; empty = none
    QString command; ///< the same for `gh`, without the repository

    bool operator==(const GithubOrder &) const = default;
};

[[nodiscard]] GithubOrder githubOrder(const RunOrder &order, GithubOrder::Details details);

/// Whether this version of the API tells the run of a dispatch only where it is asked to; from
/// 2026-03-10 on it always does and refuses the question.
[[nodiscard]] bool asksForDetails(const QByteArray &apiVersion);
/// Whether a refused dispatch was refused for that question alone: the answer names the field, and
/// a refused request starts nothing.
[[nodiscard]] bool refusesDetails(const Error &error);

} // namespace pilothouse
