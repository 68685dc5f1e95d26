#include "release/logs/lastgreen.h"

#include "base/future.h"
#include "base/whendone.h"
#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// The failure with a sentence before it that says what could not be had.
Error inWords(const Error &error, const QString &what)
{
    Error said = error;
    said.message = error.kind == ErrorKind::NotAllowed
                       ? Words::tr("%1: not allowed. %2").arg(what, error.message)
                       : Words::tr("%1. %2").arg(what, error.message);
    return said;
}

/// "build 1a2b3c4d" or "run 6998".
QString nameOf(const Run &run)
{
    return run.hostId.isEmpty() ? Words::tr("run %1").arg(run.id.value)
                                : Words::tr("build %1").arg(run.hostId.left(8));
}

Error noGreenRun(const Run &red)
{
    const QString file = red.workflowPath.section(QLatin1Char('/'), -1);
    const QString message
        = red.branch.isEmpty()
              ? Words::tr("No green run of %1 was found before run %2.").arg(file).arg(red.id.value)
              : Words::tr("No green run of %1 on %2 was found before run %3.")
                    .arg(file, red.branch)
                    .arg(red.id.value);
    return {ErrorKind::NotFound, message, {}, {}};
}

} // namespace

Result<Job> sameJob(const Run &green, const QList<Job> &jobs, const QString &name)
{
    const auto same
        = std::find_if(jobs.begin(), jobs.end(), [&](const Job &job) { return job.name == name; });
    if (same == jobs.end())
        return fail(
            ErrorKind::NotFound,
            Words::tr("The last green run, %1, has no job “%2”.").arg(green.id.value).arg(name));
    if (same->status == RunStatus::Skipped)
        return fail(ErrorKind::NotFound,
                    Words::tr("“%1” was skipped in the last green run, %2: it has no log there.")
                        .arg(name)
                        .arg(green.id.value));
    return *same;
}

LastGreen::LastGreen(RunSource &runs, std::vector<LogSource *> sources, LogSpool &spool,
                     QObject *parent)
    : QObject(parent), m_runs(runs), m_sources(std::move(sources)), m_spool(spool)
{}

LastGreen::~LastGreen() = default;

template <typename T, typename Take>
void LastGreen::await(const QFuture<Result<T>> &future, Take take)
{
    const qint64 question = m_question;
    const auto ifStillWanted = [this, question, take](const Result<T> &answer) {
        // Also an answer that is there already comes from the event loop.
        QMetaObject::invokeMethod(
            this,
            [this, question, take, answer] {
                if (question == m_question)
                    take(answer);
            },
            Qt::QueuedConnection);
    };
    whenDone(future, this, ifStillWanted, [ifStillWanted] {
        ifStillWanted(fail(ErrorKind::Cancelled, Words::tr("The question was given up.")));
    });
}

void LastGreen::find(const Run &run, const Job &job)
{
    forget();
    m_looking = true;
    await(m_runs.lastGreen(run),
          [this, run, job](const auto &answer) { takeRun(answer, run, job); });
}

void LastGreen::findBuild(const QString &build)
{
    forget();
    m_looking = true;
    if (m_builds.empty()) {
        await(ready<void>(fail(ErrorKind::NotFound,
                               Words::tr("No build service is connected that could tell the last "
                                         "green build. Compare with a file instead."))),
              [this](const auto &answer) { refuse(answer.error()); });
        return;
    }
    askBuilds(build, 0);
}

