#pragma once

#include "rollout/alerts/alertsource.h"

#include <QRegularExpression>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// One matcher as Alertmanager spells it: `team="context"`, with =, !=, =~ or !~. An expression has
/// to match the whole value; a label that is not there is an empty one.
struct AlertMatcher
{
    QString label;
    bool isRegex = false;
    bool isNegated = false;
    QString value;
    QRegularExpression pattern; ///< of a regex, anchored

    [[nodiscard]] bool fits(const Alert &alert) const;
};

/// nullopt = it is no matcher, or its expression none.
[[nodiscard]] std::optional<AlertMatcher> alertMatcher(const QString &text);

/// Whether there are any, and all fit. One that is none fits nothing.
[[nodiscard]] bool allFit(const QStringList &matchers, const Alert &alert);

} // namespace pilothouse
