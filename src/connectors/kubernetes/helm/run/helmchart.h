#pragma once

#include "connectors/kubernetes/helm/run/helmprogram.h"

#include <QDateTime>

namespace pilothouse {

/// Which chart it is: "context-intelligence", "1.4.0".
struct HelmChartName
{
    QString name;
    QString version;

    bool operator==(const HelmChartName &) const = default;
};

/// From what `helm show chart` prints. Malformed without a name or a version.
[[nodiscard]] Result<HelmChartName> chartNameFrom(const QByteArray &printed);

/// The chart of a target where that lies on this disk. An upgrade takes it as it lies there, other
/// than one of a repository, which is asked for in the deployed version. GUI thread; program
/// outlives it.
class HelmChart final : public QObject
{
    Q_OBJECT

public:
    HelmChart(HelmProgram &program, HelmTarget target, QObject *parent = nullptr);

    /// Asks helm in the background, where the file was written since it was asked last.
    void find();
    /// What an upgrade would change beside the weight: "deployed is web-1.3.0, and the chart on
    /// this disk is web-1.4.0"; empty = nothing, or it is not known.
    [[nodiscard]] QString difference(const HelmBody &deployed) const;

Q_SIGNALS:
    void changed();

private:
    HelmProgram &m_program;
    HelmTarget m_target;
    std::optional<QDateTime> m_askedFor; ///< when the chart was written that was asked for last
    std::optional<Result<HelmChartName>> m_name;
};

} // namespace pilothouse
