#pragma once

#include <QString>

namespace pilothouse::sandbox {

/// How the code of one commit behaves under load.
struct Behaviour
{
    QString nickname;
    QString cloudRunRevision; ///< its name as a Cloud Run revision
    bool writesOrganization = false;
    double held = 0.040;       ///< seconds a request keeps its database connection
    double errorRatio = 0.002; ///< where nothing is short
    double p95 = 0.061;        ///< seconds
    double p95Full = 0;        ///< where the pool is just overrun; 0 = like p95
    double p95Over = 0;        ///< where twice as many requests come as can be served
};

/// What a revision shows: by itself after a while (steady), or at one moment.
struct LoadFigures
{
    double poolInUse = 0;  ///< connections
    double errorRatio = 0; ///< 0 to 1
    double p95 = 0;        ///< seconds

    bool operator==(const LoadFigures &) const = default;
};

/// Requests a second that a pool of `connections` can serve: connections / held.
[[nodiscard]] double capacity(const Behaviour &behaviour, double connections);

/// Where the figures go if `rate` requests a second keep coming:
/// pool = min(connections, held · rate); error ratio = floor + max(0, 1 − capacity / rate);
/// p95 rises from nine tenths of the capacity on and has p95Full once the pool is full.
[[nodiscard]] LoadFigures steadyLoad(const Behaviour &behaviour, double connections, double rate);

/// Figures that follow their targets: connections within `poolTime` seconds; error ratio and p95
/// within `time` seconds, the errors only once the pool is full.
class LoadState
{
public:
    LoadState() = default;
    LoadState(const Behaviour &behaviour, double connections);

    /// Moves on by `dt` scenario seconds under `rate` requests a second.
    void advance(double dt, double rate, double time, double poolTime);
    [[nodiscard]] const LoadFigures &figures() const { return m_figures; }

private:
    Behaviour m_behaviour;
    double m_connections = 0;
    double m_pool = 0; ///< not cut at the pool's size
    LoadFigures m_figures;
};

} // namespace pilothouse::sandbox
