#include "app/sandbox/world/trackmeter.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

constexpr std::array bounds{0.005, 0.01, 0.02,  0.03, 0.04,  0.05, 0.06, 0.07, 0.08, 0.09, 0.1,
                            0.125, 0.15, 0.175, 0.2,  0.225, 0.25, 0.3,  0.4,  0.5,  1.0,  2.5};
constexpr double secondsOfHour = 3600;

/// Share of requests that take at most `seconds`, for a given p95. Straight around p95, so that
/// histogram_quantile, which draws straight lines between bounds, finds p95 itself.
double shareWithin(double seconds, double p95)
{
    struct Point
    {
        double at, share;
    };
    constexpr std::array<Point, 5> points{{{0, 0}, {0.3, 0.2}, {0.7, 0.92}, {1.3, 0.98}, {4, 1}}};
    const double x = seconds / p95;
    for (size_t i = 1; i < points.size(); ++i) {
        if (x <= points[i].at) {
            const Point &a = points[i - 1];
            const Point &b = points[i];
            return a.share + (b.share - a.share) * (x - a.at) / (b.at - a.at);
        }
    }
    return 1;
}

/// Mean of the distribution above, as a share of p95.
constexpr double meanShare = 0.503;

/// −1 to 1, the same for the same seed and whole second, straight in between.
double noiseAt(quint32 seed, double second)
{
    const auto value = [seed](double whole) {
        quint64 x = (static_cast<quint64>(seed) << 32)
                    ^ static_cast<quint64>(static_cast<qint64>(whole) + 1'000'000);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        x ^= x >> 31;
        return static_cast<double>(x >> 11) / static_cast<double>(1ULL << 52) - 1;
    };
    const double whole = std::floor(second);
    const double part = second - whole;
    return value(whole) * (1 - part) + value(whole + 1) * part;
}

QByteArray number(double value)
{
    return QByteArray::number(value, 'g', 15);
}

QByteArray labelled(std::initializer_list<QPair<QByteArray, QByteArray>> pairs)
{
    QByteArray text = "{";
    for (const auto &[name, value] : pairs) {
        if (text.size() > 1)
            text += ',';
        text += name + "=\"" + value + '"';
    }
    return text + '}';
}

/// Families in the order of their first sample.
QList<QByteArray> familiesOf(const QList<MetricSample> &samples)
{
    QList<QByteArray> families;
    for (const MetricSample &sample : samples)
        if (!families.contains(sample.family))
            families.append(sample.family);
    return families;
}

} // namespace

TrackMeter::TrackMeter(Settings settings) : m_settings(std::move(settings)) {}

void TrackMeter::setSides(const QList<Side> &sides)
{
    QList<Meter> next;
    for (const Side &side : sides) {
        const Meter *known = find(side.labelValue);
        Meter meter = known ? *known : Meter{};
        const bool sameCode = known && known->side.behaviour.nickname == side.behaviour.nickname
                              && known->side.pods == side.pods;
        if (!sameCode)
            meter.load = LoadState(side.behaviour, side.pods * m_settings.connectionsPerPod);
        if (meter.buckets.isEmpty())
            meter.buckets = QList<double>(static_cast<qsizetype>(bounds.size()), 0.0);
        meter.side = side;
        next.append(meter);
    }
    m_meters = next;
}

double TrackMeter::demand(double at) const
{
    double shape = 1;
    if (at < 0)
        shape = 1 - 0.09 * (1 - std::cos(M_PI * std::min(-at, secondsOfHour) / secondsOfHour));
    return m_settings.demand * shape * (1 + m_settings.noise * noiseAt(m_settings.seed, at));
}

void TrackMeter::step(double at, double dt, double dtReal)
{
    const double all = demand(at);
    for (Meter &meter : m_meters) {
        const double rate = all * meter.side.share;
        meter.load.advance(dt, rate, m_settings.time, m_settings.poolTime);
        const LoadFigures &figures = meter.load.figures();
        const double requests = rate * dtReal;
        const double failed = requests * figures.errorRatio;
        meter.count.requests += requests;
        meter.count.failed += failed;
        m_total.requests += requests;
        m_total.failed += failed;
        for (size_t i = 0; i < bounds.size(); ++i)
            meter.buckets[static_cast<qsizetype>(i)]
                += requests * shareWithin(bounds[i], figures.p95);
        meter.durationSum += requests * meanShare * figures.p95;
        meter.heldSum += requests * meter.side.behaviour.held;
    }
}

