#include "rollout/judgement/metricclass.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pilothouse {

namespace {

constexpr std::array<std::pair<MetricClass, const char *>, 6> classNames{{
    {MetricClass::Pass, "Pass"},
    {MetricClass::High, "High"},
    {MetricClass::Low, "Low"},
    {MetricClass::Nodata, "Nodata"},
    {MetricClass::NodataFailMetric, "NodataFailMetric"},
    {MetricClass::Error, "Error"},
}};

} // namespace

QString metricClassName(MetricClass value)
{
    const auto found = std::find_if(classNames.begin(), classNames.end(),
                                    [value](const auto &entry) { return entry.first == value; });
    return QString::fromLatin1(found->second);
}

std::optional<MetricClass> metricClassNamed(const QString &name)
{
    const auto found
        = std::find_if(classNames.begin(), classNames.end(),
                       [&name](const auto &entry) { return name == QLatin1String(entry.second); });
    return found == classNames.end() ? std::nullopt : std::optional(found->first);
}

} // namespace pilothouse
