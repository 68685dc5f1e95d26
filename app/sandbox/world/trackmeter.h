#pragma once

#include "app/sandbox/world/queuemodel.h"

#include <QByteArray>
#include <QHash>
#include <QList>

namespace pilothouse::sandbox {

/// One line of a metrics page.
struct MetricSample
{
    QByteArray family; ///< without "_total"
    QByteArray type;   ///< "counter", "gauge", "histogram"
    QByteArray name;
    QByteArray labels; ///< `{version="stable",code="200"}`
    double value = 0;
};

/// Share of what came in a window that failed.
struct RequestCount
{
    double requests = 0;
    double failed = 0;
};

/// The counters of one track: who got how many requests and how they went. Counters may be
/// fractional, so that a short window gives the same ratio as a long one.
class TrackMeter
{
public:
    struct Settings
    {
        QByteArray track;
        QByteArray prefix; ///< "http" or "run"
        QByteArray label;  ///< "version" or "revision_name"
        double demand = 120;
        double noise = 0.01; ///< of the demand
        int stablePods = 3;
        int candidatePods = 2;
        int connectionsPerPod = 10;
        double time = 6; ///< scenario seconds; see LoadState
        double poolTime = 1;
        quint32 seed = 1;
    };

    /// What stands behind one label value.
    struct Side
    {
        QByteArray labelValue;
        Behaviour behaviour;
        double share = 0; ///< of the demand
        int pods = 0;
    };

    explicit TrackMeter(Settings settings);

    /// Who serves from now on. A label value that stays keeps its counters; a revision that is new
    /// behind it begins with a fresh pool.
    void setSides(const QList<Side> &sides);

    /// Lets `dtReal` seconds of requests come at scenario second `at` (noise is a function of that
    /// and the seed); `dt` scenario seconds pass for whatever has a time constant.
    void step(double at, double dt, double dtReal);

    /// Requests a second at a scenario second; before 0 with the shape of the day.
    [[nodiscard]] double demand(double at) const;

    [[nodiscard]] QList<MetricSample> samples() const;
    [[nodiscard]] LoadFigures figures(const QByteArray &labelValue) const;
    [[nodiscard]] double poolSize(const QByteArray &labelValue) const;
    [[nodiscard]] RequestCount count(const QByteArray &labelValue) const;
    [[nodiscard]] RequestCount total() const { return m_total; }

private:
    struct Meter
    {
        Side side;
        LoadState load;
        RequestCount count;
        QList<double> buckets; ///< cumulative, as exposed
        double durationSum = 0;
        double heldSum = 0;
    };

    [[nodiscard]] const Meter *find(const QByteArray &labelValue) const;
    void appendSamples(const Meter &meter, QList<MetricSample> &out) const;

    Settings m_settings;
    QList<Meter> m_meters;
    RequestCount m_total;
};

/// A metrics page from samples in any order: as Prometheus scrapes it.
[[nodiscard]] QByteArray expositionText(const QList<MetricSample> &samples);

/// One moment of a history.
struct MetricMoment
{
    double unixSeconds = 0;
    QList<MetricSample> samples;
};

/// OpenMetrics text with time stamps, moments ascending, ending in "# EOF".
[[nodiscard]] QByteArray openMetricsText(const QList<MetricMoment> &moments);

} // namespace pilothouse::sandbox
