#include "connectors/cloudbuild/cloudbuilds.h"

#include "base/chaining.h"
#include "connectors/cloudbuild/cloudbuildlog.h"

namespace pilothouse {

namespace {

const QString buildSystem = QStringLiteral("Cloud Build");

} // namespace

CloudBuilds::CloudBuilds(HttpClient &build, HttpClient &storage, Clock &clock,
                         const Settings &settings)
    : m_api(build, storage, clock, settings)
{}

CloudBuilds::~CloudBuilds() = default;

Reading<QList<Run>> CloudBuilds::readingOf(const Listed &listed, const CommitId &commit)
{
    Reading<QList<Run>> reading;
    reading.source = buildSystem;
    reading.serverAt = listed.serverAt;
    reading.receivedSinceBoot = listed.receivedSinceBoot;
    for (const CloudBuild &build : listed.page.builds) {
        m_control.know(build);
        if (commit.value.isEmpty() || build.commit == commit)
            reading.value.append(runOf(build));
    }
    return reading;
}

QFuture<Result<Reading<QList<Run>>>> CloudBuilds::runs(const CommitId &commit)
{
    return converted<Reading<QList<Run>>>(
        m_api.newest(), &m_api,
        [this, commit](const Result<Listed> &all) -> Result<Reading<QList<Run>>> {
            if (!all)
                return fail(all.error());
            return readingOf(*all, commit);
        });
}

QFuture<Result<Reading<QList<Run>>>> CloudBuilds::latestRuns()
{
    return converted<Reading<QList<Run>>>(
        m_api.list({}), &m_api, [this](const Result<Listed> &all) -> Result<Reading<QList<Run>>> {
            if (!all)
                return fail(all.error());
            return readingOf(*all, {});
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

QFuture<Result<Reading<std::optional<Run>>>> CloudBuilds::lastGreen(const Run &)
{
    return ready<Reading<std::optional<Run>>>(
        fail(ErrorKind::Refused,
             CloudBuildApi::tr("Cloud Build does not tell which earlier build was of the same "
                               "branch. Compare with a file instead.")));
}

std::unique_ptr<LogStream> CloudBuilds::open(const LogTarget &target)
{
    const auto *log = std::get_if<BuildLog>(&target);
    if (!log)
        return nullptr;
    return std::make_unique<CloudBuildLog>(m_api, log->build);
}

} // namespace pilothouse
