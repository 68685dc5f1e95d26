#include "connectors/cloudbuild/buildhistory.h"

#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Where the builds of a year would lie in memory for nothing.
constexpr qsizetype mostBuilds = 2000;

} // namespace

bool BuildHistory::reaches(const CloudBuildPage &page) const
{
    return std::any_of(page.builds.begin(), page.builds.end(),
                       [this](const CloudBuild &build) { return find(build.id).has_value(); });
}

void BuildHistory::take(const QList<CloudBuild> &newest)
{
    QSet<QString> told;
    for (const CloudBuild &build : newest)
        told.insert(build.id);
    QList<CloudBuild> all = newest;
    for (const CloudBuild &build : std::as_const(m_builds)) {
        if (!told.contains(build.id))
            all.append(build);
    }
    m_builds = all.mid(0, mostBuilds);
}

void BuildHistory::renew(const CloudBuild &build)
{
    for (CloudBuild &known : m_builds) {
        if (known.id == build.id)
            known = build;
    }
}

void BuildHistory::forget(const QString &id)
{
    m_builds.removeIf([&](const CloudBuild &build) { return build.id == id; });
}

std::optional<CloudBuild> BuildHistory::find(const QString &id) const
{
    const auto found = std::find_if(m_builds.begin(), m_builds.end(),
                                    [&](const CloudBuild &build) { return build.id == id; });
    return found == m_builds.end() ? std::nullopt : std::optional(*found);
}

QList<CloudBuild> BuildHistory::of(const CommitId &commit) const
{
    QList<CloudBuild> found;
    for (const CloudBuild &build : m_builds) {
        if (commit.value.isEmpty() || build.commit == commit)
            found.append(build);
    }
    return found;
}

QList<CloudBuild> BuildHistory::downToGreen(const CloudBuild &build) const
{
    QList<CloudBuild> found;
    for (const CloudBuild &each : m_builds) {
        if (each.id == build.id || each.createdAt >= build.createdAt || !areAlike(each, build))
            continue;
        found.append(each);
        if (each.status == RunStatus::Succeeded)
            break;
    }
    return found;
}

QStringList unsettled(const QList<CloudBuild> &builds, const QSet<QString> &fresh)
{
    QStringList ids;
    for (const CloudBuild &build : builds) {
        if (!hasEnded(build.status) && !fresh.contains(build.id))
            ids.append(build.id);
    }
    return ids;
}

} // namespace pilothouse
