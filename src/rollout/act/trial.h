#pragma once

#include "action/preview.h"
#include "rollout/trafficcontrol.h"

#include <QObject>

#include <optional>

namespace pilothouse {

/// The rows of a confirmation that tell of a dry run. Pure.
/// nullopt = the system is being asked. Empty where it has no dry run.
[[nodiscard]] QList<PreviewRow> dryRunRows(const std::optional<Result<DryRun>> &answer);

/// A write that can be tried.
using TrialRequest = std::variant<WeightRequest, OwnRequest>;

/// Asks the traffic system what a write would do, for the confirmation that is open. The newest
/// question counts. GUI thread; the control outlives it.
class Trial final : public QObject
{
    Q_OBJECT

public:
    explicit Trial(TrafficControl &control) : m_control(control) {}

    /// Nothing happens where this very request was asked about last.
    void ask(const TrialRequest &request);
    /// What is known of this request; empty if it was not asked about.
    [[nodiscard]] QList<PreviewRow> rows(const TrialRequest &request) const;
    /// A question is under way.
    [[nodiscard]] bool isAsking() const { return m_request && !m_answer; }

Q_SIGNALS:
    void answered();

private:
    [[nodiscard]] QFuture<Result<DryRun>> question(const TrialRequest &request);

    TrafficControl &m_control;
    std::optional<TrialRequest> m_request;
    std::optional<Result<DryRun>> m_answer;
    int m_asked = 0;
};

} // namespace pilothouse
