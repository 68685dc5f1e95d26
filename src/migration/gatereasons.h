#pragma once

#include "migration/gate.h"

namespace pilothouse {

/// Collects the reasons under one step of one change in one database; each member looks at one
/// matter and adds what it finds. Part of the gate: the arguments outlive it.
class GateReasons
{
public:
    GateReasons(const Change &change, const Facts &facts, const GateContext &context);

    void blocks(const QString &text, const QString &settle);
    void say(Reason::Kind kind, const QString &text);

    void console(); ///< read-only, lost database, something running
    void server();  ///< standby, no such table, not its owner
    /// A count under row security may be false.
    void rowSecurity();
    void drift();
    void tool(StepId step); ///< another program does this phase
    void source();          ///< of the derivation
    void key();             ///< to walk along, and the right to update
    void otherRunner();
    void nulls();
    void code(const QList<RevisionReadiness> &readiness);
    void oldWriters();
    /// It begins when the sweep was done; the last step soaks once more, since NOT NULL holds. What
    /// somebody else filled in soaks while old writers are watched for: see oldWriters().
    void soak(StepId step);
    void index();
    void order(StepId step, const QList<ChangeStep> &steps);

    [[nodiscard]] Permission take() const { return m_permission; }

private:
    void code(const RevisionReadiness &revision);
    /// How long ago it ran last, as the database remembers; nullopt = it does not.
    [[nodiscard]] std::optional<std::chrono::milliseconds> sinceRun(StepId step) const;

    const Change &m_change;
    const Facts &m_facts;
    const GateContext &m_context;
    Permission m_permission;
};

} // namespace pilothouse