void LastGreen::askBuilds(const QString &build, size_t service)
{
    Run before;
    before.hostId = build;
    RunSource &builds = *m_builds[service];
    await(builds.lastGreen(before), [this, build, service, &builds](const auto &answer) {
        // Each service knows the builds of its own project alone.
        if (!answer && answer.error().kind == ErrorKind::NotFound && service + 1 < m_builds.size())
            return askBuilds(build, service + 1);
        if (!answer)
            return refuse(answer.error().kind == ErrorKind::Refused
                              ? answer.error()
                              : inWords(answer.error(),
                                        Words::tr("The last green build could not be looked for")));
        if (!answer->value)
            return refuse({ErrorKind::NotFound,
                           Words::tr("No build that went well was found before build %1, of the "
                                     "same trigger or tags. Compare with a file instead.")
                               .arg(build.left(8)),
                           {},
                           {}});
        takeBuild(builds, *answer->value, build);
    });
}

void LastGreen::takeBuild(RunSource &service, const Run &green, const QString &build)
{
    await(service.jobs(green.id), [this, green, build](const auto &jobs) {
        const QString what = Words::tr("Build %1, the last green one before %2, could not be read")
                                 .arg(green.hostId.left(8), build.left(8));
        if (!jobs)
            return refuse(inWords(jobs.error(), what));
        if (jobs->value.isEmpty())
            return refuse({ErrorKind::NotFound, what + QLatin1Char('.'), {}, {}});
        fetch(BuildLog{green.hostId}, {green, jobs->value.first(), {}, {}}, jobs->serverAt);
    });
}

void LastGreen::forget()
{
    ++m_question;
    m_looking = false;
    m_transfer.reset();
}

void LastGreen::refuse(const Error &why)
{
    forget();
    Q_EMIT refused(why);
}

void LastGreen::takeRun(const Result<Reading<std::optional<Run>>> &answer, const Run &red,
                        const Job &job)
{
    if (!answer) {
        // A rule's own sentence needs none before it.
        return refuse(
            answer.error().kind == ErrorKind::Refused
                ? answer.error()
                : inWords(answer.error(), Words::tr("The last green run could not be looked for")));
    }
    if (!answer->value)
        return refuse(noGreenRun(red));
    const Run green = *answer->value;
    await(m_runs.jobs(green.id),
          [this, green, job](const auto &jobs) { takeJobs(jobs, green, job); });
}

void LastGreen::takeJobs(const Result<Reading<QList<Job>>> &answer, const Run &green,
                         const Job &job)
{
    if (!answer)
        return refuse(inWords(answer.error(),
                              Words::tr("The jobs of run %1, the last green one, could not be read")
                                  .arg(green.id.value)));
    const Result<Job> same = sameJob(green, answer->value, job.name);
    if (!same)
        return refuse(same.error());
    fetch(JobLog{green.id, same->id}, {green, *same, {}, {}}, answer->serverAt);
}

void LastGreen::fetch(const LogTarget &target, GreenLog found, const QDateTime &serverAt)
{
    const QDateTime end
        = found.job.completedAt.isValid() ? found.job.completedAt : found.run.updatedAt;
    if (end.isValid() && serverAt.isValid())
        found.ago = std::chrono::milliseconds(std::max<qint64>(0, end.msecsTo(serverAt)));
    m_transfer = std::make_unique<LogFetch>(m_sources, target, m_spool);
    connect(m_transfer.get(), &LogFetch::ended, this,
            [this, found](const Result<void> &outcome) { takeLog(outcome, found); });
}

void LastGreen::takeLog(const Result<void> &outcome, GreenLog green)
{
    green.log = m_transfer->log();
    m_transfer.release()->deleteLater(); // the sender of this very signal
    if (!outcome && outcome.error().kind == ErrorKind::NotFound)
        return refuse({ErrorKind::NotFound,
                       Words::tr("The log of “%1” in %2, the last green one, is no longer kept.")
                           .arg(green.job.name, nameOf(green.run)),
                       outcome.error().detail,
                       {}});
    if (!outcome)
        return refuse(
            inWords(outcome.error(),
                    Words::tr("The log of “%1” in %2, the last green one, could not be read")
                        .arg(green.job.name, nameOf(green.run))));
    forget();
    Q_EMIT found(green);
}

} // namespace pilothouse
