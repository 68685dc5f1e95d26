#pragma once

#include "action/preview.h"
#include "rollout/trafficcontrol.h"

#include <QObject>

#include <optional>

namespace pilothouse {

/// The row of a confirmation that tells of a dry run of that system. Pure.
/// nullopt = the system is being asked.
[[nodiscard]] PreviewRow dryRunRow(const std::optional<Result<DryRun>> &answer,
                                   const QString &system);

/// A hold to be set or lifted, with what protects it.
struct HoldRequest
{
    HoldChange change;
    QString expectedVersion; ///< of the TrafficState the person saw
    bool operator==(const HoldRequest &) const = default;
};

/// A write that can be tried.
using TrialRequest = std::variant<WeightRequest, OwnRequest, HoldRequest>;

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
