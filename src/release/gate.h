#pragma once

#include "pipeline/runsource.h"

#include <chrono>
#include <optional>

namespace pilothouse {

/// A condition with evidence and age.
struct Gate
{
    enum class State { Pass, Fail, Running, NoData };

    QString name; ///< "unit", "integration", "schema"
    State state = State::NoData;
    QString text; ///< "passed in 4:20", "no job of this name in the runs of c41d77e"
    QDateTime at; ///< UTC, the fact's own stamp; invalid = none

    bool operator==(const Gate &) const = default;
};

/// Which jobs prove a gate: those whose name contains one of these words, whatever the case.
struct GateRule
{
    QString name;
    QStringList words;
    bool operator==(const GateRule &) const = default;
};

/// unit, integration, security (Bandit, ZAP …) and lint.
[[nodiscard]] QList<GateRule> usualGates();

/// One gate a rule: the worst of its jobs. No job = NoData, never Pass.
[[nodiscard]] QList<Gate> gatesOf(const QList<GateRule> &rules, const QList<Job> &jobs);

} // namespace pilothouse
