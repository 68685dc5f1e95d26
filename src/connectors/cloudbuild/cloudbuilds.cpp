#include "connectors/cloudbuild/cloudbuilds.h"

#include "base/chaining.h"
#include "connectors/cloudbuild/cloudbuildlog.h"

namespace pilothouse {

namespace {

const QString buildSystem = QStringLiteral("Cloud Build");

template <typename T>
Reading<T> readingAt(const CloudBuildApi::Listed &listed)
{
    Reading<T> reading;
    reading.source = buildSystem;
    reading.serverAt = listed.serverAt;
    reading.receivedSinceBoot = listed.receivedSinceBoot;
    return reading;
}

QSet<QString> idsOf(const CloudBuildPage &page)
{
    QSet<QString> ids;
    for (const CloudBuild &build : page.builds)
        ids.insert(build.id);
    return ids;
}

} // namespace

CloudBuilds::CloudBuilds(HttpClient &build, HttpClient &storage, Clock &clock,
                         const Settings &settings)
    : m_api(build, storage, clock, settings)
{}

CloudBuilds::~CloudBuilds() = default;

QFuture<Result<CloudBuilds::Listed>> CloudBuilds::read()
{
    return converted<Listed>(
        m_api.newestUntil([this](const CloudBuildPage &page) { return m_history.reaches(page); }),
        &m_api, [this](const Result<Listed> &all) -> Result<Listed> {
            if (!all)
                return fail(all.error());
            m_history.take(all->page.builds);
            for (const CloudBuild &build : all->page.builds)
                m_control.know(build);
            return *all;
        });
}

QFuture<Result<void>> CloudBuilds::renew(const QStringList &ids)
{
    if (ids.isEmpty())
        return ready<void>({});
    return askNext<void>(
        m_api.build(ids.first()), &m_api,
        [this, ids](const Result<CloudBuildApi::Fetched> &fetched) -> QFuture<Result<void>> {
            if (fetched)
                m_history.renew(fetched->build);
            else if (fetched.error().kind == ErrorKind::NotFound)
                m_history.forget(ids.first());
            else
                return ready<void>(fail(fetched.error()));
            return renew(ids.mid(1));
        });
}

QFuture<Result<Reading<QList<Run>>>> CloudBuilds::runs(const CommitId &commit)
{
    using Answer = Reading<QList<Run>>;
    return askNext<Answer>(
        read(), &m_api, [this, commit](const Result<Listed> &all) -> QFuture<Result<Answer>> {
            if (!all)
                return ready<Answer>(fail(all.error()));
            return converted<Answer>(
                renew(unsettled(m_history.of(commit), idsOf(all->page))), &m_api,
                [this, commit, listed = *all](const Result<void> &renewed) -> Result<Answer> {
                    if (!renewed)
                        return fail(renewed.error());
                    Answer reading = readingAt<QList<Run>>(listed);
                    for (const CloudBuild &build : m_history.of(commit))
                        reading.value.append(runOf(build));
                    return reading;
                });
        });
}

QFuture<Result<Reading<QList<Run>>>> CloudBuilds::latestRuns()
{
    using Answer = Reading<QList<Run>>;
    return converted<Answer>(m_api.list({}), &m_api,
                             [this](const Result<Listed> &all) -> Result<Answer> {
                                 if (!all)
                                     return fail(all.error());
                                 Answer reading = readingAt<QList<Run>>(*all);
                                 for (const CloudBuild &build : all->page.builds) {
                                     m_control.know(build);
                                     reading.value.append(runOf(build));
                                 }
                                 return reading;
                             });
}

QFuture<Result<Reading<QList<Job>>>> CloudBuilds::jobs(const RunId &run)
{
    using Answer = Reading<QList<Job>>;
    const QString id = m_control.idOf(run);
    if (id.isEmpty())
        return ready<Answer>(fail(ErrorKind::NotFound,
                                  CloudBuildApi::tr("Cloud Build has not named this build. Read "
                                                    "the list again.")));
    return converted<Answer>(m_api.build(id), &m_api,
                             [](const Result<CloudBuildApi::Fetched> &fetched) -> Result<Answer> {
                                 if (!fetched)
                                     return fail(fetched.error());
                                 Answer reading;
                                 reading.value = {jobOf(fetched->build)};
                                 reading.source = buildSystem;
                                 reading.serverAt = fetched->serverAt;
                                 reading.receivedSinceBoot = fetched->receivedSinceBoot;
                                 return reading;
                             });
}

QFuture<Result<Reading<std::optional<Run>>>> CloudBuilds::lastGreen(const Run &before)
{
    using Fetched = CloudBuildApi::Fetched;
    if (before.hostId.isEmpty())
        return ready<Green>(fail(ErrorKind::NotFound,
                                 CloudBuildApi::tr("Cloud Build has not named this build. Read "
                                                   "the list again.")));
    return askNext<Green>(
        m_api.build(before.hostId), &m_api,
        [this](const Result<Fetched> &fetched) -> QFuture<Result<Green>> {
            if (!fetched)
                return ready<Green>(fail(fetched.error()));
            const CloudBuild build = fetched->build;
            if (!areAlike(build, build))
                return ready<Green>(
                    fail(ErrorKind::Refused,
                         CloudBuildApi::tr("This build has neither a trigger nor tags: which "
                                           "earlier one was made for the same end cannot be told. "
                                           "Compare with a file instead.")));
            return askNext<Green>(read(), &m_api, [this, build](const Result<Listed> &all) {
                return all ? greenBefore(build, *all) : ready<Green>(fail(all.error()));
            });
        });
}

QFuture<Result<CloudBuilds::Green>> CloudBuilds::greenBefore(const CloudBuild &build,
                                                             const Listed &listed)
{
    return converted<Green>(
        renew(unsettled(m_history.downToGreen(build), idsOf(listed.page))), &m_api,
        [this, build, listed](const Result<void> &renewed) -> Result<Green> {
            if (!renewed)
                return fail(renewed.error());
            Green reading = readingAt<std::optional<Run>>(listed);
            const QList<CloudBuild> earlier = m_history.downToGreen(build);
            if (!earlier.isEmpty() && earlier.last().status == RunStatus::Succeeded)
                reading.value = runOf(earlier.last());
            return reading;
        });
}

std::unique_ptr<LogStream> CloudBuilds::open(const LogTarget &target)
{
    const auto *log = std::get_if<BuildLog>(&target);
    if (!log)
        return nullptr;
    return std::make_unique<CloudBuildLog>(m_api, log->build);
}

} // namespace pilothouse