const TrackMeter::Meter *TrackMeter::find(const QByteArray &labelValue) const
{
    const auto it = std::find_if(m_meters.begin(), m_meters.end(), [&](const Meter &meter) {
        return meter.side.labelValue == labelValue;
    });
    return it == m_meters.end() ? nullptr : &*it;
}

LoadFigures TrackMeter::figures(const QByteArray &labelValue) const
{
    const Meter *meter = find(labelValue);
    return meter ? meter->load.figures() : LoadFigures{};
}

double TrackMeter::poolSize(const QByteArray &labelValue) const
{
    const Meter *meter = find(labelValue);
    return meter ? meter->side.pods * m_settings.connectionsPerPod : 0;
}

RequestCount TrackMeter::count(const QByteArray &labelValue) const
{
    const Meter *meter = find(labelValue);
    return meter ? meter->count : RequestCount{};
}

void TrackMeter::appendSamples(const Meter &meter, QList<MetricSample> &out) const
{
    const QByteArray &p = m_settings.prefix;
    const QByteArray db = p == "http" ? QByteArray("db") : p;
    const QPair<QByteArray, QByteArray> track{"track", m_settings.track};
    const QPair<QByteArray, QByteArray> who{m_settings.label, meter.side.labelValue};
    const QByteArray plain = labelled({track, who});

    const QByteArray requests = p + "_requests";
    out.append({requests, "counter", requests + "_total", labelled({track, who, {"code", "200"}}),
                meter.count.requests - meter.count.failed});
    out.append({requests, "counter", requests + "_total", labelled({track, who, {"code", "503"}}),
                meter.count.failed});

    const QByteArray duration = p + "_request_duration_seconds";
    for (size_t i = 0; i < bounds.size(); ++i)
        out.append({duration, "histogram", duration + "_bucket",
                    labelled({track, who, {"le", number(bounds[i])}}),
                    meter.buckets[static_cast<qsizetype>(i)]});
    out.append({duration, "histogram", duration + "_bucket", labelled({track, who, {"le", "+Inf"}}),
                meter.count.requests});
    out.append({duration, "histogram", duration + "_sum", plain, meter.durationSum});
    out.append({duration, "histogram", duration + "_count", plain, meter.count.requests});

    const QByteArray held = db + "_connection_held_seconds";
    out.append({held, "summary", held + "_sum", plain, meter.heldSum});
    out.append({held, "summary", held + "_count", plain, meter.count.requests});
    out.append(
        {db + "_pool_in_use", "gauge", db + "_pool_in_use", plain, meter.load.figures().poolInUse});
    out.append({db + "_pool_size", "gauge", db + "_pool_size", plain,
                double(meter.side.pods * m_settings.connectionsPerPod)});
}

QList<MetricSample> TrackMeter::samples() const
{
    QList<MetricSample> out;
    for (const Meter &meter : m_meters)
        appendSamples(meter, out);
    return out;
}

QByteArray expositionText(const QList<MetricSample> &samples)
{
    QByteArray text;
    for (const QByteArray &family : familiesOf(samples)) {
        bool first = true;
        for (const MetricSample &sample : samples) {
            if (sample.family != family)
                continue;
            if (std::exchange(first, false))
                text += "# TYPE " + (sample.type == "counter" ? sample.name : family) + ' '
                        + sample.type + '\n';
            text += sample.name + sample.labels + ' ' + number(sample.value) + '\n';
        }
    }
    return text;
}

QByteArray openMetricsText(const QList<MetricMoment> &moments)
{
    QByteArray text;
    QList<QByteArray> families;
    for (const MetricMoment &moment : moments)
        for (const QByteArray &family : familiesOf(moment.samples))
            if (!families.contains(family))
                families.append(family);
    for (const QByteArray &family : families) {
        bool first = true;
        for (const MetricMoment &moment : moments) {
            const QByteArray stamp = QByteArray::number(moment.unixSeconds, 'f', 3);
            for (const MetricSample &sample : moment.samples) {
                if (sample.family != family)
                    continue;
                if (std::exchange(first, false))
                    text += "# TYPE " + family + ' ' + sample.type + '\n';
                text += sample.name + sample.labels + ' ' + number(sample.value) + ' ' + stamp
                        + '\n';
            }
        }
    }
    return text + "# EOF\n";
}

} // namespace pilothouse::sandbox
