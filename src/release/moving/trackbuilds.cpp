#include "release/moving/trackbuilds.h"

#include "base/chaining.h"

namespace pilothouse {

TrackBuilds::TrackBuilds(RunControl &builds, SourceTree &repository)
    : m_builds(builds), m_repository(repository)
{}

Run TrackBuilds::named(Run build)
{
    build.workflowPath = workflowPath();
    return build;
}

QFuture<Result<QList<Run>>> TrackBuilds::active()
{
    return askNext<QList<Run>>(m_builds.active(), &m_context,
                               [this](const Result<QList<Run>> &all) {
                                   return all ? ours(*all, {}) : ready<QList<Run>>(all);
                               });
}

QFuture<Result<QList<Run>>> TrackBuilds::ours(QList<Run> left, const QList<Run> &found)
{
    left.removeIf([](const Run &build) { return build.commit.value.isEmpty(); });
    if (left.isEmpty())
        return ready<QList<Run>>(found);
    const Run next = named(left.takeFirst());
    return askNext<QList<Run>>(known(next.commit), &m_context,
                               [this, left, found, next](const Result<Commit> &commit) {
                                   return ours(left, commit ? found + QList<Run>{next} : found);
                               });
}

QFuture<Result<Commit>> TrackBuilds::known(const CommitId &commit)
{
    return askNext<Commit>(m_repository.commit(commit), &m_context,
                           [this, commit](const Result<Commit> &found) {
                               if (found || m_fetchedFor.contains(commit))
                                   return ready<Commit>(found);
                               m_fetchedFor.insert(commit);
                               return askNext<Commit>(m_repository.refresh(), &m_context,
                                                      [this, commit](const Result<void> &) {
                                                          return m_repository.commit(commit);
                                                      });
                           });
}

} // namespace pilothouse
